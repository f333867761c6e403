"""Warnings and what files itself, on the command line: each rung with its reason, each policy with how to stop it."""

from pathlib import Path

import pytest

from actions.check_deadlines import check_deadlines
from actions.desk import Desk
from settings.model import Settings
from tests.builders import an_incident
from tests.cli.call import call
from tests.cli.test_incident import done, refused
from tests.conftest import MANAGER, Time

REF, DUTY = "FW-2026-0001", "uk-p3-67-1@uk/ico"
POLICY = "uk/ico=2;officer@example.org;executive@example.org;2026-11-01"


@pytest.fixture
def covered(home: Path) -> str:
    """An incident with a draft to an authority that a policy covers."""
    with (home / "settings.toml").open("a", encoding="utf-8") as file:
        file.write(f'file_by_itself = ["{POLICY}"]\nescalation_hours = [96, 6, 1]\n')
    with Desk(Settings(), MANAGER) as desk:
        an_incident(desk)
    assert call("assess", REF).code == 0
    assert call("draft", REF).code == 0
    return REF


def test_every_rung_is_shown_with_what_became_of_it_and_why(covered: str, time: Time) -> None:
    time.move(hours=60)
    with Desk(Settings(), MANAGER) as desk:
        check_deadlines(desk)
    shown = call("warnings", REF).out
    assert "-96h" in shown and "before the clock began" in shown
    assert "overtaken by 75%" in shown and "beyond it" in shown and "rungs were passed over" in shown
    ladders = {one["about"]: one for one in done("warnings", REF)["ladders"]}
    states = {one["rung"]: one["state"] for one in ladders[DUTY]["rungs"]}
    assert states["-96h"] == states["50%"] == "passed over" and states["100%"] == "to come"
    assert ladders["manager_to_dpo"]["hours_beyond_target"] == 56


def test_what_files_itself_says_what_when_and_how_to_stop_it_until_one_person_does(covered: str) -> None:
    shown = " ".join(call("warnings", REF).out.split())
    assert f"forthwith disarm {REF} {DUTY} --reasons" in shown and POLICY in shown
    assert shown.count("to come Mon 23 Nov 2026") == 2, "both announcements"
    (one,) = done("warnings", REF)["filed_by_itself"]
    assert (one["about"], one["way"], one["state"], one["hindrance"]) == (DUTY, "email", "armed", "")
    assert one["report"] and one["missing"] and one["fires_at"] == "2026-11-23T09:00:00+00:00"
    assert "is filed by itself as preliminary" in call("report", "show", REF, str(one["report"])).out
    assert "reasons" in refused("disarm", REF, DUTY)
    assert call("disarm", REF, DUTY, "--reasons", "We ring them ourselves").code == 0
    assert "is NOT filed by itself: stopped by manager@example.org" in " ".join(call("warnings", REF).out.split())
    assert "disarm" not in call("warnings", REF).out


def test_without_a_policy_it_says_that_nothing_files_itself_and_where_one_is_signed(home: Path) -> None:
    with Desk(Settings(), MANAGER) as desk:
        an_incident(desk)
    shown = call("warnings", REF).out
    assert "Nothing files itself" in shown and "FORTHWITH_FILE_BY_ITSELF" in shown
