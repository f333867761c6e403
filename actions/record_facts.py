"""Records facts: what is known, checked against everything known before; decisions that rested on other values re-open."""

from collections.abc import Sequence
from uuid import UUID

from actions.append_facts import Known, append_facts
from actions.desk import Desk
from actions.reopen import reopen_decisions
from db.models import Fact

__all__ = ["Known", "record_facts"]


def record_facts(desk: Desk, incident: UUID | str, known: Sequence[Known]) -> list[Fact]:
    """Append facts, all or none, and wish for a new assessment.

    Raises Conflict for an unknown name or code, a time without an offset or in the future, a contradiction, or a later
    awareness (that is a decision with a second person: 'forthwith decide').
    """
    with desk.act("record_facts", incident) as act:
        facts = append_facts(desk, act.session, act.incident, known, act.now)
        if facts:
            reopen_decisions(act, {fact.name for fact in facts})
            act.ask_for("respond", because="a fact was recorded")
    return facts
