"""Sets up an account's second factor: a secret is shown once, a code proves that it arrived; an administrator can take it back."""

from uuid import UUID

import pyotp

from actions import clock, throttle
from actions.desk import Desk
from actions.errors import Conflict, NotFound, NotSignedIn
from actions.house_act import HouseAct, house_act
from actions.sign_in import WRONG_CODE, end_sessions
from actions.totp import STEP_SECONDS, seal_secret, secret_of, take_code
from db.models import Account, SignInTry, WebSession

HAS_ONE = "This account has a second factor already; an administrator can take it back."


def begin_second_factor(desk: Desk, account_id: UUID) -> tuple[str, str]:
    """A new secret, and the address that a phone reads from a picture. Raises Conflict where one is set up already."""
    with house_act(desk, "begin_second_factor") as act:
        account = _without(act, account_id)
        secret = pyotp.random_base32()
        account.totp_sealed, account.totp_last_step = seal_secret(desk.master, account.id, secret), None
    return secret, _address(desk, account, secret)


def pending_second_factor(desk: Desk, account_id: UUID) -> tuple[str, str] | None:
    """The secret begun last, to show it again after a mistyped code; None where none waits for its code."""
    with desk.reading() as session:
        account = session.get(Account, account_id)
    if account is None or account.totp_sealed is None or account.totp_confirmed_at:
        return None
    secret = secret_of(desk.master, account)
    return secret, _address(desk, account, secret)


def finish_second_factor(desk: Desk, account_id: UUID, code: str, session_id: UUID | None = None) -> None:
    """Set it up, once a code shows that the secret arrived. The session *session_id* goes on, every other one ends.

    Raises NotSignedIn for a wrong code, TooManyTries after several, Conflict where nothing was begun.
    """
    by = throttle.who(desk.master, str(account_id), str(session_id), "second-factor")
    with desk.writing() as session:
        tried = throttle.begin_try(session, by, clock.now())
    with house_act(desk, "set_second_factor") as act:
        account = _without(act, account_id)
        if account.totp_sealed is None:
            raise Conflict("Begin anew: there is no secret to which this code could belong.")
        if not take_code(desk.master, account, code, act.now):
            raise NotSignedIn(WRONG_CODE)
        account.totp_confirmed_at = act.now
        act.session.get_one(SignInTry, tried.id).worked = True
        ended = end_sessions(act, account.id, but=session_id)
        if session_id is not None:
            _complete(act, account, session_id)
        act.journal(account.name, actor=account.name, sessions_ended=ended)


def reset_second_factor(desk: Desk, name: str, *, own_too: bool = False) -> None:
    """Take the second factor back, for someone who lost their phone; they are signed out everywhere. Raises NotFound.

    Nobody takes back their own from a browser: whoever holds a session of theirs would take the whole account with it.
    """
    with house_act(desk, "reset_second_factor") as act:
        account = act.account(name)
        if account.name == desk.actor.lower() and not own_too:
            raise Conflict("Your own second factor is taken back by another administrator, or on the machine itself.")
        account.totp_sealed = account.totp_confirmed_at = account.totp_last_step = None
        ended = end_sessions(act, account.id)
        act.journal(account.name, sessions_ended=ended)


def _without(act: HouseAct, account_id: UUID) -> Account:
    account = act.session.get(Account, account_id, with_for_update=True)
    if account is None or account.disabled_at:
        raise NotFound("There is no such account, or it is disabled.")
    if account.totp_confirmed_at:
        raise Conflict(HAS_ONE)
    return account


def _complete(act: HouseAct, account: Account, session_id: UUID) -> None:
    row = act.session.get(WebSession, session_id)
    if row is not None and row.account_id == account.id:
        row.second_factor_at = act.now


def _address(desk: Desk, account: Account, secret: str) -> str:
    """Named after the organisation, so that the right line is found on a phone that holds many."""
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    return totp.provisioning_uri(name=account.name, issuer_name=f"Forthwith {desk.settings.organisation}")
