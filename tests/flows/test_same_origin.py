"""Which requests reach the Prefect server: its own page, and programs of this machine; no foreign web page."""

import asyncio
from typing import Any

import pytest

from flows.same_origin import SameOrigin, is_from_here


def headers(**named: str) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in named.items()]


@pytest.mark.parametrize(
    "request_headers",
    [
        {"host": "127.0.0.1:4200"},
        {"host": "localhost:4200"},
        {"host": "[::1]:4200"},
        {"host": "127.0.0.1:4200", "origin": "http://127.0.0.1:4200"},
        {"host": "127.0.0.1:4200", "origin": "http://localhost:4200"},
    ],
)
def test_this_machine_may_call(request_headers: dict[str, str]) -> None:
    assert is_from_here(headers(**request_headers))


@pytest.mark.parametrize(
    "request_headers",
    [
        {},
        {"host": "attacker.example.com:4200"},  # a name that was made to point at this machine
        {"host": "attacker.example.com:4200", "origin": "http://attacker.example.com:4200"},
        {"host": "127.0.0.1:4200", "origin": "https://attacker.example.com"},
        {"host": "127.0.0.1:4200", "origin": "null"},
        {"host": "127.0.0.1:4200", "origin": "http://127.0.0.1:3000"},  # another program's page
        {"host": "127.0.0.1.example.com:4200"},
        {"host": "127.0.0.1:nonsense"},
        {"host": "127.0.0.1:4200", "origin": "http://127.0.0.1:99999"},
    ],
)
def test_a_foreign_page_may_not(request_headers: dict[str, str]) -> None:
    assert not is_from_here(headers(**request_headers))


@pytest.mark.parametrize(("kind", "answer"), [("http", "http.response.start"), ("websocket", "websocket.close")])
def test_what_is_refused_never_reaches_the_server(kind: str, answer: str) -> None:
    sent: list[Any] = []

    async def server(*_: Any) -> None:
        pytest.fail("it got through")

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        pytest.fail("nothing is read of it")

    asyncio.run(SameOrigin(server)({"type": kind, "headers": headers(host="attacker.example.com")}, receive, send))
    assert sent[0]["type"] == answer
    assert sent[0].get("status", 403) == 403
