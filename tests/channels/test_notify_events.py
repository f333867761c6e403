"""What GOV.UK Notify calls with is read into our own words, and nothing that anybody sends breaks the reader."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from channels.notify_events import event_in, is_agreed, is_call

NID, ID = uuid4(), uuid4()


def a_call(**changes: Any) -> bytes:
    record = {
        "id": str(ID),
        "reference": str(NID),
        "to": "robin.marker@example.com",
        "status": "delivered",
        "created_at": "2026-11-22T08:00:00.000000Z",
        "completed_at": "2026-11-22T08:00:07.500000Z",
        "sent_at": "2026-11-22T08:00:01.000000Z",
        "notification_type": "email",
        "template_id": str(uuid4()),
        "template_version": 1,
    }
    return json.dumps(record | changes).encode()


@pytest.mark.parametrize(
    ("medium", "status", "kind"),
    [
        ("email", "created", "taken"),
        ("email", "sending", "taken"),
        ("email", "delivered", "delivered"),
        ("email", "permanent-failure", "bounced"),
        ("email", "temporary-failure", "bounced"),
        ("email", "technical-failure", "dropped"),
        ("email", "something new", "other"),
        ("letter", "accepted", "taken"),
        ("letter", "received", "taken"),
        ("letter", "delivered", "taken"),
        ("letter", "permanent-failure", "dropped"),
        ("letter", "cancelled", "dropped"),
        ("letter", "validation-failed", "dropped"),
        ("letter", "virus-scan-failed", "dropped"),
    ],
)
def test_each_status_has_one_meaning(medium: str, status: str, kind: str) -> None:
    event = event_in(a_call(status=status, notification_type=medium))
    assert event is not None
    assert (event.nid, event.kind, event.reference) == (NID, kind, str(ID))
    assert event.provider == {"email": "notify", "letter": "notify-letter"}[medium]
    assert event.at == datetime(2026, 11, 22, 8, 0, 7, 500000, UTC)
    assert "marker" not in repr(event) + event.said + event.recipient + event.code


def test_a_letter_that_came_back_has_failed() -> None:
    body = {"notification_id": str(ID), "reference": str(NID), "date_sent": "2026-11-20 10:00:00"}
    event = event_in(json.dumps(body).encode())
    assert event is not None
    assert (event.kind, event.provider, event.code) == ("bounced", "notify-letter", "returned_letter")


def test_the_same_telling_is_one_and_another_status_is_another() -> None:
    once, again, later = (event_in(one) for one in (a_call(), a_call(sent_at=None), a_call(status="permanent-failure")))
    assert once and again and later
    assert once.same == again.same != later.same


@pytest.mark.parametrize(
    "change", [{"reference": None}, {"reference": "an order"}, {"id": 7}, {"notification_type": "sms"}, {"status": 1}]
)
def test_what_is_not_about_a_message_of_ours_moves_nothing(change: dict[str, Any]) -> None:
    event = event_in(a_call(**change))
    assert event is None or event.kind == "other"


@pytest.mark.parametrize(
    "brought", ["", "Bearer ", "Bearer wrong", "an-agreed-token-of-ours", "bearer \ud800", "Bearer é"]
)
def test_only_the_agreed_token_is_agreed(brought: str) -> None:
    assert not is_agreed("an-agreed-token-of-ours", brought)
    assert not is_agreed("", brought)
    assert is_agreed("an-agreed-token-of-ours", "Bearer an-agreed-token-of-ours")


VALUES = (
    st.none()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from([str(NID), "9999-12-31T23:59:59-14:00"])
)


@given(
    st.binary(max_size=60)
    | st.dictionaries(
        st.sampled_from(["id", "reference", "status", "notification_type", "completed_at", "notification_id"]), VALUES
    ).map(lambda found: a_call(**found))
)
@example(b"[" * 50_000)
def test_nothing_breaks_the_reader(body: bytes) -> None:
    event = event_in(body)
    assert event is None or is_call(body)
