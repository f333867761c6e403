"""The way to one person: nobody flagged is ever reached automatically, and nothing unsafe is ever chosen, whatever is known."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.details import Details, age_on
from actions.safe_contact import HARMLESS, Guardian, Known, Release, Rung, Way, is_child, way_to
from db.models.person import FLAGS, PERSON_KINDS

TODAY = date(2026, 12, 1)
FULL = {
    "name": "Sam Sample",
    "email": "sam@example.org",
    "email_2": "sam@example.com",
    "phone": "+447700900001",
    "address": "1 Sample Street;Sampletown",
}
SAFE = {
    "safe_channel": "phone",
    "safe_number": "+447700900002",
    "safe_until": "2027-01-01",
    "safe_confirmed_by": "x",
    "safe_confirmed_on": "2026-11-01",
}

some = st.sampled_from
details = st.builds(
    lambda cells, born, safe: Details(cells | ({"birth_date": born.isoformat()} if born else {}) | safe),
    st.fixed_dictionaries({}, optional={name: st.just(cell) for name, cell in FULL.items()}),
    st.none() | st.dates(date(1930, 1, 1), TODAY),
    some([{}, SAFE, SAFE | {"safe_until": "2026-11-30"}, SAFE | {"safe_channel": "in_person"}]),
)
flags = st.frozensets(some(FLAGS))
guardians = st.builds(
    Guardian,
    details,
    some(PERSON_KINDS),
    flags,
    st.booleans(),
    st.booleans(),
    some([None, True, False]),
    st.booleans(),
)
releases = some(["", "letter_by_hand", "visit", "child_themselves"])
people = st.builds(Known, details, flags, st.booleans(), st.none() | guardians, releases)
rungs = st.integers(0, max(Rung))


@given(people, rungs)
def test_nobody_flagged_is_ever_reached_automatically(person: Known, tried: int) -> None:
    if person.flags or is_child(person, TODAY):
        assert way_to(person, TODAY, tried).channel in (None, "phone", "in_person")


@given(people, rungs, st.dates(TODAY, date(2060, 1, 1)))
def test_time_alone_never_makes_an_automatic_way_unsafe(person: Known, tried: int, later: date) -> None:
    """So that what was right at the launch is right at the claim: whatever else changes is an act, and calls it back."""
    way = way_to(person, TODAY, tried)
    if way.channel in ("email", "letter"):
        assert way_to(person, later, tried) == way


@given(people, rungs)
def test_nobody_contacts_the_dead(person: Known, tried: int) -> None:
    way = way_to(replace(person, deceased=True), TODAY, tried)
    assert (way.channel, way.to) == (None, "nobody")


@given(people, rungs)
def test_a_guardian_is_told_only_when_verified_alive_and_without_conflict(person: Known, tried: int) -> None:
    way = way_to(person, TODAY, tried)
    if way.to == "guardian":
        guardian = person.guardian
        assert guardian is not None
        assert is_child(person, TODAY)
        assert guardian.verified and guardian.conflict is False and not guardian.deceased and not guardian.suspected
        assert guardian.kind != "accused"
        assert way.address in ("", guardian.details.get("phone"))


@given(people, rungs)
def test_a_child_hears_it_themselves_only_from_thirteen_and_where_two_people_said_so(person: Known, tried: int) -> None:
    if is_child(person, TODAY):
        way, born = way_to(person, TODAY, tried), person.details.birth_date
        assert way.to in ("guardian", "appropriate_adult", "nobody", "person")
        if way.to == "person":
            assert person.release == "child_themselves"
            assert born is not None and age_on(born, TODAY) >= 13
            assert (way.channel, way.address) == ("in_person", "")


@given(people, rungs, releases)
def test_no_release_ever_unlocks_anything_automatic(person: Known, tried: int, released: Release) -> None:
    before, after = (way_to(replace(person, release=one), TODAY, tried) for one in ("", released))
    assert after == before or after.channel == "in_person"


@given(people, rungs)
def test_nobody_who_asked_for_no_contact_is_contacted(person: Known, tried: int) -> None:
    way = way_to(replace(person, flags=person.flags | {"asked_for_no_contact"}), TODAY, tried)
    assert (way.channel, way.to) == (None, "nobody")


@given(people, st.dates(TODAY, date(2060, 1, 1)))
def test_a_number_is_called_for_a_flagged_grown_up_only_while_it_is_safe(person: Known, today: date) -> None:
    way, safe = way_to(person, today), person.details.safe
    if way.channel == "phone" and person.flags - HARMLESS and way.to == "person":
        assert safe is not None and way.address == safe.number and today <= safe.until


@given(people)
def test_the_accused_s_door_is_never_knocked_at_for_someone_else(person: Known) -> None:
    flags = (person.flags | {"contact_of_accused"}) - {"asked_for_no_contact"}
    known = replace(person, flags=flags, deceased=False, release="")
    assert way_to(known, TODAY).channel == "in_person"
    assert way_to(known, TODAY).to in ("case_owner", "appropriate_adult")


@given(details)
def test_the_ladder_goes_up_one_rung_at_a_time_and_ends(known: Details) -> None:
    person = Known(known)
    if is_child(person, TODAY):
        return
    ways: list[Way] = []
    while (way := way_to(person, TODAY, ways[-1].rung if ways else 0)).channel:
        ways.append(way)
    assert all(before.rung < after.rung for before, after in pairwise(ways))
    assert len(ways) <= 3
    assert len({way.address or way.lines for way in ways}) == len(ways)


def test_the_ladder_is_e_mail_second_e_mail_letter() -> None:
    ways = [way_to(Known(Details(FULL)), TODAY, tried) for tried in range(4)]
    assert [(way.channel, way.address) for way in ways] == [
        ("email", "sam@example.org"),
        ("email", "sam@example.com"),
        ("letter", ""),
        (None, ""),
    ]
    assert ways[2].lines == ("1 Sample Street", "Sampletown")


def test_the_same_mailbox_is_not_tried_twice() -> None:
    person = Known(Details({"email": "sam@example.org", "email_2": "SAM@example.org"}))
    assert way_to(person, TODAY, Rung.EMAIL).channel is None


def test_who_has_only_a_number_is_rung_up() -> None:
    assert way_to(Known(Details({"phone": "+447700900001"})), TODAY).channel == "phone"


def test_half_an_address_is_no_address() -> None:
    assert way_to(Known(Details({"address": "Sampletown"})), TODAY).channel is None


@pytest.mark.parametrize(("day", "told"), [(date(2026, 12, 1), "guardian"), (date(2027, 3, 5), "person")])
def test_whoever_has_come_of_age_is_told_themselves(day: date, told: str) -> None:
    guardian = Guardian(Details(FULL), "guardian", frozenset(), deceased=False, verified=True, conflict=False)
    person = Known(
        Details(SAFE | {"safe_until": "2030-01-01", "birth_date": "2009-03-05"}),
        frozenset({"child"}),
        guardian=guardian,
    )
    assert way_to(person, day).to == told


@pytest.mark.parametrize("conflict", [None, True])
def test_an_unknown_conflict_counts_as_one(conflict: bool | None) -> None:
    guardian = Guardian(Details(FULL), "guardian", frozenset(), deceased=False, verified=True, conflict=conflict)
    assert way_to(Known(Details({}), frozenset({"child"}), guardian=guardian), TODAY).to == "appropriate_adult"


def test_a_safe_contact_that_ran_out_is_not_safe() -> None:
    person = Known(Details(SAFE), frozenset({"victim_of_abuse"}))
    last_day = date(2027, 1, 1)
    assert way_to(person, last_day).address == "+447700900002"
    assert way_to(person, last_day + timedelta(days=1)).to == "case_owner"


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 40_000))
def test_nobody_grows_younger(born: date, days: int) -> None:
    day = born + timedelta(days=days)
    assert 0 <= age_on(born, day) <= age_on(born, day + timedelta(days=1)) <= age_on(born, day) + 1


def test_a_leap_day_s_child_comes_of_age_on_the_first_of_march() -> None:
    born = date(2008, 2, 29)
    assert (age_on(born, date(2026, 2, 28)), age_on(born, date(2026, 3, 1))) == (17, 18)


@given(people, rungs)
def test_no_way_shows_how_the_person_is_reached(person: Known, tried: int) -> None:
    shown = f"{way_to(person, TODAY, tried)!r} {person!r}"
    assert not any(value in shown for value in ("example.org", "example.com", "7700900", "Sample Street"))


def test_no_fixed_abode_leads_to_the_service_that_supports_them() -> None:
    way = way_to(Known(Details({"email": "sam@example.org"}), frozenset({"no_fixed_abode"})), TODAY)
    assert (way.channel, way.to) == ("in_person", "support_service")
