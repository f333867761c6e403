"""Times the hand-overs: finder → manager → data protection officer → decision → approval → filing."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions import clock
from actions.desk import Act, Desk
from actions.errors import Conflict, NotFound
from actions.plan_rungs import plan_hand_over
from db.models import HandOver, Incident
from db.models.incident import HOPS
from db.queries.absences import stands_in


def begin(desk: Desk, session: Session, incident: Incident, now: datetime, told: object) -> None:
    """The first two: the finder handed over when it was told, or detected (taken, when the owner declares), the officer now."""
    told_at = datetime.fromisoformat(told) if isinstance(told, str) else told
    found_at = min(now, told_at) if isinstance(told_at, datetime) else now
    first = _given(desk, incident, "finder_to_manager", found_at, incident.owner)
    first.taken_at, first.taken_by = now, desk.actor
    second = _given(desk, incident, "manager_to_dpo", now, incident.data_protection_officer)
    session.add_all([first, second])
    session.flush()
    plan_hand_over(session, desk.settings, incident, second)


def take_over(desk: Desk, incident: UUID | str, hop: str = "manager_to_dpo") -> HandOver:
    """Acknowledge a hand-over: 'I have it.' The officer's acknowledgement hands on to the decision."""
    if hop not in HOPS:
        raise NotFound(f"{hop!r} is not a hand-over; they are {', '.join(HOPS)}.")
    with desk.act("take_over", incident) as act:
        row = find_hop(act, hop)
        if row is None:
            raise Conflict(f"{act.incident.reference} has not come to {hop} yet.")
        if row.taken_at:
            raise Conflict(f"{hop} was taken already by {row.taken_by} on {row.taken_at:%d %B %Y at %H:%M} UTC.")
        officer = act.incident.data_protection_officer
        acting = stands_in(act.session, officer, clock.real_now()) if officer else ""
        if hop == "manager_to_dpo" and desk.actor.lower() not in (
            officer.lower() or desk.actor.lower(),
            acting.lower(),
        ):
            raise Conflict(
                f"The data protection officer of {act.incident.reference} is {act.incident.data_protection_officer}; only they can acknowledge (--as)."
            )
        taken(act, hop)
        if hop == "manager_to_dpo":
            give(act, "dpo_to_decision", act.incident.owner)
        act.ask_for("respond", because=f"{hop} was acknowledged")
    return row


def give(act: Act, hop: str, to: str) -> None:
    """The incident passes on; a hop that was given already keeps its first time."""
    if find_hop(act, hop) is None:
        row = _given(act.desk, act.incident, hop, act.now, to)
        act.session.add(row)
        act.session.flush()
        plan_hand_over(act.session, act.desk.settings, act.incident, row)
        act.journal(hop, given=True, to=to)


def taken(act: Act, hop: str) -> None:
    """The incident has arrived; a hop never given counts as given and taken now."""
    row = find_hop(act, hop)
    if row is None:
        give(act, hop, act.desk.actor)
        row = find_hop(act, hop)
    if row is not None and row.taken_at is None:
        row.taken_at, row.taken_by = act.now, act.desk.actor
        act.journal(hop, taken=True, hours=round((act.now - row.given_at).total_seconds() / 3600, 2))


def find_hop(act: Act, hop: str) -> HandOver | None:
    """The hand-over of this name, if it was given."""
    return act.session.scalar(sa.select(HandOver).where(HandOver.incident_id == act.incident.id, HandOver.hop == hop))


def _given(desk: Desk, incident: Incident, hop: str, at: datetime, to: str) -> HandOver:
    target_at = at + timedelta(hours=desk.settings.hand_over_target_hours)
    return HandOver(incident_id=incident.id, hop=hop, given_at=at, target_at=target_at, to=to)
