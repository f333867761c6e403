"""A name server on loopback over UDP that knows a few TXT records and may keep silent."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@contextmanager
def running(records: Mapping[str, Sequence[str]], *, fault: str = "") -> Iterator[str]:
    """Its address as ADDRESS#PORT. *fault* is `silent`, `servfail` or `garbage`; a record beginning with @ is an alias."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=_serve, args=(server, records, fault), daemon=True)
        thread.start()
        host, port = server.getsockname()
        try:
            yield f"{host}#{port}"
        finally:
            server.sendto(b"", (host, port))
            thread.join()


def _serve(server: socket.socket, records: Mapping[str, Sequence[str]], fault: str) -> None:
    while True:
        asked, who = server.recvfrom(4096)
        if not asked:
            return
        if fault != "silent":
            server.sendto(b"\x00nonsense" if fault == "garbage" else _answer(asked, records, fault), who)


def _answer(asked: bytes, records: Mapping[str, Sequence[str]], fault: str) -> bytes:
    question = dns.message.from_wire(asked)
    answer = dns.message.make_response(question)
    answer.flags |= dns.flags.RA
    name = question.question[0].name
    found = records.get(name.to_text().rstrip(".").lower())
    while found and found[0].startswith("@"):
        answer.answer.append(dns.rrset.from_text(name, 60, "IN", "CNAME", f"{found[0][1:]}."))
        name, found = answer.answer[-1][0].target, records.get(found[0][1:])
    if fault == "servfail":
        answer.set_rcode(dns.rcode.SERVFAIL)
    elif found is None:
        answer.set_rcode(dns.rcode.NXDOMAIN)
    else:
        answer.answer.append(dns.rrset.from_text_list(name, 60, "IN", "TXT", [f'"{text}"' for text in found]))
    return answer.to_wire()
