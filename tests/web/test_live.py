"""The live stream, and headers and bodies as they come over a real connection: a server on loopback."""

import html
import http.client
import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from actions.desk import Desk
from actions.record_facts import Known, record_facts
from actions.restrict import restrict
from actions.sign_in import revoke_sessions
from settings.model import Settings
from tests.accounts import PASSWORD, a_token, an_account
from web import live
from web.guard import COOKIE, HEADERS
from web.serve import server

ANN, BOB = "ann@example.org", "bob@example.org"


@pytest.fixture
def address(house: Settings, full: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    """The dashboard as a process serves it, looking often."""
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(live, "CHECK_SECONDS", 3)
    heard, said = os.pipe()
    serving = server(house.model_copy(update={"web_port": 0}), said)
    thread = threading.Thread(target=serving.run)
    thread.start()
    assert os.read(heard, 9) == b"ready\n"
    os.close(heard)
    yield serving.servers[0].sockets[0].getsockname()[:2]
    CLIENTS.close()
    serving.should_exit = True
    thread.join(20)
    assert not thread.is_alive()


CLIENTS = ExitStack()
"""Every browser of a test, closed before its server ends."""


class Viewer:
    """Someone with a page open."""

    def __init__(self, address: tuple[str, int], token: str = "") -> None:
        self.client = CLIENTS.enter_context(
            httpx.Client(base_url=f"http://{address[0]}:{address[1]}", cookies={COOKIE: token}, timeout=20)
        )

    def listen(self, stack: ExitStack, incident: str = "") -> Iterator[str]:
        """The words of the stream, as they come."""
        self.stream = stack.enter_context(
            self.client.stream("GET", "/live", params={"incident": incident} if incident else {})
        )
        assert self.stream.status_code == 200, self.stream.status_code
        assert self.stream.headers["content-type"].startswith("text/event-stream")
        lines = self.stream.iter_lines()
        assert next(lines) == "retry: 3000"
        return (line.removeprefix("event: ") for line in lines if line.startswith("event: "))


@pytest.fixture
def ann(address: tuple[str, int], desk: Desk) -> Viewer:
    an_account(desk, ANN, "responder")
    return Viewer(address, a_token(desk, ANN))


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as made:
        yield made


def something_happens(desk: Desk, reference: str, until: threading.Event) -> threading.Thread:
    """Facts come in, again and again, until somebody has heard of it."""

    def happening() -> None:
        number = 0
        while not until.wait(0.05):
            number += 1
            record_facts(desk, reference, [Known("people.FR", number, "test")])

    thread = threading.Thread(target=happening)
    thread.start()
    return thread


def hears(words: Iterator[str], desk: Desk, reference: str) -> str:
    heard = threading.Event()
    thread = something_happens(desk, reference, heard)
    try:
        return next(words, "nothing")
    finally:
        heard.set()
        thread.join()


def test_who_looks_at_an_incident_hears_that_it_changed_and_nothing_of_what(
    ann: Viewer, full: str, desk: Desk, stack: ExitStack
) -> None:
    assert hears(ann.listen(stack, full), desk, full) == "changed"


def test_a_look_that_fails_is_told_and_the_next_one_works_again(
    ann: Viewer, full: str, desk: Desk, stack: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever goes wrong: a page that looks live and is not would be worse than one that says so."""
    words = ann.listen(stack, full)

    def breaks(*_: object) -> None:
        raise RuntimeError("broken on purpose")

    with monkeypatch.context() as broken:
        broken.setattr(live.Watch, "_look", breaks)
        assert next(words) == "blind"
    assert next(words) == "sees"
    assert hears(words, desk, full) == "changed"


def test_who_looks_at_another_incident_hears_nothing_of_it(
    ann: Viewer, full: str, desk: Desk, stack: ExitStack
) -> None:
    """The front page's stream tells of the clock's last check alone; it is looked at as often, and stays silent."""
    front, here = (
        ann.listen(stack),
        Viewer(
            ann.client.base_url.host and (ann.client.base_url.host, ann.client.base_url.port or 0),
            ann.client.cookies[COOKIE],
        ),
    )
    assert hears(here.listen(stack, full), desk, full) == "changed"
    revoke_sessions(desk, ANN)
    assert list(front) == ["ended"]


def test_what_changed_between_a_page_and_its_stream_is_heard(
    ann: Viewer, full: str, desk: Desk, stack: ExitStack
) -> None:
    """And what changed while a connection was broken: the browser names the last thing that it was told."""
    page = ann.client.get(f"/incidents/{full}").text
    live_at = html.unescape(page.split('data-live="')[1].split('"')[0])
    record_facts(desk, full, [Known("people.FR", 7, "test")])
    with ann.client.stream("GET", live_at) as stream:
        lines = stream.iter_lines()
        told = next(line for line in lines if line.startswith("id: "))
        assert next(lines) == "event: changed"
    record_facts(desk, full, [Known("people.FR", 8, "test")])
    with ann.client.stream("GET", live_at, headers={"last-event-id": told.removeprefix("id: ")}) as stream:
        assert "event: changed" in stream.iter_lines()


def test_a_stream_ends_when_its_session_is_revoked(ann: Viewer, full: str, desk: Desk, stack: ExitStack) -> None:
    words = ann.listen(stack, full)
    revoke_sessions(desk, ANN)
    assert list(words) == ["ended"]


def test_a_stream_ends_when_its_viewer_may_not_know_of_the_incident_any_more(
    ann: Viewer, full: str, desk: Desk, stack: ExitStack
) -> None:
    an_account(desk, BOB, "manager")
    words = ann.listen(stack, full)
    restrict(desk, full, [BOB], "An officer is concerned.")
    assert [one for one in words if one != "changed"] == ["ended"]


def test_no_stream_is_given_to_nobody_nor_to_those_who_see_no_incident(
    address: tuple[str, int], full: str, desk: Desk
) -> None:
    an_account(desk, BOB, "reporter")
    for token in ("", "made-up", a_token(desk, BOB)):
        for incident in ("", full, "FW-2026-0999"):
            assert Viewer(address, token).client.get("/live", params={"incident": incident}).status_code == 401


def test_many_may_look_and_any_may_go_away(
    ann: Viewer, full: str, desk: Desk, stack: ExitStack, address: tuple[str, int]
) -> None:
    token = ann.client.cookies[COOKIE]
    with ExitStack() as leaving:
        for _ in range(10):
            Viewer(address, token).listen(leaving, full)
        staying = [Viewer(address, token).listen(stack, full) for _ in range(10)]
    for words in staying:
        assert hears(words, desk, full) == "changed"
    assert ann.client.get("/").status_code == 200


def raw(
    address: tuple[str, int], method: str, path: str, body: object = None, **headers: str
) -> http.client.HTTPResponse:
    """A request that is sent exactly as written."""
    connection = http.client.HTTPConnection(*address, timeout=20)
    connection.putrequest(method, path, skip_host="host" in headers, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders(body, encode_chunked=headers.get("transfer_encoding") == "chunked")  # type: ignore[arg-type]
    answer = connection.getresponse()
    answer.body = answer.read().decode("utf-8", "replace")  # type: ignore[attr-defined]
    answer.close()
    connection.close()
    return answer


@pytest.fixture
def token(address: tuple[str, int], desk: Desk) -> str:
    an_account(desk, ANN, "responder")
    return a_token(desk, ANN)


TRICKS = [
    "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/static/x/../../../app.py", "/static/x/%2e%2e/app.py", "/static/x/..%2fapp.py",
    "/static/x/..%5capp.py", "/static/x/%00style.css", "/static/x//style.css/", "//etc/passwd", "/incidents/..%2f..%2faccounts",
    "/incidents/FW-2026-0001%00", "/incidents/FW-2026-0001%2e", "/incidents/%f0%9f%98%80", "/incidents/%ff%fe", "/incidents/" + "A" * 20000,
    "/incidents/FW-2026-0001/reports/-1", "/incidents/FW-2026-0001/reports/1e3", "/incidents/FW-2026-0001/reports/%D9%A1", "/incidents/FW-2026-0001;x=y",
    "/.git/config", "/forthwith.db", "/master.key", "/docs", "/openapi.json", "/redoc",
]  # fmt: skip


@pytest.fixture(scope="module")
def wave_words() -> tuple[str, ...]:
    """What would be found in a file that nobody may have."""
    return ("root:", "from fastapi", "SQLite format", "[core]", '"openapi"')


def test_no_path_leads_out_of_the_house(address: tuple[str, int], token: str, wave_words: tuple[str, ...]) -> None:
    for path in TRICKS:
        answer = raw(address, "GET", path, cookie=f"{COOKIE}={token}")
        assert answer.status in (307, 404), (path, answer.status)
        assert (answer.getheader("location") or "/").startswith("/"), path
        assert not [word for word in wave_words if word in answer.body], path  # type: ignore[attr-defined]
        assert {name: answer.getheader(name) for name in HEADERS} == HEADERS, path


def test_what_a_request_says_of_its_way_is_not_believed_unless_a_proxy_is_named(
    address: tuple[str, int], token: str
) -> None:
    evil = "elsewhere.example"
    told = {
        "x_forwarded_host": evil,
        "x_forwarded_proto": "https",
        "x_forwarded_for": "203.0.113.9",
        "forwarded": f"host={evil};proto=https",
    }
    for path in ("/", "/sign-in?next=/x", "/incidents/FW-2026-0001", "/nothing", "/incidents/FW-2026-0001/"):
        answer = raw(address, "GET", path, host=evil, cookie=f"{COOKIE}={token}", **told)
        assert evil not in answer.body, path  # type: ignore[attr-defined]
        assert evil not in (answer.getheader("location") or ""), path
    typed = f"name={ANN}&password={PASSWORD}".replace(" ", "+").replace("@", "%40")
    answer = raw(
        address,
        "POST",
        "/sign-in",
        typed.encode(),
        content_type="application/x-www-form-urlencoded",
        content_length=str(len(typed)),
        **told,
    )
    assert answer.status == 303
    assert "secure" not in (answer.getheader("set-cookie") or "").lower()


def test_a_body_is_cut_off_at_the_cap_whatever_length_it_claims(address: tuple[str, int], token: str) -> None:
    """In pieces without a length, so that only counting can tell."""
    piece, form = b"a=" + b"x" * 65_000, "application/x-www-form-urlencoded"
    answer = raw(
        address,
        "POST",
        "/declare",
        (piece for _ in range(8)),
        transfer_encoding="chunked",
        content_type=form,
        cookie=f"{COOKIE}={token}",
    )
    assert answer.status == 413


@pytest.mark.parametrize(
    "headers",
    [
        {"content_length": "-1"},
        {"content_length": "1, 2"},
    ],
)  # fmt: skip
def test_a_request_with_two_meanings_is_refused(address: tuple[str, int], headers: dict[str, str]) -> None:
    assert raw(address, "POST", "/sign-in", b"0\r\n\r\n", **headers).status in (400, 411, 413, 431)
