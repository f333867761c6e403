"""What goes to SendGrid is one notice to one person, untracked; the last gate stops anything else, whoever wrote it."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sendgrid.helpers import mail

from channels.envelope import Attachment
from channels.outcome import Halt, Refused
from channels.sendgrid_payload import gated, payload, request_body
from tests.channels.envelopes import WAVE, an_envelope

if TYPE_CHECKING:
    from collections.abc import Callable

    from channels.sendgrid import SendGrid
    from tests.fakes.sendgrid import FakeSendGrid

ENVELOPE = an_envelope()
ANOTHER = {"email": "sam@example.org"}


def in_the_words_of_the_package() -> dict[str, Any]:
    """The same message, built with the `sendgrid` package."""
    message = mail.Mail()
    message.from_email = mail.From(ENVELOPE.from_address, ENVELOPE.from_name)
    message.reply_to = mail.ReplyTo(ENVELOPE.reply_to)
    message.subject = mail.Subject(ENVELOPE.subject)
    personalization = mail.Personalization()
    personalization.add_to(mail.To(ENVELOPE.to_address, ENVELOPE.to_name))
    personalization.add_custom_arg(mail.CustomArg("nid", str(ENVELOPE.nid)))
    message.add_personalization(personalization)
    message.add_content(mail.Content("text/plain", ENVELOPE.text))
    message.add_content(mail.Content("text/html", ENVELOPE.html))
    for name in ("Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress", "Content-Language"):
        message.add_header(mail.Header(name, payload(ENVELOPE)["headers"][name]))
    message.add_category(mail.Category(str(WAVE)))
    message.mail_settings = mail.MailSettings(
        bypass_spam_management=mail.BypassSpamManagement(True),
        bypass_unsubscribe_management=mail.BypassUnsubscribeManagement(True),
    )
    message.tracking_settings = mail.TrackingSettings(
        click_tracking=mail.ClickTracking(False, False),
        open_tracking=mail.OpenTracking(False),
        subscription_tracking=mail.SubscriptionTracking(False),
        ganalytics=mail.Ganalytics(False),
    )
    written: dict[str, Any] = message.get()
    return written


def test_our_words_are_those_of_the_sendgrid_package() -> None:
    assert payload(ENVELOPE) == in_the_words_of_the_package()


def test_the_message_is_to_one_person_and_carries_one_random_id_and_no_tracking(
    channel: SendGrid, fake: FakeSendGrid
) -> None:
    channel.send(ENVELOPE)
    [message] = fake.messages
    assert message["personalizations"] == [
        {
            "to": [{"email": "robin.marker@example.com", "name": "Robin Marker"}],
            "custom_args": {"nid": str(ENVELOPE.nid)},
        }
    ]
    assert message["categories"] == [str(WAVE)]
    assert "true" not in json.dumps(message["tracking_settings"])
    assert set(message["tracking_settings"]) == {
        "click_tracking",
        "open_tracking",
        "subscription_tracking",
        "ganalytics",
    }
    assert set(message["mail_settings"]) == {"bypass_spam_management", "bypass_unsubscribe_management"}
    assert set(message["headers"]) == {
        "Message-ID",
        "Auto-Submitted",
        "X-Auto-Response-Suppress",
        "Content-Language",
    }
    assert [part["value"] for part in message["content"]] == [ENVELOPE.text, ENVELOPE.html]


def test_a_message_without_html_has_one_part() -> None:
    assert [part["type"] for part in payload(an_envelope(html=None))["content"]] == ["text/plain"]


@given(name=st.text(alphabet="ab ,;:<>()[]\"\\@.é'", min_size=1, max_size=30))
def test_a_name_that_could_be_read_as_an_address_list_is_left_out(name: str) -> None:
    [recipient] = payload(an_envelope(to_name=name))["personalizations"][0]["to"]
    assert recipient["email"] == "robin.marker@example.com"
    assert not set(recipient.get("name", "")) & set(',;:<>()[]"\\@')
    if name.strip() and not set(name) & set(',;:<>()[]"\\@'):
        assert recipient["name"] == name


def first(message: dict[str, Any]) -> dict[str, Any]:
    person: dict[str, Any] = message["personalizations"][0]
    return person


SLIPS: dict[str, Callable[[dict[str, Any]], object]] = {
    "a second recipient": lambda message: first(message)["to"].append(ANOTHER),
    "another recipient": lambda message: first(message).update(to=[ANOTHER]),
    "no recipient": lambda message: first(message).update(to=[]),
    "two addresses in one": lambda message: first(message)["to"][0].update(email="a@example.org, b@example.org"),
    "an address in the name": lambda message: first(message)["to"][0].update(name="Robin, sam@example.org"),
    "a copy": lambda message: first(message).update(cc=[ANOTHER]),
    "a blind copy": lambda message: first(message).update(bcc=[ANOTHER]),
    "a second personalization": lambda message: message["personalizations"].append({"to": [ANOTHER]}),
    "no personalization": lambda message: message.update(personalizations=[]),
    "another id": lambda message: first(message)["custom_args"].update(nid=str(WAVE)),
    "a number for an id": lambda message: first(message)["custom_args"].update(nid=7),
    "more than the id": lambda message: first(message)["custom_args"].update(name="Robin Marker"),
    "arguments of the whole message": lambda message: message.update(custom_args={"case": "7"}),
    "a substitution": lambda message: first(message).update(substitutions={"-name-": "Robin"}),
    "a telling category": lambda message: message.update(categories=["victims"]),
    "a second category": lambda message: message["categories"].append("victims"),
    "no category": lambda message: message.update(categories=[]),
    "another sender": lambda message: message["from"].update(ANOTHER),
    "replies elsewhere": lambda message: message["reply_to"].update(ANOTHER),
    "a copy by header": lambda message: message["headers"].update(Bcc="sam@example.org"),
    "a way to unsubscribe": lambda message: message["headers"].update({"List-Unsubscribe": "<mailto:a@example.org>"}),
    "precedence": lambda message: message["headers"].update(Precedence="bulk"),
    "no message id": lambda message: message["headers"].pop("Message-ID"),
    "an unsubscribe group": lambda message: message.update(asm={"group_id": 1}),
    "an attachment": lambda message: message.update(attachments=[{"content": "eA==", "filename": "x"}]),
    "a template": lambda message: message.update(template_id="d-1"),
    "a later moment": lambda message: message.update(send_at=1),
    "clicks tracked": lambda message: message["tracking_settings"]["click_tracking"].update(enable=True),
    "clicks in text tracked": lambda message: message["tracking_settings"]["click_tracking"].update(enable_text=True),
    "opening tracked": lambda message: message["tracking_settings"]["open_tracking"].update(enable=True),
    "open tracking left to the account": lambda message: message["tracking_settings"].pop("open_tracking"),
    "tracking left to the account": lambda message: message.pop("tracking_settings"),
    "bounces passed over": lambda message: message["mail_settings"].update(bypass_bounce_management={"enable": True}),
    "sandbox": lambda message: message["mail_settings"].update(sandbox_mode={"enable": True}),
    "a calendar": lambda message: message["content"].append({"type": "text/calendar", "value": "x"}),
    "other words": lambda message: message["content"][0].update(value="Dear Sam"),
    "another subject": lambda message: message.update(subject="Your lost DVDs"),
    "not a message": lambda message: message.clear(),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_the_gate_stops_a_message_with(slip: str) -> None:
    message = copy.deepcopy(payload(ENVELOPE))
    SLIPS[slip](message)
    with pytest.raises(Halt, match="breaks a rule"):
        gated(json.dumps(message).encode(), ENVELOPE)


def test_the_gate_lets_the_right_message_through_unchanged() -> None:
    body = request_body(ENVELOPE)
    assert json.loads(body) == payload(ENVELOPE)
    assert gated(body, ENVELOPE) == body


def test_the_gate_stops_a_message_of_another_notice() -> None:
    with pytest.raises(Halt, match="breaks a rule"):
        gated(request_body(ENVELOPE), an_envelope())


def test_an_unsafe_envelope_does_not_become_a_payload(channel: SendGrid, fake: FakeSendGrid) -> None:
    with pytest.raises(Refused):
        channel.send(an_envelope(to_address="a@example.org,b@example.org"))
    assert not fake.server.requests


def test_a_report_goes_along_whole_and_a_file_that_is_not_the_envelopes_is_stopped() -> None:
    envelope = an_envelope(attachments=(Attachment("report.pdf", "application/pdf", b"%PDF-1.7"),))
    body = request_body(envelope)
    assert json.loads(body)["attachments"] == [
        {
            "content": "JVBERi0xLjc=",
            "type": "application/pdf",
            "filename": "report.pdf",
            "disposition": "attachment",
        }
    ]
    with pytest.raises(Halt):
        gated(body, an_envelope(nid=envelope.nid))
    with pytest.raises(Halt):
        gated(request_body(an_envelope(nid=envelope.nid)), envelope)
