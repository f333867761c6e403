"""`forthwith restrict`: who alone may know of an incident."""

from typing import Annotated

import typer

from actions.desk import find
from actions.errors import Conflict
from actions.restrict import add_member, lift_restriction, remove_member
from actions.restrict import restrict as close_off
from cli.door import Door, Reference, verb
from db.queries.visible import members

Names = list[str] | None


@verb
def restrict(
    door: Door,
    incident: Reference,
    member: Annotated[
        Names, typer.Option(metavar="NAME", help="An account that may know; may be given again.", show_default=False)
    ] = None,
    without: Annotated[
        Names, typer.Option(metavar="NAME", help="An account that may know no more.", show_default=False)
    ] = None,
    lift: Annotated[bool, typer.Option("--lift", help="Let the whole team know again.")] = False,
    because: Annotated[str, typer.Option(help="Why, in a sentence.", show_default=False)] = "",
) -> None:
    """Restrict an incident to the people who must know of it.

    On one that is restricted already it adds and takes members; without an option it says who they are.
    """
    if lift and (member or without):
        raise Conflict("Lift the restriction, or change its members; not both at once.")
    with door.desk() as desk:
        with desk.reading() as session:
            restricted = find(session, incident).restricted
        if lift:
            lift_restriction(desk, incident, because)
        elif not restricted and (member or because):
            close_off(desk, incident, member or [], because)
            member = None
        for name in member or []:
            add_member(desk, incident, name, because)
        for name in without or []:
            remove_member(desk, incident, name, because)
        with desk.reading() as session:
            found = find(session, incident)
            names = [account.name for _, account in members(session, found.id)]
        _say(door, found.reference, found.restricted, names)


def _say(door: Door, reference: str, restricted: bool, names: list[str]) -> None:
    if not restricted:
        sentence = f"{reference} is not restricted: the whole team knows of it."
    elif names:
        sentence = f"{reference} is restricted; only these accounts know of it: {', '.join(names)}."
    else:
        sentence = (
            f"{reference} is restricted and has no member: nobody sees it in the dashboard. Name one with --member."
        )
    door.answer({"incident": reference, "restricted": restricted, "members": names}, sentence)
