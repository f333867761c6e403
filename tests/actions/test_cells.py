"""Single cells: what was made quick says the same as the library does, and posts abroad are asked for their own form."""

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from actions import cells
from actions.cells import Wrong
from tests.actions.test_check_row import TODAY

LOCAL = st.text("aZ09.-_+'\" é", max_size=70)
DOMAIN = st.one_of(
    st.sampled_from(
        [
            "example.org",
            "EXAMPLE.org",
            "mail.example.com",
            "xn--bcher-kva.example",
            "bücher.example.org",
            "localhost",
            "a..b",
        ]
    ),
    st.text("aZ0.-", max_size=12),
)


@given(local=LOCAL, domain=DOMAIN)
@example("Postmaster", "example.org")
@example("a" * 64, "example.org")
@example("a" * 65, "example.org")
@example("a" * 60, ".".join(["b" * 60] * 3) + ".example.org")
def test_a_mailbox_is_what_the_library_says_it_is(local: str, domain: str) -> None:
    typed = f"{local}@{domain}"
    try:
        found = validate_email(cells.one_line(typed), check_deliverability=False, allow_smtputf8=False)
        expected = found.ascii_email or found.normalized
    except EmailNotValidError:
        expected = ""
    try:
        assert cells.email(typed, TODAY) == expected
    except Wrong:
        assert expected == ""


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("GB", "sw1a1aa", "SW1A 1AA"),
        ("NL", "1234ab", "1234AB"),
        ("PL", "00950", "00-950"),
        ("CA", "h3z2y7", "H3Z2Y7"),
        ("AE", "any 1", "ANY 1"),
    ],
)
def test_a_postcode_is_kept_in_its_country_s_form(country: str, typed: str, kept: str) -> None:
    assert cells.postcode(typed, country) == kept


@pytest.mark.parametrize(
    ("country", "typed"), [("DE", "1067"), ("US", "2134"), ("FR", "1000"), ("PL", "950"), ("GB", "12345")]
)
def test_a_postcode_that_lost_its_zero_is_refused(country: str, typed: str) -> None:
    with pytest.raises(Wrong, match="is not a postcode of"):
        cells.postcode(typed, country)
