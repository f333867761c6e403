"""A report as a PDF that a regulator reads: calm, complete, and plain about what is preliminary."""

from datetime import date, datetime

from notices.filled import Report
from notices.shelf import shelf
from notices.shown import STAGES, TO_FOLLOW, before, changed, sections, standing, to_follow
from notices.typesetting import typeset
from notices.wording import moment_twice

_UNDATED = date(2000, 1, 1)


def pdf(report: Report, *, as_of: datetime | None = None) -> bytes:
    """The report on paper (PDF/UA-1). The same report and `as_of` give the same bytes; without it the page has no date.

    `Unprintable` names the report when one of its characters is in none of the fonts.
    """
    marks = report.marks
    page = {
        "title": report.on.title,
        "language": "en",
        "organisation": _organisation(report),
        "stage": STAGES[report.stage],
        "running": _running(report),
        "facts": _facts(report, as_of),
        "exercise": marks.exercise,
        "standing": standing(report),
        "sections": sections(report, "{:,}"),
        "to_follow": to_follow(report),
        "to_follow_words": TO_FOLLOW,
        "before": before(report.since, marks.time_zone),
        "changed": changed(report.since, marks.time_zone),
        "prose": paragraphs_of(report.prose),
        "annex": "Annex: what the law asks, and the answer to each question",
        "reference": marks.reference or "",
        "wording": report.on.status,
        "sha256": report.sha256,
    }
    file = "reports/report.typ"
    dated_on = as_of.date() if as_of else _UNDATED
    what = f"the {report.form} report of incident {marks.reference or 'without a reference'}"
    return typeset(shelf().files[file], page, dated_on=dated_on, what=what, file=file)


def paragraphs_of(prose: str | None) -> list[dict[str, str]]:
    """A letter's text as headings, items and paragraphs."""
    return [_paragraph(line) for line in (prose or "").splitlines() if line.strip()]


def _paragraph(line: str) -> dict[str, str]:
    kinds = {"# ": "heading", "- ": "item"}
    kind = kinds.get(line[:2], "text")
    return {"kind": kind, "words": line if kind == "text" else line[2:]}


def _facts(report: Report, as_of: datetime | None) -> list[list[str]]:
    """The head of the first page: to whom, from whom, about what, under which law, by when."""
    marks = report.marks
    by_key = {field.key: field.value for field in report.fields}
    rows = (
        ("To", marks.authority or report.on.authority),
        ("From", by_key.get("organisation")),
        ("Our reference", marks.reference),
        ("Your reference", by_key.get("case_reference")),
        ("Law", marks.citation),
        ("Version before", before(report.since, marks.time_zone)),
        ("Played under the law of", marks.law_as_of),
        ("Due", moment_twice(marks.due_at, marks.time_zone) if marks.due_at else None),
        ("What was known at", moment_twice(as_of, marks.time_zone) if as_of else None),
    )
    return [[name, str(value)] for name, value in rows if value]


def _organisation(report: Report) -> str:
    return next((str(field.value) for field in report.fields if field.key == "organisation" and field.value), "")


def _running(report: Report) -> str:
    """The line at the head of each further page: one that is torn out still says what it is."""
    parts = [report.on.title, STAGES[report.stage].lower()]
    if report.missing:
        parts.append("preliminary" if report.stage == "initial" else "not complete")
    return ("Exercise: " if report.marks.exercise else "") + ", ".join(parts)
