"""The second factor: a code is good once and briefly, its secret is sealed, and an administrator can take it back."""

from urllib.parse import parse_qs, unquote, urlsplit

import pyotp
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from actions.desk import Desk
from actions.disable_account import disable_account
from actions.errors import Conflict, NotFound, NotSignedIn, TooManyTries
from actions.second_factor import begin_second_factor, finish_second_factor, pending_second_factor, reset_second_factor
from actions.sign_in import OVER, WRONG_CODE, confirm_second_factor, sign_in, sign_out, viewer_of
from actions.throttle import FREE_BY_NAME
from db.models import Account, JournalEntry
from tests.accounts import ADA, HOME, PASSWORD, a_phone, a_token, a_viewer, an_account, code_of, seen
from tests.conftest import Time


def confirm(desk: Desk, code: str) -> str:
    """Sign in with the password and this code."""
    return confirm_second_factor(desk, a_token(desk), code)


def not_shown_by(phone: pyotp.TOTP) -> str:
    return "111111" if code_of(phone) != "111111" else "222222"


def test_a_phone_reads_the_secret_with_the_names_of_account_and_organisation(desk: Desk, time: Time) -> None:
    viewer = a_viewer(desk)
    secret, address = begin_second_factor(desk, viewer.account_id)
    parts = urlsplit(address)
    told = parse_qs(parts.query)
    assert (parts.scheme, parts.netloc, told["secret"]) == ("otpauth", "totp", [secret])
    assert ADA in unquote(parts.path)
    assert desk.settings.organisation in told["issuer"][0]


def test_setting_it_up_keeps_this_session_and_ends_the_others(desk: Desk, time: Time) -> None:
    an_account(desk)
    here, there = a_token(desk), a_token(desk)
    a_phone(desk, seen(desk, here))
    assert seen(desk, here).signed_in
    assert viewer_of(desk, there) is None


def test_nothing_is_set_up_before_a_code_shows_that_the_secret_arrived(desk: Desk, time: Time) -> None:
    viewer = a_viewer(desk, ADA, "manager")
    secret, _ = begin_second_factor(desk, viewer.account_id)
    with pytest.raises(NotSignedIn, match=WRONG_CODE):
        finish_second_factor(desk, viewer.account_id, not_shown_by(pyotp.TOTP(secret)), viewer.session_id)
    assert pending_second_factor(desk, viewer.account_id) == begin_again(desk, viewer.account_id, secret)
    assert not sign_in(desk, ADA, PASSWORD, HOME).needs_second_factor


def begin_again(desk: Desk, account_id: object, secret: str) -> tuple[str, str]:
    """What is shown again after a mistyped code: the same secret, since the phone holds it by now."""
    shown = pending_second_factor(desk, account_id)
    assert shown is not None
    assert shown[0] == secret
    return shown


def test_whoever_begins_anew_gets_another_secret(desk: Desk, time: Time) -> None:
    viewer = a_viewer(desk)
    first, _ = begin_second_factor(desk, viewer.account_id)
    second, _ = begin_second_factor(desk, viewer.account_id)
    assert first != second
    with pytest.raises(NotSignedIn):
        finish_second_factor(desk, viewer.account_id, code_of(pyotp.TOTP(first)), viewer.session_id)


def test_a_secret_that_somebody_else_may_have_seen_is_not_shown_to_the_next_who_signs_in(
    desk: Desk, time: Time
) -> None:
    thief = a_viewer(desk, ADA, "manager")
    seen_by_thief, _ = begin_second_factor(desk, thief.account_id)
    owner = seen(desk, a_token(desk))
    assert pending_second_factor(desk, owner.account_id) is None
    with pytest.raises(Conflict, match="Begin anew"):
        finish_second_factor(desk, owner.account_id, code_of(pyotp.TOTP(seen_by_thief)), owner.session_id)


def test_one_that_is_set_up_can_only_be_taken_back(desk: Desk, time: Time) -> None:
    viewer = a_viewer(desk)
    phone = a_phone(desk, viewer)
    assert pending_second_factor(desk, viewer.account_id) is None
    with pytest.raises(Conflict, match="already"):
        begin_second_factor(desk, viewer.account_id)
    time.move(minutes=1)
    with pytest.raises(Conflict, match="already"):
        finish_second_factor(desk, viewer.account_id, code_of(phone))


def test_a_code_without_a_beginning_is_refused(desk: Desk, time: Time) -> None:
    with pytest.raises(Conflict, match="Begin anew"):
        finish_second_factor(desk, a_viewer(desk).account_id, "123456")


def test_a_code_is_taken_once(desk: Desk, time: Time) -> None:
    phone = a_phone(desk, a_viewer(desk))
    with pytest.raises(NotSignedIn, match=WRONG_CODE):
        confirm(desk, code_of(phone))  # it was taken when the phone was set up
    time.move(seconds=30)
    code = code_of(phone)
    assert confirm(desk, code)
    with pytest.raises(NotSignedIn, match=WRONG_CODE):
        confirm(desk, code)


