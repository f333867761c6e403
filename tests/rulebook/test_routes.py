"""To which authority a duty falls: the lead, the Land, or each where people live."""

from datetime import date
from typing import Any

import pytest

from rulebook.facts import assemble
from rulebook.library import book
from rulebook.places import members, names
from rulebook.routes import authority_of, gdpr_supervisory, law_enforcement_supervisory

TODAY = date(2026, 11, 21)
OWN = "organisation."


def _facts(**told: Any) -> dict[str, Any]:
    return {f"{OWN}{name}" if name not in ("people",) else name: value for name, value in told.items()}


@pytest.mark.parametrize(
    ("told", "to", "missing"),
    [
        (_facts(establishments=["FR"]), ("eu/fr",), ()),
        (_facts(establishments=["FR", "BE"]), (), ("organisation.main_establishment",)),
        (_facts(establishments=["FR", "BE"], main_establishment="BE"), ("eu/be",), ()),
        (_facts(establishments=["DE-NW"]), ("de/nw",), ()),
        (_facts(establishments=["DE"]), ("de/land",), ("organisation.establishments",)),
        (_facts(establishments=["DE", "DE-HH"]), ("de/hh",), ()),
        (_facts(establishments=["DE-BY", "DE-HE"]), ("de/land",), ("organisation.main_establishment",)),
        (_facts(establishments=["DE-BY", "DE-HE"], main_establishment="DE-HE"), ("de/he",), ()),
        (_facts(establishments=["DE-BY"], roles=["controller"]), ("de/by",), ()),
        (_facts(establishments=["DE-BY"], roles=["controller", "public_body"]), ("de/by-public",), ()),
        (_facts(establishments=["DE-BE"], roles=["public_body"], sectors=["central_government"]), ("eu/de",), ()),
        (_facts(establishments=["DE-NW"], roles=["controller", "communications_provider"]), ("eu/de",), ()),
        (_facts(establishments=["US"]) | {"people": {"FR": 3, "BE": 1, "US": 9}}, ("eu/be", "eu/fr"), ()),
        (_facts(establishments=["US"]) | {"people": {"FR": 3, "BE": 0}}, ("eu/fr",), ()),
        (_facts(establishments=["US"]) | {"people": {"DE": 9, "DE-BY": 3, "DE-SN": 1}}, ("de/by", "de/sn"), ()),
        (_facts(establishments=["US"]) | {"people": {"DE": 9, "FR": 1}}, ("de/land", "eu/fr"), ("people.DE",)),
        (_facts(establishments=["US"]), (), ("people",)),
    ],
)
def test_a_report_falls_to_the_lead_authority_or_to_each_where_people_live(
    told: dict[str, Any], to: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    route = gdpr_supervisory(assemble(told), TODAY)
    assert (route.to, route.missing) == (to, missing)


@pytest.mark.parametrize(
    ("told", "to"),
    [
        (_facts(establishments=["FR"]), ("eu/fr",)),
        (_facts(establishments=["DE-SN", "FR"], roles=["competent_authority"]), ("de/sn", "eu/fr")),
        (_facts(establishments=["DE-BY"], roles=["competent_authority"]), ("de/by-public",)),
        (_facts(establishments=["DE"], roles=["competent_authority"], sectors=["central_government"]), ("eu/de",)),
        (_facts(establishments=["DE"], roles=["competent_authority"]), ("de/land",)),
    ],
)
def test_police_report_to_the_authority_of_their_state_or_land(told: dict[str, Any], to: tuple[str, ...]) -> None:
    assert law_enforcement_supervisory(assemble(told), TODAY).to == to


def test_every_place_in_the_area_has_an_authority_of_the_book() -> None:
    facts = assemble({})
    inside = [place for place in names() if place.partition("-")[0] in members("GDPR", TODAY)]
    assert len([place for place in inside if place.startswith("DE-")]) == 16
    assert {authority_of(place, facts) for place in inside} <= set(book().authorities)
    public = assemble(_facts(roles=["public_body"]))
    assert {authority_of(place, public) for place in inside} <= set(book().authorities)
