"""Where GOV.UK Notify calls: the agreed token is the only door, each thing is kept once, and 200 means that it is on disk."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from pydantic import SecretStr

from actions.desk import Desk
from db.models import Event, Notice
from settings.model import Settings
from tests.web.browser import Browser
from web import hooks
from web.app import application

TOKEN, PATH = "an-agreed-token-of-ours", "/hooks/notify"
AGREED = {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def notify(house: Settings, full: str) -> Iterator[Browser]:
    made = application(house.model_copy(update={"notify_callback_token": SecretStr(TOKEN)}))
    with asyncio.Runner() as loop:
        yield Browser(made, loop, "198.51.100.9")
    made.state.house.database.close()


def a_call(nid: UUID, **changes: Any) -> bytes:
    record = {
        "id": "740e5834-3a29-46b4-9a6f-16142fde533a",
        "reference": str(nid),
        "to": "robin.marker@example.com",
        "status": "delivered",
        "created_at": "2026-11-22T08:00:00.000000Z",
        "notification_type": "email",
    }
    return json.dumps(record | changes).encode()


def events(desk: Desk) -> list[tuple[str, UUID, str]]:
    with desk.reading() as session:
        return [(one.provider, one.nid, one.kind) for one in session.scalars(sa.select(Event))]


def test_what_brings_the_token_is_kept_once(notify: Browser, desk: Desk) -> None:
    with desk.reading() as session:
        nid = session.scalars(sa.select(Notice.nid).limit(1)).one()
    for _ in range(2):
        answer = notify.ask("POST", PATH, content=a_call(nid), headers=AGREED)
        assert (answer.status_code, answer.text) == (200, "kept 1")
    assert events(desk) == [("notify", nid, "delivered")]
    assert "set-cookie" not in answer.headers


def test_a_call_about_somebody_elses_message_is_taken_and_left_out(notify: Browser, desk: Desk) -> None:
    answer = notify.ask("POST", PATH, content=a_call(uuid4(), reference=None), headers=AGREED)
    assert (answer.status_code, answer.text, events(desk)) == (200, "kept 0", [])


def test_each_refusal_is_plain_and_keeps_nothing(notify: Browser, desk: Desk) -> None:
    body = a_call(uuid4())
    tries: list[tuple[bytes, dict[str, str], int]] = [
        (body, {}, 401),
        (body, {"authorization": TOKEN}, 401),
        (body, {"authorization": f"Bearer {TOKEN}x"}, 401),
        (b"[]", AGREED, 400),
        (b"\xff", AGREED, 400),
        (b" " * (hooks.LARGEST_CALL + 1), AGREED, 413),
    ]
    for sent, headers, status in tries:
        answer = notify.ask("POST", PATH, content=sent, headers=headers)
        assert (answer.status_code, TOKEN in answer.text, "<" in answer.text) == (status, False, False)
    assert events(desk) == []
    assert notify.get(PATH).status_code == 405


def test_without_a_token_nobody_is_heard(app: FastAPI, full: str, desk: Desk) -> None:
    with asyncio.Runner() as loop:
        answer = Browser(app, loop).ask("POST", PATH, content=a_call(uuid4()), headers={"authorization": "Bearer "})
    assert (answer.status_code, "NOTIFY_CALLBACK_TOKEN" in answer.text, events(desk)) == (403, True, [])


def test_what_cannot_be_kept_is_asked_for_again(notify: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> int:
        raise OSError("the disk says someone@example.org")

    monkeypatch.setattr(hooks, "receive_notify", broken)
    answer = notify.ask("POST", PATH, content=b"{}", headers=AGREED)
    assert (answer.status_code, "someone" in answer.text) == (503, False)
