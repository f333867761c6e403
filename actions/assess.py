"""Assesses an incident: what each law of the book says of it now, and by when; obligations keep the terms they were born with."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from actions.ask_book import Asked, ask_book
from actions.chained import instants
from actions.desk import Act, Desk
from actions.keep_answer import Keeper
from actions.open_task import end_tasks, open_task
from db.models import Obligation
from db.queries.facts import as_known
from rulebook.answer import Answer
from rulebook.library import Rulebook, book

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
        rules = book()
        asked = ask_book(act.session, desk.settings, act.incident, act.now, rules)
        tally = Counter(answer.answer for answer in asked.answers)
        changed, spared = _keep(act, asked, rules)
        known = as_known(act.session, act.incident.id)
        _tasks(act, known)
        _record(act, known)
        if changed:
            about = {word: tally[word] for word in ("applies", "does_not_apply", "unknown")}
            first = {"do_not_apply_from_the_start": spared} if spared else {}
            act.journal("duties", changed=changed, rulebook=rules.version, hash=rules.hash, **about, **first)
    return Assessed(tally["applies"], tally["does_not_apply"], tally["unknown"], changed)


def _keep(act: Act, asked: Asked, rules: Rulebook) -> tuple[int, list[str]]:
    """Write the answers down. Returns how many changed, and the duties that were looked at first and do not apply.

    Those share one journal entry: of the laws of the world most have nothing to do with an incident.
    """
    rows = act.session.scalars(sa.select(Obligation).where(Obligation.incident_id == act.incident.id))
    held = {(row.duty, row.authority): row for row in rows}
    keeper = Keeper(act, asked, rules, instants(asked, held))
    changed, spared = 0, []
    with act.session.no_autoflush:
        for answer in asked.answers:
            row = held.get((answer.duty, answer.authority or ""))
            if row is not None:
                changed += keeper.renew(row, answer)
            elif keeper.first(answer).answer == "does_not_apply":
                spared.append(answer.duty)
            else:
                changed += 1
        changed += sum(keeper.renew(row, gone) for row, gone in _elsewhere(asked, held))
        act.session.flush()
    return changed + len(spared), spared


def _elsewhere(asked: Asked, held: Mapping[tuple[str, str], Obligation]) -> Iterator[tuple[Obligation, Answer]]:
    """What was held for an authority that a duty, as is known now, does not fall to: it falls to others. What is done stays."""
    now: dict[str, list[Answer]] = {}
    for answer in asked.answers:
        now.setdefault(answer.duty, []).append(answer)
    for (duty, authority), row in held.items():
        told = now.get(duty, [])
        if row.state in ("watching", "open") and told and authority not in {answer.authority or "" for answer in told}:
            others = ", ".join(answer.authority or "an authority not known yet" for answer in told)
            yield row, told[0]._replace(answer="does_not_apply", because=f"it falls to {others}", missing_facts=())


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


def _record(act: Act, known: Mapping[str, Any]) -> None:
    """What is owed to the record itself: its own register, met by facts, effects and remedies; an assessment, by a decided risk."""
    if all(known.get(name) for name in RECORD_NEEDS):
        _meet(act, "internal_register", "facts, effects and remedies stand in the record")
    if known.get("risk") not in (None, "unknown"):
        _meet(act, "internal_assessment", "the risk is decided")


def _meet(act: Act, recipient: str, by: str) -> None:
    """Met now; when that is after the limit, it is late because nobody had recorded or decided it before."""
    mine = Obligation.incident_id == act.incident.id, Obligation.state == "open", Obligation.recipient == recipient
    for obligation in act.session.scalars(sa.select(Obligation).where(*mine)):
        late = obligation.due_at is not None and act.now > obligation.due_at
        reasons = "it was recorded or decided only then" if late else ""
        obligation.state, obligation.met_at, obligation.late, obligation.late_reasons = "met", act.now, late, reasons
        act.journal(f"duty {obligation.duty}", state="met", by=by, late=late)
