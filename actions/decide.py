"""Decides: a person's choice with reasons and the facts it rests on; grave ones stand only when a second person confirms."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from actions.authors import refuse_delegate
from actions.desk import Act, Desk
from actions.effects import take_effect
from actions.errors import Conflict, NotFound
from actions.journal import plain
from actions.known import check_known
from actions.open_task import end_tasks
from actions.release_person import check_release
from db.models import Decision
from db.models.decision import DECISION_KINDS, NEEDS_SECOND
from db.queries.facts import as_known

FOLLOWS = ("events.high_risk_determined", "events.determined")
"""Moments of decisions, on which no time of awareness rests."""
RISKS = ("unlikely", "risk", "high")


def decide(
    desk: Desk,
    incident: UUID | str,
    kind: str,
    about: str,
    choice: Any,
    reasons: str,
    *,
    review_at: datetime | None = None,
) -> Decision:
    """Record a decision. One that needs a second person is only proposed; any other takes effect at once.

    Raises Conflict without reasons, for a choice that cannot be, or while the same question is proposed already.
    """
    if kind == "law_enforcement_restriction":
        raise Conflict("To tell people later takes a ground, an extent and a review date: use 'forthwith hold back'.")
    with desk.act("decide", incident) as act:
        decision = propose(act, kind, about, choice, reasons, review_at=review_at)
        if not decision.needs_second:
            _stand(act, decision)
    return decision


def propose(
    act: Act, kind: str, about: str, choice: Any, reasons: str, *, review_at: datetime | None = None
) -> Decision:
    """Write a decision down within an act that is under way; it does not stand yet. Raises Conflict as decide() does."""
    known = as_known(act.session, act.incident.id)
    decision = Decision(
        incident_id=act.incident.id,
        number=_next(act),
        kind=kind,
        about=about,
        choice=str(plain(choice)),
        reasons=_reasons(reasons),
        decided_by=act.desk.actor,
        decided_at=act.now,
        needs_second=_needs_second(kind, str(choice), known),
        state="proposed",
        rests_on=_rested_on(kind, known),
        review_at=review_at,
    )
    _check(act, decision, known)
    act.session.add(decision)
    act.session.flush()
    act.journal(f"decision {decision.number}", **_told(decision))
    return decision


def second(desk: Desk, incident: UUID | str, number: int, *, agree: bool = True, because: str = "") -> Decision:
    """Confirm, or refuse, someone else's proposal. Raises Conflict for the proposer and when its facts have changed."""
    with desk.act("second", incident) as act:
        decision = find_decision(act, number)
        if decision.state != "proposed":
            raise Conflict(f"Decision {number} is not waiting for a second person: it is {decision.state}.")
        if decision.decided_by == desk.actor:
            raise Conflict(f"Decision {number} is yours; someone else must confirm it (--as NAME).")
        refuse_delegate(act, [decision.decided_by], did="decided this")
        act.journal(f"decision {number}", seconded=agree, because=because)
        if not agree:
            decision.state, decision.reopened_at, decision.reopened_because = (
                "refused",
                act.now,
                because.strip() or "the second person did not agree",
            )
            return decision
        decision.seconded_by, decision.seconded_at = desk.actor, act.now
        _stand(act, decision)
    return decision


def find_decision(act: Act, number: int) -> Decision:
    """The decision of this number. Raises NotFound."""
    found = act.session.scalar(
        sa.select(Decision).where(Decision.incident_id == act.incident.id, Decision.number == number)
    )
    if found is None:
        raise NotFound(
            f"{act.incident.reference} has no decision {number}; 'forthwith show {act.incident.reference}' lists them."
        )
    return found


def _stand(act: Act, decision: Decision) -> None:
    decision.state = "stands"
    act.session.flush()
    _answered(act, decision)
    take_effect(act, decision)
    act.ask_for("respond", because=f"decision {decision.number} stands")


def _answered(act: Act, decision: Decision) -> None:
    """The tasks that asked to decide the same question again are done."""
    same = (Decision.incident_id == act.incident.id, Decision.kind == decision.kind, Decision.about == decision.about)
    for id_ in act.session.scalars(sa.select(Decision.id).where(*same, Decision.state == "reopened")).all():
        end_tasks(act, f"again:{id_}", f"decision {decision.number}")


def _check(act: Act, decision: Decision, known: dict[str, Any]) -> None:
    if decision.kind not in DECISION_KINDS:
        raise Conflict(f"{decision.kind!r} is not a kind of decision; they are {', '.join(DECISION_KINDS)}.")
    if decision.kind == "risk" and decision.choice not in RISKS:
        raise Conflict(f"The risk is one of {', '.join(RISKS)}; {decision.choice!r} is none of them.")
    if decision.kind == "awareness_change":
        check_known({"events.aware": decision.choice}, known)
        if datetime.fromisoformat(decision.choice) > act.now:
            raise Conflict("Awareness cannot lie in the future.")
    if decision.kind == "release":
        check_release(act, decision)
    same = sa.select(Decision.number).where(
        Decision.incident_id == act.incident.id,
        Decision.kind == decision.kind,
        Decision.about == decision.about,
        Decision.state == "proposed",
    )
    waiting = act.session.scalar(same)
    if waiting is not None:
        raise Conflict(
            f"Decision {waiting} on the same question still waits for a second person; confirm or refuse that one first."
        )


def _rested_on(kind: str, known: dict[str, Any]) -> dict[str, Any]:
    """The facts that it rests on: what happened when, for the time of awareness; everything but the story, for all others."""
    if kind == "awareness_change":
        return {name: value for name, value in known.items() if name.startswith("events.") and name not in FOLLOWS}
    return {name: value for name, value in known.items() if not name.startswith("story.")}


def _needs_second(kind: str, choice: str, known: dict[str, Any]) -> bool:
    """The grave kinds always; a risk that lowers what is owed (unlikely, or below what stood before) as well."""
    if kind != "risk":
        return kind in NEEDS_SECOND
    before = known.get("risk")
    return choice == "unlikely" or (before in RISKS and choice in RISKS and RISKS.index(choice) < RISKS.index(before))


def _reasons(reasons: str) -> str:
    if not reasons.strip():
        raise Conflict("A decision needs reasons: say why in a sentence (--reasons).")
    return reasons.strip()


def _next(act: Act) -> int:
    return (
        act.session.scalar(sa.select(sa.func.max(Decision.number)).where(Decision.incident_id == act.incident.id)) or 0
    ) + 1


def _told(decision: Decision) -> dict[str, Any]:
    names: Iterable[str] = ("kind", "about", "choice", "reasons", "needs_second")
    return {name: getattr(decision, name) for name in names}
