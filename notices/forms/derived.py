"""How facts answer questions that no single fact answers, for the forms that are written down as YAML; each by its name."""

from collections.abc import Callable, Mapping

from notices.forms import ico_answers
from notices.forms.eea import ASKED_IN_EEA, EEA_ANSWERS
from notices.forms.form import Answer
from notices.forms.kinds import DATA, NATURE, PEOPLE, sorted_into
from notices.forms.known import Known
from notices.forms.told import TELLING
from rulebook.codes import words

Options = tuple[str, ...]


def stage_of(known: Known, name: str, options: Options) -> Answer:
    """New or follow-up."""
    return Answer(options[0] if known.text("filing.stage") == "initial" else options[1])


def dora_stage(known: Known, name: str, options: Options) -> Answer:
    """Which of DORA's four submissions this is."""
    if known.text("filing.stage") == "withdrawal":
        return Answer(options[3])
    return Answer(options[_dora_part(known) - 2])


def dora_other(known: Known, name: str, options: Options) -> Answer:
    """Further information; for an incident that is not major after all, the reasons."""
    reasons = known.text("filing.withdrawal_reasons") if known.text("filing.stage") == "withdrawal" else None
    return Answer(reasons or known.text("story.other_information"))


def contact(who: str) -> Callable[[Known, str, Options], Answer]:
    """E-mail and telephone of somebody, on one line."""

    def told(known: Known, name: str, options: Options) -> Answer:
        parts = (known.text(f"{who}.email"), known.text(f"{who}.phone"))
        return Answer(", ".join(filter(None, parts)) or None)

    return told


def controller_contact(known: Known, name: str, options: Options) -> Answer:
    """The postal address, and how to reach the contact point."""
    lines = known.lines("organisation.address")
    reach = contact("organisation.dpo")(known, name, options).value
    return Answer("; ".join([", ".join(lines), *([str(reach)] if reach else [])]) if lines else None)


def yes_no_unknown(known: Known, name: str, options: Options) -> Answer:
    """Yes, no, or that it is not known, which is then still to be found out."""
    said = known.yes_no(name)
    return Answer(options[2], unknown=True) if said is None else Answer(options[0 if said else 1])


def others_involved(known: Known, name: str, options: Options) -> Answer:
    """Whether processors or others take part: somebody said so, or some are named."""
    said = known.yes_no("story.others_involved")
    if said is None and not known.texts("story.processors"):
        return Answer(None)
    return Answer(options[0 if said is not False else 1])


def when_it_occurred(known: Known, name: str, options: Options) -> Answer:
    """On one day, from a day to a day, still going on, or not to be determined."""
    began, ended = known.instant("events.occurred_from"), known.instant("events.occurred_to")
    if known.yes_no("story.occurrence_unclear"):
        return Answer(options[3])
    if began and ended:
        return Answer(options[0 if began.date() == ended.date() else 1])
    return Answer(options[2] if began and known.yes_no("story.ongoing") else None)


def people_counted(known: Known, name: str, options: Options) -> Answer:
    """Whether the number of people is exact."""
    counted = ico_answers.number_of_people(known)
    if counted.value is None:
        return Answer(None)
    return Answer(options[0 if known.yes_no("story.people_exact") else 1], unknown=counted.unknown)


def records_counted(known: Known, name: str, options: Options) -> Answer:
    """Whether the number of records is exact."""
    if known.number("story.records") is None:
        return Answer(None)
    return Answer(options[0 if known.yes_no("story.records_exact") else 1])


def unintelligible(known: Known, name: str, options: Options) -> Answer:
    """Encrypted with the key safe, encrypted with the key at risk, or not."""
    encrypted, key = known.yes_no("protection.encrypted"), known.yes_no("protection.key_compromised")
    if encrypted is None or (encrypted and key is None):
        return Answer(None)
    return Answer(options[2 if not encrypted else 1 if key else 0])


def risk_of(known: Known, name: str, options: Options) -> Answer:
    """The decision about the risk: high, risk, unlikely, or more has to be known."""
    place = {"high": 0, "risk": 1, "unlikely": 2}.get(known.text("risk") or "")
    return Answer(options[3], unknown=True) if place is None else Answer(options[place])


def joined(known: Known, name: str, options: Options) -> Answer:
    """Phrases as one text."""
    return Answer("; ".join(known.texts(name)) or None)


def in_words(known: Known, name: str, options: Options) -> Answer:
    """Codes of the rulebook in its words."""
    meaning = words()[name]
    return Answer("; ".join(meaning.get(code, code) for code in known.texts(name)) or None)


