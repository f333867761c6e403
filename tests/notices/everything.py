"""A model in which everything is known that any form asks, made from the forms themselves, beside the incident of the tests."""

from actions.known import STORY
from notices.forms.every import FORMS
from notices.forms.form import Question
from rulebook.codes import words
from tests.notices.incident import THIRD_DAY

SAMPLES: dict[str, object] = {
    "number": 12,
    "amount": 3400,
    "moment": "2016-12-02T08:00+00:00",
    "day": "2016-12-05",
    "yes_no": True,
    "list": ["The carrier"],
    "share": "12.5",
    "duration": "01:04:30",
}
WORDED = {
    "entity.lei": "00EXAMPLE00EXAMPLE00"[:20],
    "entity.affected_lei": "00EXAMPLE00EXAMPLE01",
    "entity.parent_lei": "00EXAMPLE00EXAMPLE02",
}


def _value(question: Question) -> object:
    if STORY.get(question.from_fact, ("", ""))[0] == "texts":
        return [f"Our answer about {question.label}."]
    if question.derived is not None:
        return True
    if question.kind == "choice":
        return question.options[0]
    if question.kind == "choices":
        return list(question.options)
    return SAMPLES.get(question.kind, f"Our answer about {question.label[:1].lower()}{question.label[1:]}.")


def everything() -> dict[str, object]:
    """Each fact known; the incident of the tests stands where it says something."""
    asked = [question for form in FORMS.values() for question in form.questions]
    known: dict[str, object] = {q.from_fact: _value(q) for q in asked if q.from_fact.startswith(("story.", "entity."))}
    return {
        **known,
        **WORDED,
        **THIRD_DAY,
        "events": {**dict(THIRD_DAY["events"]), **_events()},  # type: ignore[call-overload]  # a mapping in this model
        "nature": ["access", "alteration", "unavailability"],
        "protection.encrypted": False,
        "organisation.establishments": ["IE"],
        "people": {"GB": 15, "DE": 4, "FR": 2},
        "people_told": "told",
        "ledger.told": 20,
        "ledger.affected": 21,
        "story.ongoing": False,
        "story.people_exact": True,
        "story.had_downtime": True,
        "story.at_business_associate": True,
        "story.other_information": "Nothing more.",
        "story.recurring": "Two parcels were late in spring.",
        "filing.authority_reference": "IC-000000-X0X0",
        "filing.reasons_for_delay": "The search took longer than the law gives.",
        "filing.withdrawal_reasons": "The discs were found, and nobody had opened them.",
        "obligation.contents": list(words()["contents"]),
        "obligation.phase": "final",
    }


def _events() -> dict[str, str]:
    return {
        "classified": "2016-12-01T12:00+00:00",
        "resolved": "2016-12-20T12:00+00:00",
        "materiality_determined": "2016-12-02T12:00+00:00",
    }
