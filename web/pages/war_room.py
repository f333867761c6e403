"""The front page: every open incident, the nearest limit first, and what waits for whoever looks."""

from datetime import timedelta
from typing import Any

from starlette.responses import Response

from actions import clock
from db.queries.absences import stands_in_for
from db.queries.board import PAGE, Wanted, board
from db.queries.heartbeat import last_heartbeat
from db.queries.intakes import intakes_by, new_intakes
from db.queries.mine import approvals_for, seconds_for, tasks_of
from db.queries.visible import visible
from web.pages.tell import BECAME
from web.paper import show
from web.roles import APPROVER, EVERYONE, MANAGER, READERS
from web.routes import page
from web.visit import Visit

STATES = {"open": "Open", "closed": "Closed", "all": "All"}


def war_room(visit: Visit) -> Response:
    """The incidents that this visitor may see."""
    if not visit.may & READERS:
        with visit.reading() as session:
            mine = intakes_by(session, visit.viewer.account_id)
        return show(visit, "welcome.html", mine=mine, became=BECAME)
    wanted = _wanted(visit)
    open_to, silent_after = visible(visit.viewer), 60 * visit.settings.heartbeat_silence_minutes
    with visit.reading() as session:
        lines, total = board(session, open_to, wanted)
        beat = last_heartbeat(session)
        words: dict[str, Any] = {
            "lines": lines,
            "total": total,
            "wanted": wanted,
            "states": STATES,
            "pages": -(-total // PAGE),
            "beat": beat,
            "silent": beat is None or (clock.real_now() - beat).total_seconds() > silent_after,
            "silent_after": silent_after,
            "tasks": tasks_of(
                session,
                open_to,
                (
                    visit.viewer.name,
                    visit.viewer.display_name,
                    *stands_in_for(session, visit.viewer.name, clock.real_now()),
                ),
            ),
            "approvals": approvals_for(session, open_to, visit.viewer.name) if APPROVER in visit.may else [],
            "seconds": seconds_for(session, open_to, visit.viewer.name) if visit.may & {MANAGER, APPROVER} else [],
            "said_new": new_intakes(session) if MANAGER in visit.may else (0, None),
            "said_target": timedelta(hours=visit.settings.hand_over_target_hours),
            "now_in": {line.incident.id: clock.now(line.exercise) for line in lines},
        }
    return show(visit, "war_room.html", **words)


def _wanted(visit: Visit) -> Wanted:
    state, number = visit.said("state"), visit.said("page", 6)
    return Wanted(
        words=visit.said("q", 100),
        state=state if state in STATES else "open",
        exercises=visit.said("exercises") == "yes",
        owner=visit.said("owner"),
        page=max(1, int(number)) if number.isascii() and number.isdecimal() else 1,
    )


ROUTES = (page("/", war_room, EVERYONE),)
