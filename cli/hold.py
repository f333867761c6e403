"""`forthwith hold`: people whom the law lets be told later, on what ground, and until when."""

from typing import Annotated, Any

import typer

from actions.desk import Desk, find
from actions.hold_back import Terms, hold_back, lift_hold, renew_hold
from actions.moments import read_moment, short, spelt
from cli.decide import Reasons
from cli.door import Door, Number, Reference, verb
from cli.paper import table
from cli.words import plain
from db.models import Hold
from db.queries.held_back import holds_of, holds_standing
from rulebook.grounds import grounds

app = typer.Typer(no_args_is_help=True)

Review = Annotated[str, typer.Option("--review-at", help="When it must be looked at again.", show_default=False)]


@app.command("list")
@verb
def list_holds(door: Door, incident: Reference) -> None:
    """List the holds there are and were, and how many people each keeps back now."""
    with door.desk() as desk, desk.reading() as session:
        found = find(session, incident)
        holds, now = holds_of(session, found.id), {one.number: one for one in holds_standing(session, found.id)}
    told = [_told(hold) | {"people": now[hold.number].people if hold.number in now else 0} for hold in holds]
    if not told:
        door.answer({"holds": []}, "Nobody is held back by law.")
        return
    rows = (
        (str(one["number"]), one["state"], one["ground"], one["extent"], str(one["people"]), short(one["review_at"]))
        for one in told
    )
    heads = ("no", "state", "ground", "extent", "held back", "review")
    door.answer({"holds": told}, table(heads, rows, fixed=(0, 1, 4, 5)))


@app.command("grounds")
@verb
def list_grounds(door: Door) -> None:
    """List the grounds that the laws know, each with its place."""
    rows = ((code, one.says, one.cite) for code, one in grounds().items())
    told = {"grounds": {code: one.model_dump() for code, one in grounds().items()}}
    door.answer(told, table(("ground", "says", "place"), rows, fixed=(0,)))


@app.command("back")
@verb
def back(
    door: Door,
    incident: Reference,
    ground: Annotated[str, typer.Option(help="On what ground: see 'forthwith hold grounds'.")],
    review_at: Review,
    proportionate: Annotated[str, typer.Option(help="Why so far, and so long, is necessary and proportionate.")],
    reasons: Reasons = "",
    kinds: Annotated[
        list[str] | None, typer.Option("--kind", help="Only this kind of people; may be given again.")
    ] = None,
    people: Annotated[
        list[int] | None, typer.Option("--person", help="Only the person of this number; may be given again.")
    ] = None,
    asked_by: Annotated[str, typer.Option(help="Which officer of which authority asked for it.")] = "",
    asked_at: Annotated[str | None, typer.Option(help="When they asked.", show_default=False)] = None,
    oral: Annotated[bool, typer.Option("--oral", help="They asked by word of mouth only.")] = False,
) -> None:
    """Propose to tell people later: those named, those of a kind, or everyone."""
    terms = Terms(
        ground,
        proportionate,
        reasons,
        read_moment(review_at, "--review-at"),
        kinds or (),
        people or (),
        asked_by,
        read_moment(asked_at, "--asked-at") if asked_at else None,
        oral,
    )
    with door.desk() as desk:
        hold = hold_back(desk, incident, terms)
        _say(door, incident, hold, desk)


@app.command("renew")
@verb
def renew(
    door: Door,
    incident: Reference,
    number: Number,
    review_at: Review,
    reasons: Reasons = "",
    written_by: Annotated[
        str, typer.Option(help="Who has put in writing what was asked by word of mouth.", show_default=False)
    ] = "",
) -> None:
    """Propose that a hold goes on until another review."""
    with door.desk() as desk:
        moment = read_moment(review_at, "--review-at")
        hold = renew_hold(desk, incident, number, reasons, moment, written_by=written_by)
        _say(door, incident, hold, desk)


@app.command("lift")
@verb
def lift(door: Door, incident: Reference, number: Number, reasons: Reasons = "") -> None:
    """Propose that the people of a hold are told after all."""
    with door.desk() as desk:
        decision = lift_hold(desk, incident, number, reasons)
        sentence = f"Decision {decision.number}, to lift hold {number}, is proposed; until someone else confirms it they stay held back."
        door.done(desk, incident, sentence, decision=decision.number, hold=number)


def _say(door: Door, incident: str, hold: Hold, desk: Desk) -> None:
    """What was proposed, and what it takes to stand."""
    sentence = (
        f"Hold {hold.number} ({plain(hold.extent)}, {hold.ground}) is proposed and keeps nobody back yet: "
        f"someone else must confirm it. Its review is due {spelt(hold.review_at)}."
    )
    door.done(desk, incident, sentence, hold=_told(hold))


def _told(hold: Hold) -> dict[str, Any]:
    names = ("number", "state", "ground", "extent", "asked_by", "asked_at", "oral", "proportionate", "review_at")
    return {name: getattr(hold, name) for name in (*names, "ends_at", "ended_at", "ended_because")}
