"""All the ways in, in one table: what the application serves, and what the matrix of roles is made from."""

from web import hooks
from web.acts import deciding, ending, facts, filing, holding, knowing, people, telling, work
from web.do import routes_of
from web.forms import Form
from web.pages import (
    accounts,
    answers,
    audience,
    away,
    declare,
    due,
    house,
    incident,
    intakes,
    lists,
    parts,
    person,
    sign_in,
    tell,
    texts,
    war_room,
    warnings,
)
from web.pages import filing as filing_pages
from web.routes import Route

FORMS: tuple[Form, ...] = (
    *facts.FORMS,
    *deciding.FORMS,
    *work.FORMS,
    *people.FORMS,
    *telling.FORMS,
    *holding.FORMS,
    *filing.FORMS,
    *knowing.FORMS,
    *ending.FORMS,
)

ROUTES: tuple[Route, ...] = (
    *house.ROUTES,
    *sign_in.ROUTES,
    *war_room.ROUTES,
    *due.ROUTES,
    *declare.ROUTES,
    *tell.ROUTES,
    *intakes.ROUTES,
    *incident.ROUTES,
    *parts.ROUTES,
    *warnings.ROUTES,
    *person.ROUTES,
    *lists.ROUTES,
    *texts.ROUTES,
    *answers.ROUTES,
    *filing_pages.ROUTES,
    *audience.ROUTES,
    *accounts.ROUTES,
    *away.ROUTES,
    *hooks.ROUTES,
    *(route for form in FORMS for route in routes_of(form)),
)
