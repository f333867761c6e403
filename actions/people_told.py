"""Settles the duties to tell individuals: met once everyone affected is accounted for, with the lateness frozen."""

from datetime import datetime

import sqlalchemy as sa

from actions.desk import Act
from actions.open_task import open_task
from db.models import Decision, Notice, Obligation
from db.queries.balance import TOLD
from db.queries.numbers import numbers


def settle_duties(act: Act) -> int:
    """Mark the open duties to tell individuals as met when nobody is pending. Returns how many were met now.

    A duty that is met late needs its reasons first: they are asked for, and the duty stays open until they are given.
    """
    now = numbers(act.session, act.incident.id)
    if not now.affected or now.pending:
        return 0
    open_ones = sa.select(Obligation).where(
        Obligation.incident_id == act.incident.id, Obligation.recipient == "individuals", Obligation.state == "open"
    )
    return sum(_settle(act, obligation, now.as_json()) for obligation in act.session.scalars(open_ones).all())


def _settle(act: Act, obligation: Obligation, numbers: dict[str, int]) -> bool:
    met_at = _accounted_at(act)
    late = obligation.due_at is not None and met_at > obligation.due_at
    if late and not obligation.late_reasons.strip():
        title = f"Give the reasons why the people were told after the limit of {obligation.duty}"
        open_task(act, kind="decide", key=f"late:{obligation.id}", title=title, why=obligation.citation)
        return False
    obligation.state, obligation.met_at, obligation.late = "met", met_at, late
    act.session.flush()
    act.journal(f"duty {obligation.duty}", state="met", met_at=met_at, late=late, balance=numbers)
    return True


def _accounted_at(act: Act) -> datetime:
    """When the last of them was told, given up, or covered by a decision."""
    last_notice = sa.select(sa.func.max(Notice.settled_at)).where(
        Notice.incident_id == act.incident.id, Notice.state.in_((*TOLD, "unreached"))
    )
    covering = sa.select(Decision).where(
        Decision.incident_id == act.incident.id,
        Decision.kind.in_(("exemption", "substitute_notice")),
        Decision.state == "stands",
    )
    moments = [decision.seconded_at or decision.decided_at for decision in act.session.scalars(covering)]
    told_at = act.session.scalar(last_notice)
    return max([*moments, *([told_at] if told_at else [])], default=act.now)
