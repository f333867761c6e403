"""Puts together what a report says: the facts of the moment, the organisation from the settings, the filing itself."""

from collections.abc import Mapping
from typing import Any

from actions.desk import Act
from db.models import Obligation, Report
from db.queries.balance import balance

FORM = "ico"


def form_for(obligation: Obligation) -> str:
    """Which form an authority takes. One is known so far; its sections hold all that Article 33 and section 67 demand."""
    return FORM


def model_of(act: Act, obligation: Obligation, known: Mapping[str, Any], filed: Report | None) -> dict[str, object]:
    """The report's model by dotted names, as notices.forms.known lists them. *filed* is the report it follows up."""
    late = obligation.due_at is not None and act.now > obligation.due_at and filed is None
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
        "obligation.authority": obligation.authority,
        "obligation.due_at": obligation.due_at,
        "obligation.time_zone": obligation.time_zone,
    }


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
