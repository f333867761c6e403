"""A wave of many is drafted in many transactions: whoever dies between two leaves something that nobody can approve, and nobody out."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from actions import prepare_notices as preparing
from actions.approve_wave import approve_wave
from actions.declare import Declared
from actions.desk import Act, Desk
from actions.errors import Conflict
from actions.launch import launch
from actions.prepare_notices import Prepared, prepare_notices
from actions.record_facts import Known, record_facts
from db.models import Notice, Task, Wave
from db.queries.notices import waves_of
from tests.ledger import APPROVER, WRITER, an_incident_with, customers, tell_story


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "AT_ONCE", 3)


@pytest.fixture
def incident(desk: Desk, tmp_path: Path) -> Declared:
    return an_incident_with(desk, tmp_path, customers(10))


def waves(desk: Desk, incident: Declared) -> list[tuple[str, int]]:
    """The state of each wave, and how many people it has."""
    with desk.reading() as session:
        count = sa.select(sa.func.count(Notice.person_id.distinct()))
        return [
            (wave.state, session.scalar(count.where(Notice.wave_id == wave.id)) or 0)
            for wave in waves_of(session, incident.id)
        ]


def dies_after(monkeypatch: pytest.MonkeyPatch, parts: int) -> None:
    """The third transaction does not come to its end."""
    real, done = preparing._Look.at_some, list[int]()

    def at_some(self: Any, act: Act) -> None:
        real(self, act)
        done.append(1)
        if len(done) > parts:
            raise ConnectionError("the machine went down")

    monkeypatch.setattr(preparing._Look, "at_some", at_some)


def test_all_parts_are_one_wave(desk: Desk, incident: Declared) -> None:
    assert prepare_notices(desk, incident.id) == Prepared(1, 10, 0, 0, 0)
    assert waves(desk, incident) == [("draft", 10)]
    assert prepare_notices(desk, incident.id) == Prepared(0, 0, 0, 0, 0)


def test_who_waits_for_it_hears_how_far_it_is(desk: Desk, incident: Declared) -> None:
    heard = list[tuple[int, int]]()
    prepare_notices(desk, incident.id, lambda done, of: heard.append((done, of)))
    assert heard == [(3, 10), (6, 10), (9, 10), (10, 10)]


def test_a_killed_run_is_gone_on_with_by_the_next(
    desk: Desk, incident: Declared, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        dies_after(patch, 2)
        with pytest.raises(ConnectionError):
            prepare_notices(desk, incident.id)
    assert waves(desk, incident) == [("drafting", 6)]
    assert prepare_notices(desk, incident.id) == Prepared(1, 4, 0, 0, 0)
    assert waves(desk, incident) == [("draft", 10)]
    approve_wave(desk.acting_as(APPROVER), incident.id, 1)
    assert launch(desk, incident.id, 1).state == "launched"


def test_what_is_not_whole_can_be_neither_approved_nor_launched(
    desk: Desk, incident: Declared, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        dies_after(patch, 1)
        with pytest.raises(ConnectionError):
            prepare_notices(desk, incident.id)
    with pytest.raises(Conflict, match="only a draft can be approved"):
        approve_wave(desk.acting_as(APPROVER), incident.id, 1)
    with pytest.raises(Conflict, match="is drafting"):
        launch(desk, incident.id, 1)
    with desk.reading() as session:
        assert not session.scalars(sa.select(Task).where(Task.kind == "approve")).all()


@pytest.mark.parametrize("state", ["approved", "launched", "paused", "done"])
def test_the_database_lets_no_wave_pass_that_is_not_whole(
    desk: Desk, incident: Declared, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    with monkeypatch.context() as patch:
        dies_after(patch, 1)
        with pytest.raises(ConnectionError):
            prepare_notices(desk, incident.id)
    with pytest.raises(sa.exc.IntegrityError), desk.writing() as session:
        session.execute(sa.update(Wave).values(state=state))


def test_words_that_change_in_between_begin_it_again(
    desk: Desk, incident: Declared, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        dies_after(patch, 2)
        with pytest.raises(ConnectionError):
            prepare_notices(desk, incident.id)
    tell_story(desk, incident, story__what_happened="The parcel was found, opened.")
    done = prepare_notices(desk, incident.id)
    assert (done.waves, done.notices, done.dropped) == (1, 10, 1)
    assert waves(desk, incident) == [("stopped", 6), ("draft", 10)]


def test_words_missing_for_the_last_leave_the_first_undrafted_too(desk: Desk, tmp_path: Path) -> None:
    """As in one transaction: a wave is for all of its people or for none."""
    rows = [*customers(4), {"reference": "E1", "kind": "employee", "email": "e@example.org"}]
    incident = an_incident_with(desk, tmp_path, rows)
    real = preparing.words_for

    def lacking(act: Act, kind: str) -> Any:
        own = real(act, kind)
        return type(own)(own.data, ("story.measures",)) if kind == "employee" else own

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(preparing, "words_for", lacking)
        assert prepare_notices(desk, incident.id).missing_words == 1
    assert [state for state, _ in waves(desk, incident)] == ["stopped"]
    record_facts(desk.acting_as(WRITER), incident.id, [Known("story.measures", ["We searched."], "test")])
    assert prepare_notices(desk, incident.id).waves == 1
    assert waves(desk, incident)[-1] == ("draft", 5)
