"""Whole incidents from the declaration to the last proof: every report owed, on each face, with each refusal tried on the way."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from actions.addresses import mail_of
from actions.desk import Desk
from db.models import Dispatch, JournalEntry, Obligation, Report
from db.models.obligation import TOLD_OTHERWISE
from rulebook.library import book
from settings.model import Settings
from tests.conftest import MANAGER, Time
from tests.end_to_end.hands import WRITER, ByActions, ByBrowser, ByCommand, Filed, Hand, Refused
from tests.end_to_end.scenario import Scenario, invented, scenario

Owed = list[tuple[Report, Obligation]]
PHASES = ("early_warning", "initial", "intermediate", "update", "final")


@pytest.fixture
def played(request: pytest.FixtureRequest, face: str) -> Iterator[tuple[Hand, Desk]]:
    """The face on which it is played, and a desk that reads what then stands."""
    if face == "the command line":
        home = request.getfixturevalue("home")
        with Desk(Settings(), MANAGER) as desk:
            yield ByCommand(home.parent), desk
        return
    desk = request.getfixturevalue("desk")
    yield (ByBrowser(request.getfixturevalue("team")) if face == "the dashboard" else ByActions(desk)), desk


@pytest.mark.parametrize(
    ("name", "face"),
    [
        ("us-retailer", "actions"),
        ("eu-bank", "actions"),
        ("hospital-group", "actions"),
        ("hospital-group", "the command line"),
        ("eu-bank", "the dashboard"),
    ],
)
def test_every_report_owed_is_drafted_completed_approved_and_filed_with_proof(
    name: str, face: str, played: tuple[Hand, Desk], time: Time
) -> None:
    told, (hand, desk) = scenario(name), played
    hand.declare(told.title, told.start)
    hand.record(told.later)
    hand.draft()
    as_counted_by_hand(told, drafts(desk))
    complete(told, hand, desk)
    play = Play(told, hand, desk, time)
    while owed := drafts(desk):
        for report, duty in owed:
            play.file(report.number, duty)
        hand.draft()
    assert set(still_open(desk)) == set(told.stays_open)
    assert told.late in play.filed and set(told.expected) <= set(play.filed)
    assert play.ways == set(told.ways)


class Play:
    """One incident's reports on their way out, the first of each way refused whatever may be refused."""

    def __init__(self, told: Scenario, hand: Hand, desk: Desk, time: Time) -> None:
        self._told, self._hand, self._desk, self._time = told, hand, desk, time
        self.filed: list[str] = []
        self.ways: set[str] = set()

    def file(self, number: int, duty: Obligation) -> None:
        """Approve it and file it by a way that its authority has."""
        first, late = not self.filed, ""
        if first:
            self._refuses("must be approved", lambda: self._hand.file(number, Filed()))
            self._refuses("wrote words", lambda: self._hand.approve(number, by=WRITER))
        self._hand.approve(number)
        if first:
            self._refuses("proof", lambda: self._hand.file(number, Filed(proof=b"")))
            self._refuses("future", lambda: self._hand.file(number, Filed(at="2099-01-01T10:00+00:00")))
            self._refuses("none of them|those that are offered", lambda: self._hand.file(number, Filed("pigeon")))
        if duty.duty == self._told.late:
            late = self._let_it_be_late(number, duty)
        way = self._told.way_of(duty.duty) or first_way(duty.authority)
        self._by(way, number, duty.authority, late)
        self.filed.append(duty.duty)
        self.ways.add(way)

    def _by(self, way: str, number: int, authority: str, late: str) -> None:
        if way == "email":
            self._hand.send(number, typed=not mail_of(authority))
            self._refuses("went by email", lambda: self._hand.file(number, Filed("portal")))
        if way == "phone":
            self._hand.file(number, Filed("phone", proof=b"", late_reasons=late))
        else:
            self._hand.file(number, Filed(way, late_reasons=late))

    def _let_it_be_late(self, number: int, duty: Obligation) -> str:
        assert duty.due_at is not None
        self._time.now = duty.due_at + timedelta(minutes=1)
        self._refuses("late", lambda: self._hand.file(number, Filed()))
        return "The one who knew was away."

    def _refuses(self, says: str, act: Callable[[], object]) -> None:
        before = entries(self._desk)
        with pytest.raises(Refused, match=says):
            act()
        assert entries(self._desk) == before, "a refusal leaves the record alone"


def as_counted_by_hand(told: Scenario, owed: Owed) -> None:
    """The forms and limits of the scenario's file."""
    found = {duty.duty: (report.form, duty.due_at) for report, duty in owed}
    assert {duty: found.get(duty) for duty in told.expected} == {
        duty: (one.form, one.due_at) for duty, one in told.expected.items()
    }


def complete(told: Scenario, hand: Hand, desk: Desk) -> None:
    """Record whatever the reports say they lack, until nothing is asked for that nobody has said."""
    said = {*told.start, *told.later}
    while new := lacking(hand, desk) - said:
        hand.record({fact: invented(fact) for fact in sorted(new)})
        said |= new
        hand.draft()
    assert lacking(hand, desk) == set(), "what was said is not asked for again"


def lacking(hand: Hand, desk: Desk) -> set[str]:
    """The facts that some report says would complete it."""
    return set().union(*(hand.missing(report.number) for report, _ in drafts(desk)))


def first_way(authority: str) -> str:
    """The first way in that the authority has, as a filing calls it."""
    known = book().authorities.get(authority)
    kinds = [{"form": "portal"}.get(way.kind, way.kind) for way in known.ways] if known else []
    return next((kind for kind in kinds if kind in ("portal", "email", "phone")), "portal")


def drafts(desk: Desk) -> Owed:
    """The reports that wait for approval, in the order in which one may file them."""
    query = sa.select(Report, Obligation).join(Obligation, Report.obligation_id == Obligation.id)
    with desk.reading() as session:
        rows = list(session.execute(query.where(Report.state == "draft", Obligation.state != "watching")).tuples())
    return sorted(rows, key=lambda row: (PHASES.index(row[1].phase), row[0].number))


def still_open(desk: Desk) -> list[str]:
    """Duties towards others than the people affected that nobody has met."""
    mine = sa.select(Obligation.duty).where(Obligation.state == "open", Obligation.recipient.not_in(TOLD_OTHERWISE))
    with desk.reading() as session:
        return list(session.scalars(mine))


def entries(desk: Desk) -> tuple[int, int]:
    """How long the journal is, and how many reports were given away."""
    with desk.reading() as session:
        counts = [session.scalar(sa.select(sa.func.count()).select_from(table)) for table in (JournalEntry, Dispatch)]
    return counts[0] or 0, counts[1] or 0
