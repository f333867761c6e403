"""Puts together what a report says: the facts of the moment, the organisation from the settings, the filing itself."""

from collections.abc import Mapping
from typing import Any

from actions.desk import Act
from db.models import Obligation, Report
from db.queries.balance import balance
from notices.forms.form import PORTAL
from rulebook.library import book

OWN_FORMS = {"uk/ico": "ico"}


def form_for(obligation: Obligation) -> str:
    """Which form an authority takes: its own, where it is known here; else what Article 33(3) demands of them all."""
    return OWN_FORMS.get(obligation.authority, "article-33")


def model_of(act: Act, obligation: Obligation, known: Mapping[str, Any], filed: Report | None) -> dict[str, object]:
    """The report's model by dotted names, as notices.forms.known lists them. *filed* is the report it follows up."""
    late = obligation.due_at is not None and act.now > obligation.due_at and obligation.state != "met"
    return {
        **known,
        **_organisation(act),
        "people_told": _told(act),
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
        "obligation.contents": list(obligation.contents),
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
    if known is None or obligation.authority in OWN_FORMS:
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


def _told(act: Act) -> str | None:
    """Whether the people know, by the ledger; None while nobody is on it, and the form then says what is planned."""
    ledger = balance(act.session, act.incident.id)
    if not ledger.affected:
        return None
    return "told" if not ledger.pending and ledger.told else "planned"
