"""Writes an answer of the rulebook down as an obligation, which keeps the terms it was born with."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from actions.ask_book import Asked
from actions.desk import Act
from actions.plan_rungs import plan_obligation
from db.models import Obligation
from rulebook.answer import Answer
from rulebook.deadlines import Limit, count
from rulebook.facts import Facts
from rulebook.library import Rulebook


class Keeper:
    """Keeps the answers of one book for one incident."""

    def __init__(self, act: Act, asked: Asked, rules: Rulebook, instants: Mapping[str, datetime]) -> None:
        self.act, self.asked, self.rules, self.instants = act, asked, rules, instants
        self.facts = asked.facts

    def renew(self, obligation: Obligation, answer: Answer) -> bool:
        """Bring an obligation up to date. Returns whether anything changed that is worth a journal entry."""
        before = _seen(obligation)
        self._write(obligation, answer)
        changed = _seen(obligation) != before
        if changed:
            self._tell(obligation, before)
        return changed

    def first(self, answer: Answer) -> Obligation:
        """An obligation for a duty that was not asked before."""
        obligation = _new(self.act, answer, self.rules)
        self.act.session.add(obligation)
        self._write(obligation, answer)
        if answer.answer != "does_not_apply":
            self._tell(obligation, None)
        return obligation

    def _write(self, obligation: Obligation, answer: Answer) -> None:
        obligation.answer, obligation.because = answer.answer, answer.because
        facts = self.asked.facts_for(answer)
        obligation.facts_used = {name: plain(_value(facts, name)) for name in answer.facts_used}
        obligation.missing_facts = list(answer.missing_facts)
        if obligation.state in ("watching", "open"):
            self._apply(obligation, answer)
            self._clock(obligation, answer)

    def _tell(self, obligation: Obligation, before: dict[str, Any] | None) -> None:
        act, start_at = self.act, start_of(obligation, self.facts)
        plan_obligation(act.session, act.desk.settings, act.incident, obligation, start_at)
        act.journal(f"duty {obligation.duty}", authority=obligation.authority, before=before, **_seen(obligation))

    def _apply(self, obligation: Obligation, answer: Answer) -> None:
        """Born when it is first owed or may be; open while it applies; watched otherwise, with the terms it was born with."""
        if obligation.born_at is None and answer.terms and answer.answer != "does_not_apply":
            obligation.born_at, obligation.terms = self.act.now, plain(answer.terms)
            obligation.rulebook_version, obligation.rulebook_hash = self.rules.version, self.rules.hash
            obligation.citation, obligation.href, obligation.mark = answer.citation, answer.href, answer.status
        obligation.state = "open" if answer.answer == "applies" else "watching"

    def _clock(self, obligation: Obligation, answer: Answer) -> None:
        """The limit by the obligation's own terms; while it was never born, as the book says today."""
        limit: Limit | Answer = count(obligation.terms, self.instants) if obligation.terms else answer
        obligation.due_at, obligation.due_on, obligation.due_kind = limit.due_at, limit.due_on, limit.due_kind
        obligation.target_at, obligation.target_why = limit.target_at, limit.target_why or ""


def start_of(obligation: Obligation, facts: Facts) -> datetime | None:
    """When the obligation's clock started, if that is known."""
    clock = (obligation.terms or {}).get("clock")
    return facts.instants().get(clock) if isinstance(clock, str) else None


def _value(facts: Facts, name: str) -> Any:
    """The value of a fact by its dotted name."""
    value: Any = facts
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else getattr(value, part, None)
    return value


def _new(act: Act, answer: Answer, rules: Rulebook) -> Obligation:
    return Obligation(
        id=uuid4(),
        incident_id=act.incident.id,
        law=answer.law,
        duty=answer.duty,
        authority=answer.authority or "",
        recipient=answer.recipient,
        phase=answer.phase,
        state="watching",
        rulebook_version=rules.version,
        rulebook_hash=rules.hash,
        due_kind=answer.due_kind,
        time_zone=answer.time_zone or act.incident.time_zone,
        citation=answer.citation,
        href=answer.href,
        mark=answer.status,
        contents=[key for key, _ in answer.contents],
    )


def _seen(obligation: Obligation) -> dict[str, Any]:
    """What a change of which is worth a journal entry."""
    names = ("answer", "state", "due_at", "due_on", "due_kind", "target_at", "missing_facts")
    return {name: getattr(obligation, name) for name in names}


def plain(value: Any) -> Any:
    """As JSON has it."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
