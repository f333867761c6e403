"""What the ledger keeps of checked people: sealed, indexed, flagged."""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from actions.cells import LINE_BREAK, Setting
from actions.desk import Act
from actions.details import Details
from db.models import Incident
from db.queries.people import OnLedger
from db.vault import IncidentVault
from rulebook import places
from settings.model import Settings

_KNOWN = {"yes": True, "no": False}


def setting_of(act: Act) -> Setting:
    """What the rows of this incident are read against."""
    return setting_at(act.desk.settings, act.incident, act.now)


def setting_at(settings: Settings, incident: Incident, now: datetime) -> Setting:
    """What the rows of an incident are read against at this moment."""
    established = settings.establishments
    return Setting(local_day(now, incident.time_zone), places.country(established[0]) if established else "GB")


def local_day(at: datetime, zone: str) -> date:
    """The day that it is there at that moment."""
    return at.astimezone(ZoneInfo(zone)).date()


def person_id(vault: IncidentVault, details: Details) -> UUID:
    """The person's id, made from what identifies them: the same row gives the same id, and the id tells nothing."""
    return id_of(row_key(vault, details))


def id_of(key: bytes) -> UUID:
    """The id that belongs to a row's key: in the order of keys, so that indexes of either grow alike."""
    return UUID(bytes=key[:16])


def row_key(vault: IncidentVault, details: Details) -> bytes:
    """The blind index of what identifies the person."""
    return vault.index(details.identity(), "identity")


def guardian_id(vault: IncidentVault, details: Details) -> UUID | None:
    """The id of the guardian whom the row names."""
    named = details.get("guardian_reference")
    return person_id(vault, Details({"reference": named})) if named else None


def flags_of(details: Details, today: date) -> list[str]:
    """The flags that the row itself gives: those written in it, a victim's, and a child's by the birth date."""
    flags = set(filter(None, details.get("flags").split(LINE_BREAK)))
    if details.get("kind") == "victim":
        flags.add("victim")
    if details.is_child(today):
        flags.add("child")
    return sorted(flags)


def columns_of(vault: IncidentVault, details: Details, person: UUID, today: date) -> dict[str, Any]:
    """What the ledger keeps of the person; everything that names or reaches them is sealed."""
    flags, get, written, safe = flags_of(details, today), details.cells.get, details.to_bytes(), details.safe
    return {
        "row_hash": vault.index_of(written, "row"),  # shows whether anything in it is different
        "kind": get("kind", ""),
        "language": get("language") or "en",
        "flagged": bool(flags),
        "flags": json.dumps(flags) if flags else "[]",
        "deceased": get("deceased") == "yes",
        "details": vault.seal(written, f"people/details/{person}"),
        "guardian_verified": get("guardian_verified") == "yes",
        "guardian_conflict": _KNOWN.get(get("guardian_conflict", "")),
        "safe_until": safe.until if safe else None,
    }


def contact_points(act: Act, person: UUID, details: Details) -> list[dict[str, Any]]:
    """The blind indexes of everything by which the person is reached."""
    return [
        {"person_id": person, "incident_id": act.incident.id, "kind": kind, "digest": digest}
        for kind, digest in digests(act.vault, details)
    ]


def digests(vault: IncidentVault, details: Details) -> list[tuple[str, bytes]]:
    """Each way to reach the person, by kind, as a blind index."""
    return [(kind, vault.index(value, kind)) for kind, value in sorted(details.contact_points())]


def details_of(act: Act, person: OnLedger) -> Details:
    """Open what is sealed of a person. Raises VaultError when the key is gone."""
    return Details.from_bytes(act.vault.open(person.details, f"people/details/{person.id}"))
