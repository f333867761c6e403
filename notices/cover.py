"""The message that hands a report in by e-mail: whose it is, for which case, and the whole report as text."""

from collections.abc import Mapping
from dataclasses import dataclass

from notices.filled import Report
from notices.render import render
from notices.shelf import shelf
from notices.shown import STAGES, TO_FOLLOW, sections, standing


@dataclass(frozen=True, slots=True)
class Cover:
    """A subject and a text, ready for a channel."""

    subject: str
    text: str


def cover(report: Report, said: Mapping[str, object]) -> Cover:
    """Word it. *said* is what the report does not hold: `organisation`, `contact`, `pdf_name`, `late_reasons`."""
    marks, stage = report.marks, STAGES[report.stage]
    values = {
        **said,
        "authority": marks.authority or report.on.authority,
        "stage_words": stage.lower(),
        "stage_title": stage,
        "standing": standing(report),
        "preliminary": report.stage == "initial" and bool(report.missing),
        "reference": marks.reference,
        "citation": marks.citation,
        "exercise": marks.exercise,
        "sections": sections(report),
        "to_follow_words": TO_FOLLOW,
        "sha256": report.sha256,
    }
    subject, _, text = render(shelf().pages, "the cover", "reports/_cover.txt", values).strip().partition("\n")
    return Cover(subject.removeprefix("subject:").strip(), text.strip() + "\n")
