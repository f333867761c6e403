"""Puts together what a report says: the facts of the moment, the organisation from the settings, the filing itself."""

from collections.abc import Mapping
from typing import Any

from actions.desk import Act
from actions.form_facts import facts_of
from db.models import Obligation, Report
from db.queries.numbers import numbers
from notices.forms.choose import choose
from notices.forms.form import PORTAL
from rulebook.library import book

NAMED_BY_FORM = ("uk/ico",)
"""Authorities whose name and ways in stand on their own forms."""


def form_for(obligation: Obligation) -> str:
    """Which form this duty uses: the authority's own where it is known here, else a letter with what the law wants said."""
    return choose(
        duty=obligation.duty, law=obligation.law, authority=obligation.authority, recipient=obligation.recipient
    )


def model_of(act: Act, obligation: Obligation, known: Mapping[str, Any], filed: Report | None) -> dict[str, object]:
    """The report's model by dotted names, as notices.forms.known lists them. *filed* is the report it follows up."""
    late = obligation.due_at is not None and act.now > obligation.due_at and obligation.state != "met"
    return {
        **facts_of(act.desk.settings.entity),
        **known,
        **_organisation(act),
        **_told(act),
        **_law(obligation),
        "filing.authority_reference": filed.authority_reference if filed else None,
        "filing.late": late,
        "filing.reasons_for_delay": known.get("story.late_reasons"),
        "incident.reference": act.incident.reference,
        "incident.exercise": act.incident.sealed,
        "incident.law_as_of": act.incident.law_as_of.isoformat() if act.incident.law_as_of else None,
        "obligation.duty": obligation.duty,
        "obligation.citation": obligation.citation,
        "obligation.law": obligation.law,
        "obligation.phase": obligation.phase,
        "obligation.recipient": obligation.recipient,
        "obligation.authority": obligation.authority,
        **_authority(obligation),
        "obligation.due_at": obligation.due_at,
        "obligation.time_zone": obligation.time_zone,
    }


def lacking(content: Mapping[str, Any]) -> list[str]:
    """The fields that the law wants and that the report could not answer; what only a portal asks for is not among them."""
    return [field["key"] for field in content["fields"] if field["missing"] and field["required_by"] != PORTAL]


def _authority(obligation: Obligation) -> dict[str, object]:
    """The authority's name and ways in, for a form that is not one authority's own."""
    known = book().authorities.get(obligation.authority)
    if known is None or obligation.authority in NAMED_BY_FORM:
        return {}
    ways = "; ".join(f"{way.kind}: {way.says} ({way.status.upper()})" for way in known.ways)
    return {"obligation.authority_name": known.name, "obligation.ways_in": f"{ways}; {known.href}"}


def _organisation(act: Act) -> dict[str, object]:
    own = act.desk.settings
    person = {"name": own.contact_name, "email": own.contact_email, "phone": own.contact_phone}
    return {
        "organisation.name": own.organisation,
        "organisation.registration_number": own.registration_number,
        "organisation.sector": own.sector,
        "organisation.address": own.organisation_address.replace(";", "\n"),
        "organisation.staff_250_or_more": own.staff_250_or_more,
        **{f"organisation.reporter.{name}": value for name, value in person.items()},
        **{f"organisation.dpo.{name}": value for name, value in person.items()},
    }


def _law(obligation: Obligation) -> dict[str, object]:
    """What the law wants said, in its own words, and where it counts people."""
    law, duty = book().by_duty.get(obligation.duty, (None, None))
    says = duty.contents if duty else {}
    places = law.jurisdiction if law else ()
    return {
        "obligation.contents": list(obligation.contents),
        "obligation.place": places[0] if len(places) == 1 else None,
        **{f"obligation.says.{content}": says[content] for content in obligation.contents if content in says},
    }


def _told(act: Act) -> dict[str, object]:
    """Whether the people know, by the ledger; nothing while nobody is on it, and the form then says what is planned."""
    ledger = numbers(act.session, act.incident.id)
    if not ledger.affected:
        return {}
    return {
        "people_told": "told" if not ledger.pending and ledger.told else "planned",
        "ledger.told": ledger.told,
        "ledger.affected": ledger.affected,
    }
