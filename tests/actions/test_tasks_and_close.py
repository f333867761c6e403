"""Containment is done only when someone looked, and an incident closes only when nothing is left."""

import pytest
import sqlalchemy as sa

from actions.append_facts import Known
from actions.approve_report import approve_report
from actions.assess import assess
from actions.close import close
from actions.contain import contain
from actions.decide import decide, second
from actions.desk import Desk
from actions.end_task import end_task, verify_task
from actions.errors import Conflict
from actions.file_report import Filing, file_report
from actions.hand_over import take_over
from actions.prepare_reports import prepare_reports
from actions.record_facts import record_facts
from db.models import Obligation, Task
from db.queries.journal import verify_all
from tests.builders import an_incident
from tests.conftest import Time

REF = "FW-2026-0001"


@pytest.fixture
def contained(desk: Desk, time: Time) -> Desk:
    """An incident without people to tell (the risk is not high), its duties and measures worked out."""
    incident = an_incident(desk, risk="risk", purposes=["law_enforcement"], nature=["loss"])
    assess(desk, incident.id)
    contain(desk, incident.id)
    return desk


def tasks(desk: Desk, **where: object) -> list[Task]:
    with desk.reading() as session:
        return list(session.scalars(sa.select(Task).filter_by(**where).order_by(Task.number)))


def test_measures_follow_from_what_happened_and_are_opened_once(contained: Desk) -> None:
    first = {task.key for task in tasks(contained)}
    assert {"contain:search", "contain:police", "contain:safety"} <= first
    assert "contain:restore" not in first
    contain(contained, REF)
    assert {task.key for task in tasks(contained)} == first


def test_a_task_needs_an_outcome_and_ends_once(contained: Desk) -> None:
    with pytest.raises(Conflict, match="outcome"):
        end_task(contained, REF, 1, " ")
    end_task(contained, REF, 1, "searched")
    with pytest.raises(Conflict, match="done already"):
        end_task(contained, REF, 1, "searched again")


def test_only_what_is_done_can_be_verified_and_once(contained: Desk) -> None:
    with pytest.raises(Conflict, match="only what is done"):
        verify_task(contained, REF, 1, "looked")
    end_task(contained, REF, 1, "searched")
    verify_task(contained, REF, 1, "search record read")
    with pytest.raises(Conflict, match="verified already"):
        verify_task(contained, REF, 1, "looked again")


def test_closing_names_everything_that_is_in_the_way(contained: Desk) -> None:
    prepare_reports(contained, REF)
    with pytest.raises(Conflict) as refused:
        close(contained, REF, "it is over")
    for reason in ("uk-p3-67-1@uk/ico is owed", "report 1", "task 1 is open", "officer has not acknowledged"):
        assert reason in str(refused.value)


def test_done_and_not_verified_still_blocks(contained: Desk) -> None:
    for task in tasks(contained, state="open"):
        end_task(contained, REF, task.number, "done")
    with pytest.raises(Conflict, match="not verified"):
        close(contained, REF, "it is over")


def write_the_story(desk: Desk) -> None:
    """Everything that the report asks for."""
    words = ("what_happened", "how", "discovered_how", "safeguards_before", "detriment", "training", "prevention")
    told = [Known(f"story.{name}", "Words.", "test") for name in words]
    lists = [
        Known(f"story.{name}", ["Words."], "test")
        for name in ("data_in_words", "consequences", "measures", "others_told")
    ]
    flags = [
        Known("story.cyber", False, "test"),
        Known("story.staff_involved", False, "test"),
        Known("story.records", 15, "test"),
    ]
    record_facts(desk, REF, [*told, *lists, *flags])


def test_an_incident_with_nothing_left_closes_and_its_record_holds(contained: Desk, officer: Desk, time: Time) -> None:
    take_over(officer, REF)
    write_the_story(contained)
    assess(contained, REF)
    prepare_reports(contained, REF)
    approve_report(officer, REF, 1)
    file_report(contained, REF, 1, Filing("portal", "IC-1", "page.pdf", b"x"))
    assess(contained, REF)
    prepare_reports(contained, REF)
    for task in tasks(contained, state="open", kind="follow_up"):
        end_task(contained, REF, task.number, "not to be had", state="cancelled")
    with contained.reading() as session:
        still = session.scalars(sa.select(Obligation.duty).where(Obligation.state == "open")).all()
    for duty in still:
        second(officer, REF, decide(contained, REF, "waiver", duty, "not required", "nothing further is known").number)
    for task in tasks(contained, state="open", kind="containment"):
        end_task(contained, REF, task.number, "done")
        verify_task(contained, REF, task.number, "looked at")
    closed = close(contained, REF, "everything is done")
    assert closed.closed_at == time.now
    with pytest.raises(Conflict, match="is closed since"):
        record_facts(contained, REF, [Known("story.how", "Again.", "test")])
    with contained.reading() as session:
        assert all(verdict.sound for verdict in verify_all(session))
