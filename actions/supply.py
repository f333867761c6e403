"""How what a report lacks is supplied: the fact to record, the setting to make, or the act that brings it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from actions.form_facts import OPTIONS
from notices.forms.form import PORTAL

SETTINGS = {
    "organisation.name": "FORTHWITH_ORGANISATION",
    "organisation.registration_number": "FORTHWITH_REGISTRATION_NUMBER",
    "organisation.sector": "FORTHWITH_SECTOR",
    "organisation.address": "FORTHWITH_ORGANISATION_ADDRESS",
    "organisation.staff_250_or_more": "FORTHWITH_STAFF_250_OR_MORE",
    "name": "FORTHWITH_CONTACT_NAME",
    "email": "FORTHWITH_CONTACT_EMAIL",
    "phone": "FORTHWITH_CONTACT_PHONE",
}
SPECIAL = {
    "risk": "forthwith decide {0} risk LEVEL --reasons WHY",
    "people": "forthwith fact add {0} people.GB=NUMBER (a country or state for each count)",
    "incident.reference": "every incident has one from its declaration",
    "people_told": "send the notices: the ledger of people says it",
    "ledger.told": "send the notices: the ledger of people says it",
    "filing.reasons_for_delay": "forthwith fact add {0} story.late_reasons=WORDS",
    "filing.authority_reference": "record the authority's reference with the filing of the report before",
    "filing.withdrawal_reasons": "forthwith report withdraw {0} NUMBER --reasons WHY",
    "filing.last_filed": "file the report before",
}


@dataclass(frozen=True)
class Lack:
    """One answer that is missing: for which legal content, and each way to supply it. *fact* is what a form can record."""

    key: str
    code: str
    label: str
    wanted_by: str
    how: tuple[str, ...]
    facts: tuple[str, ...]


def lacks(content: Mapping[str, Any], reference: str, citation: str) -> Iterator[Lack]:
    """What is missing from a report as it is kept, in the form's order; the law's wishes name their provision."""
    for field in content["fields"]:
        if field["missing"]:
            names = tuple(field.get("facts") or ())
            yield Lack(
                key=field["key"],
                code=field.get("code", ""),
                label=field["label"],
                wanted_by=_wanted_by(field, citation),
                how=tuple(how(name, reference) for name in names),
                facts=tuple(name for name in names if _is_fact(name)),
            )


def how(name: str, reference: str) -> str:
    """The way to supply one thing."""
    if name in SPECIAL:
        return SPECIAL[name].format(reference)
    setting = SETTINGS.get(name) or (
        SETTINGS.get(name.rpartition(".")[2]) if name.startswith("organisation.") else None
    )
    if setting and not _is_fact(name):
        return f"set {setting}"
    options = OPTIONS.get(name, ())
    listed = (
        f" (one of: {'; '.join(option[:40] for option in options[:6])}{' …' if len(options) > 6 else ''})"
        if options
        else ""
    )
    return f"forthwith fact add {reference} {name}=VALUE{listed}"


def _is_fact(name: str) -> bool:
    own = ("organisation.roles", "organisation.establishments", "organisation.directed_at")
    return name in own or not (name in SPECIAL or name.startswith("organisation."))


def _wanted_by(field: Mapping[str, Any], citation: str) -> str:
    if field["required_by"] == PORTAL:
        return field.get("cite") or "the form alone"
    content = field["required_by"].replace("_", " ")
    return f"{field.get('cite') or citation}: {content}"
