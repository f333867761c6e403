"""A fact with options of its own is chosen from them on the dashboard, and nothing else is taken."""

import pytest

from actions.desk import Desk, find
from db.queries.facts import as_known
from tests.web.browser import Team, refusals
from tests.web.page import Page


def known(desk: Desk, reference: str) -> dict[str, object]:
    with desk.reading() as session:
        return as_known(session, find(session, reference).id)


@pytest.mark.parametrize("how", ["name", "other"])
def test_the_form_of_a_fact_with_options_offers_them_and_takes_one(team: Team, full: str, desk: Desk, how: str) -> None:
    responder = team["responder"]
    page = responder.page(f"/incidents/{full}/do/record-fact?{how}=story.cyber_impact")
    offered = [one.told.get("value") for one in page.elements if one.name == "option"]
    assert {"high", "medium", "low", "not yet known"} <= set(offered)
    responder.do(full, "record-fact", **{how: "story.cyber_impact", "value": "medium"})
    assert known(desk, full)["story.cyber_impact"] == "medium"
    responder.do(full, "record-fact", **{how: "story.cyber_systems", "value": ["integrity", "availability"]})
    assert known(desk, full)["story.cyber_systems"] == ["integrity", "availability"]
    responder.do(full, "record-fact", **{how: "story.cyber", "value": "yes"})
    responder.do(full, "record-fact", **{how: "story.staff_involved", "value": "null"})
    assert (known(desk, full)["story.cyber"], known(desk, full)["story.staff_involved"]) == (True, None)


def test_words_that_are_no_option_are_refused_and_the_options_stand_there(team: Team, full: str, desk: Desk) -> None:
    responder, before = team["responder"], known(desk, full)
    for name, value in (("story.cyber_impact", "rather bad"), ("story.cyber_systems", "till"), ("story.cyber", "mayb")):
        answer = responder.post(f"/incidents/{full}/do/record-fact", {"other": name, "value": value})
        assert answer.status_code == 422 and "offered" in refusals(answer)
        choices = {one.told.get("value") for one in Page(answer.text).elements if one.name in ("option", "input")}
        assert choices & {"medium", "integrity", "yes"}
    assert known(desk, full) == before
