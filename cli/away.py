"""`forthwith away`: who is away, until when, and who stands in for them."""

from typing import Annotated

import typer

from actions import clock
from actions.away import away as leave
from actions.away import back as come_back
from actions.errors import Conflict
from actions.moments import read_moment, short
from cli.door import Door, verb
from cli.paper import table
from db.queries.absences import coming


@verb
def away(
    door: Door,
    name: Annotated[
        str, typer.Argument(help="Who is away, by account or address; nobody: list who is.", show_default=False)
    ] = "",
    delegate: Annotated[str, typer.Option(help="Who stands in for them.", show_default=False)] = "",
    until: Annotated[str, typer.Option(help="Until when.", show_default=False)] = "",
    since: Annotated[str, typer.Option("--from", help="From when on.", show_default="now")] = "",
    back: Annotated[bool, typer.Option("--back", help="They are back, or stay.")] = False,
) -> None:
    """Say who is away and who stands in for them, or list it."""
    with door.desk() as desk:
        if name and back:
            come_back(desk, name)
        elif name:
            if not until or not delegate:
                raise Conflict("Say until when (--until) and who stands in (--delegate).")
            begins = read_moment(since, "--from") if since else None
            leave(desk, name, delegate, read_moment(until, "--until"), begins)
        with desk.reading() as session:
            found = coming(session, clock.real_now())
    names = ("name", "delegate", "from_at", "until_at")
    told = [{name: getattr(one, name) for name in names} for one in found]
    rows = ((one.name, one.delegate, short(one.from_at), short(one.until_at)) for one in found)
    page = table(("away", "stands in", "from (UTC)", "until (UTC)"), rows) if told else "Nobody is away."
    door.answer({"absences": told}, page)
