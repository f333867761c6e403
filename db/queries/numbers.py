"""The balance in numbers alone: counted by the database in the meaning of the sets, without an id leaving it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from db.models import Notice, Person
from db.models.person import AFFECTED_KINDS
from db.queries.balance import TOLD, in_wave, is_covered, is_noticed

_TOLD, _UNREACHED = aliased(Notice), aliased(Notice)


@dataclass
class Numbers:
    """How many are in each set of a Balance."""

    affected: int = 0
    told: int = 0
    substitute: int = 0
    exempt: int = 0
    unreachable: int = 0

    @property
    def pending(self) -> int:
        """Whoever is affected and in none of the other sets."""
        return self.affected - self.told - self.substitute - self.exempt - self.unreachable

    def as_json(self) -> dict[str, int]:
        """The numbers alone."""
        return asdict(self) | {"pending": self.pending}


def numbers(session: Session, incident_id: UUID) -> Numbers:
    """The balance of the whole incident."""
    return in_all(numbers_by_kind(session, incident_id).values())


def in_all(several: Iterable[Numbers]) -> Numbers:
    """All kinds together."""
    columns = zip(*(asdict(one).values() for one in several), strict=True)
    return Numbers(*(sum(column) for column in columns))


def numbers_by_kind(session: Session, incident_id: UUID, wave_id: UUID | None = None) -> dict[str, Numbers]:
    """The balance of each kind of person that the ledger holds, or one wave of it."""
    found = _in_wave(session, incident_id, wave_id) if wave_id else _affected(session, incident_id)
    if wave_id is None:
        _noticed(session, incident_id, found)
    _covered(session, incident_id, wave_id, found)
    return found


def _affected(session: Session, incident_id: UUID) -> dict[str, Numbers]:
    query = sa.select(Person.kind, sa.func.count()).where(Person.incident_id == incident_id).group_by(Person.kind)
    counted = dict(session.execute(query).tuples().all())
    return {kind: Numbers(affected=counted[kind]) for kind in AFFECTED_KINDS if kind in counted}


def _in_wave(session: Session, incident_id: UUID, wave_id: UUID) -> dict[str, Numbers]:
    """The people of one wave. They may have been told, or given up, by another one.

    All that is asked stands in one index, which is read once.
    """
    told = sa.or_(Notice.state.in_(TOLD), _other(_TOLD, *TOLD))
    lost = sa.and_(~told, sa.or_(Notice.state == "unreached", _other(_UNREACHED, "unreached")))
    counts = [sa.func.count(sa.case((one, Notice.person_id)).distinct()) for one in (sa.true(), told, lost)]
    mine = (Notice.incident_id == incident_id, Notice.wave_id == wave_id)
    rows = session.execute(sa.select(Notice.kind, *counts).where(*mine).group_by(Notice.kind))
    return {kind: Numbers(affected, told=told, unreachable=lost) for kind, affected, told, lost in rows}


def _other(other: type[Notice], *states: str) -> sa.ColumnElement[bool]:
    """Whether the person of a notice has one in these states."""
    same = (other.incident_id == Notice.incident_id, other.kind == Notice.kind, other.person_id == Notice.person_id)
    return sa.select(sa.true()).select_from(other).where(*same, other.state.in_(states)).exists()


def _noticed(session: Session, incident_id: UUID, found: dict[str, Numbers]) -> None:
    """Told, and not reached: a person may have several notices, and being told by one of them counts.

    A notice's kind is its person's, by foreign key: the people themselves need not be read.
    """
    each = (Notice.kind, sa.func.count(Notice.person_id.distinct()))
    mine = sa.select(*each).where(Notice.incident_id == incident_id).group_by(Notice.kind)
    for kind, how_many in session.execute(mine.where(Notice.state.in_(TOLD))):
        found[kind].told = how_many
    for kind, how_many in session.execute(mine.where(Notice.state == "unreached", ~_other(_TOLD, *TOLD))):
        found[kind].unreachable = how_many


def _covered(session: Session, incident_id: UUID, wave_id: UUID | None, found: dict[str, Numbers]) -> None:
    """Those whom a decision names, who are few: each moves from 'not reached' to what covers them."""
    named = [sa.or_(Person.exemption_id.is_not(None), Person.substitute_id.is_not(None))]
    named += [in_wave(wave_id)] if wave_id else []
    each = (
        sa.select(
            Person.kind,
            is_covered(Person.substitute_id).label("substitute"),
            is_covered(Person.exemption_id).label("exempt"),
            is_noticed("unreached").label("unreached"),
        )
        .where(Person.incident_id == incident_id, *named, ~is_noticed(*TOLD))
        .subquery()
    )
    for kind, substitute, exempt, unreached, how_many in session.execute(
        sa.select(*each.c, sa.func.count()).group_by(*each.c)
    ):
        if kind in found and (substitute or exempt):
            found[kind].substitute += how_many if substitute else 0
            found[kind].exempt += 0 if substitute else how_many
            found[kind].unreachable -= how_many if unreached else 0
