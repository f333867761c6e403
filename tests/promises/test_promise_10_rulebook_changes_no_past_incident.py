"""Promise 10: changing the rulebook changes no past incident; an obligation keeps the terms it was born with."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from actions import assess as assessing
from actions.append_facts import Known
from actions.assess import assess
from actions.desk import Desk
from actions.record_facts import record_facts
from db.models import Obligation
from rulebook.law import Period
from rulebook.library import Rulebook, book
from tests.builders import an_incident
from tests.conftest import Time


def shorter(rules: Rulebook) -> Rulebook:
    """The book of a day on which section 67 gives 24 hours instead of 72."""
    law = rules.laws["uk-dpa2018-part3"]
    duty = law.duties["uk-p3-67-1"]
    limits = tuple(limit.changed(within=Period(n=24, unit="hours")) for limit in duty.limits)
    changed = law.changed(duties={**law.duties, "uk-p3-67-1": duty.changed(limits=limits)})
    return replace(rules, version="9999.1", hash="f" * 64, laws={**rules.laws, law.law: changed})


def due(desk: Desk, reference: str) -> Obligation:
    with desk.reading() as session:
        from_there = sa.select(Obligation).where(Obligation.duty == "uk-p3-67-1").order_by(Obligation.due_at)
        return next(row for row in session.scalars(from_there) if str(row.incident_id) == reference)


def test_an_obligation_keeps_its_terms_and_a_new_one_has_the_new(
    desk: Desk, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = an_incident(desk)
    assess(desk, old.id)
    before = due(desk, str(old.id))
    monkeypatch.setattr(assessing, "book", lambda: shorter(book()))
    assess(desk, old.id)
    new = an_incident(desk, "Another")
    assess(desk, new.id)
    assert due(desk, str(old.id)).due_at == before.due_at
    assert due(desk, str(old.id)).rulebook_hash == before.rulebook_hash
    assert due(desk, str(new.id)).due_at < before.due_at
    assert due(desk, str(new.id)).rulebook_version == "9999.1"


def test_its_clock_still_moves_by_its_own_terms(desk: Desk, time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    old = an_incident(desk, events__detected="2026-11-19T09:00+00:00")
    assess(desk, old.id)
    monkeypatch.setattr(assessing, "book", lambda: shorter(book()))
    record_facts(desk, old.id, [Known("events.aware", "2026-11-19T10:00+00:00", "log")])
    assess(desk, old.id)
    moved = due(desk, str(old.id))
    assert moved.due_at.isoformat() == "2026-11-22T11:00:00+00:00", "72 hours of its own terms, from the new awareness"
