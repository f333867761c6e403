"""Draws a report up, or anew, within an act that is under way: its words, its version, and the report that it follows."""

import sqlalchemy as sa

from actions.authors import authors
from actions.desk import Act
from db.models import Obligation, Report
from notices.filled import read_back
from notices.report import Last, pdf
from notices.report import Report as Rendered


def draw_up(
    act: Act,
    obligation: Obligation,
    draft: Report | None,
    rendered: Rendered,
    follows: Report | None,
    reasons: str = "",
) -> bool:
    """Keep what was rendered as the draft, or as a new one; False when the draft says the same already."""
    if draft is not None and draft.content_sha256 == rendered.sha256:
        return False
    if draft is None:
        draft = Report(incident_id=act.incident.id, obligation_id=obligation.id, number=_next(act), state="draft")
        new = True
    else:
        new = False
    draft.form, draft.stage, draft.reasons = rendered.form, rendered.stage, reasons
    draft.version, draft.follows_id = (follows.version + 1, follows.id) if follows else (1, None)
    draft.content, draft.missing, draft.content_sha256 = rendered.content, list(rendered.missing), rendered.sha256
    draft.pdf, draft.facts_as_of = pdf(rendered, as_of=act.now), act.now
    draft.drafted_at, draft.drafted_by = act.now, authors(act)[0]
    if new:
        act.session.add(draft)
    act.session.flush()
    details = {"stage": draft.stage, "form": draft.form, "content": draft.content_sha256, "missing": draft.missing}
    act.journal(f"report {draft.number}", drafted=True, duty=obligation.duty, authority=obligation.authority, **details)
    return True


def latest(act: Act, obligation: Obligation) -> Report | None:
    """The newest report on this obligation."""
    mine = sa.select(Report).where(Report.obligation_id == obligation.id).order_by(Report.number.desc()).limit(1)
    return act.session.scalar(mine)


def last_filed(act: Act, obligation: Obligation) -> Report | None:
    """The report last filed with the same authority under the same law."""
    same = sa.select(Obligation.id).where(
        Obligation.incident_id == act.incident.id,
        Obligation.law == obligation.law,
        Obligation.authority == obligation.authority,
        Obligation.recipient == obligation.recipient,
    )
    filed = sa.select(Report).where(Report.obligation_id.in_(same), Report.state == "filed")
    return act.session.scalar(filed.order_by(Report.filed_at.desc(), Report.number.desc()).limit(1))


def as_last(filed: Report | None) -> Last | None:
    """The filed report, as the next one compares itself with it."""
    if filed is None:
        return None
    return Last(number=filed.number, version=filed.version, filed_at=filed.filed_at, report=read_back(filed.content))


def _next(act: Act) -> int:
    return (
        act.session.scalar(sa.select(sa.func.max(Report.number)).where(Report.incident_id == act.incident.id)) or 0
    ) + 1
