"""Nothing that stands in a header can say more than it seems to."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.headers import check_email, is_address
from channels.outcome import Refused
from tests.channels.envelopes import WAVE, an_envelope

LINE_BREAKERS = [
    "\r",
    "\n",
    "\r\n",
    "\0",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x1d",
    "\x1e",
    "\x85",
    "\x7f",
    "\u2028",
    "\u2029",
    "\ud800",
]
WRONG_ADDRESSES = [
    "",
    "robin",
    "@example.org",
    "robin@",
    "robin@localhost",
    "robin@example.org,sam@example.org",
    "robin@example.org;sam@example.org",
    "robin@example.org sam@example.org",
    "robin@example.org\r\nBcc: sam@example.org",
    "robin@example.org\n",
    "Robin <robin@example.org>",
    "<robin@example.org>",
    "robin@example.org (a comment)",
    '"robin, sam"@example.org',
    "robin@sam@example.org",
    "robin..sam@example.org",
    ".robin@example.org",
    "robin@[127.0.0.1]",
    "robin@-example.org",
    "robin@example..org",
    "röbin@example.org",
    "robin@exämple.org",
    f"{'r' * 65}@example.org",
    f"robin@{'e' * 64}.org",
    f"robin@{'example.' * 40}org",
]


@pytest.mark.parametrize("field", ["to_address", "from_address", "reply_to"])
@pytest.mark.parametrize("address", WRONG_ADDRESSES)
def test_what_is_not_exactly_one_plain_address_is_refused(field: str, address: str) -> None:
    with pytest.raises(Refused, match=field) as refusal:
        check_email(an_envelope(**{field: address}))
    assert not address or address not in str(refusal.value)


@pytest.mark.parametrize("address", ["robin@example.org", "r.o+b/i'n@mail.example.co.uk", "x@xn--exmple-cua.org"])
def test_a_plain_address_passes(address: str) -> None:
    assert is_address(address)
    check_email(an_envelope(to_address=address))


@pytest.mark.parametrize("field", ["subject", "to_name", "from_name"])
@given(before=st.text(max_size=20), breaker=st.sampled_from(LINE_BREAKERS), after=st.text(max_size=20))
def test_a_line_that_could_become_two_is_refused(field: str, before: str, breaker: str, after: str) -> None:
    with pytest.raises(Refused, match=field):
        check_email(an_envelope(**{field: f"{before}{breaker}{after}"}))


@pytest.mark.parametrize("field", ["subject", "to_name", "from_name"])
def test_an_encoded_word_is_refused_because_it_could_bring_a_line_break_in(field: str) -> None:
    with pytest.raises(Refused, match=field):
        check_email(an_envelope(**{field: "=?utf-8?q?a=0D=0ABcc=3A_sam=40example.org?="}))


@pytest.mark.parametrize("field", ["text", "html"])
@pytest.mark.parametrize("unfit", ["\r", "\0", "\x1b", "\x9b", "\ud800"])
def test_a_body_with_a_control_character_is_refused(field: str, unfit: str) -> None:
    with pytest.raises(Refused, match=field):
        check_email(an_envelope(**{field: f"Dear{unfit}Robin"}))


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": " "},
        {"subject": "x" * 301},
        {"to_name": "x" * 201},
        {"text": "\n\n"},
        {"message_id": "<another@example.org>"},
        {"message_id": f"<{WAVE}@example.org>"},
        {"language": "en\r\nBcc: sam@example.org"},
        {"category": "victims-of-case-7"},
        {"category": ""},
    ],
    ids=str,
)
def test_marks_and_lengths_that_are_not_ours_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Refused, match=next(iter(changes))):
        check_email(an_envelope(**changes))
