"""The page of an incident's warnings: each rung with its reason, and what files itself, which one person stops."""

import pytest

from actions.assess import assess
from actions.check_deadlines import check_deadlines
from actions.desk import Desk
from actions.prepare_reports import prepare_reports
from settings.model import Settings
from tests.builders import an_incident
from tests.conftest import Time
from tests.web.browser import Team

DUTY = "uk-p3-67-1@uk/ico"
POLICY = "uk/ico=2;officer@example.org;executive@example.org;2026-11-01"


@pytest.fixture
def house(house: Settings) -> Settings:
    """The same, with a policy and a ladder longer than the time."""
    return house.model_copy(update={"file_by_itself": (POLICY,), "escalation_hours": (96, 6, 1)})


@pytest.fixture
def page(team: Team, desk: Desk, house: Settings, time: Time) -> str:
    """Where the warnings of an incident stand that nobody looked at for sixty hours."""
    own = Desk(house, desk.actor, database=desk.database)
    incident = an_incident(own)
    assess(own, incident.id)
    prepare_reports(own, incident.id)
    time.move(hours=60)
    check_deadlines(own)
    return f"/incidents/{incident.reference}/warnings"


def test_what_was_passed_over_stands_there_with_its_reason(team: Team, page: str) -> None:
    words = team["auditor"].page(page).words
    assert "before the clock began" in words and "overtaken by 75%" in words
    assert "2 d 8 h beyond its target" in words
    assert page in team["auditor"].get(page.removesuffix("/warnings")).text


def test_what_files_itself_is_shown_on_its_report_too_and_stopped_from_there(team: Team, page: str) -> None:
    here = page.removesuffix("/warnings")
    for where in (page, f"{here}/reports/1"):
        text = team["manager"].get(where).text
        assert f"{here}/do/disarm?duty=uk-p3-67-1%40uk/ico" in text and POLICY in text
    assert "/do/disarm" not in team["auditor"].get(page).text
    said = {"duty": DUTY, "reasons": "We ring them ourselves"}
    assert team["manager"].post(f"{here}/do/disarm", said).status_code < 400
    words = team["auditor"].page(page).words
    assert "NOT filed by itself" in words and "We ring them ourselves" in words
    assert "/do/disarm" not in team["manager"].get(page).text
