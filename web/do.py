"""Makes two routes of each form on an incident: a page that asks, and the act behind it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session
from starlette.responses import Response

from actions.errors import Conflict, NotFound
from db.models import Incident
from db.queries.incidents import exercise_of
from rulebook.facts import BadFacts
from web.after import done
from web.forms import Field, Form, Mistyped, read
from web.paper import show
from web.routes import Route, act, page
from web.visit import Visit, as_values

BASE = "/incidents/{reference}"


def routes_of(form: Form) -> tuple[Route, Route]:
    """The page of the form, and its act."""
    path = f"{BASE}/do/{form.key}"

    def ask(visit: Visit) -> Response:
        known = {one.name for one in form.fields}
        given = {name: value[:300] for name, value in visit.request.query_params.items() if name in known}
        return _page(visit, form, given)

    def do(visit: Visit) -> Response:
        return _do(visit, form)

    return page(path, ask, form.roles), act(path, do, form.roles, largest=form.largest)


def link(reference: str, key: str, **given: Any) -> str:
    """The address of a form's page, some of its fields filled in."""
    return f"/incidents/{reference}/do/{key}" + (f"?{urlencode(given)}" if given else "")


def _do(visit: Visit, form: Form) -> Response:
    with visit.reading() as session:
        incident = visit.incident(session)
        fields = form.asked(as_values(visit.typed))
        offered = _offered(fields, session, incident)
    try:
        says = form.do(visit, incident.reference, read(fields, visit, offered))
    except NotFound as refusal:
        return _page(visit, form, as_values(visit.typed), 404, str(refusal))
    except Mistyped as refusal:
        return _page(visit, form, as_values(visit.typed), 422, str(refusal), refusal.wrong)
    except (Conflict, BadFacts) as refusal:
        return _page(visit, form, as_values(visit.typed), 409, str(refusal))
    return done(visit, f"/incidents/{incident.reference}#{form.part}", says)


def _page(
    visit: Visit,
    form: Form,
    given: Mapping[str, Any],
    status: int = 200,
    refusal: str = "",
    wrong: Mapping[str, str] | None = None,
) -> Response:
    with visit.reading() as session:
        incident, fields = visit.incident(session), form.asked(given)
        words = {
            "incident": incident,
            "exercise": exercise_of(session, incident),
            "form": form,
            "fields": fields,
            "given": given,
            "many": {name: visit.typed.getlist(name) for name in visit.typed},
            "offered": _offered(fields, session, incident),
            "refusal": refusal,
            "wrong": wrong or {},
        }
    return show(visit, "form.html", status, **words)


def _offered(fields: tuple[Field, ...], session: Session, incident: Incident) -> dict[str, Mapping[str, str]]:
    return {
        one.name: one.choices(session, incident) if callable(one.choices) else one.choices
        for one in fields
        if one.kind in ("choice", "many")
    }
