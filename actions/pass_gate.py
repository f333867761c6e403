"""Passes a gate on: to the delegate of whoever is away, and down the ladder when nobody acts; never to who wrote it."""

from actions import clock
from actions.authors import authors
from actions.desk import Act
from db.models import HandOver
from db.queries.absences import stands_in

APPROVAL = "decision_to_approval"


def pass_gate(act: Act, hop: HandOver, level: int) -> str:
    """At level two a gate that nobody took goes to the deputy, at three to the executive, or to who stands in for them.

    Gives the new name, empty where it stays. Whoever wrote what is to be approved is passed over.
    """
    ladder = [act.incident.deputy, act.incident.executive][: max(0, level - 1)]
    barred = {hop.to.lower()} | ({one.lower() for one in authors(act)} if hop.hop == APPROVAL else set())
    for one in reversed(ladder):
        to = stands_in(act.session, one, clock.real_now()) if one else ""
        if to and to.lower() not in barred:
            act.journal(hop.hop, passed_from=hop.to, passed_to=to, level=level)
            hop.to = to
            return to
    return ""
