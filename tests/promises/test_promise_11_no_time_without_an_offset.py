"""Promise 11: a timestamp without an offset is refused everywhere, never taken as now or as local."""

import ast
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite

from actions.append_facts import Known
from actions.approve_report import approve_report
from actions.contact import Spoken, contact
from actions.contain import contain
from actions.desk import Desk
from actions.end_task import end_task
from actions.errors import Conflict
from actions.exercise import start_exercise
from actions.file_report import Filing, file_report
from actions.moments import read_moment
from actions.prepare_reports import prepare_reports
from actions.record_facts import record_facts
from db.models import Task
from db.types import Instant
from rulebook.facts import BadFacts, assemble, read
from tests.conftest import Time
from tests.house.source import modules
from tests.ledger import an_incident_with, launched

NAIVE = datetime(2026, 11, 20, 10, 0)  # noqa: DTZ001 - what is refused here
REF = "FW-2026-0001"
MOMENTS = st.datetimes(datetime(1991, 1, 1), datetime(2098, 1, 1))  # noqa: DTZ001 - naive on purpose
EVENTS = ("detected", "aware", "occurred_from", "occurred_to", "determined", "requested")


@given(st.sampled_from(EVENTS), MOMENTS)
def test_a_fact_without_an_offset_is_refused_and_with_one_is_that_instant(event: str, moment: datetime) -> None:
    with pytest.raises(BadFacts, match="offset"):
        assemble({f"events.{event}": moment.isoformat()})
    for hours in (-5, 0, 9):
        told = f"{moment.isoformat()}{hours:+03d}:00"
        known = assemble({f"events.{event}": told}).instants()[f"events.{event}"]
        assert known == moment.replace(tzinfo=UTC) - timedelta(hours=hours)


@pytest.mark.parametrize(
    "written", ["2026-11-20 10:00", "2026-11-20T10:00:00", "2026-11-20", "10:00", "now", "2026-11-20T10:00 Z?"]
)
def test_a_facts_file_says_which_line_has_no_offset(tmp_path: Path, written: str) -> None:
    file = tmp_path / "facts.yaml"
    file.write_text(f"risk: high\nevents:\n  aware: {written}\n", encoding="utf-8")
    with pytest.raises(BadFacts, match="line 3"):
        read(file)


@given(MOMENTS)
def test_a_time_typed_on_the_command_line_needs_its_offset(moment: datetime) -> None:
    with pytest.raises(Conflict, match="offset"):
        read_moment(moment.isoformat(), "--at")
    assert read_moment(f"{moment.isoformat()}+02:00", "--at").utcoffset() == timedelta(0)


@given(MOMENTS)
def test_neither_database_ever_stores_one(moment: datetime) -> None:
    for dialect in (sqlite.dialect(), postgresql.dialect()):
        with pytest.raises(ValueError, match="offset"):
            Instant().process_bind_param(moment, dialect)


ACTS: dict[str, Callable[[Desk], object]] = {
    "record a fact": lambda desk: record_facts(desk, REF, [Known("people.GB", 16, "x", true_at=NAIVE)]),
    "say since when it is known": lambda desk: record_facts(desk, REF, [Known("people.GB", 16, "x", known_at=NAIVE)]),
    "file a report": lambda desk: file_report(desk, REF, 1, Filing("portal", "1", "x", b"x", NAIVE)),
    "end a task": lambda desk: end_task(desk, REF, task_of(desk, "containment"), "done", at=NAIVE),
    "speak to someone": lambda desk: contact(desk, REF, task_of(desk, "contact"), Spoken("told", at=NAIVE)),
    "start an exercise": lambda desk: start_exercise(desk, "x", law_as_of=date(2026, 1, 1), at=NAIVE, folder=Path("x")),
}


def task_of(desk: Desk, kind: str) -> int:
    with desk.reading() as session:
        number = session.scalar(sa.select(sa.func.min(Task.number)).where(Task.kind == kind, Task.state == "open"))
    assert number is not None
    return number


def test_no_act_takes_one(desk: Desk, officer: Desk, tmp_path: Path, time: Time) -> None:
    """Each is refused for its time alone: everything else about it is in order."""
    incident = an_incident_with(desk, tmp_path, [{"kind": "victim", "phone": "020 7946 0001"}])
    contain(desk, incident.id)
    launched(desk, incident)
    prepare_reports(desk, incident.id)
    approve_report(officer, REF, 1)
    for name, act in ACTS.items():
        with pytest.raises(Conflict, match="offset"):
            act(desk)
        assert name


def test_no_code_makes_one() -> None:
    """Every clock reading and every conversion names its zone."""
    bare = [
        f"{path}:{node.lineno}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (
            node.func.attr in ("utcnow", "utcfromtimestamp")
            or (node.func.attr in ("now", "fromtimestamp") and not node.args[:1] and not node.keywords)
        )
        and ast.unparse(node.func.value) in ("datetime", "datetime.datetime")
    ]
    assert bare == []


def test_no_column_keeps_one(desk: Desk) -> None:
    with desk.reading() as session:
        an_instant = session.scalar(sa.select(sa.literal(NAIVE.replace(tzinfo=UTC), Instant())))
    assert an_instant is not None and an_instant.utcoffset() == timedelta(0)
