"""`forthwith show`: everything about one incident on one page."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from sqlalchemy.orm import Session

from actions import clock
from actions.ask_book import nearby
from actions.desk import find
from actions.filing_policy import readiness
from actions.moments import far, spelt
from cli.door import Door, Reference, verb
from cli.duty_lines import duty_block, told_duty
from cli.paper import heading, pairs, table
from cli.task import as_told as told_task
from cli.words import banner, count, plain, present, waiting_lines
from db.models import Decision, HandOver, Incident, Obligation
from db.queries import work
from db.queries.facts import as_known, earliest
from db.queries.incidents import exercise_of
from db.queries.notices import progress, waves_of
from db.queries.numbers import Numbers, numbers
from db.queries.tracks import Tracks, tracks
from db.queries.waiting import waits_for
from db.queries.warnings import next_warning, not_acknowledged, warned
from settings.model import Settings

ORDER = {"open": 0, "watching": 1, "met": 2, "waived": 3}


@verb
def show(
    door: Door,
    incident: Reference,
    every_duty: Annotated[bool, typer.Option("--all", help="Duties that do not apply, too.")] = False,
) -> None:
    """Show one incident: clocks, duties, tasks, people, and what it waits for."""
    with door.desk() as desk, desk.reading() as session:
        found = find(session, incident)
        if door.as_json:
            near = nearby(session, desk.settings, found, present(session, found))
            switches = [vars(one) for one in readiness(session, desk.settings, found)]
            door.answer(
                _told(session, found) | {"filed_by_itself": switches} | {"nearby": [one._asdict() for one in near]}
            )
        else:
            door.answer({}, *_page(session, desk.settings, found, every_duty))


def _page(session: Session, settings: Settings, incident: Incident, every_duty: bool) -> Iterator[RenderableType]:
    at, known = present(session, incident), as_known(session, incident.id)
    duties = work.obligations(session, incident.id)
    yield from banner(exercise_of(session, incident))
    yield heading(f"{incident.reference}  {incident.title}")
    yield pairs(_head(incident, tracks(session, incident), numbers(session, incident.id), at))
    yield heading("Clocks")
    yield pairs(_clocks(known, earliest(session, incident.id, "events.aware"), incident, at))
    yield from _duties(duties, incident, at, every_duty)
    yield from (f"Near: {one.says}." for one in nearby(session, settings, incident, at) if not incident.closed_at)
    yield from _hand_overs(work.hand_overs(session, incident.id), at)
    yield from _warnings(session, incident)
    yield from (one.says(incident.time_zone) for one in readiness(session, settings, incident))
    yield from _decisions(work.decisions(session, incident.id))
    yield from _texts(session, incident)
    if not incident.closed_at:
        waiting = waits_for(session, incident, clock.real_now())
        yield heading(f"It waits for ({len(waiting)})" if waiting else "It waits for nothing")
        yield waiting_lines(waiting, incident.time_zone, at)


def _head(incident: Incident, far_on: Tracks, people: Numbers, at: datetime) -> Iterator[tuple[str, str]]:
    ended = incident.closed_at
    yield (
        "state",
        f"closed {spelt(ended)} by {incident.closed_by}" if ended else f"open for {far(at - incident.declared_at)}",
    )
    reached = far_on.reached()
    yield "reached", ", ".join(stage for stage, held in reached.items() if held)
    yield "not yet", ", ".join(stage for stage, held in reached.items() if not held) or "nothing"
    yield (
        "containment",
        f"{far_on.measures_done} of {count(far_on.measures, 'measure')} done, {far_on.measures_verified} verified",
    )
    undecided = f"; {count(far_on.undecided, 'duty', 'duties')} undecided" if far_on.undecided else ""
    yield "regulators", f"{far_on.reports_met} reported, {far_on.reports_owed} still owed{undecided}"
    yield "people", _people(people)
    hands = {
        "owner": incident.owner,
        "deputy": incident.deputy,
        "data protection officer": incident.data_protection_officer,
    }
    yield "hands", ", ".join(f"{role} {who or 'not named'}" for role, who in hands.items())


def _people(people: Numbers) -> str:
    if not people.affected:
        return "nobody is on the ledger yet ('forthwith people import')"
    counted = people.as_json()
    listed = ", ".join(f"{number:,} {plain(name)}" for name, number in counted.items() if name != "affected")
    return f"{counted['affected']:,} on the ledger: {listed}"


def _clocks(
    known: dict[str, Any], first: datetime | None, incident: Incident, at: datetime
) -> Iterator[tuple[str, str]]:
    """Awareness, with the earliest that was ever given beside the claimed one; then what else happened when."""
    moments = {
        name.removeprefix("events."): value for name, value in known.items() if name.startswith("events.") and value
    }
    for name, value in sorted(moments.items(), key=lambda one: datetime.fromisoformat(one[1])):
        moment = datetime.fromisoformat(value)
        moved = (
            f"; first said to be {spelt(first, incident.time_zone)}"
            if name == "aware" and first and first < moment
            else ""
        )
        yield plain(name), f"{spelt(moment, incident.time_zone)}, {far(at - moment)} ago{moved}"
    yield "now", spelt(at, incident.time_zone)


def _duties(duties: Any, incident: Incident, at: datetime, every_duty: bool) -> Iterator[RenderableType]:
    shown: list[Obligation] = [
        one for one in duties if every_duty or one.answer != "does_not_apply" or one.state != "watching"
    ]
    others = len(duties) - len(shown)
    yield heading(f"Duties ({len(shown)})" if duties else "Duties: the rulebook was not asked yet ('forthwith assess')")
    yield from (duty_block(one, incident, at) for one in sorted(shown, key=lambda one: ORDER[one.state]))
    if others:
        yield f"{count(others, 'other duty does not apply', 'other duties do not apply')} ('--all' shows them)."


def _hand_overs(rows: Any, at: datetime) -> Iterator[RenderableType]:
    yield heading("Hand-overs")
    yield table(("from to", "took", "who"), (_hand_over(row, at) for row in rows))


def _hand_over(row: HandOver, at: datetime) -> tuple[str, ...]:
    late = ", beyond its target" if (row.taken_at or at) > row.target_at else ""
    if row.taken_at:
        return plain(row.hop), f"{far(row.taken_at - row.given_at)}{late}", row.taken_by or ""
    return plain(row.hop), f"waiting for {far(at - row.given_at)}{late}", row.to or "nobody named"


def _warnings(session: Session, incident: Incident) -> Iterator[RenderableType]:
    """The warnings that nobody has acknowledged, and the one that comes next."""
    told, next_one = not_acknowledged(session, incident.id), next_warning(session, incident.id)
    if told or next_one:
        yield heading("Warnings")
    if told:
        rows = ((one.about, one.rung, spelt(one.told_at, incident.time_zone) if one.told_at else "") for one in told)
        yield table(("of", "warning", "told"), rows)
        yield f"Nobody has said that they have it: forthwith acknowledge {incident.reference}"
    if next_one:
        yield f"Next: {next_one.about}, {next_one.rung}, {spelt(next_one.fires_at, incident.time_zone)}."


def _texts(session: Session, incident: Incident) -> Iterator[RenderableType]:
    """Reports and waves: what is drafted, approved and gone."""
    rows = [
        (f"report {report.number}", report.state, f"{plain(report.stage)}, {duty.duty} to {duty.authority}")
        for report, duty in work.reports(session, incident.id)
    ]
    for wave in waves_of(session, incident.id):
        notices = ", ".join(
            f"{number:,} {plain(state)}" for state, number in sorted(progress(session, wave.id).items())
        )
        rows.append((f"wave {wave.number}", wave.state, f"{wave.name}: {notices}"))
    if rows:
        yield heading("Reports and waves")
        yield table(("text", "state", "for"), rows)


def _decisions(rows: Any) -> Iterator[RenderableType]:
    if rows:
        yield heading("Decisions")
        yield table(("no", "decided", "state", "by, and why"), (_decision(row) for row in rows), fixed=(0, 2))


def _decision(row: Decision) -> tuple[str, ...]:
    who = row.decided_by + (f", seconded by {row.seconded_by}" if row.seconded_by else "")
    reopened = f"\nre-opened because {row.reopened_because}" if row.state == "reopened" else ""
    return (
        str(row.number),
        f"{plain(row.kind)} of {row.about}: {plain(row.choice)}",
        row.state,
        f"{who}\n{row.reasons}{reopened}",
    )


def _told(session: Session, incident: Incident) -> dict[str, Any]:
    exercise, at = exercise_of(session, incident), present(session, incident)
    columns = (
        "reference",
        "id",
        "title",
        "time_zone",
        "declared_at",
        "declared_by",
        "owner",
        "deputy",
        "executive",
        "data_protection_officer",
        "restricted",
        "closed_at",
        "closed_by",
    )
    hand_overs = ("hop", "given_at", "target_at", "to", "taken_at", "taken_by")
    decisions = (
        "number",
        "kind",
        "about",
        "choice",
        "reasons",
        "decided_by",
        "state",
        "seconded_by",
        "reopened_because",
    )
    return {name: getattr(incident, name) for name in columns} | {
        "at": at,
        "exercise": {"name": exercise.name, "law_as_of": exercise.law_as_of} if exercise else None,
        "tracks": tracks(session, incident).as_json(),
        "facts": as_known(session, incident.id),
        "earliest_awareness": earliest(session, incident.id, "events.aware"),
        "duties": [told_duty(one, at) for one in work.obligations(session, incident.id)],
        "tasks": [told_task(one) for one in work.tasks(session, incident.id)],
        "hand_overs": [
            {name: getattr(one, name) for name in hand_overs} for one in work.hand_overs(session, incident.id)
        ],
        "decisions": [{name: getattr(one, name) for name in decisions} for one in work.decisions(session, incident.id)],
        "warnings": [one.as_json() for one in warned(session, incident.id)],
        "people": numbers(session, incident.id).as_json(),
        "waits_for": []
        if incident.closed_at
        else [one.as_json() for one in waits_for(session, incident, clock.real_now())],
    }
