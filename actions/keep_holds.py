"""What a hold brings about when its decision stands, when it is lifted, and when its review or its end has come."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from actions.append_facts import Known, append_facts
from actions.desk import Act, Desk
from actions.errors import Conflict, NotFound
from actions.moments import spelt
from actions.open_task import end_tasks, open_task
from actions.redraft import drop_empty
from db.models import Decision, Hold, Notice, Person, Task
from db.queries.facts import as_known
from db.queries.held_back import about, holds_standing

CALLED_BACK = ("drafted", "held", "queued")
FINDING = "findings.telling_restricted"


def take_hold(act: Act, decision: Decision) -> None:
    """A decision about a hold stands: people are held back from now on, or told after all."""
    if decision.choice == "lifted":
        number = decision.about.removeprefix("hold ")
        hold = act.session.scalar(
            sa.select(Hold).where(Hold.incident_id == act.incident.id, Hold.number == int(number))
        )
        if hold is None or hold.state != "stands":
            raise Conflict(f"Hold {number} does not stand any more; there is nothing to lift.")
        end_hold(act, hold, "lifted", f"decision {decision.number}", decision)
        return
    hold = act.session.scalar(sa.select(Hold).where(Hold.decision_id == decision.id))
    if hold is None:
        raise NotFound("This decision names no ground and no extent; propose it with 'forthwith hold back'.")
    if hold.renews_id:
        _replace(act, act.session.get_one(Hold, hold.renews_id), decision)
    hold.state = "stands"
    act.session.flush()
    called_back = _call_back(act, hold)
    _find(act, decision)
    act.journal(f"hold {hold.number}", stands=hold.ground, extent=hold.extent, called_back=called_back)


def end_hold(act: Act, hold: Hold, state: str, why: str, decision: Decision | None = None) -> None:
    """End a hold; whoever it kept back is told in the next wave."""
    hold.state, hold.ended_at, hold.ended_because = state, act.now, why
    act.session.flush()
    end_tasks(act, f"review-hold:{hold.id}", f"{state}: {why}")
    _find(act, decision)
    act.journal(f"hold {hold.number}", ended=state, because=why)
    act.ask_for("respond", because=f"hold {hold.number} is {state}")


def review_holds(desk: Desk) -> int:
    """Ask for the review of each hold whose date has come, and end what the law lets last no longer. Safe to repeat."""
    due = sa.select(Hold.incident_id).where(Hold.state == "stands").distinct()
    with desk.reading() as session:
        incidents = session.scalars(due).all()
    return sum(_review(desk, incident_id) for incident_id in incidents)


def _review(desk: Desk, incident_id: UUID) -> int:
    with desk.act("review_holds", incident_id) as act:
        now = sa.select(Hold).where(Hold.incident_id == incident_id, Hold.state == "stands", Hold.review_at <= act.now)
        due = act.session.scalars(now.order_by(Hold.number)).all()
        for hold in due:
            if hold.ends_at and hold.ends_at <= act.now:
                end_hold(act, hold, "lapsed", "the law lets a request by word of mouth last no longer")
            else:
                _ask(act, hold)
    return len(due)


def _ask(act: Act, hold: Hold) -> None:
    held = {one.number: one.people for one in holds_standing(act.session, act.incident.id)}
    open_task(
        act,
        kind="decide",
        key=f"review-hold:{hold.id}",
        title=f"Lift or renew hold {hold.number}: is it still necessary and proportionate?",
        why=f"It keeps {held.get(hold.number, 0)} people from being told ({hold.ground}); its review was due {spelt(hold.review_at)}.",
        due_at=hold.ends_at or hold.review_at,
        details={"hold": hold.number},
    )


def _replace(act: Act, old: Hold, decision: Decision) -> None:
    if old.state != "stands":
        raise Conflict(f"Hold {old.number} is {old.state} meanwhile; propose a new one.")
    old.state, old.ended_at, old.ended_because = "renewed", act.now, f"decision {decision.number}"
    act.session.flush()
    end_tasks(act, f"review-hold:{old.id}", f"renewed by decision {decision.number}")


def _find(act: Act, decision: Decision | None) -> None:
    """While everyone is held back the laws that allow it ask for no notice; part of the people leaves the duty as it is."""
    all_of_them = sa.select(Hold.number).where(
        Hold.incident_id == act.incident.id, Hold.state == "stands", Hold.extent == "everyone"
    )
    restricted = act.session.scalar(all_of_them.limit(1)) is not None
    if restricted is bool(as_known(act.session, act.incident.id).get(FINDING)):
        return
    source = f"decision {decision.number}" if decision else "a hold that lapsed"
    known = [Known(FINDING, restricted, source)]
    append_facts(act.desk, act.session, act.incident, known, act.now, decision)


def _call_back(act: Act, hold: Hold) -> int:
    """Cancel what has not left for those whom it covers; what is leaving at this moment counts as unknown, never as unsent."""
    because = f"held back by law (hold {hold.number})"
    whom = sa.select(Person.id).where(Person.incident_id == act.incident.id, about(hold))
    mine = (Notice.incident_id == act.incident.id, Notice.person_id.in_(whom))
    waiting = sa.select(Notice.nid).where(*mine, Notice.state.in_(CALLED_BACK))
    ended: Mapping[str, Any] = {
        "state": "cancelled",
        "outcome": because,
        "ended_at": act.now,
        "ended_by": act.desk.actor,
    }
    act.session.execute(sa.update(Task).where(Task.notice_id.in_(waiting), Task.state == "open").values(**ended))
    cancelled = act.session.execute(
        sa.update(Notice)
        .where(*mine, Notice.state.in_(CALLED_BACK))
        .values(state="cancelled", ended_because=because, settled_at=act.now)
    )
    act.session.execute(sa.update(Notice).where(*mine, Notice.state == "sending").values(state="unknown"))
    drop_empty(act, because)
    return int(getattr(cancelled, "rowcount", 0))
