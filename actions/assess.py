"""Assesses an incident: what each law of the book says of it now, and by when; obligations keep the terms they were born with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from actions.desk import Act, Desk
from actions.known import check_known
from actions.open_task import end_tasks, open_task
from actions.plan_rungs import plan_obligation
from db.models import Obligation
from db.queries.facts import as_known
from rulebook.deadlines import Limit, count
from rulebook.facts import Facts
from rulebook.library import Rulebook, book
from rulebook.obligations import Answer, Targets, answers

RECORD_NEEDS = ("story.what_happened", "story.consequences", "story.measures")


@dataclass(frozen=True)
class Assessed:
    """How many duties were answered how, and how many obligations changed."""

    applies: int
    does_not_apply: int
    unknown: int
    changed: int


def assess(desk: Desk, incident: UUID | str) -> Assessed:
    """Answer every duty of the rulebook on the facts as known now. Safe to repeat: an unchanged answer changes nothing."""
    with desk.act("assess", incident) as act:
        known = as_known(act.session, act.incident.id)
        facts = with_filings(act, check_known(known))
        own = desk.settings
        targets = Targets(
            authority=own.target_authority_hours,
            individuals=own.target_individuals_hours,
            update=own.target_update_hours,
        )
        found = answers(facts, book(), at=act.now, law_as_of=act.incident.law_as_of, targets=targets)
        changed = sum(_keep(act, answer, facts, book()) for answer in found)
        _tasks(act, known)
        _register(act, known)
        tally = {
            word: sum(answer.answer == word for answer in found) for word in ("applies", "does_not_apply", "unknown")
        }
        if changed:
            act.journal("duties", changed=changed, rulebook=book().version, hash=book().hash, **tally)
    return Assessed(**tally, changed=changed)


def with_filings(act: Act, facts: Facts) -> Facts:
    """The facts with what was filed or told, which starts the clocks that are chained to it."""
    met = act.session.execute(
        sa.select(Obligation.duty, Obligation.authority, Obligation.met_at).where(
            Obligation.incident_id == act.incident.id, Obligation.state == "met", Obligation.phase != "record"
        )
    ).all()
    filings: dict[str, datetime] = {}
    for duty, authority, met_at in met:
        if met_at is None:
            continue
        filings[duty] = min(met_at, filings.get(duty, met_at))
        if authority:
            filings[f"{duty}@{authority}"] = met_at
    return facts.changed(filings={**facts.filings, **filings})


def _keep(act: Act, answer: Answer, facts: Facts, rules: Rulebook) -> bool:
    """Write one answer down. Returns whether anything changed."""
    obligation = act.session.scalar(
        sa.select(Obligation).where(
            Obligation.incident_id == act.incident.id,
            Obligation.duty == answer.duty,
            Obligation.authority == (answer.authority or ""),
        )
    )
    before = None if obligation is None else _seen(obligation)
    if obligation is None:
        obligation = _new(act, answer, rules)
        act.session.add(obligation)
    obligation.answer, obligation.because = answer.answer, answer.because
    obligation.facts_used = {name: _plain(_value(facts, name)) for name in answer.facts_used}
    obligation.missing_facts = list(answer.missing_facts)
    if obligation.state in ("watching", "open"):
        _apply(act, obligation, answer, rules)
        _clock(obligation, answer, facts)
    act.session.flush()
    after = _seen(obligation)
    if after != before:
        plan_obligation(act.session, act.desk.settings, act.incident, obligation, start_of(obligation, facts))
        act.journal(f"duty {answer.duty}", authority=obligation.authority, before=before, **after)
    return after != before


def _apply(act: Act, obligation: Obligation, answer: Answer, rules: Rulebook) -> None:
    """Born when it is first owed or may be; open while it applies; watched otherwise, with the terms it was born with."""
    if obligation.born_at is None and answer.terms and answer.answer != "does_not_apply":
        obligation.born_at, obligation.terms = act.now, _plain(answer.terms)
        obligation.rulebook_version, obligation.rulebook_hash = rules.version, rules.hash
        obligation.citation, obligation.href, obligation.mark = answer.citation, answer.href, answer.status
    obligation.state = "open" if answer.answer == "applies" else "watching"


def _clock(obligation: Obligation, answer: Answer, facts: Facts) -> None:
    """The limit by the obligation's own terms; while it was never born, as the book says today."""
    limit: Limit | Answer = count(obligation.terms, facts.instants()) if obligation.terms else answer
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


def _tasks(act: Act, known: Mapping[str, Any]) -> None:
    """What only a person can settle: the risk, and the officer's acknowledgement."""
    if known.get("risk") in (None, "unknown"):
        title = "Decide the risk to the people affected, with reasons"
        open_task(
            act,
            kind="decide",
            key="risk",
            title=title,
            why="Duties wait for it.",
            due_at=act.now + timedelta(hours=act.desk.settings.hand_over_target_hours),
        )
    else:
        end_tasks(act, "risk", f"the risk was decided: {known['risk']}")


def _register(act: Act, known: Mapping[str, Any]) -> None:
    """The organisation's own register is this record: its duty is met once facts, effects and remedies are in it."""
    if not all(known.get(name) for name in RECORD_NEEDS):
        return
    rows = sa.select(Obligation).where(
        Obligation.incident_id == act.incident.id,
        Obligation.state == "open",
        Obligation.recipient == "internal_register",
    )
    for obligation in act.session.scalars(rows):
        obligation.state, obligation.met_at, obligation.late = "met", act.now, False
        act.journal(f"duty {obligation.duty}", state="met", by="facts, effects and remedies stand in the record")


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return (
        value
        if value is None or isinstance(value, bool | int | float | str)
        else value.isoformat()
        if hasattr(value, "isoformat")
        else str(value)
    )
