"""An answer is read as another reader of the protocol writes it, however it is cut; whatever is not plainly a whole one is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.exchange import LONGEST_ANSWER, Answer, Garbled, TooLong, exchange, request_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

OK = b"HTTP/1.1 202 Accepted\r\nX-Message-Id: abc\r\nContent-Length: 2\r\n\r\nhi"
NAMES = st.sampled_from(["X-Message-Id", "x-ratelimit-remaining", "Date", "Retry-After", "X"])
VALUES = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=20)
FRAMED = st.sampled_from(["length", "chunked", "end"])


class Line:
    """A socket that gives what it was told to, piece by piece."""

    def __init__(self, pieces: Sequence[bytes], *, refuses: bool = False) -> None:
        self.pieces, self.refuses, self.sent = [one for one in pieces if one], refuses, b""

    def settimeout(self, seconds: float) -> None:
        assert seconds > 0

    def sendall(self, data: bytes) -> None:
        self.sent += data
        if self.refuses:
            raise BrokenPipeError

    def recv(self, most: int) -> bytes:
        return self.pieces.pop(0) if self.pieces else b""


def heard(*pieces: bytes) -> tuple[Answer, bool]:
    return exchange(Line(pieces), b"GET / HTTP/1.1\r\n\r\n", 5.0)


def written(status: int, headers: Sequence[tuple[str, str]], body: Sequence[bytes], framed: str) -> bytes:
    """An answer as h11 writes it for a client that asked with GET."""
    server = h11.Connection(h11.SERVER)
    server.receive_data(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    while server.next_event() is not h11.PAUSED and server.their_state is h11.SEND_BODY:
        pass
    frame = {
        "length": [("Content-Length", str(sum(map(len, body))))],
        "chunked": [("Transfer-Encoding", "chunked")],
        "end": [("Connection", "close")],
    }[framed]
    parts = [server.send(h11.Response(status_code=status, headers=[*headers, *frame]))]
    if framed == "end":  # h11 would divide it into chunks
        parts = [b"HTTP/1.1 %d \r\nConnection: close\r\n\r\n" % status, *body]
    else:
        parts += [server.send(h11.Data(data=one)) for one in body]
        parts.append(server.send(h11.EndOfMessage()))
    return b"".join(part or b"" for part in parts)


def cut_up(whole: bytes, places: Sequence[int]) -> list[bytes]:
    ends = sorted({place % (len(whole) + 1) for place in places} | {len(whole)})
    return [whole[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]


@given(
    st.sampled_from([200, 202, 400, 404, 429, 503]),
    st.lists(st.tuples(NAMES, VALUES), max_size=4),
    st.lists(st.binary(min_size=1, max_size=40), max_size=4),
    FRAMED,
    st.lists(st.integers(0, 2000), max_size=12),
)
def test_what_another_reader_writes_is_read_the_same_however_it_is_cut(
    status: int, headers: list[tuple[str, str]], body: list[bytes], framed: str, places: list[int]
) -> None:
    whole = written(status, headers, body, framed)
    answer, stays = heard(*cut_up(whole, places))
    assert (answer.status, answer.body) == (status, b"".join(body))
    assert stays == (framed != "end")
    for name in {name for name, _ in headers} if framed != "end" else ():
        assert answer.headers[name.upper()] == ", ".join(value for key, value in headers if key == name)


@given(st.lists(st.binary(min_size=1, max_size=20), max_size=3), st.sampled_from(["length", "chunked"]), st.data())
def test_an_answer_that_breaks_off_is_none(body: list[bytes], framed: str, data: st.DataObject) -> None:
    whole = written(202, [], body, framed)
    with pytest.raises(Garbled):
        heard(whole[: data.draw(st.integers(0, len(whole) - 1))])


@given(
    st.lists(
        st.one_of(st.binary(max_size=30), st.sampled_from([b"HTTP/1.1 202 A\r\n", b"\r\n", b"a: b\r\n", b"5\r\n"]))
    )
)
def test_whatever_comes_is_an_answer_or_garbled(pieces: list[bytes]) -> None:
    try:
        answer, _ = heard(*pieces)
    except (Garbled, TooLong):
        return
    assert b"".join(pieces).startswith(b"HTTP/1.")
    assert answer.status >= 200


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/2 202 Accepted\r\n",
        b"HTTP/1.1 20 Accepted\r\n",
        b"HTTP/1.1 2020\r\n",
        b" HTTP/1.1 202 Accepted\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\n",
        b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n",
        b"HTTP/1.1 202 Accepted\r\nContent-Length: 2, 3\r\n",
        b"HTTP/1.1 202 Accepted\r\nContent-Length: +2\r\n",
        b"HTTP/1.1 202 Accepted\r\nTransfer-Encoding: gzip, chunked\r\n",
        b"HTTP/1.0 202 Accepted\r\nTransfer-Encoding: chunked\r\n",
        b"HTTP/1.1 202 Accepted\r\nX-Message-Id : abc\r\nContent-Length: 2\r\n",
        b"HTTP/1.1 202 Accepted\r\nX: a\r\n folded\r\nContent-Length: 2\r\n",
        b"HTTP/1.1 202 Accepted\r\nno header\r\nContent-Length: 2\r\n",
        b"HTTP/1.1 202 Accepted\r\n" + b"X: a\r\n" * 20_000,
        b"HTTP/1.1 103 Early Hints\r\n\r\n" * 9 + b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n",
    ],
)
def test_what_is_not_plainly_an_answer_is_none(head: bytes) -> None:
    with pytest.raises(Garbled):
        heard(head + b"\r\nhi")


def test_an_interim_answer_is_not_the_answer() -> None:
    answer, stays = heard(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK)
    assert (answer.status, answer.body, answer.headers["x-message-id"], stays) == (202, b"hi", "abc", True)


@pytest.mark.parametrize(
    "whole",
    [
        OK + b"more",
        OK.replace(b"X-Message-Id: abc", b"Connection: Close"),
        OK.replace(b"X-Message-Id: abc", b"Connection: x, close"),
        OK.replace(b"1.1", b"1.0"),
    ],
)
def test_a_connection_that_is_not_plainly_at_rest_is_not_used_again(whole: bytes) -> None:
    answer, stays = heard(whole)
    assert (answer.body, stays) == (b"hi", False)


@pytest.mark.parametrize(
    "whole",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 9999999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (LONGEST_ANSWER + 1),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (LONGEST_ANSWER + 1),
    ],
)
def test_an_answer_that_is_too_long_is_not_read(whole: bytes) -> None:
    with pytest.raises(TooLong) as failure:
        heard(whole)
    assert failure.value.status == 200


def test_a_refusal_that_comes_before_the_whole_request_has_left_is_heard() -> None:
    line = Line([b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"], refuses=True)
    assert exchange(line, b"POST", 5.0)[0].status == 413


@pytest.mark.parametrize("value", ["a\r\nBcc: x", "a\nb", "a\0b", "caf\u00e9"])
def test_a_header_that_could_say_more_than_it_seems_to_never_leaves(value: str) -> None:
    with pytest.raises(ValueError, match="character"):
        request_bytes("GET", "/", {"X": value}, None)
    with pytest.raises(ValueError, match="character"):
        request_bytes("GET", f"/{value}", {}, None)


def test_a_request_says_how_long_its_body_is() -> None:
    assert request_bytes("POST", "", {"A": "b"}, b"hi") == b"POST / HTTP/1.1\r\nA: b\r\nContent-Length: 2\r\n\r\nhi"
    assert request_bytes("GET", "/x", {}, None) == b"GET /x HTTP/1.1\r\n\r\n"
