"""How quick the dashboard is in a full house, beside the bare SQL of its front page and beside an empty page of the same application."""

import argparse
import asyncio
import http.client
import os
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import crowd
import sqlalchemy as sa
from machine import busy, memory, postgresql, served
from sqlalchemy.orm import Session

from actions.desk import Desk
from db.models import Incident, Obligation
from db.queries.board import PAGE, Wanted, board
from db.queries.due import OWED
from settings.model import Settings, load

TIMES, WARM, VIEWERS, ROUNDS = 100, 3, 200, 5
SMALL, LARGE = "FW-2026-0001", "FW-2026-0002"
PAGES = {
    "an empty page of the same application": "/account/password",
    "front page": "/",
    "front page, page 20": "/?page=20",
    "front page, the last page": "/?page=400",
    "search, one found": "/?q=case+07919",
    "search, all found": "/?q=discs",
    "incident": f"/incidents/{SMALL}",
    "incident with 100,000 people": f"/incidents/{LARGE}",
    "its ledger": f"/incidents/{LARGE}/people",
    "its ledger, those not reached": f"/incidents/{LARGE}/people?only=unreachable",
    "its journal": f"/incidents/{LARGE}/journal",
}


def main() -> None:
    """Fill a house, open it, measure; a folder that is named is kept and used again."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("folder", nargs="?", help="where the house is; a new one each time, unless it is named")
    wanted.add_argument("--postgresql", action="store_true", help="on a PostgreSQL of its own")
    said = wanted.parse_args()
    with ExitStack() as ends:
        home = Path(said.folder or ends.enter_context(tempfile.TemporaryDirectory()))
        if said.postgresql:
            os.environ["FORTHWITH_DATABASE_URL"] = ends.enter_context(postgresql(home))
        settings = house(home)
        port, process = ends.enter_context(served(settings))
        cookie = sign_in(port)
        pages(port, cookie, process.pid)
        bare(settings)
        weigh(port, cookie)
        asyncio.run(live(settings, port, cookie))
        print(f"memory of the server's process: {memory(process.pid)} MB")


def house(home: Path) -> Settings:
    """The deployment in this folder, filled if it is new."""
    home.mkdir(exist_ok=True)
    contact = {"contact_name": "Data Protection Officer", "contact_email": "dpo@example.org"}
    settings = load(home=home, owner=crowd.MANAGER, contact_phone="020 7946 0018", **contact)
    print(f"the dashboard on {settings.url.split(':')[0]}")
    if not settings.key_file.exists():
        began = time.perf_counter()
        crowd.build(settings, crowd.Crowd(), lambda words: print(f"  {time.perf_counter() - began:4.0f} s {words}"))
    return settings


def sign_in(port: int) -> str:
    """The cookie of someone who signed in."""
    asked = http.client.HTTPConnection("127.0.0.1", port)
    typed = urlencode({"name": crowd.MANAGER, "password": crowd.PASSWORD})
    asked.request("POST", "/sign-in", typed, {"content-type": "application/x-www-form-urlencoded"})
    answer = asked.getresponse()
    assert answer.status == 303, answer.read()
    return str(answer.headers["set-cookie"]).split(";")[0]


def pages(port: int, cookie: str, process: int) -> None:
    """Each page many times over one connection."""
    asked = http.client.HTTPConnection("127.0.0.1", port)
    for name, path in PAGES.items():
        work = partial(get, asked, cookie, path)
        work()
        before = busy(process)
        spent = took(work)
        told(name, spent, f", at work {(busy(process) - before) / (TIMES + WARM):5.1f} ms")


def get(asked: http.client.HTTPConnection, cookie: str, path: str) -> bytes:
    """One page."""
    asked.request("GET", path, headers={"cookie": cookie, "accept-encoding": "gzip"})
    answer = asked.getresponse()
    body = answer.read()
    assert answer.status == 200, (path, answer.status)
    return body


def took(work: Callable[[], object], times: int = TIMES) -> list[float]:
    """Milliseconds of each time, after a few that warm up."""
    for _ in range(WARM):
        work()
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        spent.append((time.perf_counter() - began) * 1000)
    return spent


def told(name: str, spent: list[float], more: str = "") -> None:
    """A line of the table."""
    print(
        f"  {name:<40} p50 {statistics.median(spent):6.1f} ms, p99 {statistics.quantiles(spent, n=100)[98]:6.1f} ms{more}"
    )


def bare(settings: Settings) -> None:
    """The questions of the front page without the application; and the plain way, by the least over all obligations."""
    nearest = sa.select(Obligation.incident_id, sa.func.min(Obligation.due_at).label("at"))
    each = nearest.where(OWED, Obligation.due_at.is_not(None)).group_by(Obligation.incident_id).subquery()
    plain = sa.select(Incident.id).join(each, each.c.incident_id == Incident.id).where(Incident.closed_at.is_(None))
    with Desk(settings, "bench") as desk, desk.reading() as session:
        everyone = Incident.restricted.is_(False)
        told(
            "the front page's questions alone",
            took(lambda: asked(session, everyone)),
        )
        ordered = plain.order_by(each.c.at).limit(PAGE)
        told("the least over all obligations, in SQL", took(lambda: session.execute(ordered).all(), 20))


def asked(session: Session, whose: sa.ColumnElement[bool]) -> None:
    """The front page's questions, by a session that knows nothing yet."""
    session.expunge_all()
    board(session, whose, Wanted())


