"""A report goes to an authority once: by e-mail or to its machine, the exact bytes kept, filed only with the authority's word."""

from datetime import datetime
from email import message_from_bytes, policy

import pytest
import sqlalchemy as sa

from actions.approve_report import approve_report
from actions.assess import assess
from actions.call_record import Call
from actions.desk import Desk
from actions.errors import Conflict
from actions.file_report import Filing, file_report
from actions.hand_in import hand_in
from actions.prepare_reports import prepare_reports
from actions.send_report import Sending, not_sent, send_report
from db.models import JournalEntry, Receipt
from tests.builders import an_incident
from tests.conftest import MANAGER, Time
from tests.fakes.sendgrid import FakeSendGrid
from tests.filing import ANSWER, REF, an_approved, dispatches, duty, laid, open_tasks, report, wire


def test_by_e_mail_it_goes_to_the_rulebooks_address_and_is_filed_by_the_authoritys_answer(
    approved: Desk, time: Time
) -> None:
    time.move(hours=70)
    send_report(approved, REF, 1, Sending())
    assert hand_in(approved) == {"accepted": 1}
    [one], [file] = dispatches(approved), laid(approved)
    assert (one.state, one.address, one.source) == ("accepted", "casework@ico.org.uk", "rulebook")
    assert file.read_bytes() == wire(approved, one), "the bytes that left are the bytes that are kept"
    message = message_from_bytes(file.read_bytes(), policy=policy.SMTP)
    [pdf] = message.iter_attachments()
    assert pdf.get_payload(decode=True) == report(approved).pdf
    assert message["To"] == "casework@ico.org.uk" and REF in message["Subject"]
    assert (report(approved).state, duty(approved).state) == ("approved", "open"), "sent is not filed"
    assert open_tasks(approved) == ["acknowledge"]
    time.move(hours=5)
    file_report(approved, REF, 1, ANSWER)
    met = duty(approved)
    assert (met.state, met.late, met.met_at) == ("met", False, one.handed_over_at), "in time by the moment of sending"
    assert open_tasks(approved) == []
    with approved.reading() as session:
        grades = set(session.scalars(sa.select(Receipt.kind)))
    assert grades == {"accepted by the provider", "acknowledgement"}


def test_it_is_never_sent_twice(approved: Desk, time: Time) -> None:
    send_report(approved, REF, 1, Sending())
    with pytest.raises(Conflict, match="never sent twice"):
        send_report(approved, REF, 1, Sending())
    hand_in(approved)
    hand_in(approved)
    assert len(laid(approved)) == 1
    with pytest.raises(Conflict, match="never sent twice"):
        send_report(approved, REF, 1, Sending())


@pytest.mark.parametrize(
    ("sending", "says"),
    [
        (Sending("pigeon"), "email or machine"),
        (Sending("machine"), "name no machine"),
        (Sending("machine", to="https://example.org"), "never typed"),
        (Sending(to="desk@example.org"), "reasons"),
        (Sending(to="desk@example.org, other@example.org", because="told"), "plain e-mail address"),
    ],
)
def test_an_address_that_nobody_vouches_for_is_refused(approved: Desk, sending: Sending, says: str) -> None:
    with pytest.raises(Conflict, match=says):
        send_report(approved, REF, 1, sending)
    assert dispatches(approved) == []


def test_a_typed_address_keeps_its_reasons(approved: Desk, time: Time) -> None:
    send_report(approved, REF, 1, Sending(to="desk@example.org", because="the duty officer said so by telephone"))
    hand_in(approved)
    [one] = dispatches(approved)
    assert (one.address, one.source, one.reasons) == (
        "desk@example.org",
        "typed",
        "the duty officer said so by telephone",
    )


