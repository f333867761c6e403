"""Who was told a value that is another one now: authorities by reports, people by notices; and the tasks to put it right."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions import clock
from actions.desk import Act, Desk
from actions.draw_up import last_filed
from actions.open_task import end_tasks, open_task
from actions.report_model import model_of
from db.chain import canonical
from db.models import Incident, Notice, Obligation, Report, Task, Wave
from db.queries.balance import TOLD
from db.queries.facts import as_known
from db.queries.incidents import exercise_of
from notices.changes import said
from notices.filled import Field, read_back
from notices.report import build

MATERIAL = (
    *("people", "events", "data", "kinds", "nature", "medium", "protection", "risk", "story.records"),
    *("story.data_in_words", "story.clients", "story.transactions", "story.costs", "story.dora_criteria"),
)
"""Facts whose change must be told to whoever was told otherwise: how many, whose, which data, when, contained or not."""
IN_NOTICES = ("what_happened", "occurred_on", "discovered_on", "data_in_words", "consequences")


@dataclass(frozen=True)
class Value:
    """One thing that was told, and what is known now; `name` is the question or the fact."""

    name: str
    facts: tuple[str, ...]
    told: str
    now: str | None


@dataclass(frozen=True)
class ToldBefore:
    """One filed report or launched wave that says something which is otherwise now; *count* is how many heard it."""

    kind: str
    number: int
    to: str
    at: datetime
    count: int
    values: tuple[Value, ...]
    obligation_id: UUID | None = None

    @property
    def key(self) -> str:
        """The key of its task: another one once the values are others again."""
        values = hashlib.sha256(canonical({"values": [asdict(one) for one in self.values]}).encode()).hexdigest()
        return f"{self.prefix}{values[:12]}"

    @property
    def prefix(self) -> str:
        """How the keys of its tasks begin."""
        return f"told:{self.kind}:{self.number}:"


def told_the_old_value(desk: Desk, session: Session, incident: Incident) -> list[ToldBefore]:
    """Everyone who was told what is no longer so, reports first. Only the last report to an authority counts."""
    exercise = exercise_of(session, incident)
    return told_before(Act(desk, session, "look", incident, exercise, clock.now(exercise)))


def told_before(act: Act) -> list[ToldBefore]:
    """The same within an act that is under way."""
    known = as_known(act.session, act.incident.id)
    return [*_reports(act, known), *_waves(act, known)]


def ask_to_correct(act: Act) -> list[ToldBefore]:
    """A task for each of them, once for the same values; it ends by itself when what was told is right, or told anew."""
    found = told_before(act)
    standing = {one.key for one in found}
    mine = sa.select(Task.key).where(Task.incident_id == act.incident.id, Task.state == "open", Task.key.like("told:%"))
    for key in act.session.scalars(mine).all():
        if key not in standing:
            end_tasks(act, key, "what was told is right again, or was told anew")
    for one in found:
        names = ", ".join(value.name for value in one.values)
        heard = f"{one.to} ({one.count} notices)" if one.kind == "wave" else one.to
        title = f"Tell {heard} what is known now: {one.kind} {one.number} said otherwise"
        hours = act.desk.settings.target_update_hours
        open_task(
            act,
            kind="follow_up",
            key=one.key,
            title=title,
            why=f"Changed since: {names}",
            due_at=act.now + timedelta(hours=hours),
            obligation_id=one.obligation_id,
        )
    return found


def _reports(act: Act, known: Mapping[str, Any]) -> Iterator[ToldBefore]:
    query = sa.select(Report, Obligation).join(Obligation, Report.obligation_id == Obligation.id)
    filed = query.where(Report.incident_id == act.incident.id, Report.state == "filed").order_by(Report.number)
    for report, obligation in act.session.execute(filed).tuples().all():
        last = last_filed(act, obligation)
        if last is None or last.id != report.id or report.stage == "withdrawal":
            continue
        values = tuple(_values(act, report, obligation, known))
        if values:
            to = obligation.authority or obligation.recipient.replace("_", " ")
            yield ToldBefore("report", report.number, to, report.filed_at or act.now, 1, values, obligation.id)


def _values(act: Act, report: Report, obligation: Obligation, known: Mapping[str, Any]) -> Iterator[Value]:
    """The answers of a filed report that would be others now; one that was open then told nobody anything."""
    kept = read_back(report.content)
    present = build(report.form, kept.stage, model_of(act, obligation, known, report))
    now = {field.key: field for field in present.fields}
    for field in kept.fields:
        told, is_now = said(field), said(now.get(field.key))
        if told and told != is_now and not field.missing and _is_material(field):
            yield Value(field.label, field.facts, told, is_now)


def _is_material(field: Field) -> bool:
    return any(name == one or name.startswith(f"{one}.") for name in field.facts for one in MATERIAL)


def _waves(act: Act, known: Mapping[str, Any]) -> Iterator[ToldBefore]:
    gone = ("launched", "paused", "done")
    waves = sa.select(Wave).where(Wave.incident_id == act.incident.id, Wave.state.in_(gone)).order_by(Wave.number)
    for wave in act.session.scalars(waves).all():
        before = as_known(act.session, act.incident.id, wave.facts_as_of)
        values = tuple(_words(wave, before, known))
        heard = act.session.scalar(sa.select(sa.func.count()).where(Notice.wave_id == wave.id, Notice.state.in_(TOLD)))
        if values and heard:
            yield ToldBefore("wave", wave.number, wave.name, wave.launched_at or act.now, heard, values)


def _words(wave: Wave, before: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[Value]:
    """The words of notices to these people that have changed since the wave was drafted."""
    names = [f"story.{name}" for name in IN_NOTICES]
    names += [f"story.{kind}.{name}" for kind in wave.audience for name in IN_NOTICES]
    for name in names:
        told, now = before.get(name), known.get(name)
        if told and told != now:
            yield Value(name, (name,), _text(told), _text(now) if now else None)


def _text(value: Any) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)
