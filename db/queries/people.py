"""Questions about the ledger of affected people; numbers, kinds and flags only, since names are sealed."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from db.models import Decision, Import, Notice, Person, Wave
from db.models.notice import LIVE
from db.models.person import AFFECTED_KINDS
from db.queries.balance import among, in_wave
from db.queries.held_back import is_held_back


@dataclass(frozen=True)
class Listed:
    """One line of the ledger as anyone on the incident may see it: nothing in it names or reaches the person."""

    number: int
    kind: str
    flags: tuple[str, ...]
    deceased: bool
    channel: str | None
    state: str | None

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return self.__dict__ | {"flags": list(self.flags)}


class OnLedger(Protocol):
    """What the ledger holds of one person, as far as choosing a way asks for it."""

    @property
    def id(self) -> UUID: ...
    @property
    def number(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def flags(self) -> str: ...
    @property
    def deceased(self) -> bool: ...
    @property
    def details(self) -> bytes: ...
    @property
    def guardian_id(self) -> UUID | None: ...
    @property
    def guardian_verified(self) -> bool: ...
    @property
    def guardian_conflict(self) -> bool | None: ...


@dataclass(frozen=True)
class Behind:
    """Whose lines are wanted: one set of the balance, one kind, one wave; empty means all."""

    only: str = ""
    kind: str = ""
    wave_id: UUID | None = None

    def conditions(self) -> list[sa.ColumnElement[bool]]:
        """The same as conditions on Person."""
        found = [among(self.only)] if self.only else []
        found += [Person.kind == self.kind] if self.kind else []
        return found + ([in_wave(self.wave_id)] if self.wave_id else [])


def listed(
    session: Session, incident_id: UUID, behind: Behind | None = None, *, first: int = 1, most: int | None = None
) -> Iterator[Listed]:
    """By number from *first* on, at most so many: everyone on the ledger, or those *behind* a number, with the live notice."""
    live = sa.and_(Notice.person_id == Person.id, sa.text(LIVE))
    query = (
        sa.select(Person.number, Person.kind, Person.flags, Person.deceased, Notice.channel, Notice.state)
        .join(Notice, live, isouter=True)
        .where(Person.incident_id == incident_id, Person.number >= first, *(behind.conditions() if behind else ()))
        .order_by(Person.number)
        .limit(most)
        .execution_options(yield_per=1000)
    )
    for number, kind, flags, deceased, channel, state in session.execute(query):
        yield Listed(number, kind, tuple(json.loads(flags)), deceased, channel, state)


def by_number(session: Session, incident_id: UUID, number: int) -> Person | None:
    """The person of this number."""
    return session.scalar(sa.select(Person).where(Person.incident_id == incident_id, Person.number == number))


def next_number(session: Session, incident_id: UUID) -> int:
    """The number that the next person of this incident gets."""
    return (session.scalar(sa.select(sa.func.max(Person.number)).where(Person.incident_id == incident_id)) or 0) + 1


def waiting_to_be_told(
    session: Session,
    incident_id: UUID,
    kinds: Sequence[str] = AFFECTED_KINDS,
    *,
    after: int = 0,
    most: int | None = None,
) -> list[Person]:
    """Those without a live notice, neither covered by a decision nor held back by law, by number from beyond *after*. The dead are among them."""
    covered = sa.select(Decision.id).where(
        Decision.id.in_([Person.exemption_id, Person.substitute_id]), Decision.state == "stands"
    )
    live = sa.select(Notice.nid).where(Notice.person_id == Person.id, sa.text(LIVE))
    query = sa.select(Person).where(
        Person.incident_id == incident_id,
        Person.number > after,
        Person.kind.in_(kinds),
        ~live.exists(),
        ~covered.exists(),
        ~is_held_back(),
    )
    return list(session.scalars(query.order_by(Person.number).limit(most)))


def draftable(session: Session, incident_id: UUID, kinds: Sequence[str], languages: Sequence[str] = ()) -> list[Person]:
    """Those who wait to be told, and those whose only living notice is in a draft that nobody approved yet; by number."""
    query = sa.select(Person).where(*_draftable(incident_id, kinds, languages))
    return list(session.scalars(query.order_by(Person.number)))


def draftable_counts(
    session: Session, incident_id: UUID, kinds: Sequence[str], languages: Sequence[str] = ()
) -> dict[tuple[str, str], int]:
    """How many they are, by kind and language."""
    query = sa.select(Person.kind, Person.language, sa.func.count()).where(*_draftable(incident_id, kinds, languages))
    rows = session.execute(query.group_by(Person.kind, Person.language)).tuples()
    return {(kind, language): number for kind, language, number in rows}


def _draftable(incident_id: UUID, kinds: Sequence[str], languages: Sequence[str]) -> tuple[sa.ColumnElement[bool], ...]:
    covered = sa.select(Decision.id).where(
        Decision.id.in_([Person.exemption_id, Person.substitute_id]), Decision.state == "stands"
    )
    bound = sa.select(Notice.nid).where(Notice.person_id == Person.id, sa.text(LIVE), ~_in_an_open_draft())
    spoken = (Person.language.in_(languages),) if languages else ()
    return (
        Person.incident_id == incident_id,
        Person.kind.in_(kinds),
        *spoken,
        ~bound.exists(),
        ~covered.exists(),
        ~is_held_back(),
    )


def _in_an_open_draft() -> sa.ColumnElement[bool]:
    open_draft = sa.select(Wave.id).where(Wave.id == Notice.wave_id, Wave.state == "draft")
    return sa.and_(Notice.state == "drafted", open_draft.correlate(Notice).exists())


_TRIED = (
    sa.select(Notice.person_id, sa.func.max(Notice.rung))
    .where(
        Notice.incident_id == sa.bindparam("incident"),
        Notice.kind.in_(sa.bindparam("kinds", expanding=True)),
        Notice.person_id.in_(sa.bindparam("people", expanding=True)),
        Notice.state.in_(("bounced", "rejected")),
    )
    .group_by(Notice.person_id)
)


def tried(session: Session, incident_id: UUID, among: Sequence[OnLedger]) -> dict[UUID, int]:
    """For each of these people whom a way has failed, the highest rung of the ladder that was tried."""
    mine = {"incident": incident_id, "kinds": list({one.kind for one in among}), "people": [one.id for one in among]}
    return dict(session.execute(_TRIED, mine).tuples().all())


def guardians(session: Session, among: Sequence[OnLedger]) -> dict[UUID, tuple[Person, bool]]:
    """The guardians of these people, each with whether their interests conflict with anyone's whom they speak for."""
    wanted = {one.guardian_id for one in among} - {None}
    if not wanted:
        return {}
    ward = aliased(Person)
    suspected = sa.select(ward.id).where(ward.guardian_id == Person.id, ward.guardian_conflict.is_(True)).exists()
    query = sa.select(Person, suspected).where(Person.id.in_(wanted))
    return {person.id: (person, bool(conflict)) for person, conflict in session.execute(query)}


