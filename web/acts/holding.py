"""Telling people later, where the law allows it: proposing a hold, renewing it, lifting it."""

from typing import Any

from actions.hold_back import Terms, hold_back, lift_hold, renew_hold
from db.models import Hold
from db.models.person import AFFECTED_KINDS
from rulebook.grounds import grounds
from web.forms import Field, Form, Mistyped
from web.visit import Visit

NUMBER = Field("number", "Hold", "number")
REASONS = Field("reasons", "Reasons", "text", hint="Why, in a sentence or more. It is kept as it stands.")
REVIEW = Field("review_at", "Review it at", "moment", hint="Then a task asks whether it is still necessary.")


def propose(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """Propose to tell people later."""
    terms = Terms(
        said["ground"],
        said["proportionate"],
        said["reasons"],
        said["review_at"],
        said["kinds"] or (),
        _numbers(said["people"] or ""),
        said["asked_by"] or "",
        said["asked_at"],
        bool(said["oral"]),
    )
    return _proposed(hold_back(visit.desk(), reference, terms))


def renew(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """Propose that it goes on."""
    made = renew_hold(
        visit.desk(),
        reference,
        said["number"],
        said["reasons"],
        said["review_at"],
        written_by=said["written_by"] or "",
    )
    return _proposed(made)


def lift(visit: Visit, reference: str, said: dict[str, Any]) -> str:
    """Propose that its people are told after all."""
    decision = lift_hold(visit.desk(), reference, said["number"], said["reasons"])
    return f"Decision {decision.number} is proposed: until someone else confirms it they stay held back."


def _proposed(hold: Hold) -> str:
    return f"Hold {hold.number} is proposed and keeps nobody back yet: someone else must confirm it."


def _numbers(typed: str) -> list[int]:
    words = typed.replace(",", " ").split()
    if not all(word.isascii() and word.isdecimal() and len(word) < 10 for word in words):
        raise Mistyped({"people": "Write the numbers of people, separated by commas."})
    return [int(word) for word in words]


FORMS = (
    Form(
        "hold-back",
        "Tell some people later, by law",
        "Only on a ground that a law knows, as far and as long as is necessary. A second person must agree, and it is reviewed.",
        propose,
        (
            Field(
                "ground",
                "Ground",
                "choice",
                choices={code: f"{one.says} ({one.cite})" for code, one in grounds().items()},
            ),
            Field(
                "kinds",
                "Only these kinds",
                "many",
                required=False,
                choices={kind: kind.replace("_", " ") for kind in AFFECTED_KINDS},
            ),
            Field(
                "people", "Only these people", required=False, hint="Their numbers. No kind and no number: everyone."
            ),
            Field("proportionate", "Why so far, and so long, is necessary and proportionate", "text"),
            REASONS,
            REVIEW,
            Field("asked_by", "Who asked for it", required=False),
            Field("asked_at", "When they asked", "moment", required=False),
            Field("oral", "They asked by word of mouth only", "tick", required=False),
        ),
        part="people",
        grave=True,
    ),
    Form(
        "hold-renew",
        "Renew a hold",
        "It goes on over the same people until the next review. A second person must agree.",
        renew,
        (
            NUMBER,
            REASONS,
            REVIEW,
            Field("written_by", "Who has put in writing what was asked by word of mouth", required=False),
        ),
        part="people",
        grave=True,
    ),
    Form(
        "hold-lift",
        "Lift a hold",
        "Its people are told after all, in the next wave. A second person must agree.",
        lift,
        (NUMBER, REASONS),
        part="people",
        grave=True,
    ),
)
