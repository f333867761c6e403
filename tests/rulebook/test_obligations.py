"""What must hold of the answers to any facts: complete, honest about what is missing, never dropping a duty in silence."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import available_timezones

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rulebook import codes
from rulebook.deadlines import count
from rulebook.facts import BadFacts, Facts, assemble
from rulebook.library import book
from rulebook.obligations import Answer, Targets, answers

AWARE = datetime(2026, 12, 18, 16, 30, tzinfo=UTC)
ISSUE_KEYS = {
    "duty", "answer", "because", "facts_used", "missing_facts", "recipient", "target_at", "due_at", "due_on", "due_kind",
    "time_zone", "citation", "status",
}  # fmt: skip
ENOUGH = settings(max_examples=25)  # each one asks every duty of the book
PLACES = ["GB", "GB-SCT", "GB-ENG", "FR", "RE", "BE", "NO", "CH", "JE", "US", "US-TX"]


COUNTED = ["GB", "FR", "US-TX", "US-CA", "BR", "JP", "ZA"]


def _some(words: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(sorted(codes.words()[words])), max_size=3, unique=True)


FACTS: dict[str, st.SearchStrategy[Any]] = {
    "organisation.roles": st.lists(
        st.sampled_from(["controller", "processor"]) | st.sampled_from(sorted(codes.words()["roles"])),
        max_size=4,
        unique=True,
    ),
    "organisation.establishments": st.lists(st.sampled_from(PLACES), max_size=3, unique=True),
    "organisation.time_zone": st.sampled_from(sorted(available_timezones())),
    "organisation.directed_at": st.lists(st.sampled_from(PLACES), max_size=2, unique=True),
    "organisation.sectors": _some("sectors"),
    "medium": _some("medium"),
    "nature": _some("nature"),
    "purposes": _some("purposes"),
    "data": _some("data"),
    "kinds": _some("kinds"),
    "risk": st.sampled_from(["unlikely", "risk", "high", "unknown"]),
    "protection.encrypted": st.booleans(),
    "protection.key_compromised": st.booleans(),
    **{f"people.{place}": st.integers(0, 1000) for place in COUNTED},
    **{f"findings.{name}": st.booleans() for name in codes.words()["findings"]},
}
EVENTS = st.datetimes(datetime(2018, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC)).map(datetime.isoformat)  # noqa: DTZ001 - hypothesis wants naive bounds


@st.composite
def known(draw: st.DrawFn, aware: bool = True) -> dict[str, Any]:
    """Facts by dotted name: any of them known or not."""
    told = {name: draw(values) for name, values in FACTS.items() if draw(st.booleans())}
    return told | ({"events.aware": draw(EVENTS)} if aware and draw(st.booleans()) else {})


def _facts(told: dict[str, Any]) -> Facts:
    try:
        return assemble(told)
    except BadFacts:
        assume(False)
        raise


def _by_key(facts: Facts) -> dict[tuple[str, str | None], Answer]:
    return {(answer.duty, answer.authority): answer for answer in answers(facts, book())}


@ENOUGH
@given(known())
def test_every_duty_of_the_book_is_answered_once_for_each_authority(told: dict[str, Any]) -> None:
    found = answers(_facts(told), book())
    assert list(dict.fromkeys(answer.duty for answer in found)) == list(book().by_duty)
    assert len({(answer.duty, answer.authority) for answer in found}) == len(found)
    for answer in found:
        assert answer.because and answer.citation and answer.href and answer.status
        assert answer.answer != "unknown" or answer.missing_facts or "this book tells the law from" in answer.because


@ENOUGH
@given(known(), st.sampled_from(sorted(FACTS)), st.data())
def test_a_fact_that_becomes_known_never_revives_or_drops_a_duty_without_being_named(
    told: dict[str, Any], name: str, data: st.DataObject
) -> None:
    assume(name not in told)
    a_list_more = name.startswith("people.") and any(other.startswith("people.") for other in told)
    assume(not a_list_more)  # people are one list, and one that is given is the whole list
    before = {answer.duty: answer for answer in answers(_facts(told), book())}
    more = told | {name: data.draw(FACTS[name])}
    if name.startswith("people."):
        more |= {other: 1 for other in FACTS if other.startswith("people.") and other != name}
    for answer in answers(_facts(more), book()):
        earlier = before[answer.duty].answer
        if earlier == "does_not_apply":
            assert answer.answer == "does_not_apply", f"{name} revived {answer.duty}"
        elif answer.answer == "does_not_apply":
            whole = name.partition(".")[0] if name.startswith("people.") else name
            assert {name, whole} & set(answer.facts_used), f"{name} dropped {answer.duty}: {answer}"


@ENOUGH
@given(known(), st.sampled_from([f"people.{place}" for place in COUNTED]), st.integers(1, 10_000))
def test_more_people_never_mean_fewer_duties(told: dict[str, Any], place: str, more: int) -> None:
    assume(place in told)
    for_few = {
        key for _, key, duty in book().duties() if "fewer_than" in (text := duty.model_dump_json()) or "at_most" in text
    }
    before = {answer.duty for answer in answers(_facts(told), book()) if answer.answer == "applies"} - for_few
    after = answers(_facts(told | {place: told[place] + more}), book())
    assert before <= {answer.duty for answer in after if answer.answer == "applies"}


@ENOUGH
@given(known(aware=False), EVENTS, st.timedeltas(timedelta(0), timedelta(days=1000)))
def test_a_later_start_never_has_an_earlier_limit_under_the_same_version_of_a_law(
    told: dict[str, Any], start: str, later: timedelta
) -> None:
    starts = [f"events.{name}" for name in ("detected", "aware", "determined")]
    first = _by_key(_facts(told | dict.fromkeys(starts, start)))
    moved = (datetime.fromisoformat(start) + later).isoformat()
    second = _by_key(_facts(told | dict.fromkeys(starts, moved)))
    for key in first.keys() & second.keys():
        one, two = first[key], second[key]
        if one.due_at and two.due_at and one.terms["law_from"] == two.terms["law_from"]:
            assert _bare(one) <= _bare(two)


def _bare(answer: Answer) -> datetime:
    """The limit; for DORA before it is moved to noon, since noon on Monday after a Sunday is later than Monday morning."""
    moved = any(period["counting"].startswith("dora_") for period in answer.terms["periods"])
    return (answer.target_at if moved else None) or answer.due_at


@ENOUGH
@given(known())
def test_an_answer_carries_all_that_is_needed_to_count_again_without_the_book(told: dict[str, Any]) -> None:
    facts = _facts(told)
    found = answers(facts, book())
    ends = {f"deadlines.{answer.duty}": answer.due_at for answer in found if answer.due_at}
    for answer in found:
        if answer.answer == "does_not_apply":
            assert (answer.due_at, answer.target_at, answer.missing_facts) == (None, None, ())
            continue
        limit = count(json.loads(json.dumps(answer.as_json()["terms"])), facts.instants() | ends)
        again = (limit.due_at, limit.due_on, limit.due_kind, limit.target_at, limit.outer_at)
        assert again == (answer.due_at, answer.due_on, answer.due_kind, answer.target_at, answer.outer_at)


def test_an_answer_as_json_has_every_promised_key_and_times_with_their_offset() -> None:
    told = {
        "organisation.roles": ["controller"],
        "organisation.establishments": ["GB"],
        "risk": "high",
        "events.aware": AWARE,
    }
    for answer in answers(assemble(told), book()):
        as_json = json.loads(json.dumps(answer.as_json()))
        assert set(as_json) >= ISSUE_KEYS
        for name in ("target_at", "due_at"):
            assert as_json[name] is None or datetime.fromisoformat(as_json[name]).utcoffset() is not None


def test_a_duty_that_yields_is_unknown_while_the_other_is() -> None:
    told = {
        "organisation.roles": ["controller", "communications_provider"],
        "people.GB": 5,
        "findings.directed_at_uk": True,
    }
    found = {
        answer.duty: answer for answer in answers(assemble(told | {"risk": "high", "events.aware": AWARE}), book())
    }
    assert (found["uk-pecr-5a-2"].answer, found["uk-gdpr-34-1"].answer) == ("unknown", "applies")
    assert (found["uk-gdpr-33-1"].answer, found["uk-gdpr-33-1"].missing_facts) == (
        "unknown",
        ("organisation.establishments",),
    )


def test_a_duty_falls_away_where_the_one_it_yields_to_applies() -> None:
    told = {"organisation.establishments": ["GB"], "organisation.roles": ["controller", "communications_provider"]}
    told |= {"risk": "high", "events.aware": AWARE}
    found = {answer.duty: answer for answer in answers(assemble(told), book())}
    assert found["uk-pecr-5a-2"].answer == "applies"
    assert found["uk-gdpr-33-1"].because == "uk-pecr-5a-2 takes its place"
    assert "organisation.roles" in found["uk-gdpr-33-1"].facts_used


def test_the_moment_of_asking_chooses_the_law_only_where_no_event_is_known() -> None:
    told = {"organisation.roles": ["controller"], "organisation.establishments": ["GB"], "people.GB": 3, "risk": "high"}
    in_2019 = datetime(2019, 6, 1, tzinfo=UTC)
    asked = {answer.duty: answer.answer for answer in answers(assemble(told), book(), at=in_2019)}
    assert (asked["uk-gdpr-33-1"], asked["eu-gdpr-33-1"]) == ("does_not_apply", "applies")
    told |= {"events.aware": AWARE}
    asked = {answer.duty: answer.answer for answer in answers(assemble(told), book(), at=in_2019)}
    assert (asked["uk-gdpr-33-1"], asked["eu-gdpr-33-1"]) == ("applies", "does_not_apply")


def test_the_law_of_a_day_overrides_the_facts_own_day() -> None:
    told = {
        "organisation.roles": ["controller"],
        "organisation.establishments": ["GB"],
        "risk": "high",
        "events.aware": AWARE,
    }
    asked = {a.duty: a for a in answers(assemble(told), book(), law_as_of=date(2016, 12, 1))}
    assert asked["uk-gdpr-33-1"].because == "not in force on 1 December 2016"


@pytest.mark.parametrize(("duty", "hours"), [("uk-gdpr-34-1", 10), ("uk-gdpr-33-4", 30), ("uk-gdpr-33-5", 5)])
def test_the_organisations_own_targets_are_its_own(duty: str, hours: int) -> None:
    told = {
        "organisation.roles": ["controller"],
        "organisation.establishments": ["GB"],
        "risk": "high",
        "events.aware": AWARE,
    }
    told |= {"filings.uk-gdpr-33-1": AWARE}
    targets = Targets(individuals=10, update=30, record=5)
    found = {answer.duty: answer for answer in answers(assemble(told), book(), targets=targets)}
    assert found[duty].target_at == AWARE + timedelta(hours=hours)
    assert found[duty].due_at is None