def wards(session: Session, among: Sequence[UUID]) -> list[UUID]:
    """Those whom these people speak for, and whoever else is spoken for by the same guardians."""
    own = aliased(Person)
    of_the_same = sa.select(own.guardian_id).where(own.id.in_(among), own.guardian_id.is_not(None))
    query = sa.select(Person.id).where(sa.or_(Person.guardian_id.in_(among), Person.guardian_id.in_(of_the_same)))
    return list(session.scalars(query))


_RELEASES = (
    sa.select(Decision.about, Decision.choice)
    .where(
        Decision.incident_id == sa.bindparam("incident"),
        Decision.kind == "release",
        Decision.state == "stands",
        Decision.review_at > sa.bindparam("now"),
    )
    .order_by(Decision.number)
)


def releases(session: Session, incident_id: UUID, now: datetime) -> dict[int, str]:
    """What two people released for one person, by the person's number; the latest that stands counts, until its review."""
    rows = session.execute(_RELEASES, {"incident": incident_id, "now": now}).tuples()
    return {int(about.removeprefix("person ")): choice for about, choice in rows}


def imports(session: Session, incident_id: UUID) -> Sequence[Import]:
    """Every list taken in, oldest first."""
    return session.scalars(
        sa.select(Import).where(Import.incident_id == incident_id).order_by(Import.imported_at)
    ).all()
