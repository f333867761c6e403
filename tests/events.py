"""Sending through a fake SendGrid whose events are heard."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from actions import clock
from actions.deliver import deliver
from actions.desk import Desk
from actions.receive_events import receive_sendgrid
from channels.sendgrid_events import SIGNATURE, TIMESTAMP
from db.models import Attempt, Notice, Wave
from settings.model import Settings
from tests.fakes import sendgrid
from tests.fakes.sendgrid import FakeSendGrid
from tests.fakes.webhook import Signer, posted

SIGNER = Signer()


def through(settings: Settings, fake: FakeSendGrid) -> dict[str, Any]:
    key = type(settings.sendgrid_api_key)(sendgrid.KEY)
    return {
        "email_channel": "sendgrid",
        "sendgrid_host": fake.url,
        "rate_per_second": 5000.0,
        "sendgrid_api_key": key,
    }


def tell(desk: Desk, *events: dict[str, Any]) -> int:
    body = posted(events)
    headers = SIGNER.headers(body, clock.now())
    return receive_sendgrid(desk, body, headers[SIGNATURE], headers[TIMESTAMP])


def sent(desk: Desk, count: int = 1) -> tuple[Wave, list[UUID]]:
    """So many notices of the wave went through the channel: the wave, and which they were."""
    with desk.reading() as session:
        wave = session.scalars(sa.select(Wave)).one()
    deliver(desk, wave.id, most=count)
    with desk.reading() as session:
        return wave, list(session.scalars(sa.select(Attempt.notice_id)))


def found(desk: Desk, nids: Sequence[UUID]) -> dict[str, int]:
    with desk.reading() as session:
        return dict(Counter(session.scalars(sa.select(Notice.state).where(Notice.nid.in_(nids)))))
