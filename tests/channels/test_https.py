"""The transport knows at each failure whether the request had begun, trusts nobody unasked, and follows nothing."""

from __future__ import annotations

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING

import pytest

from channels.https import Https, Line
from channels.outcome import Halt, TryAgain
from tests.fakes import proxy, sendgrid

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fakes.certificates import Certificates

KEY = {"Authorization": f"Bearer {sendgrid.KEY}"}


@pytest.fixture
def secure(tmp_path: Path, certificates: Certificates) -> Iterator[sendgrid.FakeSendGrid]:
    with sendgrid.running(tmp_path / "secure", certificates=certificates) as fake:
        yield fake


def ask(base_url: str, line: Line | None = None) -> int:
    https = Https(base_url, line or Line())
    try:
        return https.request("GET", "/v3/scopes", KEY).status
    finally:
        https.close()


def test_a_server_with_a_certificate_of_the_named_authority_is_trusted(
    secure: sendgrid.FakeSendGrid, certificates: Certificates
) -> None:
    assert secure.url.startswith("https://")
    assert ask(secure.url, Line(ca_file=certificates.ca_file)) == 200


def test_a_certificate_of_an_unknown_authority_halts_before_a_byte_is_sent(secure: sendgrid.FakeSendGrid) -> None:
    with pytest.raises(Halt, match="certificate"):
        ask(secure.url)
    assert not secure.server.requests


def test_a_certificate_for_another_name_halts_before_a_byte_is_sent(
    secure: sendgrid.FakeSendGrid, certificates: Certificates
) -> None:
    with pytest.raises(Halt, match="certificate"):
        ask(secure.url.replace("127.0.0.1", "localhost"), Line(ca_file=certificates.ca_file))
    assert not secure.server.requests


def test_a_missing_file_of_certificates_halts(tmp_path: Path) -> None:
    with pytest.raises(Halt, match="trusted certificates"):
        Https("https://127.0.0.1", Line(ca_file=tmp_path / "none.pem"))


@pytest.mark.parametrize("address", ["http://api.example.org", "ftp://127.0.0.1", "127.0.0.1:80", ""])
def test_only_https_is_spoken_beyond_this_machine(address: str) -> None:
    with pytest.raises(Halt, match="https://"):
        Https(address, Line())


@contextmanager
def nobody_listening() -> Iterator[int]:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@contextmanager
def nobody_answering() -> Iterator[int]:
    """A port whose queue is full, so that a further handshake gets no answer."""
    with ExitStack() as stack:
        listener = stack.enter_context(closing(socket.socket()))
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            caller = stack.enter_context(closing(socket.socket()))
            caller.setblocking(False)
            caller.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


@contextmanager
def hanging_up() -> Iterator[int]:
    """A port that takes the connection and closes it in the middle of the handshake."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=lambda: listener.accept()[0].close())
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


@pytest.mark.parametrize("trouble", [nobody_listening, nobody_answering, hanging_up])
def test_what_goes_wrong_while_connecting_was_surely_not_sent(trouble: object) -> None:
    with trouble() as port, pytest.raises(TryAgain, match="no connection"):  # type: ignore[operator]
        ask(f"https://127.0.0.1:{port}", Line(connect_seconds=0.2))


def test_a_name_that_cannot_be_resolved_was_surely_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(TryAgain, match="NameResolutionError"):
        ask("https://api.example.org")


def test_a_proxy_of_the_environment_is_not_asked(
    secure: sendgrid.FakeSendGrid, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    with nobody_listening() as port:
        for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        assert ask(secure.url, Line(ca_file=certificates.ca_file)) == 200


def test_a_configured_proxy_carries_the_sealed_connection_and_never_sees_the_key(
    secure: sendgrid.FakeSendGrid, certificates: Certificates
) -> None:
    with proxy.running() as between:
        line = Line(ca_file=certificates.ca_file, proxy=f"http://user:hidden-word@127.0.0.1:{between.port}")
        assert ask(secure.url, line) == 200
    [lines] = between.asked
    assert lines[0].startswith("CONNECT 127.0.0.1:")
    assert "proxy-authorization: basic dxnlcjpoawrkzw4td29yza==" in [text.lower() for text in lines]
    assert sendgrid.KEY not in "".join(lines)
    assert "hidden-word" not in repr(line)


def test_a_proxy_that_wants_a_seal_of_its_own_halts() -> None:
    with pytest.raises(Halt, match="http://"):
        Https("https://api.example.org", Line(proxy="https://127.0.0.1:3128"))


def test_a_proxy_that_is_away_means_surely_not_sent(secure: sendgrid.FakeSendGrid, certificates: Certificates) -> None:
    with nobody_listening() as port, pytest.raises(TryAgain, match="no connection"):
        ask(secure.url, Line(ca_file=certificates.ca_file, proxy=f"http://127.0.0.1:{port}"))


def test_requests_in_a_row_share_one_connection_and_threads_get_one_each(
    secure: sendgrid.FakeSendGrid, certificates: Certificates
) -> None:
    https = Https(secure.url, Line(ca_file=certificates.ca_file))
    for _ in range(5):
        https.request("GET", "/v3/scopes", KEY)
    assert secure.server.connections == 1
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: https.request("GET", "/v3/scopes", KEY).status, range(64)))
    assert answers == [200] * 64
    assert secure.server.connections <= 8
    https.close()
