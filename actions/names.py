"""The names of facts that something asks about, each with what it means, for whoever records one."""

from actions.known import STORY
from rulebook.codes import words

LAW = {
    "organisation.roles": "roles in this matter: a list of codes",
    "organisation.sectors": "sectors: a list of codes",
    "organisation.establishments": "countries where it is established: a list",
    "organisation.main_establishment": "the main one among them",
    "organisation.directed_at": "countries to whose people it offers goods or services, or whom it watches: a list",
    "organisation.processed_in": "countries where the data was kept or handled: a list",
    "organisation.time_zone": "such as Europe/London",
    "data": "kinds of data: a list of codes",
    "kinds": "kinds of people: a list of codes",
    "people.PLACE": "how many people live there; PLACE is a country or a subdivision (people.GB=15)",
    "risk": "unlikely, risk, high or unknown; better decided than added: 'forthwith decide INCIDENT risk high'",
    "purposes": "what the data was used for: a list of codes",
    "medium": "what held it: a list of codes",
    "nature": "what happened to it: a list of codes",
    "protection.encrypted": "true or false",
    "protection.key_compromised": "true or false",
    "protection.recovered": "true or false",
    "protection.backup": "true or false",
    "severity.dpc.CATEGORY": "the ENISA score's data category, with its points or null",
    "severity.ei": "how easily people are identified",
}


def law_facts_told() -> dict[str, str]:
    """The facts that laws ask about."""
    coded = {f"{name}.{code}": meaning for name in ("events", "findings") for code, meaning in words()[name].items()}
    return LAW | coded


def story_told() -> dict[str, str]:
    """The facts that letters and reports tell."""
    return {name: says for name, (_, says) in STORY.items()}
