"""What a decision brings about once it stands; kinds that are only read later have no effect of their own here."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from actions.account_for import exempt, narrow, settle_copies, substitute
from actions.append_facts import Known, append_facts
from actions.desk import Act
from actions.errors import Conflict, NotFound
from actions.hand_over import give, taken
from actions.keep_holds import take_hold
from actions.open_task import end_tasks
from actions.release_person import release
from db.models import Decision, Obligation, Task

NOT_RESTED_ON = ("risk", "events.", "filings.", "organisation.")


def take_effect(act: Act, decision: Decision) -> None:
    """Bring about what was decided, in the same transaction."""
    effect = EFFECTS.get(decision.kind)
    if effect is not None:
        effect(act, decision)


def _risk(act: Act, decision: Decision) -> None:
    """The risk becomes a fact; the high one also starts the clock for telling people."""
    decision.rests_on = {name: value for name, value in decision.rests_on.items() if not name.startswith(NOT_RESTED_ON)}
    facts: list[Known] = [_known(decision, "risk", decision.choice)]
    if decision.choice == "high":
        facts.append(_known(decision, "events.high_risk_determined", act.now.isoformat()))
    append_facts(act.desk, act.session, act.incident, facts, act.now, decision)
    waiting = sa.select(Task.key).where(
        Task.incident_id == act.incident.id, sa.or_(Task.key == "risk", Task.key.like("risk:%"))
    )
    for key in act.session.scalars(waiting).all():
        end_tasks(act, key, f"decided: {decision.choice}")
    taken(act, "dpo_to_decision")
    give(act, "decision_to_approval", act.incident.owner)


def _awareness(act: Act, decision: Decision) -> None:
    append_facts(
        act.desk, act.session, act.incident, [_known(decision, "events.aware", decision.choice)], act.now, decision
    )


def _waiver(act: Act, decision: Decision) -> None:
    for obligation in obligations_of(act, decision.about):
        if obligation.state == "met":
            raise Conflict(f"{decision.about} was met already; there is nothing to waive.")
        if obligation.state != "open":
            raise Conflict(f"{decision.about} is not owed here; only what is owed can be waived.")
        obligation.state, obligation.waiver_id = "waived", decision.id


def obligations_of(act: Act, duty: str) -> list[Obligation]:
    """The obligations of this duty (``duty`` or ``duty@authority``). Raises NotFound."""
    name, _, authority = duty.partition("@")
    query = sa.select(Obligation).where(Obligation.incident_id == act.incident.id, Obligation.duty == name)
    found = list(act.session.scalars(query.where(Obligation.authority == authority) if authority else query))
    if not found:
        raise NotFound(
            f"{act.incident.reference} has no duty {duty}; 'forthwith show {act.incident.reference}' lists them."
        )
    return found


def _known(decision: Decision, name: str, value: Any) -> Known:
    return Known(name, value, f"decision {decision.number}")


EFFECTS: dict[str, Callable[[Act, Decision], None]] = {
    "risk": _risk,
    "awareness_change": _awareness,
    "waiver": _waiver,
    "law_enforcement_restriction": take_hold,
    "exemption": exempt,
    "release": release,
    "narrowing": narrow,
    "substitute_notice": substitute,
    "second_copy": settle_copies,
}
