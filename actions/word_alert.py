"""Words a warning about an obligation or a hand-over: the moment in the authority's zone, what to do next, who else is told."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from actions.desk import Act
from actions.plan_rungs import AGAIN, OF
from db.models import HandOver, Obligation, Report, Rung
from notices.alert import Alert, alert
from rulebook.library import book

NEXT = {
    "individuals": "See who is not accounted for with 'forthwith people balance {0}', and approve and launch what waits.",
    "internal_register": "Record what happened, its effects and what was done: 'forthwith fact add {0}'.",
    "controller": "Tell the controller now, and record when and how.",
}
REPORT = {
    "": "Draw the report up now with 'forthwith draft {0}', have someone else approve it, and file it.",
    "draft": (
        "Read report {1} with 'forthwith report show {0} {1}', complete it, and have someone who wrote none of it approve it with "
        "'forthwith approve {0} report {1}'; it can be filed at once as a preliminary one."
    ),
    "approved": "Report {1} is approved: file it, and record the reference and the proof with 'forthwith report file {0} {1}'.",
}
HOPS = {
    "manager_to_dpo": (
        "Acknowledgement by the data protection officer",
        "The data protection officer acknowledges with 'forthwith take {0}'.",
    ),
    "dpo_to_decision": ("Decision about the risk", "Decide the risk, with reasons: 'forthwith decide {0} risk …'."),
    "decision_to_approval": (
        "Approval of the report",
        "Someone who wrote none of it reads and approves it: 'forthwith approve {0} …'.",
    ),
    "approval_to_filing": (
        "Filing of the approved report",
        "File it and record the reference and the proof: 'forthwith report file {0} …'.",
    ),
}


def worded(
    act: Act,
    subject: Obligation | HandOver,
    rung: Rung,
    people: Sequence[str],
    unwatched_since: datetime | None = None,
) -> Alert:
    """The message for this rung. It holds nothing about affected people."""
    more = {
        "told": tuple(people),
        "law_as_of": act.incident.law_as_of,
        "fired_at": rung.fires_at,
        "unwatched_since": unwatched_since,
        "acknowledge": f"'forthwith acknowledge {act.incident.reference}' or {_page(act)}/do/acknowledge",
    }
    return alert("rung", _common(act, subject, rung) | more)


def in_short(act: Act, subject: Obligation | HandOver, rung: Rung) -> Alert:
    """The same for what lies outside the house: incident, duty, moment and next step, and nobody's name."""
    said = _common(act, subject, rung)
    return alert("push", {name: said[name] for name in SHORT})


SHORT = ("reference", "now_at", "exercise", "team_zone", "page", "matter", "due_at", "zone", "next_step")


def _common(act: Act, subject: Obligation | HandOver, rung: Rung) -> dict[str, object]:
    about = _hop(act, subject, rung) if isinstance(subject, HandOver) else _obligation(act, subject, rung)
    return about | {
        "reference": act.incident.reference,
        "now_at": act.now,
        "exercise": act.incident.sealed,
        "team_zone": act.incident.time_zone,
        "page": _page(act),
    }


def _page(act: Act) -> str:
    return f"{act.desk.settings.public_url}incidents/{act.incident.reference}"


def _obligation(act: Act, obligation: Obligation, rung: Rung) -> dict[str, object]:
    own = obligation.due_at is None
    next_step = _next(act, obligation)
    if obligation.answer == "unknown":
        wanted = ", ".join(obligation.missing_facts)
        next_step = (
            f"Find out or decide first: {wanted} ('forthwith fact add {act.incident.reference}', "
            f"'forthwith decide {act.incident.reference}'). {next_step}"
        )
    return {
        "matter": ("Undecided: " if obligation.answer == "unknown" else "")
        + title_of(obligation)
        + (" (the organisation's own target; the law sets no number)" if own else ""),
        "due_at": obligation.due_at or obligation.target_at,
        "zone": obligation.time_zone,
        "rung": _why(rung),
        "citation": obligation.citation,
        "next_step": next_step,
    }


def _next(act: Act, obligation: Obligation) -> str:
    """The very next thing to do, with the command that does it."""
    reference = act.incident.reference
    if obligation.recipient in NEXT:
        return NEXT[obligation.recipient].format(reference)
    mine = sa.select(Report.number, Report.state).where(Report.obligation_id == obligation.id)
    waiting = mine.where(Report.state.in_(("draft", "approved"))).order_by(Report.number.desc()).limit(1)
    number, state = next(iter(act.session.execute(waiting).tuples()), (0, ""))
    return REPORT[state].format(reference, number)


def _why(rung: Rung) -> str:
    """Why it is told now."""
    whole, again, later = rung.rung.partition(AGAIN)
    name, moved, _ = whole.partition(OF)
    why = (
        f"{name.removesuffix('%')} % of the time is used"
        if name.endswith("%")
        else f"{name.strip('-h')} hours before the end"
    )
    why += ", counted to the limit as it was moved" if moved else ""
    return f"{why}; told again, since nobody acknowledged it within {later}" if again else why


def _hop(act: Act, hop: HandOver, rung: Rung) -> dict[str, object]:
    matter, next_step = HOPS.get(hop.hop, (hop.hop.replace("_", " "), "See 'forthwith show {0}'."))
    return {
        "matter": f"{matter} (hand-over since {hop.given_at:%d %B %Y %H:%M} UTC)",
        "due_at": hop.target_at,
        "zone": act.incident.time_zone,
        "rung": _why(rung),
        "next_step": next_step.format(act.incident.reference),
    }


def title_of(obligation: Obligation) -> str:
    """The duty in words, as the book has it today; its key where the book has it no more."""
    law = book().laws.get(obligation.law)
    duty = law.duties.get(obligation.duty) if law else None
    return duty.title if duty else obligation.duty
