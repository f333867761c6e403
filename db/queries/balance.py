"""Questions about whether everyone affected is accounted for: by set difference over the people themselves, never by counters."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from db.models import Decision, Notice, Person
from db.models.person import AFFECTED_KINDS

TOLD = ("accepted", "delivered", "told")
"""Handed over and taken, or spoken to; how well each is proved is in its receipts."""

_SENT, _LOST, _DECIDED = aliased(Notice), aliased(Notice), aliased(Decision)
"""Named apart from the notices and decisions that the question around a condition may ask for."""


@dataclass(frozen=True)
class Balance:
    """The ids behind each number. Everyone affected is in exactly one of the other sets."""

    affected: frozenset[UUID]
    told: frozenset[UUID]
    substitute: frozenset[UUID]
    exempt: frozenset[UUID]
    unreachable: frozenset[UUID]

    @property
    def pending(self) -> frozenset[UUID]:
        """Whoever is affected and in none of the other sets."""
        return self.affected - self.told - self.substitute - self.exempt - self.unreachable

    def as_json(self) -> dict[str, int]:
        """The numbers alone."""
        return {one.name: len(getattr(self, one.name)) for one in fields(self)} | {"pending": len(self.pending)}


def balance(session: Session, incident_id: UUID, *, wave_id: UUID | None = None, kind: str | None = None) -> Balance:
    """Affected = told + substitute + exempt + unreachable + pending, for the incident, one wave's people, or one kind."""
    affected = frozenset(session.scalars(_affected(incident_id, wave_id, kind)))
    told = _with_notice(session, incident_id, TOLD) & affected
    substitute = (_decided(session, incident_id, Person.substitute_id) & affected) - told
    exempt = (_decided(session, incident_id, Person.exemption_id) & affected) - told - substitute
    unreached = _with_notice(session, incident_id, ("unreached",)) & affected
    return Balance(affected, told, substitute, exempt, unreached - told - substitute - exempt)


def by_kind(session: Session, incident_id: UUID) -> Iterator[tuple[str, Balance]]:
    """The balance of each kind of person that the ledger holds."""
    kinds = set(session.scalars(sa.select(Person.kind).where(Person.incident_id == incident_id).distinct()))
    for kind in AFFECTED_KINDS:
        if kind in kinds:
            yield kind, balance(session, incident_id, kind=kind)


def _affected(incident_id: UUID, wave_id: UUID | None, kind: str | None) -> sa.Select[tuple[UUID]]:
    query = sa.select(Person.id).where(Person.incident_id == incident_id, Person.kind.in_(AFFECTED_KINDS))
    if kind is not None:
        query = query.where(Person.kind == kind)
    if wave_id is not None:
        query = query.where(Person.id.in_(sa.select(Notice.person_id).where(Notice.wave_id == wave_id)))
    return query


def _with_notice(session: Session, incident_id: UUID, states: tuple[str, ...]) -> frozenset[UUID]:
    return frozenset(
        session.scalars(
            sa.select(Notice.person_id).where(Notice.incident_id == incident_id, Notice.state.in_(states)).distinct()
        )
    )


def _decided(session: Session, incident_id: UUID, column: sa.orm.InstrumentedAttribute[UUID | None]) -> frozenset[UUID]:
    """Those whom a decision covers that stands now; one that was re-opened covers nobody."""
    query = sa.select(Person.id).join(Decision, column == Decision.id)
    return frozenset(session.scalars(query.where(Person.incident_id == incident_id, Decision.state == "stands")))


def among(name: str) -> sa.ColumnElement[bool]:
    """A condition on Person: those in the set of this name, as the sets above have it."""
    told, unreached = is_noticed(*TOLD), is_noticed("unreached")
    substitute, exempt = is_covered(Person.substitute_id), is_covered(Person.exemption_id)
    sets = {
        "affected": (),
        "told": (told,),
        "substitute": (substitute, ~told),
        "exempt": (exempt, ~told, ~substitute),
        "unreachable": (_lost(), unreached, ~told, ~substitute, ~exempt),
        "pending": (~told, ~unreached, ~substitute, ~exempt),  # most are told: that is asked first
    }
    return sa.and_(Person.kind.in_(AFFECTED_KINDS), *sets[name])


def _lost() -> sa.ColumnElement[bool]:
    """A condition on Person, wider than needed: among the few whom no way reached, found without looking at all the others."""
    return Person.id.in_(sa.select(_LOST.person_id).where(_LOST.state == sa.literal_column("'unreached'")))


def is_noticed(*states: str) -> sa.ColumnElement[bool]:
    """A condition on Person: has a notice in one of these states."""
    mine = (_SENT.incident_id == Person.incident_id, _SENT.kind == Person.kind, _SENT.person_id == Person.id)
    return sa.select(sa.true()).select_from(_SENT).where(*mine, _SENT.state.in_(states)).correlate(Person).exists()


def is_covered(column: sa.orm.InstrumentedAttribute[UUID | None]) -> sa.ColumnElement[bool]:
    """A condition on Person: the decision in this column stands."""
    return sa.select(_DECIDED.id).where(_DECIDED.id == column, _DECIDED.state == "stands").correlate(Person).exists()


def in_wave(wave_id: UUID) -> sa.ColumnElement[bool]:
    """A condition on Person: has a notice in this wave."""
    mine = (_SENT.incident_id == Person.incident_id, _SENT.kind == Person.kind, _SENT.person_id == Person.id)
    query = sa.select(sa.true()).select_from(_SENT).where(*mine, _SENT.wave_id == wave_id)
    return query.correlate(Person).exists()
