"""A report as a copy sheet: what to type and tick in a portal, for someone who has never seen the incident."""

from notices.filled import Report
from notices.render import render
from notices.shelf import shelf
from notices.shown import STAGES, TO_FOLLOW, before, changed, sections, to_follow
from notices.wording import moment_twice


def sheet(report: Report) -> str:
    """Plain text, numbered in the portal's order, each choice in the form's own words."""
    marks = report.marks
    values = {
        "title": report.on.title,
        "authority": marks.authority or report.on.authority,
        "channel": marks.ways_in or report.on.channel,
        "wording": report.on.status,
        "stage": report.stage,
        "stage_words": STAGES[report.stage].lower(),
        "steps": report.on.before,
        "reference": marks.reference,
        "citation": marks.citation,
        "due": moment_twice(marks.due_at, marks.time_zone) if marks.due_at else None,
        "law_as_of": marks.law_as_of,
        "exercise": marks.exercise,
        "sections": sections(report),
        "to_follow": to_follow(report),
        "to_follow_words": TO_FOLLOW,
        "before": before(report.since, marks.time_zone),
        "changed": changed(report.since, marks.time_zone),
        "prose": report.prose or "",
        "sha256": report.sha256,
    }
    return render(shelf().pages, f"{report.form} sheet", f"reports/{report.on.guide}/sheet.txt", values)
