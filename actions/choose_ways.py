"""Chooses, for each person on the ledger, the way that they can be told today, and the text that their case needs."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import TypeVar, cast
from uuid import UUID

from actions.desk import Act
from actions.enter_people import details_of, local_day
from actions.safe_contact import Guardian, Known, Release, Way, way_to
from actions.write_notice import template_for
from db.models import Person
from db.models.person import CIRCLES
from db.queries.people import OnLedger, guardians, releases, tried

CHUNK = 500
CIRCLE_OF = {kind: circle for circle, kinds in CIRCLES.items() for kind in kinds}


One = TypeVar("One", bound=OnLedger)


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
    return list(each_way(act, people))


def each_way(act: Act, people: Iterable[Person]) -> Iterator[Chosen]:
    """The same one after the other, so that a million need no more memory than a few hundred."""
    for person, known, way in each_known(act, people):
        yield Chosen(person, known, way, template_for(person.kind, known))


def each_known(act: Act, people: Iterable[One]) -> Iterator[tuple[One, Known, Way]]:
    """Each with what is known of them and their way as of now."""
    today, waiting = today_of(act), iter(people)
    released = releases(act.session, act.incident.id, act.now)
    while some := list(islice(waiting, CHUNK)):
        failed = tried(act.session, act.incident.id, some)
        told_for = guardians(act.session, some)
        for person in some:
            guardian = _guardian(act, person, told_for)
            known = _known(act, person, guardian, released.get(person.number, ""))
            yield person, known, way_to(known, today, failed.get(person.id, 0))


def today_of(act: Act) -> date:
    """The incident's day, by which ages and safe contacts are judged."""
    return local_day(act.now, act.incident.time_zone)


def _known(act: Act, person: OnLedger, guardian: Guardian | None, release: str) -> Known:
    flags = frozenset(json.loads(person.flags))
    return Known(details_of(act, person), flags, person.deceased, guardian, cast(Release, release))


def _guardian(act: Act, person: OnLedger, told_for: Mapping[UUID, tuple[Person, bool]]) -> Guardian | None:
    if person.guardian_id is None:
        return None
    guardian, suspected = told_for[person.guardian_id]
    return Guardian(
        details=details_of(act, guardian),
        kind=guardian.kind,
        flags=frozenset(json.loads(guardian.flags)),
        deceased=guardian.deceased,
        verified=person.guardian_verified,
        conflict=person.guardian_conflict,
        suspected=suspected,
    )
