"""`forthwith intake`: what employees said, and what becomes of it."""

from collections.abc import Iterator
from typing import Annotated, Any

import sqlalchemy as sa
import typer
from rich.console import RenderableType
from sqlalchemy.orm import Session

from actions import clock
from actions.alike import Alike, alike
from actions.declare import Declaration
from actions.desk import Desk
from actions.dismiss import dismiss as end
from actions.dismiss import look_again
from actions.join import join as belong
from actions.moments import far, read_moment, short, spelt
from actions.promote import AWARE
from actions.promote import promote as declare
from actions.read_intake import Opened, find_intake, read_intake, waited
from cli.decide import Reasons
from cli.door import Door, Reference, verb
from cli.paper import heading, pairs, table
from cli.typed import read_pairs
from db.models import Incident, Intake
from db.queries.intakes import listed_intakes

app = typer.Typer(no_args_is_help=True)

Named = Annotated[str, typer.Argument(help="The intake, such as IN-2026-0001.", show_default=False)]
EVERY = sa.true()


@app.command("list")
@verb
def list_intakes(
    door: Door,
    everything: Annotated[bool, typer.Option("--all", help="Settled ones too.")] = False,
) -> None:
    """List what waits to be looked at, the longest first."""
    with door.desk() as desk, desk.reading() as session:
        rows = listed_intakes(session, EVERY, settled_too=everything)
        told = [as_told(row, incident) for row, incident in rows]
    if not told:
        door.answer(
            {"intakes": []}, "Nothing waits to be looked at." if not everything else "Nobody said anything yet."
        )
        return
    heads = ("intake", "state", "said (UTC)", "waits", "what came of it")
    lines = (
        (
            one["intake"],
            one["state"],
            short(one["received_at"]),
            one["waited"],
            one["incident"] or one["reasons"] or "-",
        )
        for one in told
    )
    door.answer({"intakes": told}, table(heads, lines, fixed=(0, 1, 2, 3)))


@app.command("show")
@verb
def show(door: Door, intake: Named) -> None:
    """Show one, with what looks like it."""
    with door.desk() as desk:
        opened = read_intake(desk, intake)
        with desk.reading() as session:
            found = find_intake(session, intake)
            told = as_told(found, _incident(session, found))
        near = alike(desk, opened.what, found.noticed_at, EVERY, EVERY, but=found.reference)
    words = {"what": opened.what, "teller": opened.teller, "reach": opened.reach}
    likes = [{"reference": one.reference, "title": one.title, "noticed_at": one.at, "words": one.words} for one in near]
    zone = door.settings.time_zone
    door.answer(told | words | {"alike": likes}, pairs(_about(told, opened, zone)), opened.what, *_likes(near))


@app.command("promote")
@verb
def promote(
    door: Door,
    intake: Named,
    title: Annotated[
        str, typer.Option(help="What happened, in a few words, naming no affected person.", show_default=False)
    ] = "",
    facts: Annotated[
        list[str] | None,
        typer.Option("--fact", metavar="NAME=VALUE", help="A fact; may be given again.", show_default=False),
    ] = None,
    aware: Annotated[
        str | None, typer.Option(help="When it was certain enough to act on.", show_default="when it was noticed")
    ] = None,
    restricted: Annotated[bool, typer.Option("--restricted", help="Only named members may know of it.")] = False,
) -> None:
    """Declare the incident that it is; it was detected when it was noticed."""
    typed = read_pairs(facts or []) | ({AWARE: read_moment(aware, "--aware").isoformat()} if aware else {})
    with door.desk() as desk:
        made = declare(desk, intake, Declaration(title, typed, restricted=restricted))
        door.done(desk, made.reference, _settled(desk, intake, f"is {made.reference} now: {title}"), id=made.id)


@app.command("join")
@verb
def join(door: Door, intake: Named, incident: Reference) -> None:
    """Join it to an incident that is there."""
    with door.desk() as desk:
        found = belong(desk, intake, incident)
        door.done(desk, found.reference, _settled(desk, intake, f"belongs to {found.reference} now"))


@app.command("dismiss")
@verb
def dismiss(door: Door, intake: Named, reasons: Reasons = "") -> None:
    """Settle it as no breach, with reasons."""
    with door.desk() as desk:
        done = end(desk, intake, reasons)
    says = f"{done.reference} is dismissed; 'forthwith intake look-again' takes that back."
    door.answer(as_told(done, None) | {"done": says}, says)


@app.command("look-again")
@verb
def again(door: Door, intake: Named, reasons: Reasons = "") -> None:
    """Take a dismissal back, with reasons."""
    with door.desk() as desk:
        done = look_again(desk, intake, reasons)
    says = f"{done.reference} waits again; its time counts from when it was said."
    door.answer(as_told(done, None) | {"done": says}, says)


def as_told(intake: Intake, incident: Incident | None) -> dict[str, Any]:
    """An intake as plain values, without what was said."""
    names = ("state", "noticed_at", "received_at", "settled_at", "settled_by", "reasons")
    span = waited(intake, clock.now())
    return {"intake": intake.reference, "incident": incident.reference if incident else None} | {
        **{name: getattr(intake, name) for name in names},
        "waited": far(span),
        "waited_seconds": round(span.total_seconds()),
    }


def _incident(session: Session, intake: Intake) -> Incident | None:
    return session.get(Incident, intake.incident_id) if intake.incident_id else None


def _settled(desk: Desk, reference: str, became: str) -> str:
    with desk.reading() as session:
        intake = find_intake(session, reference)
    return f"{intake.reference} {became}. It waited {far(waited(intake, clock.now()))}."


def _about(told: dict[str, Any], opened: Opened, zone: str) -> list[tuple[str, str]]:
    became = " ".join(
        filter(None, (told["state"], told["incident"], told["settled_by"] and f"by {told['settled_by']}"))
    )
    return [
        ("intake", told["intake"]),
        ("noticed", spelt(told["noticed_at"], zone)),
        ("said", spelt(told["received_at"], zone)),
        ("said by", opened.teller or "nobody who is named"),
        ("to be reached by", opened.reach or "not told"),
        ("state", became + (f": {told['reasons']}" if told["reasons"] else "")),
        ("waits" if told["state"] == "new" else "waited", told["waited"]),
    ]


def _likes(near: list[Alike]) -> Iterator[RenderableType]:
    if near:
        yield heading("It looks like")
        yield pairs((one.reference, f"{one.title}, noticed {spelt(one.at)}") for one in near)
