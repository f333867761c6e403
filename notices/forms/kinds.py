"""Where the rulebook's codes for data, people and what happened stand among the options of the EDPB's template."""

from collections.abc import Mapping

from notices.forms.form import Answer
from notices.forms.options import chosen
from notices.wording import listed

NATURE = {
    "Confidentiality breach": ("access", "acquisition", "disclosure", "use", "theft", "loss"),
    "Integrity breach": ("alteration",),
    "Availability breach": ("destruction", "unavailability", "loss", "theft", "extortion"),
}
PEOPLE = {
    "Customers": ("customer",),
    "Employees": ("employee",),
    "Military or law enforcement staff": ("officer",),
    "Minors": ("child",),
    "Patients": ("patient",),
    "Students": ("student",),
    "Subscribers": ("subscriber",),
    "Users": ("user",),
    "Vulnerable individuals": ("vulnerable", "victim", "elderly"),
}
DATA = {
    "Basic data": ("name", "date_of_birth"),
    "Contact details": ("postal_address", "email_address", "phone_number"),
    "Biometric data": ("biometric",),
    "Criminal convictions": ("criminal_offence",),
    "Data revealing political opinions": ("political_opinion",),
    "Data revealing racial or ethnic origin": ("racial_or_ethnic_origin",),
    "Data revealing religious or philosophical beliefs": ("religion_or_belief",),
    "Data revealing sex life or sexual orientation": ("sexual_life", "sexual_orientation"),
    "Data revealing trade union membership": ("trade_union",),
    "Genetic data": ("genetic",),
    "Health data": ("health", "health_insurance"),
    "Economic and financial data": ("income", "transactions", "credit_history", "tax", "financial_identifier"),
    "Identification data": ("national_id", "social_security_number", "tax_id", "military_id", "tribal_id", "voter_id"),
    "Location data": ("location",),
    "Official documents": ("passport", "driving_licence", "government_id", "official_document"),
    "Payment methods": ("bank_account", "payment_card", "account_access", "account_password"),
    "Profile data": ("profile", "behaviour"),
    "User credentials": ("login", "password", "access_token"),
}
"""Each option by its beginning."""


def sorted_into(codes: tuple[str, ...], table: Mapping[str, tuple[str, ...]], options: tuple[str, ...]) -> Answer:
    """The options that the codes stand under, in the form's order; the others are named beside “additional”."""
    placed = {chosen(begun, options): meant for begun, meant in table.items()}
    found = [option for option in options if any(code in placed.get(option, ()) for code in codes)]
    other = [code for code in codes if not any(code in meant for meant in table.values())]
    rest = next((option for option in options if option.startswith("Additional")), None)
    if other and rest:
        found.append(rest)
    note = f"Other: {listed([code.replace('_', ' ') for code in other])}." if other else ""
    return Answer(tuple(found) or None, note)
