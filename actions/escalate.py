"""Tells the rungs that are due of one incident: to the owner, the deputy, the accountable executive, once each."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from actions.desk import Act, Desk
from actions.pass_gate import pass_gate
from actions.plan_rungs import AGAIN, may_be_owed, plan_again
from actions.recipients import Told, recipients
from actions.word_alert import in_short, worded
from db.models import Acknowledgement, Alert, HandOver, Obligation, Rung


def escalate(desk: Desk, incident_id: UUID, rung_ids: Sequence[UUID], unwatched_since: datetime | None = None) -> int:
    """Tell these rungs; returns how many were told. Of several due at once for one clock the last is told, the others are noted.

    *unwatched_since* is when the deadlines were last looked at, if that is longer ago than it should be: the message says so.
    """
    with desk.act("escalate", incident_id, closed_too=True) as act:
        waiting = (
            sa.select(Rung)
            .where(Rung.id.in_(rung_ids), Rung.told_at.is_(None))
            .order_by(Rung.fires_at)
            .with_for_update()
        )
        by_subject: dict[UUID, list[Rung]] = defaultdict(list)
        for rung in act.session.scalars(waiting).all():
            if not _acknowledged(act, rung):
                by_subject[rung.subject_id].append(rung)
        return sum(_tell(act, rungs, unwatched_since) for rungs in by_subject.values())


def _acknowledged(act: Act, rung: Rung) -> bool:
    """Whether it repeats a rung that somebody has; then it is not told."""
    original, again, _ = rung.rung.partition(AGAIN)
    if not again:
        return False
    query = (
        sa.select(Acknowledgement.by)
        .join(Rung, Rung.id == Acknowledgement.rung_id)
        .where(
            Rung.subject_id == rung.subject_id,
            sa.or_(Rung.rung == original, Rung.rung.startswith(original + AGAIN, autoescape=True)),
        )
        .limit(1)
    )
    by = act.session.scalar(query)
    if by is None:
        return False
    rung.told_at, rung.outcome = act.now, f"acknowledged by {by}"
    return True


def _tell(act: Act, rungs: list[Rung], unwatched_since: datetime | None) -> int:
    """One message for the newest rung; the others were missed and are recorded as overtaken. A repeat overtakes no rung."""
    newest = max(rungs, key=lambda one: (AGAIN not in one.rung, one.fires_at))
    subject = _subject(act, newest)
    for rung in rungs:
        rung.told_at = act.now
        rung.outcome = (
            "no longer owed" if subject is None else "told" if rung is newest else f"overtaken by {newest.rung}"
        )
    if subject is None:
        return 0
    level = max(rung.level for rung in rungs)
    if isinstance(subject, HandOver):
        pass_gate(act, subject, level)
    told = recipients(act, subject, level)
    _mark_overdue(act, subject)
    _queue(act, subject, newest, told, unwatched_since)
    plan_again(act.session, act.desk.settings, act.incident, newest, act.now)
    act.journal(
        newest.rung,
        subject=newest.subject,
        of=subject.duty if isinstance(subject, Obligation) else subject.hop,
        told=[*told.people, *told.targets],
        fired_at=newest.fires_at,
        late_seconds=round((act.now - newest.fires_at).total_seconds()),
        overtaken=[rung.rung for rung in rungs if rung is not newest],
        **({"unwatched_since": unwatched_since} if unwatched_since else {}),
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


def _queue(act: Act, subject: Obligation | HandOver, rung: Rung, told: Told, unwatched_since: datetime | None) -> None:
    """The whole message to people, and a short one, which names no person, to what lies outside the house."""
    text = worded(act, subject, rung, told.people, unwatched_since)
    short = in_short(act, subject, rung)
    for recipient in told.people:
        act.session.add(_alert(act, rung, recipient, text.subject, text.text))
    for target in told.targets:
        act.session.add(_alert(act, rung, target, short.subject, short.text))


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
