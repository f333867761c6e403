"""People of the team, for tests of any room: accounts, and browsers that are signed in as them."""

import pyotp
import pytest

from actions import clock
from actions.add_account import add_account
from actions.desk import Desk
from actions.errors import NotSignedIn
from actions.second_factor import begin_second_factor, finish_second_factor
from actions.sign_in import sign_in, viewer_of
from db.models import Account
from db.queries.viewer import Viewer

PASSWORD = "four grey herons stand here"
HOME, ELSEWHERE = "192.0.2.7", "203.0.113.9"
ADA = "ada@example.org"


def an_account(desk: Desk, name: str = ADA, *roles: str) -> Account:
    """An account with the password of all tests; a responder where no role is named."""
    return add_account(desk, name, PASSWORD, roles or ("responder",), must_change_password=False)


def a_token(desk: Desk, name: str = ADA, address: str = HOME) -> str:
    """The token of a browser in which this name's password was typed."""
    return sign_in(desk, name, PASSWORD, address).token


def seen(desk: Desk, token: str) -> Viewer:
    """Whose browser this is; it must still count."""
    viewer = viewer_of(desk, token)
    assert viewer is not None
    return viewer


def a_viewer(desk: Desk, name: str = ADA, *roles: str) -> Viewer:
    """Someone who has an account and is signed in."""
    an_account(desk, name, *roles)
    return seen(desk, a_token(desk, name))


def a_phone(desk: Desk, viewer: Viewer) -> pyotp.TOTP:
    """The phone with the viewer's second factor, set up in this browser."""
    secret, _ = begin_second_factor(desk, viewer.account_id)
    phone = pyotp.TOTP(secret)
    finish_second_factor(desk, viewer.account_id, code_of(phone), viewer.session_id)
    return phone


def code_of(phone: pyotp.TOTP) -> str:
    """What the phone shows at this moment."""
    return phone.at(clock.now())


def guess(desk: Desk, name: str = ADA, address: str = ELSEWHERE) -> NotSignedIn:
    """A wrong try, and what was answered to it."""
    with pytest.raises(NotSignedIn) as refused:
        sign_in(desk, name, "an idle guess", address)
    return refused.value
