"""Claims of warnings: taken up in batches before their first byte leaves, and settled together by whoever still holds them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from actions import clock
from actions.desk import Desk
from actions.targets import LABEL
from db.models import Alert, Exercise, Incident, Rung
from db.types import Table

ALERTS = Table.metadata.tables[Alert.__tablename__]
DEAD_AFTER = timedelta(minutes=5)
AT_ONCE = 16
"""Claimed together: so few that they leave long before anyone takes their holder for dead."""


@dataclass
class Lane:
    """One way out, with what waits for it: e-mail, of the house or of an exercise, or one target."""

    label: str
    exercise: Exercise | None
    many: int
    stopped: bool = False
    """Something is wrong with the way itself: what still waits is left for the next look."""
    _passed: tuple[datetime, UUID] | None = None
    _lock: Lock = field(default_factory=Lock)

    def claim(self, desk: Desk) -> list["Claimed"]:
        """The oldest of those that this look has not had yet, marked as leaving; none when there are no more."""
        with self._lock, desk.writing() as session:
            found = session.execute(self._waiting()).tuples().all()
            now = clock.now()
            for alert, _ in found:
                alert.state, alert.settled_at = "sending", now
                self._passed = alert.queued_at, alert.id
        return [Claimed(alert, rung, now) for alert, rung in found]

    def _waiting(self) -> sa.Select[tuple[Alert, Rung]]:
        """By age, each once: one that stays queued is not in the way of those behind it. What another check has is passed over."""
        query = sa.select(Alert, Rung).outerjoin(Rung, Rung.id == Alert.rung_id).where(Alert.state == "queued")
        if self.label:
            query = query.where(Alert.recipient == self.label)
        else:
            world = self.exercise.id if self.exercise else None
            mine = Incident.exercise_id.is_not_distinct_from(world)
            query = query.outerjoin(Incident, Incident.id == Alert.incident_id).where(mine, ~_TARGET)
        if self._passed:
            at, last = self._passed
            query = query.where(sa.or_(Alert.queued_at > at, sa.and_(Alert.queued_at == at, Alert.id > last)))
        oldest = query.order_by(Alert.queued_at, Alert.id).limit(AT_ONCE)
        return oldest.with_for_update(of=Alert, skip_locked=True)


@dataclass(frozen=True)
class Claimed:
    """A warning that this look may send, until it is taken for dead; when it was claimed is the fence of its settlement."""

    alert: Alert
    rung: Rung | None
    claimed_at: datetime

    @property
    def what(self) -> tuple[object, ...]:
        """What it tells to whom, in words that a database put back from a backup would use again."""
        alert, rung = self.alert, self.rung
        about = (rung.subject_id, rung.rung) if rung else (alert.incident_id or alert.intake_id, alert.kind)
        return *about, alert.recipient

    def became(self, state: str, detail: str = "") -> dict[str, Any]:
        """What is to be written of it."""
        return {"of": self.alert.id, "fence": self.claimed_at, "to": state, "why": detail, "at": clock.now()}


_TARGET = Alert.recipient.startswith(LABEL, autoescape=True)


def lanes(desk: Desk) -> list[Lane]:
    """The ways that something waits for."""
    way = sa.case((_TARGET, Alert.recipient), else_="").label("way")
    world = sa.case((_TARGET, None), else_=Incident.exercise_id).label("world")
    query = sa.select(way, world, sa.func.count()).outerjoin(Incident, Incident.id == Alert.incident_id)
    with desk.reading() as session:
        found = session.execute(query.where(Alert.state == "queued").group_by(way, world)).all()
        return [Lane(label, session.get(Exercise, world) if world else None, many) for label, world, many in found]


def take_up(desk: Desk) -> None:
    """A check that died while sending leaves its warnings behind: they go again, under the same Message-ID, save those whose
    mark says that they left. For a warning to staff a second copy is a smaller harm than none.
    """
    dead = (Alert.state == "sending", Alert.settled_at < clock.now() - DEAD_AFTER)
    with desk.writing() as session:
        mine = session.scalars(sa.select(Alert.id).where(*dead).with_for_update(skip_locked=True)).all()
        left = sa.update(Alert).where(Alert.id.in_(mine), *dead)
        if mine:
            session.execute(left.values(state="queued", detail="a check ended while sending; sent again"))


def settle(desk: Desk, outcomes: Sequence[dict[str, Any]]) -> None:
    """Write what became of them, in one transaction; nothing of one that another check has taken up meanwhile."""
    held = sa.and_(
        ALERTS.c.id == sa.bindparam("of"),
        ALERTS.c.state == "sending",
        ALERTS.c.settled_at == sa.bindparam("fence"),
    )
    new: dict[str, Any] = {"state": sa.bindparam("to"), "detail": sa.bindparam("why"), "settled_at": sa.bindparam("at")}
    if outcomes:
        with desk.writing() as session:
            session.connection().execute(sa.update(ALERTS).where(held).values(new), list(outcomes))
