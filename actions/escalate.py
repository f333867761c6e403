"""Tells the rungs that are due of one incident: to the owner, the deputy, the accountable executive, once each."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from actions.desk import Act, Desk
from actions.plan_rungs import may_be_owed
from actions.word_alert import worded
from db.models import Alert, HandOver, Obligation, Rung


def escalate(desk: Desk, incident_id: UUID, rung_ids: Sequence[UUID]) -> int:
    """Tell these rungs; returns how many were told. Of several due at once for one clock the last is told, the others are noted."""
    with desk.act("escalate", incident_id, closed_too=True) as act:
        waiting = (
            sa.select(Rung)
            .where(Rung.id.in_(rung_ids), Rung.told_at.is_(None))
            .order_by(Rung.fires_at)
            .with_for_update()
        )
        by_subject: dict[UUID, list[Rung]] = defaultdict(list)
        for rung in act.session.scalars(waiting):
            by_subject[rung.subject_id].append(rung)
        return sum(_tell(act, rungs) for rungs in by_subject.values())


def _tell(act: Act, rungs: list[Rung]) -> int:
    """One message for the newest rung; the rungs before it were missed and are recorded as overtaken."""
    subject = _subject(act, rungs[-1])
    for rung in rungs:
        rung.told_at = act.now
        rung.outcome = (
            "no longer owed" if subject is None else "told" if rung is rungs[-1] else f"overtaken by {rungs[-1].rung}"
        )
    if subject is None:
        return 0
    newest = rungs[-1]
    recipients = _recipients(act, max(rung.level for rung in rungs))
    _mark_overdue(act, subject)
    text = worded(act, subject, newest, recipients)
    for recipient in recipients:
        act.session.add(_alert(act, newest, recipient, text.subject, text.text))
    late = round((act.now - newest.fires_at).total_seconds())
    act.journal(
        newest.rung,
        subject=newest.subject,
        of=subject.duty if isinstance(subject, Obligation) else subject.hop,
        told=recipients,
        fired_at=newest.fires_at,
        late_seconds=late,
        overtaken=[rung.rung for rung in rungs[:-1]],
    )
    return 1


def _subject(act: Act, rung: Rung) -> Obligation | HandOver | None:
    """What the rung is about, while it is still owed."""
    if rung.subject == "obligation":
        obligation = act.session.get(Obligation, rung.subject_id)
        return obligation if obligation is not None and may_be_owed(obligation) else None
    hop = act.session.get(HandOver, rung.subject_id)
    return hop if hop is not None and hop.taken_at is None and act.incident.closed_at is None else None


def _mark_overdue(act: Act, subject: Obligation | HandOver) -> None:
    if isinstance(subject, Obligation) and _past(subject.due_at, act.now) and subject.overdue_at is None:
        subject.overdue_at = subject.due_at


def _past(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now


def _recipients(act: Act, level: int) -> list[str]:
    """Who is told at this level, each once; the data protection officer hears of every rung of the top level."""
    people = [act.incident.owner, act.incident.deputy, act.incident.executive][:level]
    if level >= 3:
        people.append(act.incident.data_protection_officer)
    return list(dict.fromkeys(person for person in people if person))


def _alert(act: Act, rung: Rung, recipient: str, subject: str, text: str) -> Alert:
    return Alert(
        incident_id=act.incident.id,
        sealed=act.incident.sealed,
        rung_id=rung.id,
        kind="rung",
        recipient=recipient,
        subject=subject,
        text=text,
        state="queued",
        queued_at=act.now,
    )
