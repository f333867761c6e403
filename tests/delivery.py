"""Waves on their way: launched, claimed, abandoned, and what became of them."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from actions import clock
from actions.claims import Claim, claim
from actions.content import sheets_of
from actions.declare import Declared
from actions.desk import Desk
from actions.lease import Lease, hold, take
from db.models import Attempt, Shard, Task, Wave
from db.queries.notices import progress
from tests.fakes.sendgrid import FakeSendGrid
from tests.ledger import an_incident_with, customers, launched


def a_wave(desk: Desk, folder: Path, count: int = 3) -> tuple[Declared, Wave]:
    """So many customers, launched."""
    incident = an_incident_with(desk, folder, customers(count))
    [wave] = launched(desk, incident)
    return incident, wave


def states(desk: Desk, wave: Wave) -> dict[str, int]:
    with desk.reading() as session:
        return progress(session, wave.id)


def attempts(desk: Desk) -> list[tuple[str, dict[str, Any]]]:
    with desk.reading() as session:
        rows = session.execute(sa.select(Attempt.state, Attempt.detail).order_by(Attempt.started_at, Attempt.number))
        return [(state, detail) for state, detail in rows]


def open_tasks(desk: Desk) -> list[str]:
    with desk.reading() as session:
        return list(session.scalars(sa.select(Task.title).where(Task.state == "open").order_by(Task.number)))


def taken(fake: FakeSendGrid) -> Counter[str]:
    """How often the fake took each notice."""
    return Counter(record["nid"] for record in fake.ledger.records())


def expire(desk: Desk) -> None:
    """As if the holder had been silent for a minute."""
    with desk.writing() as session:
        held = sa.update(Shard).where(Shard.lease_owner.is_not(None))
        session.execute(held.values(lease_until=clock.now() - timedelta(seconds=1)))


def claim_all(desk: Desk, wave: Wave, email: str = "sendgrid") -> tuple[Lease, list[Claim]]:
    """A worker that claims and then says nothing more."""
    lease = take(desk, wave.id, "doomed")
    with desk.act("deliver", lease.incident_id) as act:
        hold(act.session, lease)
        wanted, sheets = {"email": 100, "letter": 100}, sheets_of(act.session, act.vault, wave.id)
        return lease, list(claim(act, lease, wanted, 100, {"email": email, "letter": "letter"}, sheets).claims)


def later(desk: Desk, minutes: int = 61) -> None:
    """As if so much time had passed since every attempt."""
    with desk.writing() as session:
        for attempt in session.scalars(sa.select(Attempt)):
            attempt.started_at -= timedelta(minutes=minutes)
