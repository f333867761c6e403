"""Where providers post: a signature is the only door, and nothing that a stranger sends breaks it or changes anything."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from hypothesis import HealthCheck, example, given
from hypothesis import settings as how
from hypothesis import strategies as st

from actions import clock
from actions.desk import Desk
from channels.sendgrid_events import SIGNATURE, TIMESTAMP
from db.models import Event, Notice
from settings.model import Settings
from tests.fakes.webhook import Signer, an_event, posted
from tests.web.browser import Browser
from web import hooks
from web.app import application
from web.guard import HEADERS

SIGNER, PATH = Signer(), "/hooks/sendgrid"


@pytest.fixture
def listening(house: Settings, full: str) -> Iterator[FastAPI]:
    """A dashboard that hears SendGrid, over an incident that has notices."""
    made = application(house.model_copy(update={"sendgrid_webhook_key": SIGNER.key}))
    yield made
    made.state.house.database.close()


@pytest.fixture
def provider(listening: FastAPI) -> Iterator[Browser]:
    with asyncio.Runner() as loop:
        yield Browser(listening, loop, "198.51.100.9")


def post(provider: Browser, body: bytes, headers: dict[str, Any]) -> httpx.Response:
    return provider.ask("POST", PATH, content=body, headers=headers)


def kept(desk: Desk) -> tuple[int, list[Any]]:
    """How many events there are, and where every notice stands."""
    with desk.reading() as session:
        events = session.scalar(sa.select(sa.func.count()).select_from(Event)) or 0
        return events, session.execute(sa.select(Notice.nid, Notice.state).order_by(Notice.nid)).tuples().all()[:]


def a_notice(desk: Desk) -> Any:
    with desk.reading() as session:
        return session.scalars(sa.select(Notice.nid).order_by(Notice.nid).limit(1)).one()


def test_what_is_signed_is_kept_before_it_is_answered(provider: Browser, desk: Desk) -> None:
    nid = a_notice(desk)
    body = posted([an_event(nid, "delivered", clock.now()), {"event": "open"}])
    answer = post(provider, body, SIGNER.headers(body, clock.now()))
    assert (answer.status_code, answer.text) == (200, "kept 1")
    assert kept(desk)[0] == 1
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "set-cookie" not in answer.headers


def test_each_refusal_is_plain_and_changes_nothing(provider: Browser, desk: Desk) -> None:
    body, now, before = posted([an_event(a_notice(desk), "bounce", clock.now())]), clock.now(), kept(desk)
    old, none = SIGNER.headers(body, now - timedelta(hours=26)), {"content-type": "application/json"}
    tries: list[tuple[bytes, dict[str, str], int]] = [
        (body, none, 401),
        (body + b" ", SIGNER.headers(body, now), 401),
        (body, SIGNER.headers(body, now) | {TIMESTAMP: str(int(now.timestamp()) - 1)}, 401),
        (body, Signer().headers(body, now), 401),
        (body, old, 403),
        (b"{}", SIGNER.headers(b"{}", now), 400),
        (b"\xff\xfe", SIGNER.headers(b"\xff\xfe", now), 401),
        (b" " * (hooks.LARGEST + 1), none, 413),
    ]
    for sent, headers, status in tries:
        answer = post(provider, sent, headers)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "text/plain; charset=utf-8")
        assert "<" not in answer.text
    assert kept(desk) == before
    assert provider.get(PATH).status_code == 405


def test_without_a_key_nobody_is_heard(app: FastAPI, full: str, desk: Desk) -> None:
    body = posted([])
    with asyncio.Runner() as loop:
        answer = post(Browser(app, loop), body, SIGNER.headers(body, clock.now()))
    assert (answer.status_code, "SENDGRID_WEBHOOK_KEY" in answer.text) == (403, True)


def test_what_cannot_be_kept_is_asked_for_again(provider: Browser, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> int:
        raise OSError("the disk says someone@example.org")

    monkeypatch.setattr(hooks, "receive_sendgrid", broken)
    answer = post(provider, b"[]", {})
    assert answer.status_code == 503
    assert "someone" not in answer.text


HEADER = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=80).map(
    lambda text: text.encode("latin-1")
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["nid", "event", "timestamp", "reason", "sg_event_id", "x"]), inner, max_size=6
        )
    ),
    max_leaves=12,
)
QUIET = how(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUIET
@given(body=st.binary(max_size=300) | JSON.map(lambda value: posted([value])), signature=HEADER, timestamp=HEADER)
@example(body=b"[" * 50_000, signature=b"", timestamp=b"")
def test_nothing_unsigned_is_ever_an_error_of_ours_or_changes_anything(
    provider: Browser, desk: Desk, body: bytes, signature: bytes, timestamp: bytes
) -> None:
    before = kept(desk)
    answer = post(provider, body, {SIGNATURE: signature, TIMESTAMP: timestamp})
    assert answer.status_code in (400, 401, 403, 413)
    assert kept(desk) == before


@QUIET
@given(value=JSON)
@example(value={"nid": "6c1f1f4e-7b1c-4b86-9d8f-0f2f8a3f4a11", "timestamp": 1795000000, "reason": "\ud800\x00"})
def test_nothing_that_is_signed_is_ever_an_error_of_ours(provider: Browser, value: Any) -> None:
    """Whoever has the key may still send nonsense: it is kept or left out, never a fault."""
    nid = "6c1f1f4e-7b1c-4b86-9d8f-0f2f8a3f4a11"
    ours = {"nid": nid, "timestamp": 1795000000} | (value if isinstance(value, dict) else {"event": value})
    body = posted([value, ours])
    assert post(provider, body, SIGNER.headers(body, clock.now())).status_code == 200
