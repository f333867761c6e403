"""SendGrid's events: only what its key signed counts, and each is read into our own words without the address."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.sendgrid_events import SIGNATURE, TIMESTAMP, events_in, is_fresh, is_key, is_signed
from tests.fakes.webhook import Signer, an_event, posted

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NID = UUID("6c1f1f4e-7b1c-4b86-9d8f-0f2f8a3f4a11")
SIGNER = Signer()
BODY = posted([an_event(NID, "delivered", NOW)])
HEADERS = SIGNER.headers(BODY, NOW)


def signed(body: bytes, keys: tuple[str, ...] = (SIGNER.key,), **changed: str) -> bool:
    headers = HEADERS | changed
    return is_signed(keys, body, headers[SIGNATURE], headers[TIMESTAMP])


def test_what_the_key_signed_is_signed_also_while_keys_are_replaced() -> None:
    assert signed(BODY)
    assert signed(BODY, (Signer().key, SIGNER.key))
    assert not signed(BODY, (Signer().key,))
    assert not signed(BODY, ())


@given(st.binary(max_size=60), st.integers(0, len(BODY)))
def test_no_other_bytes_are_signed(extra: bytes, where: int) -> None:
    changed = BODY[:where] + extra + BODY[where + len(extra) :]
    assert signed(changed) is (changed == BODY)


@given(st.text(max_size=100), st.text(max_size=30))
def test_nothing_that_stands_in_the_headers_breaks_the_reader(signature: str, timestamp: str) -> None:
    assert not is_signed((SIGNER.key,), BODY, signature, timestamp)
    is_fresh(timestamp, NOW)


@pytest.mark.parametrize(
    "key",
    ["", "nonsense", base64.b64encode(b"no key").decode(), "é" * 40, SIGNER.key[:-8]],
    ids=["empty", "nonsense", "no key", "no base64", "cut short"],
)
def test_what_is_no_key_signs_nothing(key: str) -> None:
    assert not is_key(key)
    assert not signed(BODY, (key,))
    assert signed(BODY, (key, SIGNER.key))


@pytest.mark.parametrize(
    ("ago", "fresh"),
    [
        (timedelta(), True),
        (timedelta(hours=24, minutes=59), True),
        (timedelta(hours=25, minutes=1), False),
        (timedelta(minutes=-9), True),
        (timedelta(minutes=-11), False),
    ],
)
def test_what_was_signed_more_than_a_day_ago_was_kept_by_somebody(ago: timedelta, fresh: bool) -> None:
    assert is_fresh(str(int((NOW - ago).timestamp())), NOW) is fresh


@pytest.mark.parametrize("timestamp", ["", "-1", "1e9", "9" * 11, "９９", "1795000000.5"])
def test_what_is_no_moment_is_not_fresh(timestamp: str) -> None:
    assert not is_fresh(timestamp, NOW)


MEANINGS: list[tuple[str, dict[str, Any], str, str]] = [
    ("processed", {}, "taken", ""),
    ("deferred", {"response": "451 4.7.1 greylisted", "attempt": "3"}, "delayed", "4.7.1"),
    ("delivered", {"response": "250 OK"}, "delivered", ""),
    ("bounce", {"type": "bounce", "status": "5.1.1", "reason": "550 no such user"}, "bounced", "5.1.1"),
    ("bounce", {"type": "bounce", "reason": "550 5.2.1 mailbox disabled"}, "bounced", "5.2.1"),
    ("bounce", {"type": "blocked", "status": "5.7.1"}, "blocked", "5.7.1"),
    ("bounce", {"type": "bounce", "status": "5.7.26"}, "blocked", "5.7.26"),
    ("bounce", {"type": "bounce", "status": "4.4.7"}, "blocked", "4.4.7"),
    ("bounce", {"reason": "refused by 192.5.1.1.example"}, "bounced", ""),
    ("dropped", {"reason": "Bounced Address"}, "dropped", "bounced_before"),
    ("dropped", {"reason": "Recipient List over Package Quota"}, "blocked", "over_quota"),
    ("dropped", {"reason": "something new"}, "dropped", "dropped"),
    ("spamreport", {}, "complained", ""),
    ("open", {}, "other", ""),
    ("group_unsubscribe", {}, "other", ""),
]


@pytest.mark.parametrize(("event", "more", "kind", "code"), MEANINGS)
def test_each_kind_of_event_is_read_into_our_own_words(event: str, more: dict[str, Any], kind: str, code: str) -> None:
    [read] = events_in(posted([an_event(NID, event, NOW, **more)])) or []
    assert (read.nid, read.kind, read.code, read.at) == (NID, kind, code, NOW)
    assert "someone@example.org" not in repr(read)


def test_one_thing_told_twice_under_another_id_is_the_same_and_other_things_are_not() -> None:
    first = an_event(NID, "deferred", NOW, attempt="1", response="451 later")
    again = first | {"sg_event_id": uuid4().hex}
    others = [
        first | {"attempt": "2"},
        first | {"timestamp": first["timestamp"] + 1},
        first | {"event": "delivered"},
        first | {"nid": str(uuid4())},
        first | {"response": "451 still later"},
    ]
    read = events_in(posted([first, again, *others])) or []
    assert read[0].same == read[1].same
    assert len({one.same for one in read}) == 1 + len(others)


def test_events_that_are_not_ours_are_left_out_and_break_nothing() -> None:
    good = an_event(NID, "delivered", NOW)
    bad = [
        *({**good, "nid": nid} for nid in (None, 7, "x", str(NID).upper(), NID.hex, f" {NID}", ["x"])),
        *({**good, "timestamp": moment} for moment in (None, "1", True, -5, 10**30, 1.5)),
        {key: value for key, value in good.items() if key != "nid"},
        7,
        None,
        [],
    ]
    assert [one.nid for one in events_in(posted([*bad, good])) or []] == [NID]


@pytest.mark.parametrize("body", [b"", b"{}", b"null", b"\xff", b"[" * 100_000, b"nonsense", b'{"a":' * 50_000])
def test_a_body_that_is_no_list_is_none(body: bytes) -> None:
    assert events_in(body) is None
