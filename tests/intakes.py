"""Things that employees say, for tests of any room."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from actions.desk import Desk
from actions.receive import Received, Telling, receive
from db.models import Intake

LOST = "Ms Zyxwvut left a stick with interview recordings on the tram to Exampletown."
NOTICED = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
HERE, THERE = "192.0.2.7", "203.0.113.9"


def told(desk: Desk, what: str = LOST, address: str = HERE, **more: Any) -> Received:
    """Something said by nobody who is named, at a desk of nobody."""
    return receive(desk.acting_as("dashboard"), Telling(what, **({"noticed_at": NOTICED} | more)), address)


def kept(desk: Desk, reference: str = "IN-2026-0001") -> Intake:
    """The row behind a reference."""
    with desk.reading() as session:
        return session.scalars(sa.select(Intake).where(Intake.reference == reference)).one()
