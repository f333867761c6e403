"""The ladders of an incident as people see them: what was told, what was passed over and why, and what is still to come."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions.keep_answer import start_of
from actions.known import for_laws
from actions.moments import far, short
from actions.plan_rungs import AGAIN, may_be_owed
from actions.quiet_hours import not_at_night
from actions.word_alert import HOPS, title_of
from db.models import Acknowledgement, HandOver, Incident, Obligation, Rung
from db.queries import work
from db.queries.facts import as_known
from settings.model import Settings

SLACK = timedelta(minutes=2)
"""A look of the watch comes each minute: what is told within two was told when it was due."""
State = Literal["told", "passed over", "not needed", "to come"]


@dataclass(frozen=True)
class Step:
    """One rung: its moment, what became of it, and what there is to say of that."""

    rung: str
    level: int
    at: datetime
    state: State
    told_at: datetime | None = None
    says: str = ""


@dataclass(frozen=True)
class Ladder:
    """The rungs of one duty or hand-over, in order of time; *lost* is how long a hand-over lay beyond its target."""

    about: str
    title: str
    zone: str
    ends_at: datetime | None
    steps: tuple[Step, ...]
    lost: timedelta = timedelta()

    @property
    def passed_over(self) -> int:
        """How many rungs nobody was told."""
        return sum(one.state == "passed over" for one in self.steps)

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        said = {name: getattr(self, name) for name in ("about", "title", "ends_at")}
        hours = round(self.lost.total_seconds() / 3600, 2)
        return said | {"hours_beyond_target": hours, "rungs": [vars(one) for one in self.steps]}


def ladders(session: Session, settings: Settings, incident: Incident, now: datetime) -> list[Ladder]:
    """Those of the hand-overs, then those of the duties, the nearest limit first."""
    rows = _Rows(session, settings, incident)
    hands = (_of_hop(rows, one, now) for one in work.hand_overs(session, incident.id))
    duties = (_of_duty(rows, one) for one in work.asked(session, incident.id))
    return [one for one in (*hands, *duties) if one.steps or one.lost]


class _Rows:
    """What is asked once for all of them."""

    def __init__(self, session: Session, settings: Settings, incident: Incident) -> None:
        self.settings, self.incident = settings, incident
        self.facts = for_laws(as_known(session, incident.id))
        rungs = session.scalars(sa.select(Rung).where(Rung.incident_id == incident.id).order_by(Rung.fires_at)).all()
        self._rungs: dict[UUID, list[Rung]] = {}
        for one in rungs:
            self._rungs.setdefault(one.subject_id, []).append(one)
        has = sa.select(Acknowledgement.rung_id, Acknowledgement.by)
        self.acknowledged = dict(session.execute(has.where(Acknowledgement.incident_id == incident.id)).tuples().all())

    def of(self, subject_id: UUID) -> Sequence[Rung]:
        """The rungs of this duty or hand-over."""
        return self._rungs.get(subject_id, ())


def _of_hop(rows: _Rows, hop: HandOver, now: datetime) -> Ladder:
    ended = "it was taken" if hop.taken_at else "the incident is closed" if rows.incident.closed_at else ""
    steps = tuple(_held(rows, one, ended) for one in rows.of(hop.id))
    lost = max((hop.taken_at or now) - hop.target_at, timedelta())
    title = HOPS[hop.hop][0] if hop.hop in HOPS else hop.hop.replace("_", " ")
    return Ladder(hop.hop, title, rows.incident.time_zone, hop.target_at, steps, lost)


def _of_duty(rows: _Rows, duty: Obligation) -> Ladder:
    owed, ends_at = may_be_owed(duty), duty.due_at or duty.target_at
    steps = [_held(rows, one, "" if owed else "it is no longer owed") for one in rows.of(duty.id)]
    if owed and ends_at:
        steps += _left_out(rows, duty, ends_at, {one.rung for one in steps})
    return Ladder(duty.about, title_of(duty), duty.time_zone, ends_at, tuple(sorted(steps, key=lambda one: one.at)))


def _held(rows: _Rows, rung: Rung, ended: str) -> Step:
    """A rung that stands in the table."""
    if rung.told_at is None:
        state: State = "not needed" if ended else "to come"
        return Step(rung.rung, rung.level, rung.fires_at, state, None, ended or _kept_back(rows, rung))
    late = far(rung.told_at - rung.fires_at) if rung.told_at - rung.fires_at > SLACK else ""
    if rung.outcome == "told":
        has = rows.acknowledged.get(rung.id)
        says = ", ".join(filter(None, (f"{late} late" if late else "", f"{has} has it" if has else "")))
        return Step(rung.rung, rung.level, rung.fires_at, "told", rung.told_at, says)
    if rung.outcome.startswith("overtaken by "):
        says = (
            f"nobody looked at the deadlines for {late or 'a moment'} after it; {rung.outcome}, which was told instead"
        )
        return Step(rung.rung, rung.level, rung.fires_at, "passed over", rung.told_at, says)
    return Step(rung.rung, rung.level, rung.fires_at, "not needed", rung.told_at, rung.outcome)


def _kept_back(rows: _Rows, rung: Rung) -> str:
    """Quiet hours moved it, as far as can be seen: it comes at the very minute at which they end."""
    before = rung.fires_at - timedelta(minutes=1)
    held = AGAIN not in rung.rung and not_at_night(rows.settings, before, rung.level, rung.fires_at + timedelta(days=1))
    return "not earlier: a rung in the quiet hours waits for their end" if held == rung.fires_at else ""


def _left_out(rows: _Rows, duty: Obligation, ends_at: datetime, held: set[str]) -> Iterator[Step]:
    """What the ladder of the settings has and this one has not, with the reason."""
    start_at = start_of(duty, rows.facts) or duty.born_at
    for hours in rows.settings.escalation_hours:
        moment = ends_at - timedelta(hours=hours)
        if f"-{hours}h" not in held:
            yield Step(f"-{hours}h", 0, moment, "passed over", None, _why(start_at, moment))
    if start_at is not None:
        for share in rows.settings.escalation_shares:
            moment = start_at + (ends_at - start_at) * (share / 100)
            if f"{share}%" not in held:
                yield Step(f"{share}%", 0, min(moment, ends_at), "passed over", None, _why(start_at, ends_at))


def _why(start_at: datetime | None, moment: datetime) -> str:
    if start_at is not None and moment <= start_at:
        return f"it would have come before the clock began, {short(start_at)}: the limit leaves no more time"
    return "the ladder was set otherwise when this duty was last looked at; 'forthwith assess' plans it anew"
