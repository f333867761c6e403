"""Knows the dispatch of a report, and what it means for it that something came back."""

import sqlalchemy as sa

from actions.desk import Act
from actions.open_task import end_tasks
from db.models import Dispatch, Receipt, Report

ABOUT = ("acknowledge", "arrived", "another_way")
"""What tasks about a dispatch are called, before its id."""


def dispatch_of(act: Act, report: Report) -> Dispatch | None:
    """The dispatch of this report that may have arrived, or may yet leave."""
    live = sa.select(Dispatch).where(Dispatch.report_id == report.id, Dispatch.state != "rejected")
    return act.session.scalar(live)


def arrived(act: Act, dispatch: Dispatch, receipt: Receipt) -> None:
    """The authority has acknowledged it: whatever was unknown is settled by that."""
    if dispatch.state == "unknown":
        dispatch.state, dispatch.settled_at, dispatch.receipt_id = "accepted", act.now, receipt.id


def end_about(act: Act, report: Report, outcome: str) -> None:
    """End the tasks that ask what became of this report on its way."""
    for id_ in act.session.scalars(sa.select(Dispatch.id).where(Dispatch.report_id == report.id)).all():
        for word in ABOUT:
            end_tasks(act, f"{word}:{id_}", outcome)
