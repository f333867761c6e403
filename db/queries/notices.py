"""Questions about waves and notices: which there are, how far they are, and what was tried for each."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Attempt, Notice, Person, Receipt, Wave

AUTOMATIC = ("email", "letter")
LOOKED_AT, SAMPLES = 500, 12
UNFINISHED = ("drafted", "held", "queued", "sending", "unknown")


def waves_of(session: Session, incident_id: UUID) -> Sequence[Wave]:
    """Every wave of the incident, in order."""
    return session.scalars(sa.select(Wave).where(Wave.incident_id == incident_id).order_by(Wave.number)).all()


def wave_by_number(session: Session, incident_id: UUID, number: int) -> Wave | None:
    """The wave of this number."""
    return session.scalar(sa.select(Wave).where(Wave.incident_id == incident_id, Wave.number == number))


def next_wave_number(session: Session, incident_id: UUID) -> int:
    """The number that the next wave of this incident gets."""
    return (session.scalar(sa.select(sa.func.max(Wave.number)).where(Wave.incident_id == incident_id)) or 0) + 1


class Counts(dict[tuple[str, str], int]):
    """How many notices of a wave are in each state, by way. Counted once for all that is asked of it: a million take a while."""

    @property
    def states(self) -> dict[str, int]:
        """In each state."""
        return self._by(0)

    @property
    def ways(self) -> dict[str, int]:
        """By each way."""
        return self._by(1)

    def _by(self, place: int) -> dict[str, int]:
        found = Counter[str]()
        for key, number in self.items():
            found[key[place]] += number
        return dict(found)


def counts_of(session: Session, wave_id: UUID) -> Counts:
    """How many notices of the wave are in each state, by way."""
    query = sa.select(Notice.state, Notice.channel, sa.func.count()).where(Notice.wave_id == wave_id)
    rows = session.execute(query.group_by(Notice.state, Notice.channel)).tuples()
    return Counts({(state, channel): number for state, channel, number in rows})


def progress(session: Session, wave_id: UUID) -> dict[str, int]:
    """How many notices of the wave are in each state."""
    return counts_of(session, wave_id).states


def progress_of_waves(session: Session, incident_id: UUID) -> dict[UUID, dict[str, int]]:
    """The same of each wave of the incident that has notices."""
    mine = sa.select(Wave.id).where(Wave.incident_id == incident_id)
    columns = (Notice.wave_id, Notice.state)
    query = sa.select(*columns, sa.func.count()).where(Notice.wave_id.in_(mine)).group_by(*columns)
    found: dict[UUID, dict[str, int]] = {}
    for wave_id, state, how_many in session.execute(query):
        found.setdefault(wave_id, {})[state] = how_many
    return found


def samples_of(session: Session, wave: Wave, counts: Counts) -> list[tuple[int, str, str]]:
    """Some people of the wave: number, channel, kind; of each channel and kind the lowest numbers that a look at some hundreds finds."""
    people = sa.select(Person.number, Notice.channel, Person.kind).join(Person, Person.id == Notice.person_id)
    people = people.where(Notice.incident_id == wave.incident_id, Notice.wave_id == wave.id)
    found = set[tuple[int, str, str]]()
    for state, channel in counts:
        alike = people.where(Notice.state == state, Notice.channel == channel).order_by(Notice.nid)
        found |= set(session.execute(alike.limit(LOOKED_AT)).tuples())
    for kind in set(wave.audience) - {kind for _, _, kind in found}:
        found |= set(session.execute(people.where(Notice.kind == kind).limit(1)).tuples())
    before = Counter[tuple[str, str]]()
    ranked = list[tuple[int, tuple[int, str, str]]]()
    for number, channel, kind in sorted(found):
        ranked.append((before[channel, kind], (number, channel, kind)))
        before[channel, kind] += 1
    return [one for _, one in sorted(ranked)[:SAMPLES]]


def notices_to(session: Session, person_id: UUID) -> Sequence[Notice]:
    """Everything drafted for one person, in the order of its waves."""
    query = sa.select(Notice).join(Wave, Notice.wave_id == Wave.id).where(Notice.person_id == person_id)
    return session.scalars(query.order_by(Wave.number)).all()


def attempts_at(session: Session, nid: UUID) -> Sequence[Attempt]:
    """Each try to hand this notice over, in order."""
    return session.scalars(sa.select(Attempt).where(Attempt.notice_id == nid).order_by(Attempt.number)).all()


def receipts_for(session: Session, nid: UUID) -> Sequence[Receipt]:
    """The proof that there is for this notice, oldest first."""
    return session.scalars(sa.select(Receipt).where(Receipt.notice_id == nid).order_by(Receipt.at)).all()


def moving_waves(session: Session) -> Sequence[Wave]:
    """Waves with notices on their way or of unknown fate, and launched ones that are not done."""
    moving = sa.select(Notice.nid).where(Notice.wave_id == Wave.id, Notice.state.in_(("sending", "unknown")))
    query = sa.select(Wave).where(sa.or_(Wave.state.in_(("launched", "paused")), moving.exists()))
    return session.scalars(query.order_by(Wave.incident_id, Wave.number)).all()
