"""Reports on their way to an authority, for tests of any room: one that is approved, and what is known of it afterwards."""

from pathlib import Path

import sqlalchemy as sa

from actions.approve_report import approve_report
from actions.assess import assess
from actions.desk import Desk
from actions.file_report import Filing
from actions.prepare_reports import prepare_reports
from db.models import Dispatch, Obligation, Report, Task
from tests.builders import an_incident

REF = "FW-2026-0001"
ANSWER = Filing("email", "IC-000001", "answer.eml", b"we have it")


def an_approved(desk: Desk, officer: Desk, **facts: object) -> Desk:
    incident = an_incident(desk, story__what_happened="A parcel was lost.", **facts)
    assess(desk, incident.id)
    prepare_reports(desk, incident.id)
    approve_report(officer, incident.id, 1)
    return desk


def dispatches(desk: Desk) -> list[Dispatch]:
    with desk.reading() as session:
        return list(session.scalars(sa.select(Dispatch).order_by(Dispatch.asked_at)))


def report(desk: Desk) -> Report:
    with desk.reading() as session:
        return session.scalars(sa.select(Report).where(Report.number == 1)).one()


def duty(desk: Desk) -> Obligation:
    with desk.reading() as session:
        return session.scalars(sa.select(Obligation).where(Obligation.duty == "uk-p3-67-1")).one()


def wire(desk: Desk, one: Dispatch) -> bytes:
    with desk.reading() as session:
        assert one.sent
        return desk.vault(session, one.incident_id).open(one.sent, f"dispatches/sent/{one.id}")


def open_tasks(desk: Desk) -> list[str]:
    with desk.reading() as session:
        keys = session.scalars(sa.select(Task.key).where(Task.kind == "file", Task.state == "open"))
        return [key.partition(":")[0] for key in keys]


def laid(desk: Desk) -> list[Path]:
    return sorted(desk.settings.outbox_folder.rglob("*.eml"))
