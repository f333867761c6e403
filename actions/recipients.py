"""Who is told of a rung: by its level the people of the incident, each once, and the alarm targets that listen."""

from dataclasses import dataclass

from actions import clock
from actions.desk import Act
from actions.targets import labels_of
from db.models import HandOver, Obligation
from db.queries.absences import with_delegates
from db.queries.accounts import addresses_of


@dataclass(frozen=True)
class Told:
    """People by their address, and targets by their label, which shows no more of a target than its kind."""

    people: tuple[str, ...]
    targets: tuple[str, ...]


def recipients(act: Act, subject: Obligation | HandOver, level: int) -> Told:
    """Level 1 is the owner and whoever a hand-over waits for, 2 the deputy too, 3 the executive and the data protection
    officer too, 4 every manager too. An exercise reaches no target: what is outside the house hears of real things only.
    """
    incident = act.incident
    people = [subject.to] if isinstance(subject, HandOver) else []
    people += [incident.owner, incident.deputy, incident.executive][:level]
    if level >= 3:
        people.append(incident.data_protection_officer)
    if level >= 4:
        people += addresses_of(act.session, "manager")
    each = tuple(with_delegates(act.session, people, clock.real_now()))
    return Told(each, () if incident.sealed else tuple(labels_of(act.desk.settings, level, each)))
