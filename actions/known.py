"""Which facts there are: those that laws ask about, which the rulebook checks, and the story that letters and reports tell."""

import difflib
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal, cast

from actions.errors import Conflict
from actions.form_facts import form_facts, wrong_option
from rulebook.facts import BadFacts, Facts, assemble

Shape = Literal[
    "text", "texts", "number", "yes_no", "offers", "moment", "day", "share", "duration", "choice", "choices"
]

LETTERS: dict[str, tuple[Shape, str]] = {
    "story.what_happened": ("text", "what happened, in plain sentences, naming no affected person"),
    "story.how": ("text", "how it came about"),
    "story.discovered_how": ("text", "how it was found out"),
    "story.occurred_on": ("text", "when it happened, in words for a letter"),
    "story.discovered_on": ("text", "when it was found out, in words for a letter"),
    "story.data_in_words": ("texts", "the information concerned, as phrases for a letter"),
    "story.consequences": ("texts", "what may come of it, each a full sentence"),
    "story.measures": ("texts", "what was done and will be done, each a full sentence"),
    "story.advice": ("texts", "what a person can do, each a full sentence"),
    "story.support": ("offers", "independent support: a list of name, phone, offers"),
    "story.safeguards_before": ("text", "which safeguards were in place before"),
    "story.prevention": ("text", "steps to prevent it from happening again, with dates"),
    "story.detriment": ("text", "harm so far, or expected"),
    "story.records": ("number", "how many records are concerned"),
    "story.cyber": ("yes_no", "whether it was a cyber incident"),
    "story.staff_involved": ("yes_no", "whether a member of staff was involved"),
    "story.staff_trained": ("yes_no", "whether that person had data protection training in the last two years"),
    "story.training": ("text", "which training is given, and how often"),
    "story.others_told": ("texts", "other organisations told or to be told"),
    "story.processors": ("texts", "suppliers or processors involved"),
    "story.codes_of_conduct": ("text", "codes of conduct or certification"),
    "story.late_reasons": ("text", "why the report to the authority is late"),
    "story.people_told": ("text", "whether the people affected were told: yes, planned, no, and why"),
    "story.high_risk_because": ("text", "why the risk is high, or is not"),
}
STORY: dict[str, tuple[Shape, str]] = {**cast(dict[str, tuple[Shape, str]], form_facts()), **LETTERS}
"""Story facts by name: their shape and what they hold. Affected people are never named in them."""

AUDIENCES = ("accused", "third_party", "victim", "witness", "employee", "customer")
FOR_AUDIENCE = ("what_happened", "data_in_words", "consequences", "measures", "advice", "support")


def shape_of(name: str) -> Shape | None:
    """The shape of a story fact, an audience's own words included; None when there is no such fact."""
    if name in STORY:
        return STORY[name][0]
    parts = name.split(".")
    if len(parts) == 3 and parts[0] == "story" and parts[1] in AUDIENCES and parts[2] in FOR_AUDIENCE:
        return STORY[f"story.{parts[2]}"][0]
    return None


def law_facts(values: Mapping[str, Any]) -> dict[str, Any]:
    """Those facts that the rulebook knows."""
    return {name: value for name, value in values.items() if name.split(".")[0] in Facts.model_fields}


def check_known(new: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> Facts:
    """Check new facts, those that laws ask about together with what stands. Raises Conflict for an unknown name, a wrong
    shape or a contradiction.

    A story that stands is not judged again: what a newer version of a form would not take stops nobody from adding to it.
    """
    law = law_facts(new)
    for name, value in new.items():
        if name not in law:
            _check_story(name, value)
    return for_laws({**(before or {}), **law})


def for_laws(values: Mapping[str, Any]) -> Facts:
    """What laws ask about, of everything that is known. Raises Conflict for a wrong shape or a contradiction."""
    try:
        return assemble(law_facts(values))
    except BadFacts as error:
        raise Conflict(str(error)) from None


def _check_story(name: str, value: Any) -> None:
    shape = shape_of(name)
    if shape is None:
        near = difflib.get_close_matches(name, [*STORY, *Facts.model_fields], n=1)
        raise Conflict(
            f"{name} is not a fact that anything asks about{f'; did you mean {near[0]}?' if near else ''}. 'forthwith fact names' lists them."
        )
    if value is None:
        return
    if shape in ("choice", "choices"):
        if wrong := wrong_option(name, value):
            raise Conflict(wrong)
    elif not _fits(shape, value):
        raise Conflict(f"{name} must be {_SHAPES[shape]}: {STORY.get(name, (shape, 'words for one audience'))[1]}.")


_SHAPES = {
    "text": "a text",
    "texts": "a list of texts",
    "number": "a whole number, zero or more",
    "yes_no": "true, false or null",
    "offers": "a list of entries with name, phone and offers",
    "moment": "a time with its offset, such as 2026-12-01T10:00+00:00",
    "day": "a day, such as 2026-12-01",
    "share": "a percentage from 0 to 100, such as 12.5",
    "duration": "days, hours and minutes, such as 01:04:30",
}


def _fits(shape: Shape, value: Any) -> bool:
    match shape:
        case "text":
            return isinstance(value, str) and bool(value.strip())
        case "moment":
            return _is_moment(value)
        case "day":
            return _is_day(value)
        case "share":
            return bool(re.fullmatch(r"\d{1,3}(\.\d{1,2})?", str(value))) and float(str(value)) <= 100
        case "duration":
            return isinstance(value, str) and bool(re.fullmatch(r"\d{2,3}:[0-2]\d:[0-5]\d", value))
        case "texts":
            return isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value)
        case "number":
            return isinstance(value, int) and not isinstance(value, bool) and value >= 0
        case "yes_no":
            return isinstance(value, bool)
        case "offers":
            return isinstance(value, list) and all(
                isinstance(one, dict) and set(one) == {"name", "phone", "offers"} for one in value
            )
        case _:
            return False


def _is_moment(value: Any) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).utcoffset() is not None
    except ValueError:
        return False


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and len(value) == 10 and bool(date.fromisoformat(value))
    except ValueError:
        return False
