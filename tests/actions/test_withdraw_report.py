"""A withdrawal: with reasons, approved by someone else, filed like a report; the words of what was approved stand."""

import pytest
import sqlalchemy as sa

from actions.append_facts import Known
from actions.approve_report import approve_report
from actions.assess import assess
from actions.desk import Desk
from actions.errors import Conflict
from actions.file_report import Filing, file_report
from actions.prepare_reports import prepare_reports
from actions.record_facts import record_facts
from actions.withdraw_report import withdraw_report
from db.models import Report, Task
from notices.filled import read_back
from tests.builders import an_incident

REF = "FW-2026-0001"
FILED = Filing("portal", "IC-000001", "page.pdf", b"acknowledged")


@pytest.fixture
def filed(desk: Desk, officer: Desk) -> Desk:
    """An incident whose preliminary report was filed."""
    incident = an_incident(desk, story__what_happened="A parcel was lost.")
    assess(desk, incident.id)
    prepare_reports(desk, incident.id)
    approve_report(officer, REF, 1)
    file_report(desk, REF, 1, FILED)
    return desk


def report(desk: Desk, number: int) -> Report:
    with desk.reading() as session:
        return session.scalars(sa.select(Report).where(Report.number == number)).one()


def test_a_withdrawal_needs_reasons(filed: Desk) -> None:
    with pytest.raises(Conflict, match="needs reasons"):
        withdraw_report(filed, REF, 1, "  ")


def test_only_what_was_filed_can_be_withdrawn_and_only_once(filed: Desk, officer: Desk) -> None:
    made = withdraw_report(filed, REF, 1, "The discs were empty.")
    with pytest.raises(Conflict, match="only what was filed"):
        withdraw_report(filed, REF, made.number, "The discs were empty.")
    approve_report(officer, REF, made.number)
    file_report(filed, REF, made.number, FILED)
    with pytest.raises(Conflict, match="withdrawn already"):
        withdraw_report(filed, REF, 1, "The discs were empty.")


def test_a_withdrawal_follows_what_it_withdraws_and_asks_for_nothing_more(filed: Desk) -> None:
    made = withdraw_report(filed, REF, 1, "The discs were empty.")
    first = report(filed, 1)
    assert (made.stage, made.version, made.follows_id) == ("withdrawal", 2, first.id)
    assert made.reasons == "The discs were empty."
    assert made.missing == []
    shown = read_back(made.content)
    assert shown.since is not None and shown.since.number == 1
    assert next(one.value for one in shown.fields if one.key == "withdrawal_reasons") == "The discs were empty."
    assert "IC-000001" in str(next(one.value for one in shown.fields if one.key == "withdraws"))


def test_nobody_approves_a_withdrawal_of_their_own(filed: Desk) -> None:
    made = withdraw_report(filed, REF, 1, "The discs were empty.")
    with pytest.raises(Conflict, match="someone who did not"):
        approve_report(filed, REF, made.number)


def test_what_is_drawn_up_anew_never_overwrites_a_withdrawal(filed: Desk) -> None:
    made = withdraw_report(filed, REF, 1, "The discs were empty.")
    record_facts(filed, REF, [Known("story.how", "It was left in a yard.", "carrier")])
    assess(filed, REF)
    prepare_reports(filed, REF)
    assert report(filed, made.number).stage == "withdrawal"
    assert report(filed, made.number).content_sha256 == made.content_sha256


def test_after_a_withdrawal_nothing_is_asked_for_any_more(filed: Desk, officer: Desk) -> None:
    assess(filed, REF)
    prepare_reports(filed, REF)
    record_facts(filed, REF, [Known("story.how", "It was left in a yard.", "carrier")])
    prepare_reports(filed, REF)
    made = withdraw_report(filed, REF, 1, "The discs were empty.")
    approve_report(officer, REF, made.number)
    file_report(filed, REF, made.number, FILED)
    prepare_reports(filed, REF)
    with filed.reading() as session:
        mine = sa.select(Task.key).where(Task.key.like("missing:%"), Task.state == "open")
        assert session.scalars(mine).all() == []
        drafts = sa.select(Report.number).where(Report.state == "draft")
        assert session.scalars(drafts).all() == []


def test_a_later_version_says_what_changed_since_the_last(filed: Desk, officer: Desk) -> None:
    assess(filed, REF)
    record_facts(filed, REF, [Known("story.how", "It was left in a yard.", "carrier")])
    prepare_reports(filed, REF)
    second = report(filed, 2)
    since = read_back(second.content).since
    assert second.version == 2 and since is not None
    assert [(one.key, one.before, one.after) for one in since.changes] == [
        ("how_it_occurred", None, "It was left in a yard.")
    ]
    assert since.sha256 == report(filed, 1).content_sha256


def test_the_words_of_what_was_approved_cannot_be_changed_by_anybody(filed: Desk) -> None:
    for column, value in (("content_sha256", "x" * 64), ("pdf", b"x"), ("stage", "final"), ("version", 7)):
        with pytest.raises(sa.exc.DBAPIError, match="stand once they are approved"), filed.writing() as session:
            session.execute(sa.update(Report).values({column: value}))
