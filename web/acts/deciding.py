"""Deciding: the risk, grave decisions and their second person, duties that are not required, awareness."""

from typing import Any

from sqlalchemy.orm import Session

from actions.assess import assess
from actions.decide import decide, second
from actions.hand_over import take_over
from db.models import Decision, Incident
from db.models.decision import DECISION_KINDS, NEEDS_SECOND
from db.queries.work import obligations
from web.forms import Field, Form
from web.roles import MANAGERS, SECONDS, WORKERS
from web.visit import Visit

REASONS = Field("reasons", "Reasons", "text", hint="Why, in a sentence or more. It is kept as it stands.")
RISK = {"unlikely": "A risk to people is unlikely", "risk": "There is a risk", "high": "The risk is high"}


def _said(decision: Decision) -> str:
    kind = decision.kind.replace("_", " ")
    if decision.state == "proposed":
        return f"Decision {decision.number}, {kind}, is proposed and changes nothing yet: someone other than {decision.decided_by} must confirm it."
    if decision.state == "refused":
        return f"Decision {decision.number}, {kind}, is refused."
    return f"Decision {decision.number}, {kind}, stands."


def assess_again(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """Ask the rulebook again."""
    found = assess(visit.desk(), reference)
    return f"{found.applies} duties apply, {found.unknown} are unknown for want of facts, {found.changed} changed by this look."


def decide_risk(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """How grave the risk to people is."""
    return _said(decide(visit.desk(), reference, "risk", reference, said["risk"], said["reasons"]))


def decide_other(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """Any other kind of decision."""
    about = said["about"] or reference
    made = decide(
        visit.desk(), reference, said["kind"], about, said["choice"], said["reasons"], review_at=said["review_at"]
    )
    return _said(made)


def waive(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """Propose that a duty is not required."""
    return _said(decide(visit.desk(), reference, "waiver", said["duty"], "not_required", said["reasons"]))


def move_awareness(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """Propose another moment of awareness; the earliest one stays on view."""
    moment = said["aware_at"].isoformat()
    return _said(decide(visit.desk(), reference, "awareness_change", reference, moment, said["reasons"]))


def confirm(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """The second person's word."""
    agree = said["answer"] == "agree"
    return _said(second(visit.desk(), reference, said["number"], agree=agree, because=said["because"]))


def take(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """Acknowledge a hand-over."""
    row = take_over(visit.desk(), reference, said["hop"])
    hours = (row.taken_at - row.given_at).total_seconds() / 3600 if row.taken_at else 0.0
    return f"You have it: {row.hop.replace('_', ' ')}, {hours:.1f} hours after it was given."


def _duties(session: Session, incident: Incident) -> dict[str, str]:
    rows = [one for one in obligations(session, incident.id) if one.state in ("open", "watching")]
    return {one.about: f"{one.about}: {one.citation}" for one in rows if one.answer != "does_not_apply"}


FORMS = (
    Form(
        "assess",
        "Ask the rulebook again",
        "Every duty is looked at with what is known now.",
        assess_again,
        roles=WORKERS,
        part="duties",
    ),
    Form(
        "decide-risk",
        "Decide the risk",
        "The score suggests, a person decides. Which duties apply follows from it.",
        decide_risk,
        (Field("risk", "The risk to people", "choice", choices=RISK), REASONS),
        part="duties",
    ),
    Form(
        "decide",
        "Record another decision",
        "Grave decisions change nothing before a second person has confirmed them.",
        decide_other,
        (
            Field(
                "kind",
                "Kind",
                "choice",
                choices={
                    kind: kind.replace("_", " ") + (" (needs a second person)" if kind in NEEDS_SECOND else "")
                    for kind in DECISION_KINDS
                    if kind not in ("risk", "waiver", "awareness_change", "law_enforcement_restriction", "close")
                },
            ),
            Field("about", "About", required=False, hint="The duty, person or task; empty: the incident."),
            Field("choice", "What is decided"),
            REASONS,
            Field("review_at", "Look at it again", "moment", required=False),
        ),
        part="decisions",
        grave=True,
    ),
    Form(
        "waive",
        "Propose that a duty is not required",
        "A second person must agree; it re-opens by itself when the facts that it rested on change.",
        waive,
        (Field("duty", "Duty", "choice", choices=_duties), REASONS),
        part="duties",
        grave=True,
    ),
    Form(
        "move-awareness",
        "Propose another time of awareness",
        "Clocks run from it. The earliest time ever given stays on view beside it, and a second person must agree.",
        move_awareness,
        (Field("aware_at", "Aware since", "moment"), REASONS),
        MANAGERS,
        "clocks",
        grave=True,
    ),
    Form(
        "second",
        "Give the second person's word",
        "Someone else decided this. It stands only with you, and you may say no.",
        confirm,
        (
            Field("number", "Decision", "number"),
            Field("answer", "Your word", "choice", choices={"agree": "I agree", "refuse": "I refuse"}),
            Field("because", "Why not, if you refuse", "text", required=False),
        ),
        SECONDS,
        "decisions",
        grave=True,
    ),
    Form(
        "take",
        "Acknowledge the hand-over",
        "From now on it is with you; the time that it took is kept.",
        take,
        (
            Field(
                "hop",
                "Hand-over",
                "choice",
                choices={
                    "manager_to_dpo": "To the data protection officer",
                    "finder_to_manager": "To the incident manager",
                },
            ),
        ),
        SECONDS | WORKERS,
        "hands",
    ),
)
