"""Who was told the old value: authorities and people are named, a follow-up is opened once, and ends when it was told anew."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from actions.append_facts import Known
from actions.approve_report import approve_report
from actions.assess import assess
from actions.desk import Desk, find
from actions.file_report import Filing, file_report
from actions.prepare_reports import prepare_reports
from actions.record_facts import record_facts
from actions.told_before import ToldBefore, told_the_old_value
from db.models import Notice, Obligation, Report, Task
from tests.builders import an_incident
from tests.delivery import a_wave

REF = "FW-2026-0001"
FILED = Filing("portal", "AG-000001", "page.pdf", b"acknowledged")


@pytest.fixture
def filed(desk: Desk, officer: Desk) -> Desk:
    """A retailer's loss of 600 Texans' data, which the attorney general was told of."""
    declared = an_incident(
        desk,
        organisation__roles=["controller"],
        organisation__establishments=["US"],
        events__determined="2026-11-20T10:00+00:00",
        purposes=None,
        people__GB=None,
        **{"people__US-TX": 600},
        data=["name", "social_security_number"],
        nature=["acquisition"],
        medium=["electronic"],
        kinds=["customer"],
        story__what_happened="A list was copied.",
    )
    assess(desk, declared.id)
    prepare_reports(desk, REF)
    file_next(desk, officer)
    return desk


def file_next(desk: Desk, officer: Desk) -> int:
    with desk.reading() as session:
        query = sa.select(Report.number).join(Obligation, Report.obligation_id == Obligation.id)
        mine = query.where(Obligation.duty == "us-tx-ag", Report.state == "draft")
        number = session.scalars(mine).one()
    approve_report(officer, REF, number)
    file_report(desk, REF, number, FILED)
    return number


def told(desk: Desk) -> list[ToldBefore]:
    with desk.reading() as session:
        return told_the_old_value(desk, session, find(session, REF))


def open_tasks(desk: Desk) -> list[str]:
    with desk.reading() as session:
        mine = sa.select(Task.key).where(Task.key.like("told:%"), Task.state == "open")
        return list(session.scalars(mine))


def test_while_nothing_changes_nobody_was_told_anything_old(filed: Desk) -> None:
    prepare_reports(filed, REF)
    assert told(filed) == [] and open_tasks(filed) == []


def test_a_changed_number_names_who_was_told_the_old_one_and_opens_one_follow_up(filed: Desk) -> None:
    record_facts(filed, REF, [Known("people.US-TX", 900, "count")])
    [one] = told(filed)
    assert (one.kind, one.to, one.count) == ("report", "us/tx-ag", 1)
    assert {("600", "900")} == {(value.told, value.now) for value in one.values}
    for _ in range(3):
        prepare_reports(filed, REF)
    assert len(open_tasks(filed)) == 1
    with filed.reading() as session:
        draft = session.scalars(sa.select(Report).where(Report.stage == "follow_up")).one()
    assert (draft.state, draft.version) == ("draft", 2)


def test_once_it_was_told_anew_the_follow_up_ends(filed: Desk, officer: Desk) -> None:
    record_facts(filed, REF, [Known("people.US-TX", 900, "count")])
    prepare_reports(filed, REF)
    file_next(filed, officer)
    prepare_reports(filed, REF)
    assert told(filed) == [] and open_tasks(filed) == []


def test_a_value_that_is_what_was_told_again_needs_nothing(filed: Desk) -> None:
    record_facts(filed, REF, [Known("people.US-TX", 900, "count")])
    prepare_reports(filed, REF)
    record_facts(filed, REF, [Known("people.US-TX", 600, "count")])
    prepare_reports(filed, REF)
    assert told(filed) == [] and open_tasks(filed) == []
    with filed.reading() as session:
        assert session.scalars(sa.select(Report.state).where(Report.stage == "follow_up")).one() == "replaced"


def test_a_value_that_changes_again_asks_again(filed: Desk) -> None:
    record_facts(filed, REF, [Known("people.US-TX", 900, "count")])
    prepare_reports(filed, REF)
    before = open_tasks(filed)
    record_facts(filed, REF, [Known("people.US-TX", 950, "count")])
    prepare_reports(filed, REF)
    assert len(open_tasks(filed)) == 1 and open_tasks(filed) != before


def test_an_answer_that_was_open_told_nobody_anything(filed: Desk) -> None:
    record_facts(filed, REF, [Known("story.data_in_words", ["names"], "list")])
    assert told(filed) == []


def test_people_who_were_told_an_old_word_are_counted_by_wave(desk: Desk, tmp_path: Path) -> None:
    incident, wave = a_wave(desk, tmp_path)
    with desk.writing() as session:
        for state in ("sending", "accepted"):
            session.execute(sa.update(Notice).where(Notice.wave_id == wave.id).values(state=state))
    record_facts(desk, incident.id, [Known("story.data_in_words", ["your name", "your bank account"], "the list")])
    [one] = told(desk)
    assert (one.kind, one.number, one.count) == ("wave", wave.number, 3)
    assert [value.name for value in one.values] == ["story.data_in_words"]
    prepare_reports(desk, incident.id)
    prepare_reports(desk, incident.id)
    assert len([key for key in open_tasks(desk) if key.startswith("told:wave:")]) == 1
