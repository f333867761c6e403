"""What a mailbox reads is what was approved: one recipient, the exact words, no header too many."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage, MIMEPart
from email.utils import getaddresses
from typing import cast
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels import mime
from channels.envelope import Attachment
from channels.mime import message_bytes
from channels.outcome import Refused
from tests.channels.envelopes import an_envelope

# What `check_email` lets through: neither control characters nor surrogates nor the separators of lines and paragraphs.
LETTERS = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])
LINES = st.text(LETTERS, min_size=1, max_size=120).filter(lambda line: line.strip() and "=?" not in line)
NASTY = st.text(alphabet="ab ,;:<>()[]\"\\@.éßЖ漢=?_-'", min_size=1, max_size=120).filter(
    lambda line: line.strip() and "=?" not in line
)
BODIES = st.text(st.one_of(LETTERS, st.sampled_from("\n\n\t .=_-")), min_size=1, max_size=600).filter(str.strip)

EXPECTED_HEADERS = [
    *("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress"),
    *("Content-Language", "MIME-Version", "Content-Type"),
]


def read(wire: bytes) -> EmailMessage:
    return message_from_bytes(wire, policy=policy.SMTP)


def words_of(part: MIMEPart) -> str:
    return cast(bytes, part.get_payload(decode=True)).decode().replace("\r\n", "\n")


@given(name=st.one_of(LINES, NASTY))
def test_whatever_the_name_there_is_one_recipient_and_the_name_arrives_whole(name: str) -> None:
    message = message_from_bytes(message_bytes(an_envelope(to_name=name, from_name=name)))
    for header, address in (("To", "robin.marker@example.com"), ("From", "notices@example.org")):
        [(phrase, found)] = getaddresses([message[header]])
        assert found == address
        assert str(make_header(decode_header(phrase))) == name
    assert [box.addr_spec for box in read(message.as_bytes())["To"].addresses] == ["robin.marker@example.com"]


@given(subject=st.one_of(LINES, NASTY))
def test_the_subject_arrives_whole(subject: str) -> None:
    assert read(message_bytes(an_envelope(subject=subject)))["Subject"] == subject


@given(text=BODIES, html=BODIES)
def test_the_texts_arrive_to_the_last_character(text: str, html: str) -> None:
    message = read(message_bytes(an_envelope(text=text, html=html)))
    assert message.get_content_type() == "multipart/alternative"
    assert [words_of(part) for part in message.iter_parts()] == [text, html]
    assert words_of(read(message_bytes(an_envelope(text=text, html=None)))) == text


@given(name=LINES, subject=LINES, text=BODIES)
def test_the_bytes_are_fit_for_any_mail_server(name: str, subject: str, text: str) -> None:
    wire = message_bytes(an_envelope(to_name=name, subject=subject, text=text))
    assert wire.isascii()
    assert not re.search(rb"[^\r]\n|\r[^\n]", wire)
    assert max(map(len, wire.split(b"\r\n"))) <= 78


def test_the_headers_are_these_and_no_others() -> None:
    message = read(message_bytes(an_envelope()))
    assert message.keys() == EXPECTED_HEADERS
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert message["Content-Language"] == "en"
    assert message["Date"].datetime == an_envelope().dated_at


def test_every_attempt_of_a_notice_has_the_same_bytes_and_its_message_id() -> None:
    first = an_envelope()
    again = an_envelope(nid=first.nid)
    assert message_bytes(first) == message_bytes(again)
    assert read(message_bytes(first))["Message-ID"] == f"<{first.nid}@example.org>"
    assert message_bytes(first) != message_bytes(an_envelope())


@pytest.mark.parametrize(
    "slip",
    [
        "Robin Marker <robin.marker@example.com>, <sam@example.org>",
        "Marker, Robin <robin.marker@example.com>",
        "Robin <robin.marker@example.com>\r\nBcc: sam@example.org",
        "sam@example.org",
    ],
)
def test_a_slip_of_the_writer_is_caught_by_the_reader(slip: str) -> None:
    def slipping(name: str, address: str) -> str:
        return slip if address == "robin.marker@example.com" else address

    with patch.object(mime, "_mailbox", slipping), pytest.raises(Refused, match="the finished"):
        message_bytes(an_envelope())


@given(content=st.binary(max_size=3000), html=st.sampled_from([None, "<p>Attached.</p>"]))
def test_an_attached_report_arrives_to_the_last_byte(content: bytes, html: str | None) -> None:
    files = (Attachment("report.pdf", "application/pdf", content), Attachment("report.json", "application/json", b"{}"))
    message = read(message_bytes(an_envelope(html=html, attachments=files)))
    arrived = list(message.iter_attachments())
    assert [(one.get_filename(), one.get_content_type()) for one in arrived] == [
        ("report.pdf", "application/pdf"),
        ("report.json", "application/json"),
    ]
    assert cast(bytes, arrived[0].get_payload(decode=True)) == content
    body = message.get_body(("plain",))
    assert body is not None and words_of(body).startswith("Dear Robin Marker,")


@pytest.mark.parametrize("name", ['a"b.pdf', "a\r\nBcc: x@example.com", "", "rapport é.pdf", "../a.pdf"])
def test_a_file_whose_name_could_say_more_is_refused(name: str) -> None:
    with pytest.raises(Refused):
        message_bytes(an_envelope(attachments=(Attachment(name, "application/pdf", b"x"),)))
