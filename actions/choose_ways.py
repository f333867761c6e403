"""Chooses, for each person on the ledger, the way that they can be told today, and the text that their case needs."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from actions.desk import Act
from actions.enter_people import details_of, local_day
from actions.safe_contact import Guardian, Known, Way, way_to
from actions.write_notice import template_for
from db.models import Person
from db.models.person import CIRCLES
from db.queries.people import tried

CIRCLE_OF = {kind: circle for circle, kinds in CIRCLES.items() for kind in kinds}


@dataclass(frozen=True)
class Chosen:
    """One person with their way."""

    person: Person = field(repr=False)
    known: Known = field(repr=False)
    way: Way
    template: str

    @property
    def circle(self) -> str:
        """Whom they may be in one wave with."""
        return CIRCLE_OF[self.person.kind]


def choose_ways(act: Act, people: Iterable[Person]) -> list[Chosen]:
    """The way of each, as of now."""
    failed, today = tried(act.session, act.incident.id), today_of(act)
    return [_choose(act, person, failed, today) for person in people]


def today_of(act: Act) -> date:
    """The incident's day, by which ages and safe contacts are judged."""
    return local_day(act.now, act.incident.time_zone)


def _choose(act: Act, person: Person, failed: Mapping[UUID, int], today: date) -> Chosen:
    known = known_of(act, person)
    return Chosen(person, known, way_to(known, today, failed.get(person.id, 0)), template_for(person.kind, known))


def known_of(act: Act, person: Person) -> Known:
    """What the ledger knows of one person, opened."""
    flags = frozenset(json.loads(person.flags))
    return Known(details_of(act, person), flags, person.deceased, _guardian(act, person))


def _guardian(act: Act, person: Person) -> Guardian | None:
    if person.guardian_id is None:
        return None
    guardian = act.session.scalars(sa.select(Person).where(Person.id == person.guardian_id)).one()
    return Guardian(
        details=details_of(act, guardian),
        kind=guardian.kind,
        flags=frozenset(json.loads(guardian.flags)),
        deceased=guardian.deceased,
        verified=person.guardian_verified,
        conflict=person.guardian_conflict,
    )
