"""The incident's page warns of what is near and draws what may be owed."""

from actions.assess import assess
from actions.desk import Desk
from tests.builders import an_incident
from tests.web.browser import Team


def test_a_number_of_people_near_a_threshold_is_shown_until_it_is_no_more(team: Team, desk: Desk) -> None:
    texans = {"data": ["name", "social_security_number"], "medium": ["electronic"], "nature": ["acquisition"]}
    where = {"organisation__establishments": ["US-TX"], "people__GB": None, "people__US-TX": 240}
    texan = an_incident(desk, **texans, **where)
    few = an_incident(desk, **texans, **(where | {"people__US-TX": 24}))
    says = "240 people in US-TX known; at 250 (at least 250) us-tx-ag would be owed"
    assert says in team["auditor"].page(f"/incidents/{texan.reference}").words
    assert "would be owed" not in team["auditor"].page(f"/incidents/{few.reference}").words


def test_a_limit_that_may_be_owed_is_drawn_apart_from_one_that_is(team: Team, desk: Desk) -> None:
    unsure = an_incident(desk, risk=None)
    assess(desk, unsure.id)
    drawn = team["auditor"].get(f"/incidents/{unsure.reference}").text
    assert '<g class="mark maybe">' in drawn
    assert "if owed uk-" in drawn
