"""Asks a rulebook about an incident as it is known now; changes nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions.known import for_laws
from actions.reported import Recipient, knowing, recipient, reported_in_full
from db.models import Incident, Obligation
from db.models.obligation import duty_at
from db.queries.facts import as_known
from rulebook.answer import Answer, Nearby
from rulebook.facts import Facts
from rulebook.library import Rulebook, book
from rulebook.obligations import answers
from rulebook.terms import Targets
from settings.model import Settings


class Asked(NamedTuple):
    """The facts as known, what was filed among them, and one answer for each duty and authority."""

    facts: Facts
    answers: tuple[Answer, ...]
    told: Mapping[Recipient, bool]
    """Whether a recipient of reports was told everything; each one's duties are asked about with that alone."""

    def facts_for(self, answer: Answer) -> Facts:
        """The facts on which this answer was given."""
        return knowing(self.facts, self.told.get(recipient(answer)))


def ask_book(session: Session, settings: Settings, incident: Incident, at: datetime, rules: Rulebook) -> Asked:
    """Answer every duty of a book. Raises Conflict where the facts contradict each other."""
    facts = _with_filings(session, incident.id, for_laws(as_known(session, incident.id)))
    targets = Targets(
        authority=settings.target_authority_hours,
        individuals=settings.target_individuals_hours,
        update=settings.target_update_hours,
    )
    told = reported_in_full(session, incident.id)

    def ask(everything: bool | None) -> tuple[Answer, ...]:
        return answers(knowing(facts, everything), rules, at=at, law_as_of=incident.law_as_of, targets=targets)

    own = {everything: {_key(one): one for one in ask(everything)} for everything in set(told.values())}
    chosen = (own[told[recipient(one)]].get(_key(one), one) if recipient(one) in told else one for one in ask(None))
    return Asked(facts, tuple(chosen), told)


def _key(answer: Answer) -> tuple[str, str]:
    return answer.duty, answer.authority or ""


def nearby(session: Session, settings: Settings, incident: Incident, at: datetime) -> list[Nearby]:
    """Each number of people that comes near one at which something more would be owed, as known now."""
    asked = ask_book(session, settings, incident, at, book())
    return [near for answer in asked.answers for near in answer.nearby]


def _with_filings(session: Session, incident_id: UUID, facts: Facts) -> Facts:
    """The facts with what was filed or told, which starts the clocks that are chained to it."""
    met = session.execute(
        sa.select(Obligation.duty, Obligation.authority, Obligation.met_at).where(
            Obligation.incident_id == incident_id, Obligation.state == "met", Obligation.phase != "record"
        )
    ).all()
    filings: dict[str, datetime] = {}
    for duty, authority, met_at in met:
        if met_at is None:
            continue
        filings[duty] = min(met_at, filings.get(duty, met_at))
        if authority:
            filings[duty_at(duty, authority)] = met_at
    return facts.changed(filings={**facts.filings, **filings})
