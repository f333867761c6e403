"""A report as a script for the telephone: what to say, what to ask, what to write down, for someone who has never seen the incident."""

from collections.abc import Mapping

from notices.filled import Report
from notices.render import render
from notices.shelf import shelf
from notices.shown import TO_FOLLOW, sections
from notices.wording import moment_twice


def call_script(report: Report, said: Mapping[str, object]) -> str:
    """Plain text. *said* is what the report does not hold: `organisation`, and the authority's `numbers`."""
    marks, stage = report.marks, f"{report.stage.replace('_', '-')} report"
    values = {
        **said,
        "authority": marks.authority or report.on.authority,
        "stage_words": stage,
        "stage_title": stage.capitalize(),
        "reference": marks.reference,
        "citation": marks.citation,
        "due": moment_twice(marks.due_at, marks.time_zone) if marks.due_at else None,
        "exercise": marks.exercise,
        "sections": sections(report),
        "to_follow_words": TO_FOLLOW,
        "sha256": report.sha256,
    }
    return render(shelf().pages, "the call script", "reports/_call.txt", values)
