"""How facts answer the ICO's questions, in the option wording of its form."""

from collections.abc import Mapping

from notices.forms.form import Answer
from notices.forms.known import Known
from notices.wording import listed, moment_in_words

NOT_YET = "not yet known"
YES_NO_DONT_KNOW = ("yes", "no", "don't know")
REASONS = ("meets threshold", "does not meet threshold but want you to be aware", "unclear whether meets threshold")
STAGES = ("initial report", "follow-up report")
SIZES = ("<250 staff", "250+")
TOLD = ("yes high risk", "yes anyway", "no but planning", "no, not high risk", "already aware", "other")
RECOVERY = ("regular", "supplemented", "extended", "not recoverable", "complete", NOT_YET)
LIKELIHOOD = ("very likely", "likely", "neutral", "unlikely", "very unlikely")

_IDENTITY = (
    "national_id",
    "social_security_number",
    "tax_id",
    "passport",
    "driving_licence",
    "military_id",
    "tribal_id",
)
_PAPERS = ("voter_id", "government_id", "official_document", "birth_or_marriage_certificate")
_MONEY = ("bank_account", "payment_card", "account_access", "account_password", "financial_identifier")
_MEANS = ("electronic_identifier", "income", "transactions", "credit_history", "tax")
DATA = {
    "racial or ethnic origin": ("racial_or_ethnic_origin",),
    "political opinions": ("political_opinion",),
    "religious or philosophical beliefs": ("religion_or_belief",),
    "trade union membership": ("trade_union",),
    "sex life": ("sexual_life",),
    "sexual orientation": ("sexual_orientation",),
    "gender reassignment": ("gender_reassignment",),
    "health": ("health", "health_insurance"),
    "basic personal identifiers (name, contact)": (
        "name",
        "postal_address",
        "email_address",
        "phone_number",
        "date_of_birth",
    ),
    "identification data (usernames, passwords)": ("login", "password", "access_token"),
    "economic and financial": _MONEY + _MEANS,
    "official documents": _IDENTITY + _PAPERS,
    "location": ("location",),
    "genetic or biometric": ("genetic", "biometric"),
    "criminal convictions, offences": ("criminal_offence",),
}
"""The form's categories of data by the rulebook's codes; every other code is `other`, named beside it."""
CATEGORIES = (*DATA, "other", NOT_YET)

PEOPLE = {
    "employees": ("employee", "officer"),
    "users": ("user",),
    "subscribers": ("subscriber",),
    "students": ("student",),
    "customers or prospective customers": ("customer",),
    "patients": ("patient",),
    "children": ("child",),
    "vulnerable adults": ("vulnerable",),
}
KINDS = (*PEOPLE, "other", NOT_YET)


def yes_no_dont_know(known: Known, name: str) -> Answer:
    """A yes or no; “don't know” stands in for what is still to be found out."""
    fact = known.yes_no(name)
    return Answer("don't know", unknown=True) if fact is None else Answer("yes" if fact else "no")


def stage(known: Known) -> Answer:
    """The first report, or a later one."""
    return Answer(STAGES[0] if known.text("filing.stage") == "initial" else STAGES[1])


def reason(known: Known) -> Answer:
    """Why it is reported, from the decision about the risk."""
    by_risk = {"high": REASONS[0], "risk": REASONS[0], "unlikely": REASONS[1]}
    risk = known.text("risk") or "unknown"
    return Answer(by_risk[risk]) if risk in by_risk else Answer(REASONS[2], unknown=True)


def size(known: Known) -> Answer:
    """Fewer than 250 staff, or more."""
    large = known.yes_no("organisation.staff_250_or_more")
    return Answer(None if large is None else SIZES[int(large)])


def occurred(known: Known) -> Answer:
    """When it began; when it ended stands beside it."""
    began, ended = known.instant("events.occurred_from"), known.instant("events.occurred_to")
    note = f"It ended on {moment_in_words(ended, 'Europe/London')}." if ended and ended != began else ""
    return Answer(began.isoformat() if began else None, note)


def categories(known: Known) -> Answer:
    """The categories of data, from the codes."""
    return _sorted_into(known.texts("data"), DATA)


def kinds(known: Known) -> Answer:
    """The categories of people, from the codes."""
    return _sorted_into(known.texts("kinds"), PEOPLE)


def data_details(known: Known) -> Answer:
    """What the data is, in words."""
    phrases = known.texts("story.data_in_words")
    return Answer("; ".join(phrases) or None)


def number_of_people(known: Known) -> Answer:
    """Everyone in every place; a part of a country is not counted again beside the whole of it."""
    counts = known.counts("people")
    apart = {
        place: count for place, count in counts.items() if place.partition("-")[0] == place or place[:2] not in counts
    }
    if not apart or all(count is None for count in apart.values()):
        return Answer(None)
    open_places = [place for place, count in apart.items() if count is None]
    note = f"Not yet counted: {listed(open_places)}." if open_places else ""
    return Answer(sum(count or 0 for count in apart.values()), note, unknown=bool(open_places))


def high_risk(known: Known) -> Answer:
    """The decision about the risk."""
    by_risk = {"high": "yes", "risk": "no", "unlikely": "no"}
    risk = known.text("risk") or "unknown"
    return Answer(by_risk[risk]) if risk in by_risk else Answer(NOT_YET, unknown=True)


def told(known: Known) -> Answer:
    """Whether the people were told. A high risk that nobody has acted on yet means that telling them is planned."""
    high = known.text("risk") == "high"
    by_state = {
        "told": TOLD[0] if high else TOLD[1],
        "planned": TOLD[2],
        "not_needed": TOLD[3],
        "already_aware": TOLD[4],
    }
    state = known.text("people_told") or ("planned" if high else "")
    return Answer(by_state.get(state), unknown=state not in by_state)


def address(known: Known) -> Answer:
    """The postal address on one line."""
    return Answer(", ".join(known.lines("organisation.address")) or None)


def same_person(known: Known) -> Answer:
    """Whether who reports is also who answers for data protection."""
    reporter, dpo = known.text("organisation.reporter.name"), known.text("organisation.dpo.name")
    return Answer(("yes" if reporter == dpo else "no") if reporter and dpo else None)


def _sorted_into(codes: tuple[str, ...], options: Mapping[str, tuple[str, ...]]) -> Answer:
    if not codes:
        return Answer((NOT_YET,), unknown=True)
    chosen = [option for option, meant in options.items() if any(code in meant for code in codes)]
    other = [code for code in codes if not any(code in meant for meant in options.values())]
    note = f"Other: {listed([code.replace('_', ' ') for code in other])}." if other else ""
    return Answer((*chosen, *(["other"] if other else [])), note)