def sorted_by(table: Mapping[str, tuple[str, ...]]) -> Callable[[Known, str, Options], Answer]:
    """Codes under the form's options; what has no option goes under the one for others, named beside it."""

    def told(known: Known, name: str, options: Options) -> Answer:
        return sorted_into(known.texts(name), table, options)

    return told


def number_of_people(known: Known, name: str, options: Options) -> Answer:
    """Everyone in every place, once."""
    return ico_answers.number_of_people(known)


def people_there(known: Known, name: str, options: Options) -> Answer:
    """How many of them live where the law counts them; everyone, where it counts them everywhere."""
    place = known.text("obligation.place")
    counts = known.counts("people")
    if place in counts:
        return Answer(counts[place])
    inside = [count for part, count in counts.items() if place and part.startswith(f"{place}-")]
    if inside and all(count is not None for count in inside):
        return Answer(sum(count or 0 for count in inside))
    return ico_answers.number_of_people(known) if not place or "-" not in place else Answer(None)


def five_hundred(known: Known, name: str, options: Options) -> Answer:
    """Whether 500 people or more are affected."""
    counted = ico_answers.number_of_people(known)
    if not isinstance(counted.value, int):
        return Answer(None)
    return Answer(options[0 if counted.value >= 500 else 1], unknown=counted.unknown)


def dpo_named(known: Known, name: str, options: Options) -> Answer:
    """The contact point with name, e-mail and telephone, on one line."""
    person, reach = known.text("organisation.dpo.name"), contact("organisation.dpo")(known, name, options).value
    return Answer(", ".join(str(part) for part in (person, reach) if part) if person else None)


def nis2_part(known: Known, name: str, options: Options) -> Answer:
    """Which of the reports of Article 23 this is."""
    place = {"early_warning": 0, "intermediate": 2, "final": 4, "update": 4}.get(_phase(known), 1)
    return Answer(
        options[
            3 if place == 4 and known.yes_no("findings.ongoing_at_final_report") and _phase(known) == "final" else place
        ]
    )


def wants(content: str) -> Callable[[Known], bool]:
    """Whether the law that asks for this report wants this content."""
    return lambda known: content in known.texts("obligation.contents")


def _phase(known: Known) -> str:
    return known.text("obligation.phase") or "initial"


def _dora_part(known: Known) -> int:
    """Up to which part of DORA's template this report goes."""
    return {"intermediate": 3, "update": 3, "final": 4}.get(_phase(known), 2)


DERIVED: dict[str, Callable[..., Answer]] = {
    "stage_of": stage_of,
    "dora_stage": dora_stage,
    "dora_other": dora_other,
    "controller_contact": controller_contact,
    "reporter_contact": contact("organisation.reporter"),
    "dpo_contact": contact("organisation.dpo"),
    "yes_no_unknown": yes_no_unknown,
    "others_involved": others_involved,
    "when_it_occurred": when_it_occurred,
    "people_counted": people_counted,
    "records_counted": records_counted,
    "number_of_people": number_of_people,
    "unintelligible": unintelligible,
    "risk_of": risk_of,
    "joined": joined,
    "address": lambda known, name, options: ico_answers.address(known),
    "people_there": people_there,
    "five_hundred": five_hundred,
    "dpo_named": dpo_named,
    "nis2_part": nis2_part,
    "in_words": in_words,
    "nature_of": sorted_by(NATURE),
    "people_of": sorted_by(PEOPLE),
    "data_of": sorted_by(DATA),
    **EEA_ANSWERS,
    **TELLING,
}

ASKED: dict[str, Callable[[Known], bool]] = {
    "withdrawn": lambda known: known.text("filing.stage") == "withdrawal",
    "not_first": lambda known: known.text("filing.stage") != "initial",
    "late_and_first": lambda known: (
        known.yes_no("filing.late") is True and known.text("filing.stage") in ("initial", "final")
    ),
    "late": lambda known: known.yes_no("filing.late") is True,
    "others_were_told": lambda known: (
        known.yes_no("story.police_told") is True or known.yes_no("story.other_authorities_told") is True
    ),
    "had_downtime": lambda known: known.yes_no("story.had_downtime") is not False,
    "recurred": lambda known: known.text("story.recurring") is not None,
    "dora_intermediate": lambda known: _dora_part(known) >= 3,
    "dora_final": lambda known: _dora_part(known) >= 4,
    "at_associate": lambda known: known.yes_no("story.at_business_associate") is True,
    "nis2_notification": lambda known: _phase(known) != "early_warning",
    "nis2_status": lambda known: (
        _phase(known) == "intermediate" or known.yes_no("findings.ongoing_at_final_report") is True
    ),
    "nis2_final": lambda known: _phase(known) in ("final", "update"),
    "abroad": lambda known: known.yes_no("story.impact_abroad") is True,
    **ASKED_IN_EEA,
}
