"""The facts that only authorities' forms ask for, with their shapes and options, as the forms themselves have them."""

from collections.abc import Mapping
from typing import Any

from notices.forms.every import FORMS
from notices.forms.form import Question
from notices.forms.options import chosen

OWN = ("story.", "entity.")
SHAPES = {
    "number": "number",
    "amount": "number",
    "moment": "moment",
    "day": "day",
    "choice": "choice",
    "choices": "choices",
    "yes_no": "yes_no",
    "list": "texts",
    "share": "share",
    "duration": "duration",
    "text": "text",
}
BESIDE: dict[str, tuple[str, str]] = {
    "story.ongoing": ("yes_no", "whether the breach is still going on"),
    "story.occurrence_unclear": ("yes_no", "whether it cannot be determined when the breach occurred"),
    "story.people_exact": ("yes_no", "whether the number of people is exact"),
    "story.records_exact": ("yes_no", "whether the number of records is exact"),
    "story.others_involved": ("yes_no", "whether processors, joint controllers or others are involved"),
    "story.had_downtime": ("yes_no", "whether services were down"),
    "story.at_business_associate": ("yes_no", "whether the breach occurred at or by a business associate"),
    "story.other_information": ("text", "other relevant information for a financial supervisor"),
}
"""Facts that answer a question together with others."""


def _asking() -> dict[str, Question]:
    """For each fact the first question that it answers alone."""
    found: dict[str, Question] = {}
    for form in FORMS.values():
        for question in form.questions:
            if question.from_fact.startswith(OWN):
                found.setdefault(question.from_fact, question)
    return found


QUESTIONS = _asking()


def _shape(question: Question) -> str:
    """What the fact itself is: a yes or no, where the form's options are worked out from it."""
    return "yes_no" if question.derived and question.kind == "choice" else SHAPES[question.kind]


OPTIONS = {name: one.options for name, one in QUESTIONS.items() if _shape(one) in ("choice", "choices")}
"""What may be said of each fact that is an option of a form, or several."""


def form_facts() -> dict[str, tuple[str, str]]:
    """Each fact by name: its shape and what it holds."""
    told = {
        name: (_shape(question), question.label[:1].lower() + question.label[1:])
        for name, question in QUESTIONS.items()
    }
    return told | BESIDE


def wrong_option(name: str, value: Any) -> str | None:
    """Why a value is none of the options that the form has, or no list of them; one sentence that names them all."""
    many = QUESTIONS[name].kind == "choices"
    said = value if many else [value]
    fits = isinstance(said, list) and all(isinstance(one, str) and chosen(one, OPTIONS[name]) for one in said)
    if fits and said:
        return None
    says = f"is a list, such as [{OPTIONS[name][0]!r}], of these options alone" if many else "knows these options alone"
    return f"{name} {says}: {'; '.join(OPTIONS[name])}. The beginning of one is enough."


def facts_of(model: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the organisation, as a deployment sets them once."""
    return {f"entity.{name}": value for name, value in model.items()}
