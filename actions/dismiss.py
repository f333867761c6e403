"""Dismisses an intake that is no breach, with reasons; and looks at it again."""

from actions.desk import Desk
from actions.errors import Conflict
from actions.house_act import house_act
from actions.read_intake import find_intake, settle, take_new, waits
from db.models import Intake
from db.queries.intakes import intake_named


def dismiss(desk: Desk, reference: str, reasons: str) -> Intake:
    """Settle it as no breach. Raises NotFound, and Conflict without reasons or where it was settled already."""
    why = _reasons(reasons)
    with house_act(desk, "dismiss") as act:
        intake = take_new(act.session, reference)
        settle(intake, "dismissed", desk.actor, act.now, why)
        act.journal(intake.reference, reasons=why, **waits(intake, act.now))
    return intake


def look_again(desk: Desk, reference: str, reasons: str) -> Intake:
    """Take a dismissal back; its time counts from when it was said, as if it had never been dismissed. Raises as dismiss does."""
    why = _reasons(reasons)
    with house_act(desk, "look_again") as act:
        intake = intake_named(act.session, find_intake(act.session, reference).reference, lock=True)
        if intake is None or intake.state != "dismissed":
            raise Conflict("Only what was dismissed can be looked at again.")
        act.journal(intake.reference, reasons=why, dismissed_by=intake.settled_by, dismissed_at=intake.settled_at)
        intake.state, intake.settled_at, intake.settled_by, intake.reasons = "new", None, None, ""
    return intake


def _reasons(reasons: str) -> str:
    if not reasons.strip():
        raise Conflict("Say in a sentence why (--reasons), without naming anyone; it is kept in the record.")
    return reasons.strip()
