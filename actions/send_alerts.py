"""Sends the warnings to staff that are queued, each once: state before bytes, as for notices."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions import clock
from actions.desk import Desk
from actions.ways import channels_of
from channels.envelope import Envelope, message_id_of
from channels.outcome import Channel, ChannelError, Halt, Refused, TryAgain
from db.models import Alert, Exercise, Incident
from db.queries.incidents import exercise_of
from settings.model import Settings

AT_ONCE = 200
DEAD_AFTER = timedelta(minutes=5)


def send_alerts(desk: Desk) -> int:
    """Send what is queued; returns how many were accepted. One that may not have gone is tried again at the next check."""
    _take_up(desk)
    sent, channels = 0, dict[UUID | None, Channel | None]()
    for alert, exercise in _queued(desk):
        world = exercise.id if exercise else None
        if world not in channels:
            channels[world] = _ready(desk, exercise)
        channel = channels[world]
        if channel is not None and _claim(desk, alert.id):
            sent += _send(desk, alert, channel)
    for channel in channels.values():
        if channel is not None:
            channel.close()
    return sent


def _ready(desk: Desk, exercise: Exercise | None) -> Channel | None:
    """The e-mail channel, if it can send now; else the alerts stay queued, and 'doctor' says why."""
    try:
        channel = channels_of(desk.settings, exercise)["email"]
        channel.check()
    except ChannelError:
        return None
    return channel


def _take_up(desk: Desk) -> None:
    """A check that died while sending leaves its alert behind: it goes again, under the same Message-ID. For a warning to
    staff a second copy is a smaller harm than none.
    """
    with desk.writing() as session:
        left = sa.update(Alert).where(Alert.state == "sending", Alert.settled_at < clock.now() - DEAD_AFTER)
        session.execute(left.values(state="queued", detail="a check ended while sending; sent again"))


def _queued(desk: Desk) -> list[tuple[Alert, Exercise | None]]:
    with desk.reading() as session:
        waiting = sa.select(Alert).where(Alert.state == "queued").order_by(Alert.queued_at).limit(AT_ONCE)
        return [(alert, _exercise(session, alert)) for alert in session.scalars(waiting).all()]


def _exercise(session: Session, alert: Alert) -> Exercise | None:
    """The drill that it belongs to; an intake is always real."""
    return exercise_of(session, session.get_one(Incident, alert.incident_id)) if alert.incident_id else None


def _claim(desk: Desk, alert_id: UUID) -> bool:
    """Mark it as leaving, before the first byte does; False when another check has it."""
    with desk.writing() as session:
        alert = session.get(Alert, alert_id, with_for_update=True)
        if alert is None or alert.state != "queued":
            return False
        alert.state, alert.settled_at = "sending", clock.now()
        return True


def _send(desk: Desk, alert: Alert, channel: Channel) -> int:
    try:
        channel.send(_envelope(desk.settings, alert))
    except (TryAgain, Halt) as later:
        return _settle(desk, alert.id, "queued", str(later))
    except Refused as no:
        return _settle(desk, alert.id, "rejected", str(no))
    except ChannelError as unsure:
        return _settle(desk, alert.id, "unknown", str(unsure))
    return _settle(desk, alert.id, "accepted", "")


def _settle(desk: Desk, alert_id: UUID, state: str, detail: str) -> int:
    with desk.writing() as session:
        alert = session.get_one(Alert, alert_id)
        alert.state, alert.detail, alert.settled_at = state, detail, clock.now()
    return int(state == "accepted")


def _envelope(settings: Settings, alert: Alert) -> Envelope:
    return Envelope(
        nid=alert.id,
        to_address=alert.recipient,
        to_name=None,
        from_address=settings.from_address,
        from_name=settings.from_name or settings.organisation,
        reply_to=settings.reply_to or settings.contact_email or settings.from_address,
        subject=alert.subject,
        text=alert.text,
        html=None,
        message_id=message_id_of(alert.id, settings.from_address),
        dated_at=alert.queued_at,
        category=str(alert.incident_id or alert.intake_id),
    )
