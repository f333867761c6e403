"""How many people: a range that always holds the truth, whatever of it is told."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from rulebook.counts import number

TODAY = date(2026, 11, 21)
STATES = ["US-TX", "US-CA", "US-NY"]


@given(
    st.dictionaries(st.sampled_from([*STATES, "US-PR"]), st.integers(0, 500), min_size=1),
    st.sets(st.sampled_from(STATES)),
    st.booleans(),
)
def test_what_is_not_told_leaves_a_range_that_holds_the_truth(
    truth: dict[str, int], untold: set[str], whole_told: bool
) -> None:
    told: dict[str, int | None] = {state: None if state in untold else n for state, n in truth.items()}
    if whole_told:
        told = {state: n for state, n in told.items() if n is not None} | {"US": sum(truth.values())}
    for area in [*STATES, "US"]:
        low, high = number(told, (area,), None, TODAY)
        real = sum(truth.values()) if area == "US" else truth.get(area, 0)
        assert low <= real and (high is None or real <= high)
    low, high = number(told, (), "US", TODAY)
    assert low <= max(truth.values()) and (high is None or max(truth.values()) <= high)


def test_a_country_s_own_figure_stands_for_its_parts() -> None:
    assert number({"US": 10, "US-TX": 4}, ("US",), None, TODAY) == (10, 10)
    assert number({"US": 10, "US-TX": 4}, ("US-CA",), None, TODAY) == (0, 6)
    assert number({"US": 10, "US-TX": 4}, (), None, TODAY) == (10, 10)


def test_lands_overseas_count_with_their_state() -> None:
    assert number({"FR": 10, "RE": 4}, ("FR",), None, TODAY) == (14, 14)
    assert number({"FR": 10, "RE": 4, "GB": 1}, ("GDPR",), None, TODAY) == (14, 14)


def test_several_places_together_are_a_sum() -> None:
    assert number({"GB-ENG": 3, "GB-WLS": 4, "GB-SCT": 9}, ("GB-ENG", "GB-WLS"), None, TODAY) == (7, 7)
