"""Where an act happens: who acts, on which database, with which keys and clock, inside one transaction with its journal entry."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from types import TracebackType
from typing import Any, Self
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions import clock, journal
from actions.errors import Conflict, NotFound
from db.models import Exercise, Incident, IncidentKey, Trigger
from db.session import Database, reading
from db.transaction import writing, writing_if_free
from db.vault import IncidentVault, MasterVault, VaultError, read_master_key
from settings import __version__
from settings.model import Settings


@dataclass
class Act:
    """One transaction on one incident. Every act that changes something says so with journal()."""

    desk: "Desk"
    session: Session
    verb: str
    incident: Incident
    exercise: Exercise | None
    now: datetime
    triggers: list[Trigger] = field(default_factory=list)

    @cached_property
    def vault(self) -> IncidentVault:
        """The incident's own key. Raises VaultError when it was destroyed or the master key is another one."""
        return self.desk.vault(self.session, self.incident.id)

    def journal(self, subject: str = "", /, **details: Any) -> None:
        """Record what was done; *details* hold ids, codes and numbers, never data of affected people."""
        journal.append(
            self.session,
            str(self.incident.id),
            self.desk.entry(self.verb, self.now, subject, details) | {"incident": self.incident.reference},
        )

    def ask_for(self, flow: str, because: str, wave_id: UUID | None = None) -> Trigger:
        """Wish for a flow run: the row is written with this act, the run is started after it. One wish waits at a time."""
        mine = (
            Trigger.incident_id == self.incident.id,
            Trigger.flow == flow,
            Trigger.wave_id.is_not_distinct_from(wave_id),
        )
        trigger = self.session.scalar(
            sa.select(Trigger).where(*mine, Trigger.asked_at.is_(None), Trigger.done_at.is_(None))
        )
        if trigger is None:
            trigger = Trigger(
                id=uuid4(),
                flow=flow,
                incident_id=self.incident.id,
                wave_id=wave_id,
                because=because,
                requested_at=clock.now(),
                key="",
            )
            trigger.key = f"{self.incident.id}:{flow}:{trigger.id.hex[:12]}"
            self.session.add(trigger)
            self.session.flush()
        self.triggers.append(trigger)
        return trigger


class Desk:
    """Opens acts. Holds the settings, the database and the actor; close it, or use it in a with statement."""

    def __init__(
        self, settings: Settings, actor: str, flow_run_id: str | None = None, database: Database | None = None
    ) -> None:
        if not actor.strip():
            raise Conflict("Nobody is named as the one who acts: pass --as NAME or set FORTHWITH_ACTOR.")
        self.settings = settings
        self.actor = actor.strip()
        self.flow_run_id = flow_run_id
        self.database = database or Database(settings.url)
        self.asked: list[Trigger] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give back the database's connections."""
        self.database.close()

    def acting_as(self, actor: str) -> "Desk":
        """The same desk with someone else at it; shares the database."""
        return Desk(self.settings, actor, self.flow_run_id, self.database)

    @cached_property
    def master(self) -> MasterVault:
        """The master key. Raises VaultError when it is missing."""
        return read_master_key(self.settings.key_file)

    @contextmanager
    def act(self, verb: str, incident: UUID | str, *, closed_too: bool = False) -> Iterator[Act]:
        """One transaction on one incident, whose row is locked so that acts on it follow each other.

        Raises NotFound for an unknown incident, Conflict for a closed one unless *closed_too*.
        """
        with writing(self.database) as session:
            found = find(session, incident, lock=True)
            if found.closed_at and not closed_too:
                raise Conflict(
                    f"{found.reference} is closed since {found.closed_at:%d %B %Y %H:%M} UTC; declare a new incident and refer to it."
                )
            exercise = session.get(Exercise, found.exercise_id) if found.exercise_id else None
            act = Act(self, session, verb, found, exercise, clock.now(exercise))
            yield act
        self.asked.extend(act.triggers)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction that is not about a single incident (declaring, heartbeats, claiming a batch)."""
        with writing(self.database) as session:
            yield session

    @contextmanager
    def writing_if_free(self) -> Iterator[Session | None]:
        """A transaction for what may be left out rather than waited for; None where somebody else is writing."""
        with writing_if_free(self.database) as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for questions; it cannot change anything."""
        with reading(self.database) as session:
            yield session

    def vault(self, session: Session, incident_id: UUID) -> IncidentVault:
        """The key of one incident. Raises VaultError when it was destroyed or wrapped by another master key."""
        row = session.get(IncidentKey, incident_id)
        if row is None or row.wrapped is None:
            raise VaultError("The key of this incident was destroyed; its people's data cannot be read any more.")
        return self.master.unwrap(row.wrapped, str(incident_id))

    def entry(self, verb: str, at: datetime, subject: str, details: dict[str, Any]) -> dict[str, Any]:
        """A journal entry's body: who, what, when (incident time and real time), by which version and flow run."""
        return {
            "act": verb,
            "at": at,
            "recorded_at": clock.now(),
            "actor": self.actor,
            "flow_run_id": self.flow_run_id,
            "version": __version__,
            "subject": subject,
            "details": details,
        }


def open_desk(settings: Settings, actor: str, flow_run_id: str | None = None) -> Desk:
    """A desk on the settings' database."""
    return Desk(settings, actor, flow_run_id)


def find(session: Session, incident: UUID | str, *, lock: bool = False) -> Incident:
    """The incident of this id or reference. Raises NotFound with what to do."""
    column = Incident.id if isinstance(incident, UUID) else Incident.reference
    value = incident if isinstance(incident, UUID) else incident.strip().upper()
    query = sa.select(Incident).where(column == value)
    # What else is written of an incident refers to its row; that must not wait for this lock, or two might wait for each other.
    found = session.scalar(query.with_for_update(key_share=True) if lock else query)
    if found is None:
        raise NotFound(f"There is no incident {incident}; 'forthwith list' shows those there are.")
    return found
