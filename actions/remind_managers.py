"""Reminds of intakes that nobody settles: after the target of a hand-over, and then every day until somebody does."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from actions import clock
from actions.desk import Desk
from actions.house_act import HouseAct, house_act
from actions.read_intake import waits
from actions.tell_managers import tell_managers
from db.models import Alert, Intake
from db.queries.intakes import waiting_intakes

DAY = timedelta(days=1)


def remind_managers(desk: Desk) -> int:
    """Tell what is due; returns how many intakes were told of. Each reminder is told once; those missed are overtaken."""
    first = timedelta(hours=desk.settings.hand_over_target_hours)
    now = clock.now()
    with desk.reading() as session:
        waiting = waiting_intakes(session, now - first)
        mine = Alert.intake_id.in_([one.id for one in waiting])
        told = set(session.execute(sa.select(Alert.intake_id, Alert.kind).where(mine)).tuples())
    if all((one.id, f"intake {step(one, now)}") in told for one in waiting):
        return 0
    with house_act(desk, "remind") as act:
        return sum(_remind(act, intake) for intake in waiting_intakes(act.session, act.now - first))


def step(intake: Intake, now: datetime) -> str:
    """The reminder that is due: the first after the target, then one for each whole day."""
    days = (now - intake.received_at) // DAY
    return f"waits {days} d" if days else "waits"


def _remind(act: HouseAct, intake: Intake) -> int:
    kind = step(intake, act.now)
    mine = sa.select(sa.func.count()).select_from(Alert)
    if act.session.scalar(mine.where(Alert.intake_id == intake.id, Alert.kind == f"intake {kind}")):
        return 0
    told = tell_managers(act, intake, kind, level=2 if kind == "waits" else 3)
    act.journal(intake.reference, reminder=kind, told=told, **waits(intake, act.now))
    return 1