def test_what_is_not_approved_or_is_filed_is_not_sent(desk: Desk, officer: Desk, time: Time) -> None:
    incident = an_incident(desk)
    assess(desk, incident.id)
    prepare_reports(desk, incident.id)
    with pytest.raises(Conflict, match="approve it first"):
        send_report(desk, REF, 1, Sending())
    approve_report(officer, REF, 1)
    file_report(desk, REF, 1, Filing("portal", "IC-1", "page.pdf", b"x"))
    with pytest.raises(Conflict, match="not sent again"):
        send_report(desk, REF, 1, Sending())


def test_late_it_is_sent_only_with_reasons_and_they_stand_in_the_message(approved: Desk, time: Time) -> None:
    time.move(hours=73)
    with pytest.raises(Conflict, match="late-reasons"):
        send_report(approved, REF, 1, Sending())
    send_report(approved, REF, 1, Sending(late_reasons="The officer was ill."))
    hand_in(approved)
    assert b"The officer was ill." in wire(approved, dispatches(approved)[0])
    file_report(approved, REF, 1, ANSWER)
    assert (duty(approved).late, duty(approved).late_reasons) == (True, "The officer was ill.")


def test_what_was_sent_from_here_is_filed_by_no_other_way_and_at_no_other_time(approved: Desk, time: Time) -> None:
    send_report(approved, REF, 1, Sending())
    with pytest.raises(Conflict, match="wait until it has left"):
        file_report(approved, REF, 1, ANSWER)
    hand_in(approved)
    for filing in (
        Filing("portal", "IC-1", "page.pdf", b"x"),
        Filing("email", "IC-1", "answer.eml", b"x", datetime.fromisoformat("2026-11-20T10:30+00:00")),
    ):
        with pytest.raises(Conflict, match="not-sent"):
            file_report(approved, REF, 1, filing)


def test_what_surely_did_not_arrive_may_go_anew(approved: Desk, time: Time) -> None:
    send_report(approved, REF, 1, Sending(to="desk@example.org", because="told so"))
    hand_in(approved)
    with pytest.raises(Conflict, match="why"):
        not_sent(approved, REF, 1, " ")
    not_sent(approved, REF, 1, "it came back: there is no such mailbox")
    assert open_tasks(approved) == []
    file_report(approved, REF, 1, Filing("portal", "IC-1", "page.pdf", b"x"))
    with pytest.raises(Conflict, match="nothing to take back"):
        not_sent(approved, REF, 1, "again")


def test_by_mail_provider_the_exact_report_goes_along(
    sender: Desk, fake: FakeSendGrid, officer: Desk, time: Time
) -> None:
    an_approved(sender, officer)
    send_report(sender, REF, 1, Sending())
    assert hand_in(sender) == {"accepted": 1}
    [message] = fake.messages
    assert message["personalizations"][0]["to"] == [{"email": "casework@ico.org.uk"}]
    assert message["attachments"][0]["filename"] == f"{REF}-report-1.pdf"


def test_by_telephone_the_call_is_the_proof_and_must_say_who_took_it(approved: Desk, time: Time) -> None:
    call = Call("the duty officer, Sam Sample", "0303 123 1113", "read out in full")
    for wrong in (None, Call("", "0303 123 1113"), Call("Sam Sample", " ")):
        with pytest.raises(Conflict, match="spoken-to"):
            file_report(approved, REF, 1, Filing("phone", "IC-1", call=wrong))
    with pytest.raises(Conflict, match="reference"):
        file_report(approved, REF, 1, Filing("phone", " ", call=call))
    file_report(approved, REF, 1, Filing("phone", "IC-000007", call=call))
    with approved.reading() as session:
        receipt = session.scalars(sa.select(Receipt)).one()
        record = approved.vault(session, receipt.incident_id).open(
            receipt.proof or b"", f"receipts/proof/{receipt.sha256}"
        )
        journal = b"".join(bytes(str(one), "utf-8") for one in session.scalars(sa.select(JournalEntry.body)))
    for said in (
        "Sam Sample",
        "0303 123 1113",
        "IC-000007",
        "read out in full",
        MANAGER,
        report(approved).content_sha256,
    ):
        assert said in record.decode()
    assert b"Sam Sample" not in journal
    assert duty(approved).state == "met"
