"""What looks alike is found by its words and days, and never among what someone may not know of."""

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from actions.alike import Alike, Text, alike, likest, words_of
from actions.declare import Declaration, declare
from actions.desk import Desk
from actions.exercise import start_exercise
from actions.join import join
from actions.restrict import restrict
from db.queries.intakes import open_intakes
from db.queries.viewer import Viewer
from db.queries.visible import visible
from tests.accounts import a_viewer
from tests.builders import an_incident
from tests.conftest import MANAGER, Time
from tests.intakes import LOST, NOTICED, told


def found(desk: Desk, viewer: Viewer, text: str = LOST, but: str = "") -> list[str]:
    return [one.reference for one in alike(desk, text, NOTICED, visible(viewer), open_intakes(viewer), but)]


def test_incidents_and_intakes_that_share_words_are_found_the_likest_first(desk: Desk, time: Time) -> None:
    viewer = a_viewer(desk, "second@example.org", "manager")
    an_incident(desk, "Recordings of interviews lost on a tram in Exampletown")
    an_incident(desk, "Payroll letters in wrong envelopes")
    told(desk, "A stick was left on the tram, with recordings of an interview")
    told(desk, "The printer on the third floor is out of paper")
    assert set(found(desk, viewer)) == {"FW-2026-0001", "IN-2026-0001"}
    assert found(desk, viewer, but="IN-2026-0001") == ["FW-2026-0001"]
    assert found(desk, viewer, "Nothing of the kind anywhere") == []


def test_the_story_of_an_incident_counts_and_not_its_title_alone(desk: Desk, time: Time) -> None:
    viewer = a_viewer(desk, "second@example.org", "manager")
    an_incident(desk, "Loss", story__what_happened="A stick with recordings stayed behind on a tram.")
    assert found(desk, viewer) == ["FW-2026-0001"]


def test_a_restricted_incident_and_what_joined_it_show_themselves_to_members_alone(desk: Desk, time: Time) -> None:
    stranger = a_viewer(desk, "stranger@example.org", "manager", "auditor", "administrator")
    member = a_viewer(desk, MANAGER, "manager")
    made = an_incident(desk, LOST)
    told(desk)
    assert set(found(desk, stranger)) == {"FW-2026-0001", "IN-2026-0001"}
    join(desk, "IN-2026-0001", made.id)
    restrict(desk, made.id, [MANAGER], "Someone of us is concerned")
    assert found(desk, stranger) == []
    assert set(found(desk, member)) == {"FW-2026-0001", "IN-2026-0001"}


def test_what_is_long_past_is_no_likeness(desk: Desk, time: Time) -> None:
    viewer = a_viewer(desk, "second@example.org", "manager")
    told(desk)
    assert found(desk, viewer)
    time.move(days=366)
    assert alike(desk, LOST, time.now, sa.true(), sa.true()) == []


def test_a_drill_is_no_likeness(desk: Desk, time: Time, tmp_path: Path) -> None:
    drill = start_exercise(desk, "Drill", law_as_of=time.now.date(), at=time.now, folder=tmp_path)
    declare(desk, Declaration(LOST, {}, exercise_id=drill.id))
    assert alike(desk, LOST, NOTICED, sa.true(), sa.true()) == []


TEXTS = st.lists(st.sampled_from(["stick", "tram", "letter", "payroll", "mail", "wrong", "lost"]), max_size=6).map(
    " ".join
)


@given(TEXTS, st.lists(TEXTS, max_size=8), st.integers(0, 400))
def test_likeness_is_between_nothing_and_one_in_order_and_needs_a_word_in_common(
    text: str, held: list[str], days: int
) -> None:
    texts = [_text(f"FW-{place}", words, days * place) for place, words in enumerate(held)]
    near = likest(words_of(text), NOTICED, texts)
    assert all(0 < one.score <= 1.000001 and one.words for one in near)
    assert [one.score for one in near] == sorted((one.score for one in near), reverse=True)


def test_of_two_that_are_the_same_the_one_of_the_same_days_comes_first() -> None:
    near = likest(words_of(LOST), NOTICED, [_text("FW-1", LOST, 60), _text("FW-2", LOST, 1)])
    assert [one.reference for one in near] == ["FW-2", "FW-1"]


def test_words_of_people_stay_out_of_what_is_logged() -> None:
    assert "Zyxwvut" not in repr(Alike("FW-1", LOST, NOTICED, ("Zyxwvut",), 0.5))


def _text(reference: str, words: str, days: int) -> Text:
    return Text(reference, words, NOTICED - timedelta(days=days), words_of(words))
