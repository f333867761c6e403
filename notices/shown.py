"""How a report's answers are shown to people: numbered in the form's order, in words, with what is still to follow."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby

from notices.changes import Since
from notices.filled import Field, Report
from notices.forms.form import PORTAL
from notices.wording import day_in_words, moment_twice, numbered

TO_FOLLOW = "Not yet known. We will send this as soon as we know it."
STAGES = {
    "initial": "Initial report",
    "follow_up": "Follow-up report",
    "final": "Final report",
    "withdrawal": "Withdrawal of a report",
}
LONG = 200
"""From so many characters on an answer's length is told, since boxes of portals have their limits."""


def sections(report: Report, count: str = "{}") -> list[dict[str, object]]:
    """The report section by section, as plain values for a template; `count` is how a number is written."""
    parts = groupby(_numbered(report), key=lambda pair: pair[1].section)
    return [
        _section(title, [_answer(report, number, field, count) for number, field in group]) for title, group in parts
    ]


def to_follow(report: Report) -> list[str]:
    """The questions still to be answered, each with its number."""
    return [f"{number}. {_title(field.label)}" for number, field in _numbered(report) if field.missing]


def standing(report: Report) -> str:
    """Whether it is preliminary, and how much is to follow; empty where it is complete."""
    count = len(report.missing)
    if not count:
        return ""
    answers = numbered(count, "answer is", "answers are")
    start = "Preliminary" if report.stage == "initial" else "Not complete"
    return f"{start}: {answers} not known yet and will follow"


def answers_of(report: Report) -> dict[str, dict[str, object]]:
    """Each answer by its key, for a template that puts them into sentences."""
    told = {field.key: (field, lines_of(field, report.marks.time_zone, "{:,}")) for field in report.fields}
    return {
        key: {
            "text": "; ".join(lines),
            "lines": lines,
            "note": field.note,
            "asked": field.asked,
            "missing": field.missing,
        }
        for key, (field, lines) in told.items()
    }


def changed(since: Since | None, zone: str) -> list[dict[str, str]]:
    """What is otherwise than in the report before, as plain values for a template."""
    rows = since.changes if since else ()
    return [
        {
            "label": f"{change.code} {_title(change.label)}".strip(),
            "before": _moment(change.before, zone),
            "after": _moment(change.after, zone),
        }
        for change in rows
    ]


def before(since: Since | None, zone: str) -> str:
    """The report that came before, in words."""
    if since is None:
        return ""
    when = f" of {moment_twice(since.filed_at, zone)}" if since.filed_at else ""
    return f"version {since.version}{when}, content sha256 {since.sha256[:12]}"


def _moment(said: str | None, zone: str) -> str:
    try:
        return moment_twice(datetime.fromisoformat(said), zone) if said and "T" in said else said or ""
    except ValueError:
        return said or ""


def _numbered(report: Report) -> Iterator[tuple[str, Field]]:
    """The fields with the form's own numbers, or counted; what the form does not ask is not counted."""
    number = 0
    for field in report.fields:
        number += field.asked
        yield field.code or (str(number) if field.asked else ""), field


def _section(title: str, answers: list[dict[str, object]]) -> dict[str, object]:
    return {"title": title, "answers": answers, "asked": any(answer["asked"] for answer in answers)}


def _answer(report: Report, number: str, field: Field, count: str) -> dict[str, object]:
    lines = lines_of(field, report.marks.time_zone, count)
    length = sum(len(line) + 1 for line in lines) - 1 if field.kind == "text" and lines else 0
    return {
        "number": number,
        "label": _title(field.label),
        "help": field.help,
        "kind": field.kind,
        "asked": field.asked,
        "missing": field.missing,
        "lines": lines,
        "note": field.note,
        "options": [{"name": option, "chosen": option in lines} for option in field.options],
        "by_law": field.required_by.replace("_", " ") if field.required_by != PORTAL else "",
        "cite": field.cite,
        "length": length if length >= LONG or field.most else 0,
        "most": field.most or 0,
        "too_long": bool(field.most and length > field.most),
    }


def _title(label: str) -> str:
    return label[:1].upper() + label[1:]


def lines_of(field: Field, zone: str, count: str) -> list[str]:
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
    if field.kind == "day":
        return [day_in_words(date.fromisoformat(value))]
    if field.kind == "share":
        return [f"{value} %"]
    return [part for part in value.split("\n") if part]
