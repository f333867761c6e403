"""Reports: drawn up from the first hour, approved by someone else, filed with proof, late only with reasons."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from actions.append_facts import Known
from actions.approve_report import approve_report
from actions.assess import assess
from actions.decide import decide, second
from actions.desk import Desk
from actions.errors import Conflict, Stale
from actions.file_report import Filing, file_report
from actions.prepare_reports import prepare_reports
from actions.record_facts import record_facts
from actions.report_model import lacking
from db.models import Obligation, Receipt, Report, Task
from tests.builders import an_incident
from tests.conftest import Time

PORTAL = Filing("portal", "IC-000001", "page.pdf", b"acknowledged")


@pytest.fixture
def drafted(desk: Desk, time: Time) -> Desk:
    """An incident with its preliminary report drawn up."""
    incident = an_incident(desk, story__what_happened="A parcel was lost.")
    assess(desk, incident.id)
    prepare_reports(desk, incident.id)
    return desk


def report(desk: Desk, number: int = 1) -> Report:
    with desk.reading() as session:
        return session.scalars(sa.select(Report).where(Report.number == number)).one()


def obligation(desk: Desk, duty: str = "uk-p3-67-1") -> Obligation:
    with desk.reading() as session:
        return session.scalars(sa.select(Obligation).where(Obligation.duty == duty)).one()


REF = "FW-2026-0001"


def test_a_preliminary_report_exists_in_the_first_hour_and_says_what_is_missing(drafted: Desk) -> None:
    draft = report(drafted)
    assert (draft.stage, draft.state) == ("initial", "draft")
    assert draft.pdf.startswith(b"%PDF")
    assert "measures" in str(draft.content) and draft.missing


def test_drawing_up_again_with_nothing_new_changes_nothing(drafted: Desk) -> None:
    before = report(drafted).content_sha256
    assert prepare_reports(drafted, REF).changed == 0
    assert report(drafted).content_sha256 == before


def test_a_draft_follows_the_facts_and_an_approved_one_does_not(drafted: Desk, officer: Desk) -> None:
    record_facts(drafted, REF, [Known("story.how", "It was left in a reception.", "carrier")])
    prepare_reports(drafted, REF)
    assert "left in a reception" in str(report(drafted).content)
    approve_report(officer, REF, 1)
    approved = report(drafted).content_sha256
    record_facts(drafted, REF, [Known("story.how", "It was left in a yard.", "carrier")])
    prepare_reports(drafted, REF)
    assert report(drafted).content_sha256 == approved


def test_nobody_approves_words_they_wrote(drafted: Desk) -> None:
    with pytest.raises(Conflict, match="someone who did not"):
        approve_report(drafted, REF, 1)


def test_what_changed_since_it_was_read_cannot_be_approved(drafted: Desk, officer: Desk) -> None:
    read = report(drafted).content_sha256
    record_facts(drafted, REF, [Known("story.how", "It was left in a reception.", "carrier")])
    prepare_reports(drafted, REF)
    with pytest.raises(Stale, match="read it again"):
        approve_report(officer, REF, 1, read)


def test_what_went_by_post_is_filed_with_the_slip_of_the_post_office(drafted: Desk, officer: Desk) -> None:
    approve_report(officer, REF, 1)
    file_report(drafted, REF, 1, Filing("post", "GB 123 456", "slip.pdf", b"%PDF-1.7 signed for"))
    assert (report(drafted).state, report(drafted).channel) == ("filed", "post")


@pytest.mark.parametrize(
    ("filing", "says"),
    [
        (Filing("portal", "IC-000001", "page.pdf", b""), "proof"),
        (Filing("portal", " ", "page.pdf", b"x"), "reference"),
        (Filing("pigeon", "IC-000001", "page.pdf", b"x"), "portal, email, phone or post"),
        (Filing("portal", "IC-000001", "page.pdf", b"x", datetime(2026, 11, 20, 12)), "offset"),  # noqa: DTZ001 - the fault
    ],
)
def test_sent_without_proof_is_not_filed(drafted: Desk, officer: Desk, filing: Filing, says: str) -> None:
    approve_report(officer, REF, 1)
    with pytest.raises(Conflict, match=says):
        file_report(drafted, REF, 1, filing)
    assert report(drafted).state == "approved"
    assert obligation(drafted).state == "open"


def test_a_filing_in_the_future_is_refused(drafted: Desk, officer: Desk, time: Time) -> None:
    approve_report(officer, REF, 1)
    with pytest.raises(Conflict, match="future"):
        file_report(drafted, REF, 1, Filing("portal", "IC-1", "p", b"x", time.now + timedelta(seconds=1)))


def test_an_unapproved_report_is_not_filed(drafted: Desk) -> None:
    with pytest.raises(Conflict, match="approved by someone else first"):
        file_report(drafted, REF, 1, PORTAL)


def test_a_filing_in_time_meets_the_duty_and_keeps_its_proof_sealed(drafted: Desk, officer: Desk, time: Time) -> None:
    approve_report(officer, REF, 1)
    time.move(hours=30)
    file_report(drafted, REF, 1, PORTAL)
    met = obligation(drafted)
    assert (met.state, met.late, met.met_at) == ("met", False, time.now)
    with drafted.reading() as session:
        receipt = session.scalars(sa.select(Receipt)).one()
        assert receipt.proof and b"acknowledged" not in receipt.proof
        vault = drafted.vault(session, receipt.incident_id)
        assert vault.open(receipt.proof, f"receipts/proof/{receipt.sha256}") == b"acknowledged"


def test_a_late_filing_without_reasons_is_refused_and_with_them_stays_late(
    drafted: Desk, officer: Desk, time: Time
) -> None:
    approve_report(officer, REF, 1)
    time.move(hours=73)
    with pytest.raises(Conflict, match="late-reasons"):
        file_report(drafted, REF, 1, PORTAL)
    file_report(drafted, REF, 1, Filing("portal", "IC-1", "p", b"x", late_reasons="The officer was ill."))
    met = obligation(drafted)
    assert (met.late, met.late_reasons) == (True, "The officer was ill.")


def test_what_the_first_report_lacked_is_asked_for_and_followed_up(drafted: Desk, officer: Desk, time: Time) -> None:
    approve_report(officer, REF, 1)
    file_report(drafted, REF, 1, PORTAL)
    assess(drafted, REF)
    prepare_reports(drafted, REF)
    with drafted.reading() as session:
        asked = set(session.scalars(sa.select(Task.key).where(Task.kind == "follow_up")))
    wanted = lacking(report(drafted).content)
    assert "how_it_occurred" in wanted and "training" not in wanted, "the law does not ask about training"
    assert {key.rsplit(":", 1)[1] for key in asked} == set(wanted)
    with drafted.reading() as session:
        assert session.scalar(sa.select(Report.number).where(Report.stage == "follow_up")) is None, "nothing is new yet"
    record_facts(drafted, REF, [Known("story.how", "It was left in a reception.", "carrier")])
    prepare_reports(drafted, REF)
    follow_up = report(drafted, 2)
    assert (follow_up.stage, follow_up.state) == ("follow_up", "draft")
    assert "how_it_occurred" not in follow_up.missing
    with drafted.reading() as session:
        done = session.scalars(sa.select(Task).where(Task.kind == "follow_up", Task.state == "done")).one()
    assert done.key.endswith(":how_it_occurred")


def test_a_duty_that_may_be_owed_has_its_report_ready_and_can_be_reported_before_anyone_is_sure(
    desk: Desk, officer: Desk, time: Time
) -> None:
    an_incident(desk, risk=None, story__what_happened="A parcel was lost.")
    assess(desk, REF)
    prepare_reports(desk, REF)
    assert obligation(desk).answer == "unknown"
    approve_report(officer, REF, 1)
    file_report(desk, REF, 1, PORTAL)
    assert (obligation(desk).state, obligation(desk).late) == ("met", False)


def test_a_draft_for_a_duty_that_turns_out_not_to_apply_is_put_away(desk: Desk, officer: Desk, time: Time) -> None:
    an_incident(desk, risk=None)
    assess(desk, REF)
    prepare_reports(desk, REF)
    second(officer, REF, decide(desk, REF, "risk", "risk", "unlikely", "the discs were empty").number)
    assess(desk, REF)
    prepare_reports(desk, REF)
    assert report(desk).state == "replaced"
