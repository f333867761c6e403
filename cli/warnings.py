"""`forthwith warnings`: every ladder of an incident, told, passed over and to come, and what files itself when nobody acts."""

from collections.abc import Iterator

from rich.console import RenderableType

from actions.desk import find
from actions.filing_policy import Readiness, readiness
from actions.ladders import Ladder, Step, ladders
from actions.moments import far, short, spelt
from cli.door import Door, Reference, verb
from cli.paper import heading, pairs, table
from cli.words import banner, count, plain, present
from db.models import Incident
from db.queries.incidents import exercise_of

HEADS = ("rung", "moment (UTC)", "what became of it", "why")
UNSIGNED = (
    "Nothing files itself: no policy is signed for an authority that is owed a report here. Policies are signed by two people in "
    "FORTHWITH_FILE_BY_ITSELF, nowhere else."
)


@verb
def warnings(door: Door, incident: Reference) -> None:
    """Show every warning, told or not and why; and which report files itself."""
    with door.desk() as desk, desk.reading() as session:
        found = find(session, incident)
        top = list(banner(exercise_of(session, found)))
        all_ = ladders(session, desk.settings, found, present(session, found))
        switches = readiness(session, desk.settings, found)
    told = {"ladders": [one.as_json() for one in all_], "filed_by_itself": [vars(one) for one in switches]}
    shown = [part for one in all_ for part in _ladder(one)] or ["No warning is planned yet ('forthwith assess')."]
    door.answer(told, *top, *shown, heading("What files itself"), *_switches(switches, found))


def _ladder(one: Ladder) -> Iterator[RenderableType]:
    yield heading(f"{plain(one.about) if '@' not in one.about else one.about}: {one.title}")
    ends = spelt(one.ends_at, one.zone) if one.ends_at else "no moment is set"
    lost = f"; {far(one.lost)} beyond it" if one.lost else ""
    over = f"; {count(one.passed_over, 'rung was', 'rungs were')} passed over" if one.passed_over else ""
    yield f"Until {ends}{lost}{over}."
    if one.steps:
        yield table(HEADS, (_step(step) for step in one.steps), fixed=(0, 1))


def _step(one: Step) -> tuple[str, ...]:
    became = f"told {short(one.told_at)}" if one.state == "told" and one.told_at else one.state
    return one.rung, short(one.at), became, one.says


def _switches(switches: list[Readiness], incident: Incident) -> Iterator[RenderableType]:
    if not switches:
        yield UNSIGNED
    for one in switches:
        yield one.says(incident.time_zone)
        yield pairs(_switch(one, incident), indent=2)


def _switch(one: Readiness, incident: Incident) -> Iterator[tuple[str, str]]:
    lacks = f", {count(one.missing, 'answer is', 'answers are')} missing" if one.missing else ", complete"
    yield "what", f"report {one.report}{lacks if one.report else ''}" if one.report else "no report is drawn up yet"
    yield "by", one.way or "nothing but a person"
    yield "limit", spelt(one.due_at, incident.time_zone)
    for number, (at, told_at) in enumerate(one.announcements, 1):
        made = f"made {short(told_at)}" if told_at else f"to come {spelt(at, incident.time_zone)}"
        yield f"announcement {number}", made
    yield "policy", f"{one.policy} (FORTHWITH_FILE_BY_ITSELF)"
    if one.state == "armed":
        yield "stop it", f"forthwith disarm {incident.reference} {one.about} --reasons …"
