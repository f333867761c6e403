"""The order of the reports that follow each other: a later one waits for those before it, unless its law lets one filing stand for several."""

from datetime import datetime

import sqlalchemy as sa

from actions.desk import Act
from actions.dispatched import end_about
from actions.errors import Conflict
from actions.lateness import is_late, refuse_late
from db.models import Dispatch, Obligation, Report
from db.models.dispatch import GONE
from rulebook.law import Joint
from rulebook.library import book

TURNS = {"early_warning": 0, "initial": 1, "intermediate": 2, "update": 3, "final": 3}
AHEAD = "before_the_limit_passes"
"""What is owed before another report's limit explains why that one cannot be made; it waits for nothing."""


def waits_for_none(obligation: Obligation) -> bool:
    """Whether a duty stands outside the order of its law."""
    _, duty = book().by_duty.get(obligation.duty, (None, None))
    return obligation.phase not in TURNS or (duty is not None and any(one.speed == AHEAD for one in duty.limits))


def before(act: Act, obligation: Obligation) -> list[Obligation]:
    """The duties towards the same authority under the same law whose turn is earlier, and whose report has not left yet."""
    if waits_for_none(obligation) or obligation.state == "met":
        return []
    earlier = [phase for phase, turn in TURNS.items() if turn < TURNS[obligation.phase]]
    left = sa.select(Report.obligation_id).join(Dispatch, Dispatch.report_id == Report.id)
    query = sa.select(Obligation).where(
        Obligation.incident_id == act.incident.id,
        Obligation.law == obligation.law,
        Obligation.authority == obligation.authority,
        Obligation.recipient == obligation.recipient,
        Obligation.state == "open",
        Obligation.phase.in_(earlier),
        Obligation.id.not_in(left.where(Dispatch.state.in_(GONE))),
    )
    found = act.session.scalars(query).all()
    return sorted((one for one in found if not waits_for_none(one)), key=lambda one: (TURNS[one.phase], one.duty))


def refuse_out_of_turn(
    act: Act, report: Report, obligation: Obligation, together: str, at: datetime, late_reasons: str
) -> None:
    """Raises Conflict where an earlier report is still owed, and this one cannot stand for it: because the law lets none,
    no reason was given, or it comes too late for that one and does not say why.
    """
    first = before(act, obligation)
    if not first or report.stage == "withdrawal":
        return
    names = ", ".join(one.duty for one in first)
    says = f"Report {report.number} is not the next one to {obligation.authority or obligation.recipient}: {names} comes first and is not filed yet."
    joint = joint_of(obligation)
    if joint is None:
        raise Conflict(f"{says} File that report first, late and with its reasons if need be.")
    if not together.strip():
        raise Conflict(
            f"{says} File that report first; or, since {joint.cite} lets one filing stand for several ({joint.says}), "
            "say why it does here: --together."
        )
    for one in first:
        refuse_late(one, at, late_reasons)


def joint_of(obligation: Obligation) -> Joint | None:
    """Where its law lets one filing stand for several, in its words and with its source."""
    law, _ = book().by_duty.get(obligation.duty, (None, None))
    return law.together if law else None


def stands_for(act: Act, report: Report, obligation: Obligation, at: datetime, late_reasons: str) -> list[str]:
    """Meet what this filing stands for, each with a lateness of its own; their own drafts fall away. Gives the duties."""
    if not report.together_reasons:
        return []
    met = before(act, obligation)
    for one in met:
        one.state, one.met_at, one.late = "met", at, is_late(one, at)
        one.late_reasons = (late_reasons.strip() or report.together_reasons) if one.late else ""
        mine = sa.select(Report).where(Report.obligation_id == one.id, Report.state.in_(("draft", "approved")))
        for draft in act.session.scalars(mine).all():
            draft.state = "replaced"
            end_about(act, draft, f"report {report.number} stands for it")
            act.journal(f"report {draft.number}", replaced=True, because=f"report {report.number} stands for it")
    act.session.flush()
    return [one.duty for one in met]
