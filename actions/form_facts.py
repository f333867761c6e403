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
OPTIONS = {name: question.options for name, question in QUESTIONS.items() if question.kind in ("choice", "choices")}


def form_facts() -> dict[str, tuple[str, str]]:
    """Each fact by name: its shape and what it holds."""
    told = {
        name: (
            "yes_no" if question.derived and question.kind == "choice" else SHAPES[question.kind],
            question.label[:1].lower() + question.label[1:],
        )
        for name, question in QUESTIONS.items()
    }
    return told | BESIDE


def wrong_option(name: str, value: Any) -> str | None:
    """Why a value is none of the options that the form has, with those there are."""
    said = [value] if isinstance(value, str) else value
    strange = [one for one in said if chosen(one, OPTIONS[name]) is None]
    if not strange:
        return None
    listed = "; ".join(OPTIONS[name])
    return f"{name} knows these options alone: {listed}"


def facts_of(model: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the organisation, as a deployment sets them once."""
    return {f"entity.{name}": value for name, value in model.items()}
