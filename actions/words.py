"""Finds the words of a notice: what is told to one kind of people, from the facts and the settings; names what is still to be written."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from actions.desk import Act
from actions.known import FOR_AUDIENCE
from db.chain import canonical
from db.models import Obligation
from db.queries.facts import as_known
from rulebook.library import book

OWN_WORDS_ONLY = ("accused", "third_party")
"""What was written for others is never shown to these: it may say something about someone else."""

NEEDED = ("what_happened", "occurred_on", "discovered_on")
WORDS_OF = {
    "consequences": "consequences",
    "measures": "measures",
    "advice": "advice",
    "data_affected": "data_in_words",
}
"""Which story fact holds what the law demands."""

USUALLY_DEMANDED = ("nature", "contact_point", "consequences", "measures")
"""What every law of the book wants said to people; for notices that no duty has asked for yet."""

_NUMBER = re.compile(r"\+?\d[\d ]{5,}\d")
_SHORT = re.compile(r"\s*\(([^)]+)\)")


@dataclass(frozen=True)
class Words:
    """What is the same in every notice to one kind of people, and what is missing from it."""

    data: dict[str, Any] = field(repr=False)
    missing: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """Changes when any word does."""
        return hashlib.sha256(canonical(self.data).encode()).hexdigest()

    def mention(self, names: Iterable[str]) -> bool:
        """Whether one of these people is named in them."""
        told = {key: self.data[key] for key in ("incident", "support")}
        text = " ".join(canonical(told).casefold().split())
        return any(re.search(rf"\b{re.escape(' '.join(name.casefold().split()))}\b", text) for name in names if name)


def words_for(act: Act, kind: str) -> Words:
    """The words for people of this kind, as the facts stand now."""
    known = as_known(act.session, act.incident.id)
    owed = duties_to_people(act)
    story = {name: _story(known, kind, name) for name in (*NEEDED, *FOR_AUDIENCE)}
    wanted = [*NEEDED, *(WORDS_OF[key] for key in demanded(owed) if key in WORDS_OF)]
    missing = [_fact_name(kind, name) for name in dict.fromkeys(wanted) if not story[name]]
    data = {
        "organisation": _organisation(act),
        "incident": _incident(act, story),
        "authorities": _authorities(act, owed),
        "support": story["support"] or [],
        "exercise": act.incident.sealed,
    }
    return Words(data, (*missing, *_missing_settings(act)))


def words_sha256(words: Mapping[str, Words]) -> str:
    """One hash over the words of several kinds."""
    return hashlib.sha256(canonical({kind: own.sha256 for kind, own in words.items()}).encode()).hexdigest()


def duties_to_people(act: Act) -> Sequence[Obligation]:
    """The duties to tell individuals that apply here, done or not."""
    query = sa.select(Obligation).where(
        Obligation.incident_id == act.incident.id,
        Obligation.recipient == "individuals",
        Obligation.state.in_(("open", "met")),
    )
    return act.session.scalars(query.order_by(Obligation.duty)).all()


def demanded(duties: Iterable[Obligation]) -> tuple[str, ...]:
    """The contents that these duties demand together; the usual ones where there are none."""
    keys = dict.fromkeys(key for duty in duties for key in duty.contents)
    return tuple(keys) or USUALLY_DEMANDED


def _story(known: Mapping[str, Any], kind: str, name: str) -> Any:
    own = known.get(f"story.{kind}.{name}")
    if own or (kind in OWN_WORDS_ONLY and name in FOR_AUDIENCE):
        return own
    return known.get(f"story.{name}")


def _fact_name(kind: str, name: str) -> str:
    return f"story.{kind}.{name}" if kind in OWN_WORDS_ONLY and name in FOR_AUDIENCE else f"story.{name}"


def _organisation(act: Act) -> dict[str, Any]:
    settings = act.desk.settings
    return {
        "name": settings.organisation,
        "contact_name": settings.contact_name,
        "contact_role": settings.contact_role,
        "phone": settings.contact_phone,
        "email": settings.contact_email,
        "postal": [line.strip() for line in settings.organisation_address.split(";") if line.strip()],
    }


def _missing_settings(act: Act) -> list[str]:
    needed = ("contact_name", "contact_phone", "contact_email")
    return [f"FORTHWITH_{name.upper()}" for name in needed if not getattr(act.desk.settings, name).strip()]


def _incident(act: Act, story: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "reference": act.incident.reference,
        "what_happened": story["what_happened"],
        "occurred_on": story["occurred_on"],
        "discovered_on": story["discovered_on"],
        "data_kinds": story["data_in_words"] or [],
        "consequences": story["consequences"] or [],
        "measures": story["measures"] or [],
        "advice": story["advice"] or [],
    }


def _authorities(act: Act, duties: Sequence[Obligation]) -> dict[str, dict[str, Any]]:
    """Whom people can complain to, by the country that they live in; under no country the one for everybody else.

    That is the authority of the law which says that they must be told; where no law does, that of our own country.
    """
    laws = {duty.law for duty in duties}
    query = sa.select(Obligation.law, Obligation.authority).where(
        Obligation.incident_id == act.incident.id, Obligation.authority != "", Obligation.answer == "applies"
    )
    rows = sorted(act.session.execute(query), key=lambda row: (row[0] not in laws, row))
    found = {book().authorities[key].country: _authority(key) for _, key in reversed(rows)}
    own = next(iter(act.desk.settings.establishments), "GB")
    return found | {"": found.get(own) or _authority(rows[0][1] if rows else _of_country(own))}


def _of_country(country: str) -> str:
    keys = sorted(key for key, authority in book().authorities.items() if authority.country == country)
    return keys[0] if keys else "uk/ico"


def _authority(key: str) -> dict[str, Any]:
    authority = book().authorities[key]
    name, short = _SHORT.sub("", authority.name), _SHORT.search(authority.name)
    phones = [found[0] for way in authority.ways if way.kind == "phone" and (found := _NUMBER.search(way.says))]
    return {
        "name": name,
        "phone": phones[0] if phones else None,
        "website_name": f"{name} {short[1]}" if short else name,
    }
