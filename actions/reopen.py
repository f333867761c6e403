"""Re-opens decisions when a fact that they rested on changes: nothing stays decided on what is no longer so, and someone is asked."""

from collections.abc import Set
from datetime import datetime

import sqlalchemy as sa

from actions.append_facts import Known, append_facts
from actions.desk import Act
from actions.open_task import open_task
from db.models import Decision, Obligation
from db.queries.facts import as_known

LASTING = ("second_copy", "close")
"""What was done cannot be undone by a fact: it was sent, or closed."""
AWARE = "events.aware"


def reopen_decisions(act: Act, changed: Set[str]) -> list[Decision]:
    """Re-open each standing decision that rested on one of the *changed* facts and now finds another value there.

    A waived obligation becomes open again with its waiver. Runs within the act that recorded the facts.
    """
    standing = act.session.scalars(
        sa.select(Decision).where(
            Decision.incident_id == act.incident.id,
            Decision.state.in_(("stands", "proposed")),
            Decision.kind.not_in(LASTING),
        )
    ).all()
    now_known = as_known(act.session, act.incident.id)
    reopened = []
    for decision in standing:
        if decision.kind == "risk" and decision.choice == "high":
            continue  # the most careful answer there is; to lower it is a decision of its own
        moved = sorted(
            name for name in changed & set(decision.rests_on) if decision.rests_on[name] != now_known.get(name)
        )
        if moved:
            _reopen(act, decision, moved)
            reopened.append(decision)
    return reopened


def _reopen(act: Act, decision: Decision, moved: list[str]) -> None:
    decision.state = "reopened" if decision.state == "stands" else "refused"
    decision.reopened_at, decision.reopened_because = act.now, f"changed since: {', '.join(moved)}"
    act.journal(f"decision {decision.number}", reopened=decision.kind, about=decision.about, because=moved)
    if decision.kind == "risk":
        _risk_again(act, decision)
    elif decision.state == "reopened":
        title = (
            f"Decide again: {decision.kind.replace('_', ' ')}, {decision.about}; facts that it rested on have changed"
        )
        open_task(act, kind="decide", key=f"again:{decision.id}", title=title, why=decision.reopened_because or "")
    if decision.kind == "awareness_change" and decision.state == "reopened":
        _aware_again(act, decision)
    if decision.kind == "waiver":
        for obligation in act.session.scalars(sa.select(Obligation).where(Obligation.waiver_id == decision.id)):
            obligation.state, obligation.waiver_id = ("open" if obligation.answer == "applies" else "watching"), None


def _aware_again(act: Act, decision: Decision) -> None:
    """The later time is relied on no more: the clock runs from the earlier one until someone decides anew."""
    before, now = decision.rests_on.get(AWARE), as_known(act.session, act.incident.id).get(AWARE)
    if before and now and datetime.fromisoformat(before) < datetime.fromisoformat(now):
        known = Known(AWARE, before, f"decision {decision.number} was re-opened")
        append_facts(act.desk, act.session, act.incident, [known], act.now, decision)


def _risk_again(act: Act, decision: Decision) -> None:
    """The risk must be decided anew. One that lifted duties is no longer relied on; a higher one stands until then."""
    if decision.choice == "unlikely" and decision.state == "reopened":
        known = Known("risk", "unknown", f"decision {decision.number} was re-opened")
        append_facts(act.desk, act.session, act.incident, [known], act.now, decision)
        return
    if decision.state == "reopened":
        title = "Look again at the decision about the risk: facts that it rested on have changed"
        open_task(act, kind="decide", key=f"risk:{decision.id}", title=title, why=decision.reopened_because or "")