def weigh(port: int, cookie: str) -> None:
    """Everything that a first visit loads."""
    asked = http.client.HTTPConnection("127.0.0.1", port)
    for name, path in (("front page", "/"), ("incident", f"/incidents/{SMALL}")):
        page = get(asked, cookie, path)
        parts = sorted(set(re.findall(rb'(?:src|href)="(/static/[^"]+)"', page)))
        weights = {part.decode().rsplit("/", 1)[1]: len(get(asked, cookie, part.decode())) for part in parts}
        each = ", ".join(f"{part} {size / 1000:.1f}" for part, size in {"page": len(page), **weights}.items())
        print(f"  weight of the {name}: {(len(page) + sum(weights.values())) / 1000:.1f} kB ({each})")


async def live(settings: Settings, port: int, cookie: str) -> None:
    """From a commit until the last of all viewers heard of it, and until the last has the page anew."""
    streams = [await _open(port, cookie, f"/live?incident={SMALL}") for _ in range(VIEWERS)]
    await asyncio.sleep(2.5)
    heard, loaded, last = [], [], []
    with Desk(settings, "bench") as desk:
        for _ in range(ROUNDS):
            await asyncio.to_thread(_change, desk)
            began = time.perf_counter()
            spreads = await asyncio.gather(*(_hear(reader) for reader, _ in streams))
            heard.append(time.perf_counter() - began)
            loaded += await asyncio.gather(*(_load(port, cookie, random.random() * one) for one in spreads))
            last.append(time.perf_counter() - began)
            await asyncio.sleep(1)
    for _, writer in streams:
        writer.close()
    print(f"  {VIEWERS} viewers: from the commit to the last that heard {max(heard) * 1000:.0f} ms at most")
    told(f"{VIEWERS} viewers load the page anew", [one * 1000 for one in loaded])
    print(f"  {VIEWERS} viewers: from the commit to the last that has the page anew {max(last):.1f} s at most")


def _change(desk: Desk) -> None:
    with desk.act("bench", SMALL) as act:
        act.journal("something changed")


async def _open(port: int, cookie: str, path: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: {cookie}\r\n\r\n".encode())
    await reader.readuntil(b"retry:")
    return reader, writer


async def _hear(reader: asyncio.StreamReader) -> float:
    """Seconds over which the page asks its viewers to spread."""
    await reader.readuntil(b"event: changed\ndata: ")
    return int(await reader.readline()) / 1000


async def _load(port: int, cookie: str, wait: float) -> float:
    """Seconds from asking to having it, after waiting so long as the page's script would."""
    await asyncio.sleep(wait)
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    path = f"/incidents/{SMALL}"
    writer.write(f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n".encode())
    assert (await reader.read()).startswith(b"HTTP/1.1 200")
    writer.close()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
