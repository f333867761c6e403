"""Promise 8: nothing of an exercise leaves the building, by construction and not by a flag that is checked."""

import ast
import inspect
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr
from sqlalchemy.exc import IntegrityError

from actions.assess import assess
from actions.check_deadlines import check_deadlines
from actions.declare import Declaration, declare
from actions.desk import Desk
from actions.exercise import move_clock, start_exercise
from actions.ways import channels_of
from channels import sealed
from db.models import Alert, Exercise, Incident
from tests.builders import LOST_DISCS
from tests.conftest import Time

START = datetime(2016, 12, 1, 10, 0, tzinfo=UTC)
FACTS = LOST_DISCS | {
    "events.occurred_from": "2016-11-18T16:00+00:00",
    "events.detected": "2016-12-01T10:00+00:00",
    "events.aware": "2016-12-01T10:00+00:00",
}


@pytest.fixture
def exercise(desk: Desk, time: Time, tmp_path: Path) -> Exercise:
    return start_exercise(desk, "drill", law_as_of=date(2026, 11, 21), at=START, folder=tmp_path / "drill")


def test_an_exercise_has_only_folders_even_where_a_provider_is_configured(
    desk: Desk, exercise: Exercise, tmp_path: Path
) -> None:
    live = desk.settings.model_copy(
        update={
            "email_channel": "sendgrid",
            "sendgrid_api_key": SecretStr("SG.x.y"),
            "sendgrid_host": "http://127.0.0.1:1",
        }
    )
    live = live.model_copy(update={"letter_channel": "notify", "notify_api_key": SecretStr("no key at all")})
    ways = channels_of(live, exercise)
    assert {way.name for way in ways.values()} == {"sealed-email", "sealed-letter"}


def test_the_sealed_channels_know_no_network_and_no_settings() -> None:
    tree = ast.parse(inspect.getsource(sealed))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)} | {
        name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names
    }
    assert imported <= {"__future__", "typing", "channels.outbox", "channels.outcome", "pathlib"}


def test_its_warnings_go_to_its_own_folder(desk: Desk, exercise: Exercise, tmp_path: Path) -> None:
    incident = declare(desk, Declaration("Drill", FACTS, exercise_id=exercise.id))
    assess(desk, incident.id)
    move_clock(desk, exercise.id, datetime(2016, 12, 4, 12, 0, tzinfo=UTC))
    assert check_deadlines(desk).alerts > 0
    assert list((tmp_path / "drill").rglob("*.eml"))
    assert not list(desk.settings.outbox_folder.rglob("*.eml"))


def test_a_drill_is_counted_under_the_law_that_it_states(desk: Desk, exercise: Exercise) -> None:
    incident = declare(desk, Declaration("Drill", FACTS, exercise_id=exercise.id))
    assert incident.reference.startswith("EX-")
    assert assess(desk, incident.id).applies > 0, "in 2016 itself none of these laws was in force"


def test_the_database_refuses_a_drill_that_claims_to_be_real(desk: Desk, exercise: Exercise) -> None:
    incident = declare(desk, Declaration("Drill", FACTS, exercise_id=exercise.id))
    for wrong in (
        sa.update(Incident).values(sealed=False),
        sa.insert(Alert).values(
            incident_id=incident.id,
            sealed=False,
            kind="rung",
            recipient="a@example.org",
            subject="s",
            text="t",
            state="queued",
            queued_at=START,
        ),
    ):
        with pytest.raises(IntegrityError), desk.writing() as session:
            session.execute(wrong)
