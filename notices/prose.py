"""A report that reads as a letter: its answers put into sentences by a template, with what is not known said plainly."""

import re

from notices.filled import Report
from notices.forms.known import Known
from notices.render import render
from notices.shelf import shelf
from notices.shown import TO_FOLLOW, answers_of
from notices.wording import moment_twice


def prose(report: Report, known: Known) -> str:
    """The text, in paragraphs; a line that begins with `# ` is a heading."""
    marks = report.marks
    values = {
        "stage": report.stage,
        "authority": marks.authority,
        "reference": marks.reference,
        "their_reference": known.text("filing.authority_reference"),
        "citation": marks.citation,
        "organisation": known.text("organisation.name"),
        "phase": known.text("obligation.phase"),
        "last_filed": _moment(known, "filing.last_filed", marks.time_zone),
        "to_follow_words": TO_FOLLOW,
        "said": answers_of(report),
    }
    own = f"reports/{report.form}/text.txt"
    path = own if own in shelf().files else f"reports/{report.on.guide}/text.txt"
    text = render(shelf().pages, f"{report.form} text", path, values)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.strip().splitlines()))


def _moment(known: Known, name: str, zone: str) -> str | None:
    at = known.instant(name)
    return moment_twice(at, zone) if at else None
