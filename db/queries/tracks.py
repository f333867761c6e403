"""Questions about how far an incident is: four tracks that run side by side, and the stages that follow from them."""

from collections import Counter
from dataclasses import asdict, dataclass
from itertools import takewhile
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Incident, Obligation, Task
from db.models.obligation import TOLD_OTHERWISE
from db.queries.numbers import Numbers, numbers

STAGES = ("detected", "assessed", "contained", "people notified", "reported", "closed")


@dataclass(frozen=True)
class Tracks:
    """Counts of each track: measures done and verified; duties to authorities; people; duties still undecided."""

    measures: int
    measures_done: int
    measures_verified: int
    reports_owed: int
    reports_met: int
    people_owed: int
    people_affected: int
    people_pending: int
    undecided: int
    assessed: bool
    closed: bool

    def reached(self) -> dict[str, bool]:
        """Each stage, and whether it is reached; containment does not wait for reports, nor they for it."""
        contained = self.measures > 0 and self.measures_verified == self.measures
        notified = self.assessed and self.people_pending == 0 and self.people_owed == 0 and self.undecided == 0
        reported = self.assessed and self.reports_owed == 0 and self.undecided == 0
        held = (True, self.assessed, contained, notified, reported, self.closed)
        return dict(zip(STAGES, held, strict=True))

    @property
    def stage(self) -> str:
        """The furthest stage before which none is missing."""
        return [name for name, held in takewhile(lambda one: one[1], self.reached().items())][-1]

    def as_json(self) -> dict[str, Any]:
        """The same as plain values, with the stages."""
        return asdict(self) | {"stage": self.stage, "stages": self.reached()}


def tracks(session: Session, incident: Incident, people: Numbers | None = None) -> Tracks:
    """How far each track is now. *people* spares counting them again where that was done."""
    people = people or numbers(session, incident.id)
    duties = _duties(session, incident)
    measures = session.execute(
        sa.select(Task.state, Task.verified_at).where(
            Task.incident_id == incident.id, Task.kind == "containment", Task.state != "cancelled"
        )
    ).all()
    return Tracks(
        measures=len(measures),
        measures_done=sum(one.state == "done" for one in measures),
        measures_verified=sum(one.verified_at is not None for one in measures),
        reports_owed=duties["authority", "open"],
        reports_met=duties["authority", "met"],
        people_owed=duties["individuals", "open"],
        people_affected=people.affected,
        people_pending=people.pending,
        undecided=duties["", "undecided"],
        assessed=_is_assessed(session, incident),
        closed=incident.closed_at is not None,
    )


def _is_assessed(session: Session, incident: Incident) -> bool:
    mine = sa.select(Obligation.id).where(Obligation.incident_id == incident.id)
    return bool(session.scalar(sa.select(mine.exists())))


def _duties(session: Session, incident: Incident) -> Counter[tuple[str, str]]:
    """How many duties to 'authority' (whoever gets a report) and to the others are in each state, and how many are undecided."""
    columns = (Obligation.recipient, Obligation.state, Obligation.answer)
    query = sa.select(*columns, sa.func.count()).where(Obligation.incident_id == incident.id).group_by(*columns)
    counted: Counter[tuple[str, str]] = Counter()
    for recipient, state, answer, how_many in session.execute(query):
        counted[recipient if recipient in TOLD_OTHERWISE else "authority", state] += how_many
        if state == "watching" and answer == "unknown":
            counted["", "undecided"] += how_many
    return counted
