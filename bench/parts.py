"""What telling one person must cost at the least: each part of it alone, in processor time, with nothing between them."""

import hashlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from actions.content import sheets_of
from actions.desk import Desk
from actions.sheet import Sheet
from channels.exchange import Answer
from channels.flights import Flights
from channels.https import Https, Line
from channels.outcome import ChannelError
from channels.sendgrid_payload import payload
from db.models import Attempt, Notice, Receipt, Wave
from db.session import Database
from db.types import Table
from db.vault import IncidentVault
from tests.crash.fire import envelope
from tests.fakes.sendgrid import KEY

DRAFTED, SENT, IN_FLIGHT = 500, 32, 64
"""Rows to a transaction when drafted and when sent; requests in flight: as the house has them."""
NOTICES, ATTEMPTS, RECEIPTS = (Table.metadata.tables[one.__tablename__] for one in (Notice, Attempt, Receipt))
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    """A drafted notice: its row, and what its sheet's gaps are filled with."""

    columns: dict[str, Any]
    sheet: Sheet
    values: Sequence[bytes]
    whole: bytes


def alone(desk: Desk, wave: Wave, url: str, folder: Path) -> float:
    """Print what each part costs alone; gives the sum in processor seconds for each person. Nothing is sent of the wave itself."""
    with desk.reading() as session:
        vault, sheets = (
            desk.vault(session, wave.incident_id),
            sheets_of(session, desk.vault(session, wave.incident_id), wave.id),
        )
        found = session.execute(sa.select(NOTICES).where(NOTICES.c.wave_id == wave.id)).mappings().all()
    rows = [_row(dict(one), vault, sheets) for one in found]
    copy = folder / "parts.db"
    with closing(sqlite3.connect(desk.database.url.database or "")) as own, closing(sqlite3.connect(copy)) as other:
        own.backup(other)
    database = Database(f"sqlite:///{copy}")
    https = Https(url, Line())
    parts: dict[str, Callable[[], object]] = {
        "render": lambda: _render(rows),
        "seal": lambda: _seal(rows, vault),
        "state writes": lambda: _states(database, rows, wave),
        "JSON": lambda: _json(rows),
        "HTTP": lambda: _http(https, len(rows)),
    }
    costs = {name: _cost(work) / len(rows) for name, work in parts.items()}
    database.close()
    https.close()
    for name, cost in costs.items():
        print(f"    {name:<20}{cost * 1e6:>7,.0f} us")
    return sum(costs.values())


def _row(columns: dict[str, Any], vault: IncidentVault, sheets: dict[int, Sheet]) -> Row:
    packed = vault.open(columns["content"], f"notices/content/{columns['nid']}")
    sheet, values = sheets[int.from_bytes(packed[1:3])], packed[3:].split(b"\0")
    return Row(columns, sheet, values, sheet.fill(values))


def _cost(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _render(rows: Iterable[Row]) -> None:
    """Its words, and the hash that binds them: when it is drafted, and again when it is sent."""
    for _ in ("drafted", "sent"):
        for row in rows:
            hashlib.sha256(row.sheet.fill(row.values)).hexdigest()


def _seal(rows: Iterable[Row], vault: IncidentVault) -> None:
    """Encrypted when it is drafted, opened when it is sent."""
    for row in rows:
        place = f"notices/content/{row.columns['nid']}"
        vault.open(vault.seal(b"\0".join(row.values), place), place)


def _states(database: Database, rows: Sequence[Row], wave: Wave) -> None:
    """All that is written of each."""
    _drafted(database, rows)
    _sent(database, rows, wave)


def _drafted(database: Database, rows: Sequence[Row]) -> None:
    """The row of each, in a table without an index beside its key."""
    bare = sa.Table(
        "bare", sa.MetaData(), *(sa.Column(c.name, c.type, primary_key=c.primary_key) for c in NOTICES.columns)
    )
    with database.engine.begin() as connection:
        bare.create(connection)
    for first in range(0, len(rows), DRAFTED):
        with database.engine.begin() as connection:
            connection.execute(sa.insert(bare), [row.columns for row in rows[first : first + DRAFTED]])


def _sent(database: Database, rows: Sequence[Row], wave: Wave) -> None:
    """Two durable states of each: on its way before the first byte, and what became of it."""
    ended = sa.update(ATTEMPTS).where(ATTEMPTS.c.id == sa.bindparam("which")).values(state="accepted", ended_at=NOW)
    for first in range(0, len(rows), SENT):
        some = [row.columns for row in rows[first : first + SENT]]
        attempts, mine = [_attempt(one) for one in some], NOTICES.c.nid.in_([one["nid"] for one in some])
        with database.engine.begin() as connection:
            connection.execute(sa.insert(ATTEMPTS), attempts)
            connection.execute(sa.update(NOTICES).where(mine).values(state="sending"))
        with database.engine.begin() as connection:
            connection.execute(ended, [{"which": one["id"]} for one in attempts])
            connection.execute(sa.update(NOTICES).where(mine).values(state="accepted", settled_at=NOW))
            connection.execute(sa.insert(RECEIPTS), [_receipt(wave, one) for one in some])


def _attempt(notice: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "notice_id": notice["nid"],
        "sealed": notice["sealed"],
        "number": 1,
        "channel": "sendgrid",
        "worker": "bench",
        "fence": 1,
        "state": "sending",
        "started_at": NOW,
        "detail": {},
        "possible_second_copy": False,
    }


def _receipt(wave: Wave, notice: dict[str, Any]) -> dict[str, Any]:
    return {
        "incident_id": wave.incident_id,
        "about": "notice",
        "notice_id": notice["nid"],
        "kind": "accepted_by_channel",
        "reference": "r" * 22,
        "name": "accepted by SendGrid",
        "sha256": notice["content_sha256"],
        "at": NOW,
        "recorded_by": "bench",
    }


def _json(rows: Iterable[Row]) -> None:
    """Its content read as it was kept, and written as the provider wants it."""
    shape = payload(envelope(UUID(int=0)))
    for row in rows:
        read = json.loads(row.whole)
        words = [{"type": "text/plain", "value": read["text"]}, {"type": "text/html", "value": read["html"]}]
        json.dumps(shape | {"subject": read["subject"], "content": words}).encode()


def _http(https: Https, count: int) -> None:
    """One body, sent so many times."""
    body = json.dumps(payload(envelope(uuid4()))).encode()
    headers = {"Authorization": f"Bearer {KEY}", "Accept": "application/json", "Content-Type": "application/json"}
    request = https.written("POST", "/v3/mail/send", headers, body)
    fly(https, (lambda: request for _ in range(count)))


def fly(https: Https, requests: Iterable[Callable[[], bytes]]) -> None:
    """Send them all, with as many under way as the house has."""
    came = list[Answer | ChannelError]()
    with Flights(https, IN_FLIGHT) as flights:
        for begun, request in enumerate(requests, start=1):
            flights.begin(request, came.append)
            while begun - len(came) >= IN_FLIGHT:
                flights.look(1.0)
        while len(came) < begun:
            flights.look(1.0)
    if not all(isinstance(one, Answer) and one.status == 202 for one in came):
        raise RuntimeError("not everything was taken")
