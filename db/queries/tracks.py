"""Questions about how far an incident is: four tracks that run side by side, and the stages that follow from them."""

from dataclasses import asdict, dataclass
from itertools import takewhile
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Incident, Obligation, Task
from db.models.obligation import TOLD_OTHERWISE
from db.queries.balance import balance

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


def tracks(session: Session, incident: Incident) -> Tracks:
    """How far each track is now."""
    duties = session.scalars(sa.select(Obligation).where(Obligation.incident_id == incident.id)).all()
    measures = session.scalars(
        sa.select(Task).where(Task.incident_id == incident.id, Task.kind == "containment", Task.state != "cancelled")
    ).all()
    people = balance(session, incident.id)
    to_authorities = [one for one in duties if one.recipient not in TOLD_OTHERWISE]
    return Tracks(
        measures=len(measures),
        measures_done=sum(one.state == "done" for one in measures),
        measures_verified=sum(one.verified_at is not None for one in measures),
        reports_owed=sum(one.state == "open" for one in to_authorities),
        reports_met=sum(one.state == "met" for one in to_authorities),
        people_owed=sum(one.state == "open" and one.recipient == "individuals" for one in duties),
        people_affected=len(people.affected),
        people_pending=len(people.pending),
        undecided=sum(one.state == "watching" and one.answer == "unknown" for one in duties),
        assessed=bool(duties),
        closed=incident.closed_at is not None,
    )
