"""Numbers known at a glance: the same answer as the library's whole reading gives, for any number, in any country."""

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, SUPPORTED_REGIONS, PhoneMetadata, PhoneNumberType

from actions.phones import at_a_glance, ordinary, read

COUNTRIES = sorted(SUPPORTED_REGIONS)
KINDS = [PhoneNumberType.values()[place] for place in range(len(PhoneNumberType.values()))]
EXAMPLES = sorted(
    {
        (phonenumbers.format_number(found, how), country)
        for country in COUNTRIES
        for kind in KINDS
        if (found := phonenumbers.example_number_for_type(country, kind)) is not None
        for how in (phonenumbers.PhoneNumberFormat.E164, phonenumbers.PhoneNumberFormat.NATIONAL)
    }
)


@st.composite
def numbers(draw: st.DrawFn) -> tuple[str, str]:
    """An example of some country with some of its digits changed, added or taken away, at home there or somewhere else."""
    line, country = draw(st.sampled_from(EXAMPLES))
    marks = list(line)
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(marks) - 1))
        marks[place : place + draw(st.integers(0, 1))] = draw(st.sampled_from(["", *"0123456789", " ", "-", "00", "+"]))
        if not marks:
            break
    return "".join(marks), draw(st.sampled_from([country, country, *COUNTRIES]))


@given(given_=numbers())
@settings(max_examples=400)
def test_what_is_known_at_a_glance_is_what_reading_it_whole_says(given_: tuple[str, str]) -> None:
    line, country = given_
    assert at_a_glance(line, country) in ("", read(line, country))


@given(line=st.from_regex(r"\+?[0-9]{5,13}", fullmatch=True), country=st.sampled_from(COUNTRIES))
@settings(max_examples=400)
def test_the_same_of_any_digits(line: str, country: str) -> None:
    assert at_a_glance(line, country) in ("", read(line, country))


def test_every_example_of_every_kind_in_every_country_is_answered_alike() -> None:
    wrong = [one for one in EXAMPLES if at_a_glance(*one) not in ("", read(*one))]
    assert wrong == []


@pytest.mark.parametrize(
    ("line", "country"),
    [("+05321360063", "DJ"), ("06 90 123 46", "HU"), ("0153850123456", "IL"), ("0496012345678", "DE")],
    ids=["a code after a nought", "more before it than a nought", "the way abroad", "too long for the country"],
)
def test_what_only_looks_like_an_ordinary_number_is_not_known_at_a_glance(line: str, country: str) -> None:
    assert at_a_glance(line, country) == ""
    assert read(line, country) == ""


@pytest.mark.parametrize("line", ["020 7946 0018", "+44 20 7946 0018", "07400-123456", "07700 900123", "+441632960001"])
def test_an_ordinary_british_number_needs_a_glance_alone(line: str) -> None:
    assert at_a_glance(line, "GB") == read(line, "GB") == ordinary(line, "GB") != ""


@pytest.mark.parametrize(
    "line", ["0800 123456", "+44 900 1234567", "112", "+999123456789", "020 7946", "0" * 30, "", "-"]
)
def test_what_is_no_ordinary_number_is_none_either_way(line: str) -> None:
    assert at_a_glance(line, "GB") == read(line, "GB") == ordinary(line, "GB") == ""


def test_most_countries_are_known_at_a_glance() -> None:
    mobiles = [
        phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
        for codes in COUNTRY_CODE_TO_REGION_CODE.values()
        if PhoneMetadata.metadata_for_region(codes[0])
        and (found := phonenumbers.example_number_for_type(codes[0], PhoneNumberType.MOBILE))
    ]
    assert sum(at_a_glance(one, "GB") != "" for one in mobiles) > 0.9 * len(mobiles)
