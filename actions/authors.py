"""Who wrote the words of an incident: they cannot approve what is made from them."""

import sqlalchemy as sa

from actions.desk import Act
from actions.errors import Conflict
from db.models import Fact


def authors(act: Act) -> list[str]:
    """Those who recorded the story that letters and reports tell, the last writer first; the declarer where nobody did."""
    story = (
        sa.select(Fact.recorded_by)
        .where(Fact.incident_id == act.incident.id, Fact.name.like("story.%"))
        .order_by(Fact.number.desc())
    )
    return list(dict.fromkeys(act.session.scalars(story))) or [act.incident.declared_by]


def refuse_author(act: Act, drafted_by: str, what: str) -> None:
    """Raise Conflict when the one at the desk wrote any of the words."""
    if act.desk.actor in (drafted_by, *authors(act)):
        raise Conflict(f"{act.desk.actor} wrote words of {what}; someone who did not must approve it (--as NAME).")