def test_an_older_code_is_worth_nothing_once_a_newer_one_was_taken(desk: Desk, time: Time) -> None:
    phone = a_phone(desk, a_viewer(desk))
    time.move(minutes=5)
    older = code_of(phone)
    time.move(seconds=30)
    assert confirm(desk, code_of(phone))
    with pytest.raises(NotSignedIn, match=WRONG_CODE):
        confirm(desk, older)


@given(off=st.integers(-10, 10))
@how(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_clock_that_is_half_a_minute_off_still_shows_good_codes(desk: Desk, time: Time, off: int) -> None:
    name = f"off{off}@example.org".replace("-", "before")
    if _is_new(desk, name):
        phone = a_phone(desk, a_viewer(desk, name))
        time.move(minutes=30)
        token = sign_in(desk, name, PASSWORD, HOME).token
        code = phone.at(time.now, counter_offset=off)
        if abs(off) <= 1:
            assert confirm_second_factor(desk, token, f" {code[:3]} {code[3:]} ")
        else:
            with pytest.raises(NotSignedIn, match=WRONG_CODE):
                confirm_second_factor(desk, token, code)


def _is_new(desk: Desk, name: str) -> bool:
    with desk.reading() as session:
        return session.scalar(sa.select(Account.id).where(Account.name == name)) is None


@pytest.mark.parametrize("code", ["", "1", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "\udcff"])
def test_what_is_no_code_is_refused_like_a_wrong_one(desk: Desk, time: Time, code: str) -> None:
    a_phone(desk, a_viewer(desk))
    with pytest.raises(NotSignedIn, match=WRONG_CODE):
        confirm(desk, code)


def test_wrong_codes_make_the_right_one_wait_too(desk: Desk, time: Time) -> None:
    phone = a_phone(desk, a_viewer(desk))
    time.move(minutes=1)
    for _ in range(FREE_BY_NAME):
        with pytest.raises(NotSignedIn, match=WRONG_CODE):
            confirm(desk, not_shown_by(phone))
    with pytest.raises(TooManyTries) as wait:
        confirm(desk, code_of(phone))
    time.now = wait.value.until
    assert confirm(desk, code_of(phone))


def test_a_session_that_is_over_takes_no_code(desk: Desk, time: Time) -> None:
    phone = a_phone(desk, a_viewer(desk))
    time.move(minutes=1)
    token = a_token(desk)
    sign_out(desk, token)
    with pytest.raises(NotSignedIn, match=OVER):
        confirm_second_factor(desk, token, code_of(phone))
    token = a_token(desk)
    disable_account(desk, ADA)
    with pytest.raises(NotSignedIn, match=OVER):
        confirm_second_factor(desk, token, code_of(phone))


def test_someone_else_can_take_it_back_and_then_it_is_set_up_anew(desk: Desk, time: Time) -> None:
    viewer = a_viewer(desk, ADA, "manager")
    phone = a_phone(desk, viewer)
    time.move(minutes=1)
    token = confirm(desk, code_of(phone))
    reset_second_factor(desk, ADA)
    assert viewer_of(desk, token) is None
    again = seen(desk, a_token(desk))
    assert again.signed_in
    assert again.must_set_second_factor
    a_phone(desk, again)
    with pytest.raises(NotFound):
        reset_second_factor(desk, "nobody@example.org")


def test_the_secret_is_sealed_and_in_no_journal(desk: Desk, time: Time) -> None:
    viewer = a_viewer(desk)
    secret, _ = begin_second_factor(desk, viewer.account_id)
    finish_second_factor(desk, viewer.account_id, code_of(pyotp.TOTP(secret)), viewer.session_id)
    reset_second_factor(desk, ADA)
    secret, _ = begin_second_factor(desk, viewer.account_id)
    with desk.reading() as session:
        kept = session.get_one(Account, viewer.account_id).totp_sealed
        journal = "".join(session.scalars(sa.select(JournalEntry.body)))
    assert kept is not None
    assert secret.encode() not in kept
    assert secret not in journal
    assert '"act":"reset_second_factor"' in journal
    assert '"act":"set_second_factor"' in journal


def test_a_secret_moved_to_another_account_does_not_open(desk: Desk, time: Time) -> None:
    ada, eve = a_viewer(desk), a_viewer(desk, "eve@example.org")
    begin_second_factor(desk, ada.account_id)
    with desk.writing() as session:
        stolen = session.get_one(Account, ada.account_id).totp_sealed
        session.get_one(Account, eve.account_id).totp_sealed = stolen
    with pytest.raises(Exception, match="cannot be opened"):
        pending_second_factor(desk, eve.account_id)


def test_nobody_takes_back_their_own_from_a_browser(desk: Desk, time: Time) -> None:
    a_phone(desk, a_viewer(desk, ADA, "administrator"))
    with pytest.raises(Conflict, match="another administrator"):
        reset_second_factor(desk.acting_as(ADA), ADA)
    reset_second_factor(desk.acting_as(ADA), ADA, own_too=True)
