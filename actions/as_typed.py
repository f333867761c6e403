"""Reads the value of a fact as somebody typed it: words as they stand, one of a form's options, or a value as in a facts file."""

from typing import Any

from actions.errors import Conflict
from actions.known import shape_of
from rulebook.reading import BadYaml, parse

NOTHING = ("", "~", "null")
YES_OR_NO = {"yes": True, "no": False}


def as_typed(name: str, text: str) -> Any:
    """A story and an option are taken as they stand; whatever else is read as YAML. Raises Conflict where that cannot be read."""
    shape, typed = shape_of(name), text.strip()
    if shape == "text":
        return text
    if shape == "choice":
        return None if typed in NOTHING else typed
    if shape == "yes_no" and typed.casefold() in YES_OR_NO:
        return YES_OR_NO[typed.casefold()]
    if shape == "choices" and typed not in NOTHING and not typed.startswith("["):
        return [typed]
    try:
        return parse(text).value
    except BadYaml as trouble:
        raise Conflict(f"{name}: {trouble.says}. Put it in quotes, or write a list as [one, two].") from None
