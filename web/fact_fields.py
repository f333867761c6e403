"""What the form for one fact asks: one of its options, some of them, yes or no, or a value in words of one's own."""

from collections.abc import Mapping
from typing import Any

from actions.form_facts import OPTIONS
from actions.known import shape_of
from web.forms import Field, Kind

YES_NO = {"yes": "Yes", "no": "No", "null": "Not known"}
WORDS = Field(
    "value",
    "Value",
    "text",
    hint="A word, a number, a time with offset such as 2026-12-01T10:00+00:00, or a list such as [name, contact]. Stories are taken as they stand.",
)


def named(said: Mapping[str, Any]) -> str:
    """The fact that is chosen, or whose name is typed."""
    return str(said.get("name") or said.get("other") or "").strip()


def value_of(name: str) -> Field:
    """The field for the value of a fact."""
    if name in OPTIONS:
        kind: Kind = "many" if shape_of(name) == "choices" else "choice"
        return Field("value", "Value", kind, choices={option: option for option in OPTIONS[name]})
    return Field("value", "Value", "choice", choices=YES_NO) if shape_of(name) == "yes_no" else WORDS
