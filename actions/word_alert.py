"""Words a warning about an obligation or a hand-over: the moment in the authority's zone, what to do next, who else is told."""

from collections.abc import Sequence

import sqlalchemy as sa

from actions.desk import Act
from db.models import HandOver, Obligation, Report, Rung
from notices.alert import Alert, alert
from rulebook.library import book

NEXT = {
    "authority": "Read the report with 'forthwith report list {0}', have someone else approve it, file it, and record the reference and the proof.",
    "individuals": "See who is not accounted for with 'forthwith people balance {0}', and approve and launch what waits.",
    "internal_register": "Record what happened, its effects and what was done: 'forthwith fact {0}'.",
    "controller": "Tell the controller now, and record when and how.",
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


def worded(act: Act, subject: Obligation | HandOver, rung: Rung, recipients: Sequence[str]) -> Alert:
    """The message for this rung. It holds nothing about affected people."""
    common = {
        "reference": act.incident.reference,
        "now_at": act.now,
        "told": tuple(recipients),
        "exercise": act.incident.sealed,
        "law_as_of": act.incident.law_as_of,
    }
    if isinstance(subject, HandOver):
        return alert("rung", common | _hop(act, subject))
    return alert("rung", common | _obligation(act, subject, rung))


def _obligation(act: Act, obligation: Obligation, rung: Rung) -> dict[str, object]:
    own = obligation.due_at is None
    why = (
        f"{rung.rung.removesuffix('%')} % of the time is used"
        if rung.rung.endswith("%")
        else f"{rung.rung.strip('-h')} hours before the end"
    )
    next_step = NEXT.get(obligation.recipient, "See 'forthwith show {0}' for what is owed and to whom.")
    if obligation.answer == "unknown":
        wanted = ", ".join(obligation.missing_facts)
        next_step = (
            f"Find out or decide first: {wanted} ('forthwith fact {{0}}', 'forthwith decide {{0}}'). {next_step}"
        )
    return {
        "matter": ("Undecided: " if obligation.answer == "unknown" else "")
        + title_of(obligation)
        + (" (the organisation's own target; the law sets no number)" if own else ""),
        "due_at": obligation.due_at or obligation.target_at,
        "zone": obligation.time_zone,
        "rung": why,
        "citation": obligation.citation,
        "next_step": next_step.format(act.incident.reference) + _preliminary(act, obligation),
    }


def _preliminary(act: Act, obligation: Obligation) -> str:
    """That something valid can be filed at once, if it is so."""
    mine = sa.select(Report).where(Report.obligation_id == obligation.id, Report.state.in_(("draft", "approved")))
    drafted = act.session.scalars(mine.order_by(Report.number)).all()
    return f" Report {drafted[-1].number} is drawn up and can be filed as preliminary." if drafted else ""


def _hop(act: Act, hop: HandOver) -> dict[str, object]:
    matter, next_step = HOPS.get(hop.hop, (hop.hop.replace("_", " "), "See 'forthwith show {0}'."))
    return {
        "matter": f"{matter} (hand-over since {hop.given_at:%d %B %Y %H:%M} UTC)",
        "due_at": hop.target_at,
        "zone": act.incident.time_zone,
        "rung": "the target of this hand-over has passed",
        "next_step": next_step.format(act.incident.reference),
    }


def title_of(obligation: Obligation) -> str:
    """The duty in words, as the book has it today; its key where the book has it no more."""
    law = book().laws.get(obligation.law)
    duty = law.duties.get(obligation.duty) if law else None
    return duty.title if duty else obligation.duty
