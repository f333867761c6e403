"""Prepares the reports that are owed to authorities and others outside: a preliminary one from the first hour, drawn up again as facts arrive."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from actions.desk import Act, Desk
from actions.draw_up import as_last, draw_up, last_filed, latest
from actions.open_task import end_tasks, open_task
from actions.report_model import form_for, lacking, model_of
from actions.told_before import ToldBefore, ask_to_correct
from actions.turn import waits_for_none
from db.models import Obligation, Report, Task
from db.models.obligation import TOLD_OTHERWISE
from db.queries.facts import as_known
from notices.changes import ABOUT_THE_FILING
from notices.filled import Stage
from notices.report import Report as Rendered
from notices.report import build

STAGES: dict[str, Stage] = {"intermediate": "follow_up", "final": "final"}
"""Which stage of reporting a duty of this phase is; every other begins one."""


@dataclass(frozen=True)
class Prepared:
    """How many reports were drawn up, and how many of them anew."""

    drafts: int
    changed: int


def prepare_reports(desk: Desk, incident: UUID | str) -> Prepared:
    """Draw up, or draw up again, each report owed now. What was approved or filed is never touched. Safe to repeat."""
    with desk.act("report_to_regulator", incident) as act:
        known = as_known(act.session, act.incident.id)
        owed = sa.select(Obligation).where(
            Obligation.incident_id == act.incident.id, _to_report(), Obligation.terms.is_not(None)
        )
        made = [
            _prepare(act, obligation, known)
            for obligation in act.session.scalars(owed.order_by(Obligation.duty, Obligation.authority)).all()
        ]
        _drop_needless(act)
        told = [one for one in ask_to_correct(act) if one.obligation_id]
        made += [_correct(act, one, known) for one in told]
        _drop_settled(act, {one.obligation_id for one in told})
    return Prepared(drafts=sum(one is not None for one in made), changed=sum(bool(one) for one in made))


def _to_report() -> sa.ColumnElement[bool]:
    """Whatever is owed to someone outside who is not a person affected; towards authorities, what may be owed too."""
    owed = sa.and_(Obligation.state == "open", Obligation.recipient.not_in(TOLD_OTHERWISE))
    may_be = sa.and_(
        Obligation.state == "watching",
        Obligation.answer == "unknown",
        Obligation.recipient == "authority",
        Obligation.phase.in_(("early_warning", "initial", "update")),
    )
    return sa.or_(owed, may_be)


def _drop_needless(act: Act) -> None:
    """A draft for a duty that turned out not to apply is put away; it would only ask for an approval that nobody needs."""
    drafts = sa.select(Report).join(Obligation, Report.obligation_id == Obligation.id)
    needless = drafts.where(
        Report.incident_id == act.incident.id, Report.state == "draft", Obligation.answer == "does_not_apply"
    )
    for report in act.session.scalars(needless.where(Obligation.state == "watching")).all():
        report.state = "replaced"
        act.journal(f"report {report.number}", replaced=True, because="its duty does not apply")


def _prepare(act: Act, obligation: Obligation, known: Mapping[str, Any]) -> bool | None:
    """None when no draft is due for this obligation; else whether it was drawn up (again)."""
    if obligation.phase == "update" and not waits_for_none(obligation):
        return _follow_up(act, obligation, known)
    newest = latest(act, obligation)
    if newest is not None and (newest.state in ("approved", "filed") or newest.stage == "withdrawal"):
        return None
    draft = newest if newest is not None and newest.state == "draft" else None
    filed = last_filed(act, obligation)
    rendered = build(
        form_for(obligation),
        STAGES.get(obligation.phase, "initial"),
        model_of(act, obligation, known, filed),
        as_last(filed),
    )
    return draw_up(act, obligation, draft, rendered, filed)


def _correct(act: Act, told: ToldBefore, known: Mapping[str, Any]) -> bool | None:
    """What an authority was told and is otherwise now is drafted as a follow-up, where no duty of its own asks for one."""
    obligation = act.session.get_one(Obligation, told.obligation_id)
    newest, filed = latest(act, obligation), last_filed(act, obligation)
    if (
        filed is None
        or newest is None
        or newest.state == "approved"
        or newest.stage == "withdrawal"
        or _asked(act, obligation)
    ):
        return None
    rendered = build(form_for(obligation), "follow_up", model_of(act, obligation, known, filed), as_last(filed))
    return draw_up(act, obligation, newest if newest.state == "draft" else None, rendered, filed)


def _drop_settled(act: Act, told: Set[UUID | None]) -> None:
    """A correction that nobody needs any more, since what was told is right again, is put away."""
    mine = sa.select(Report).join(Obligation, Report.obligation_id == Obligation.id)
    drafts = mine.where(Report.incident_id == act.incident.id, Report.state == "draft", Report.stage == "follow_up")
    for report in act.session.scalars(drafts.where(Obligation.state == "met", Obligation.phase != "update")).all():
        if report.obligation_id not in told:
            report.state = "replaced"
            act.journal(f"report {report.number}", replaced=True, because="what was told is right again")


def _asked(act: Act, obligation: Obligation) -> bool:
    """Whether a duty to send further information to the same authority under the same law stands open."""
    same = (Obligation.law == obligation.law, Obligation.authority == obligation.authority)
    open_ones = sa.select(Obligation.id).where(
        Obligation.incident_id == act.incident.id, Obligation.phase == "update", Obligation.state == "open", *same
    )
    return act.session.scalar(open_ones.limit(1)) is not None


def _follow_up(act: Act, obligation: Obligation, known: Mapping[str, Any]) -> bool | None:
    """Further information: what the last filed report lacked is asked for, and drafted once something of it is known."""
    filed = last_filed(act, obligation)
    if filed is None:
        return None
    if filed.stage == "withdrawal":
        _nothing_more(act, obligation, filed)
        return None
    rendered = build(form_for(obligation), "follow_up", model_of(act, obligation, known, filed), as_last(filed))
    _ask_for_missing(act, obligation, filed, rendered)
    newest = latest(act, obligation)
    if newest is not None and (newest.state == "approved" or (newest.state, newest.stage) == ("draft", "withdrawal")):
        return None
    if _values(rendered.content) == _values(filed.content):
        return None
    return draw_up(act, obligation, newest if newest is not None and newest.state == "draft" else None, rendered, filed)


def _nothing_more(act: Act, obligation: Obligation, withdrawal: Report) -> None:
    """After a withdrawal nothing is owed any more: what was still asked for falls away, and so does a draft."""
    waiting = sa.select(Task.key).where(
        Task.incident_id == act.incident.id, Task.key.like(f"missing:{obligation.id}:%"), Task.state == "open"
    )
    for key in act.session.scalars(waiting).all():
        end_tasks(act, key, f"report {withdrawal.number} withdrew the notification")
    newest = latest(act, obligation)
    if newest is not None and newest.state == "draft" and newest.id != withdrawal.id:
        newest.state = "replaced"
        act.journal(f"report {newest.number}", replaced=True, because=f"report {withdrawal.number} withdrew it")


def _ask_for_missing(act: Act, obligation: Obligation, filed: Report, rendered: Rendered) -> None:
    """Each thing that the law wants and the last report lacked is a task with the organisation's own target."""
    due_at = (filed.filed_at or act.now) + timedelta(hours=act.desk.settings.target_update_hours)
    labels = {field.key: field.label for field in rendered.fields}
    still = lacking(rendered.content)
    for key in lacking(filed.content):
        task_key = f"missing:{obligation.id}:{key}"
        if key in still:
            title = f"Find out for the {obligation.authority} report: {labels.get(key, key)}"
            open_task(
                act,
                kind="follow_up",
                key=task_key,
                title=title,
                why=obligation.citation,
                due_at=due_at,
                obligation_id=obligation.id,
            )
        else:
            end_tasks(act, task_key, "it is known now")


def _values(content: Mapping[str, Any]) -> dict[str, Any]:
    """What the report says of the breach, whatever its stage, reference and date."""
    return {field["key"]: field["value"] for field in content["fields"] if field["key"] not in ABOUT_THE_FILING}
