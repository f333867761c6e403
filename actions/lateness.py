"""Says whether a filing is late for its duty, and refuses one that is late without reasons."""

from datetime import datetime

from actions.errors import Conflict
from db.models import Obligation


def is_late(obligation: Obligation, at: datetime) -> bool:
    """Whether that moment is after the limit."""
    return obligation.due_at is not None and at > obligation.due_at


def refuse_late(obligation: Obligation, at: datetime, reasons: str) -> bool:
    """Whether that moment is late for this duty. Raises Conflict when it is, and no reasons are given."""
    late = is_late(obligation, at)
    if late and not reasons.strip():
        raise Conflict(
            f"This is late: the limit of {obligation.duty} passed at {obligation.due_at:%d %B %Y %H:%M} UTC. "
            f"{obligation.citation} wants the reasons for the delay; pass --late-reasons."
        )
    return late
