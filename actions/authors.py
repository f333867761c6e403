"""Who wrote the words of an incident: they cannot approve what is made from them."""

from collections.abc import Iterable

import sqlalchemy as sa

from actions import clock
from actions.desk import Act
from actions.errors import Conflict
from db.models import Fact
from db.queries.absences import stands_in_for


def authors(act: Act) -> list[str]:
    """Those who recorded the story that letters and reports tell, the last writer first; the declarer where nobody did."""
    story = (
        sa.select(Fact.recorded_by)
        .where(Fact.incident_id == act.incident.id, Fact.name.like("story.%"))
        .order_by(Fact.number.desc())
    )
    return list(dict.fromkeys(act.session.scalars(story))) or [act.incident.declared_by]


def refuse_author(act: Act, drafted_by: str, what: str) -> None:
    """Raise Conflict when the one at the desk wrote any of the words, or stands in for someone who did."""
    wrote = (drafted_by, *authors(act))
    if act.desk.actor in wrote:
        raise Conflict(f"{act.desk.actor} wrote words of {what}; someone who did not must approve it (--as NAME).")
    refuse_delegate(act, wrote, did=f"wrote words of {what}")


def refuse_delegate(act: Act, of: Iterable[str], did: str) -> None:
    """Raise Conflict when the one at the desk stands in for one of these people now: two people are two minds."""
    behind = stands_in_for(act.session, act.desk.actor, clock.real_now()) & {one.lower() for one in of}
    if behind:
        raise Conflict(
            f"{act.desk.actor} stands in for {sorted(behind)[0]}, who {did}; a third person must do this (--as NAME)."
        )
