"""Hands on to a person what no way can do: those whom every way has failed, those without any, and the dead."""

from collections.abc import Sequence

import sqlalchemy as sa

from actions.choose_ways import Chosen
from actions.desk import Act
from actions.open_task import end_tasks, open_task
from db.models import Decision, Notice

DECIDE_SUBSTITUTE = "substitute"


def give_up(act: Act, lost: Sequence[Chosen]) -> None:
    """Record that the ladder has ended for these people, and ask for the decision about a substitute notice."""
    decided = sa.select(sa.func.count()).where(
        Decision.incident_id == act.incident.id, Decision.kind == "substitute_notice"
    )
    key = f"{DECIDE_SUBSTITUTE}:{act.session.scalar(decided)}"
    if not lost:
        end_tasks(act, key, "nobody is left whom no way reaches")
        return
    ids = [one.person.id for one in lost]
    _end_ladder(act, ids)
    numbers = sorted(one.person.number for one in lost)
    open_task(
        act,
        kind="decide",
        key=key,
        title="Find another way to those whom none has reached, or decide on a substitute notice",
        why="Every way on record has failed for them, or none is on record.",
        details={"people": numbers[:1000], "count": len(numbers)},
    )


def _end_ladder(act: Act, ids: Sequence[object]) -> None:
    """Their last notice failed and no further way is known: it counts as unreached."""
    failed = sa.select(Notice).where(Notice.person_id.in_(ids), Notice.state.in_(("bounced", "rejected")))
    last = {notice.person_id: notice for notice in act.session.scalars(failed.order_by(Notice.rung))}
    for notice in last.values():
        notice.state, notice.ended_because = "unreached", "every way on record has failed"
    if last:
        act.session.flush()
        act.journal("ladder", unreached=len(last))


def ask_about_the_dead(act: Act, dead: Sequence[Chosen]) -> None:
    """Nobody writes to the dead: someone decides whether, and how, their next of kin are told."""
    for one in dead:
        open_task(
            act,
            kind="decide",
            key=f"next_of_kin:{one.person.id}",
            title=f"Decide whether and how the next of kin of person {one.person.number} are told",
            why="The person has died. Record the decision as an exemption, with how the family was told or why not.",
            details={"people": [one.person.number]},
        )
