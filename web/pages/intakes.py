"""What employees said, for managers: the list, one of them with what looks alike, and what becomes of it."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from starlette.responses import Response

from actions import clock
from actions.declare import Declaration
from actions.dismiss import dismiss, look_again
from actions.errors import Conflict, NotFound
from actions.join import join
from actions.promote import promote
from actions.read_intake import Opened, open_intake, read_intake, waited
from db.models import Incident, Intake
from db.queries.intakes import intake_named, listed_intakes, open_intakes
from rulebook.facts import BadFacts
from web.after import done
from web.alikes import alikes
from web.forms import Mistyped, read
from web.pages import declare
from web.paper import show
from web.roles import MANAGERS
from web.routes import Route, act, page
from web.visit import Visit, as_values

FIELDS = tuple(one for one in declare.FIELDS if one.name != "detected")
"""As when declaring; when it was noticed is known."""


def intakes(visit: Visit) -> Response:
    """Those that wait, the longest on top; with ?all=yes those that were settled too."""
    everything = visit.said("all") == "yes"
    with visit.reading() as session:
        rows = listed_intakes(session, open_intakes(visit.viewer), settled_too=everything)
    return show(visit, "intakes.html", rows=rows, everything=everything, target=_target(visit), waited=waited)


def one(visit: Visit, refusal: str = "", status: int = 200) -> Response:
    """One of them, whole. What looks alike is shown beside it."""
    return show(visit, "intake.html", status, refusal=refusal, reasons=visit.text("reasons"), **_words(visit))


def ask_promote(visit: Visit) -> Response:
    """The form that declares the incident it is; what was said stands beside it, to be put in other words."""
    return _promote_page(visit, {})


def do_promote(visit: Visit) -> Response:
    """Declare it; the flow starts at once."""
    with visit.reading() as session:
        intake = _intake(visit, session)
    try:
        said = read(FIELDS, visit, declare.OFFERED)
        facts = declare.facts_said(said | {"detected": intake.noticed_at})
        made = promote(visit.desk(), intake.reference, Declaration(said["title"], facts, restricted=said["restricted"]))
    except Mistyped as refusal:
        return _promote_page(visit, as_values(visit.typed), 422, str(refusal), refusal.wrong)
    except (Conflict, BadFacts) as refusal:
        return _promote_page(visit, as_values(visit.typed), 409, str(refusal))
    says = f"{intake.reference} is {made.reference} now; its clocks run from when it was noticed."
    return done(visit, f"/incidents/{made.reference}", says)


def do_join(visit: Visit) -> Response:
    """Join it to an incident that is open to the visitor."""

    def joining(reference: str) -> Response:
        with visit.reading() as session:
            incident = visit.incident(session, visit.text("incident").strip()[:40])
        join(visit.desk(), reference, incident.id)
        return done(visit, f"/incidents/{incident.reference}", f"{reference} belongs to {incident.reference} now.")

    return _settled(visit, joining)


def do_dismiss(visit: Visit) -> Response:
    """Settle it as no breach, with reasons."""

    def dismissing(reference: str) -> Response:
        dismiss(visit.desk(), reference, visit.text("reasons")[:2000])
        return done(
            visit, "/intakes", f"{reference} is dismissed; its reasons are kept, and it can be looked at again."
        )

    return _settled(visit, dismissing)


def do_look_again(visit: Visit) -> Response:
    """Take a dismissal back."""

    def looking(reference: str) -> Response:
        look_again(visit.desk(), reference, visit.text("reasons")[:2000])
        return done(visit, f"/intakes/{reference}", f"{reference} waits again; its time counts from when it was said.")

    return _settled(visit, looking)


def looks_alike(visit: Visit) -> Response:
    """What looks like a title that is being typed: a piece of the page that declares."""
    title = visit.said("title")
    return show(visit, "alike.html", alikes=alikes(visit, title, clock.now()) if title else [], joins="")


def _settled(visit: Visit, settling: Callable[[str], Response]) -> Response:
    with visit.reading() as session:
        reference = _intake(visit, session).reference
    try:
        return settling(reference)
    except Conflict as refusal:
        return one(visit, str(refusal), 409)


def _intake(visit: Visit, session: Session) -> Intake:
    """The intake of the path, if this visitor may know of it. Raises NotFound, alike for none and for a hidden one."""
    wanted = str(visit.request.path_params["reference"])
    held = intake_named(session, wanted)
    mine = sa.select(Intake).where(Intake.id == (held.id if held else None), open_intakes(visit.viewer))
    found = session.scalar(mine)
    if found is None:
        raise NotFound(f"There is no intake {wanted.upper()[:40]} that is open to you.")
    return found


def _words(visit: Visit) -> dict[str, Any]:
    with visit.reading() as session:
        intake = _intake(visit, session)
        incident = session.get(Incident, intake.incident_id) if intake.incident_id else None
    opened = _opened(visit, intake)
    span = waited(intake, clock.now())
    return {
        "intake": intake,
        "opened": opened,
        "incident": incident,
        "span": span,
        "late": span > _target(visit),
        "target": _target(visit),
        "alikes": alikes(visit, opened.what, intake.noticed_at, intake.reference),
        "joins": intake.reference if intake.state == "new" else "",
    }


def _opened(visit: Visit, intake: Intake) -> Opened:
    """Whoever opens the page reads it, which is recorded; whoever is answered on it had read it already."""
    if visit.request.method == "GET":
        return read_intake(visit.desk(), intake.reference)
    with visit.reading() as session:
        return open_intake(visit.desk_of_nobody(), session, intake)


def _target(visit: Visit) -> timedelta:
    return timedelta(hours=visit.settings.hand_over_target_hours)


def _promote_page(
    visit: Visit,
    given: Mapping[str, Any],
    status: int = 200,
    refusal: str = "",
    wrong: Mapping[str, str] | None = None,
) -> Response:
    return show(
        visit,
        "promote.html",
        status,
        fields=FIELDS,
        given=given,
        many={name: visit.typed.getlist(name) for name in visit.typed},
        offered=declare.OFFERED,
        refusal=refusal,
        wrong=wrong or {},
        **_words(visit),
    )


ROUTES: tuple[Route, ...] = (
    page("/intakes", intakes, MANAGERS),
    page("/alike", looks_alike, MANAGERS),
    page("/intakes/{reference}", one, MANAGERS),
    page("/intakes/{reference}/promote", ask_promote, MANAGERS),
    act("/intakes/{reference}/promote", do_promote, MANAGERS),
    act("/intakes/{reference}/join", do_join, MANAGERS),
    act("/intakes/{reference}/dismiss", do_dismiss, MANAGERS),
    act("/intakes/{reference}/look-again", do_look_again, MANAGERS),
)
