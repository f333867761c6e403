"""How a report's answers are shown to people: numbered in the form's order, in words, with what is still to follow."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from notices.filled import Field, Report
from notices.forms.form import PORTAL
from notices.wording import moment_twice

TO_FOLLOW = "Not yet known. We will send this as soon as we know it."


def sections(report: Report, count: str = "{}") -> list[dict[str, object]]:
    """The report section by section, as plain values for a template; `count` is how a number is written."""
    parts = groupby(_numbered(report), key=lambda pair: pair[1].section)
    return [
        _section(title, [_answer(report, number, field, count) for number, field in group]) for title, group in parts
    ]


def to_follow(report: Report) -> list[str]:
    """The questions still to be answered, each with its number."""
    return [f"{number}. {_title(field)}" for number, field in _numbered(report) if field.missing]


def _numbered(report: Report) -> Iterator[tuple[str, Field]]:
    """The fields with their numbers; what the form does not ask has none."""
    number = 0
    for field in report.fields:
        number += field.asked
        yield str(number) if field.asked else "", field


def _section(title: str, answers: list[dict[str, object]]) -> dict[str, object]:
    return {"title": title, "answers": answers, "asked": any(answer["asked"] for answer in answers)}


def _answer(report: Report, number: str, field: Field, count: str) -> dict[str, object]:
    lines = _lines(field, report.marks.time_zone, count)
    return {
        "number": number,
        "label": _title(field),
        "help": field.help,
        "kind": field.kind,
        "asked": field.asked,
        "missing": field.missing,
        "lines": lines,
        "note": field.note,
        "options": [{"name": option, "chosen": option in lines} for option in field.options],
        "by_law": field.required_by.replace("_", " ") if field.required_by != PORTAL else "",
    }


def _title(field: Field) -> str:
    return field.label[:1].upper() + field.label[1:]


def _lines(field: Field, zone: str, count: str) -> list[str]:
    """The answer as lines of text; none when there is no answer."""
    value = field.value
    if value is None:
        return []
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, int):
        return [count.format(value)]
    if field.kind == "moment":
        return [moment_twice(datetime.fromisoformat(value), zone)]
    return [part for part in value.split("\n") if part]
