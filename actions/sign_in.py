"""Signs people in and out, and says who is looking: the password, the second factor, and the session that bears both."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions import clock, passwords, throttle
from actions.desk import Desk
from actions.errors import NotSignedIn
from actions.house_act import HouseAct, house_act
from actions.totp import take_code
from db.models import Account, SignInTry, WebSession
from db.queries.accounts import account_named, roles_of
from db.queries.viewer import NEED_SECOND_FACTOR, Seat, Viewer, seat

WRONG = "This name and password do not belong together; check both. An administrator can give you a new password."
WRONG_CODE = "This code is not the one of now, or was used already; wait for the next one."
OVER = "Your session is over; sign in again."

TIME_FOR_THE_CODE = timedelta(minutes=10)
SEEN_EVERY = timedelta(minutes=1)
SESSIONS_KEPT = timedelta(days=30)


@dataclass(frozen=True)
class SignedIn:
    """The token for the browser's cookie; it is kept nowhere else."""

    token: str = field(repr=False)
    needs_second_factor: bool


def sign_in(desk: Desk, name: str, password: str, address: str) -> SignedIn:
    """Begin a session. Raises NotSignedIn, alike for a wrong name, a wrong password and a disabled account, and TooManyTries.

    The password is compared outside the transaction: that takes long on purpose, and nobody else is to wait for it.
    """
    name = name.strip().lower()
    by = throttle.who(desk.master, name, address)
    with desk.writing() as session:
        account = account_named(session, name, lock=True)
        tried = throttle.begin_try(session, by, clock.now())
    kept = account.password_hash if account and account.disabled_at is None else None
    if not passwords.matches(kept, password) or account is None:
        raise NotSignedIn(WRONG)
    with house_act(desk, "sign_in") as act:
        account = act.account(account.name)
        if account.password_hash != kept or account.disabled_at is not None:
            raise NotSignedIn(WRONG)  # changed or disabled while we were comparing
        _worked(act.session, tried)
        if passwords.is_outdated(account.password_hash):
            account.password_hash = passwords.hashed(password)
        return _begin(act, account)


def confirm_second_factor(desk: Desk, token: str, code: str) -> str:
    """Complete a session with a code; gives its new token, the old one is worth nothing. Raises NotSignedIn, TooManyTries."""
    viewer = viewer_of(desk, token)
    if viewer is None:
        raise NotSignedIn(OVER)
    by = throttle.who(desk.master, str(viewer.account_id), str(viewer.session_id), "second-factor")
    with desk.writing() as session:
        account_named(session, viewer.name, lock=True)
        tried = throttle.begin_try(session, by, clock.now())
    with house_act(desk, "confirm_second_factor") as act:
        account = act.account(viewer.name)
        row = act.session.get_one(WebSession, viewer.session_id, with_for_update=True)
        if row.revoked_at or account.disabled_at or account.totp_confirmed_at is None:
            raise NotSignedIn(OVER)
        if not take_code(desk.master, account, code, act.now):
            raise NotSignedIn(WRONG_CODE)
        _worked(act.session, tried)
        row.second_factor_at, row.ends_at = act.now, row.began_at + _longest(desk)
        act.journal(account.name, actor=account.name)
        return renew(row)


def sign_out(desk: Desk, token: str) -> None:
    """End this session; one that is over already stays over."""
    with house_act(desk, "sign_out") as act:
        found = seat(act.session, digest(token))
        if found is None:
            return
        act.session.get_one(WebSession, found.viewer.session_id).revoked_at = act.now
        act.journal(found.viewer.name, actor=found.viewer.name)


def revoke_sessions(desk: Desk, name: str) -> int:
    """End every session of this account; gives how many there were. Raises NotFound."""
    with house_act(desk, "revoke_sessions") as act:
        account = act.account(name)
        ended = end_sessions(act, account.id)
        act.journal(account.name, sessions=ended)
    return ended


def viewer_of(desk: Desk, token: str) -> Viewer | None:
    """Whose browser this is; None when the session ended, was revoked, or was idle for too long."""
    now = clock.now()
    with desk.reading() as session:
        found = seat(session, digest(token))
    if found is None or not _counts(desk, found, now):
        return None
    if now - found.seen_at >= SEEN_EVERY:
        _seen(desk, found.viewer.session_id, now)
    return found.viewer


def end_sessions(act: HouseAct, account_id: UUID, but: UUID | None = None) -> int:
    """Within an act that is under way: end this account's sessions that still count, *but* one; gives how many."""
    mine = (WebSession.account_id == account_id, WebSession.revoked_at.is_(None), WebSession.ends_at > act.now)
    rows = act.session.scalars(sa.select(WebSession).where(*mine).with_for_update()).all()
    ended = [row for row in rows if row.id != but]
    for row in ended:
        row.revoked_at = act.now
    return len(ended)


def renew(row: WebSession) -> str:
    """Give a session a new token and a new form secret: what was seen before one proved more is worth nothing after."""
    token = secrets.token_urlsafe(32)
    row.token_hash, row.csrf = digest(token), secrets.token_urlsafe(32)
    return token


def digest(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode(errors="backslashreplace")).digest()


def _begin(act: HouseAct, account: Account) -> SignedIn:
    asked = account.totp_confirmed_at is not None
    if not asked and roles_of(act.session, account.id) & NEED_SECOND_FACTOR:
        end_sessions(
            act, account.id
        )  # until the second factor is set up there is one session: another person would show
    if not asked:
        account.totp_sealed = None  # a secret that was begun and not confirmed was perhaps seen by somebody else
    ends_at = act.now + (TIME_FOR_THE_CODE if asked else _longest(act.desk))
    row = WebSession(account_id=account.id, began_at=act.now, seen_at=act.now, ends_at=ends_at)
    token = renew(row)
    act.session.add(row)
    act.session.execute(sa.delete(WebSession).where(WebSession.ends_at < act.now - SESSIONS_KEPT))
    act.journal(account.name, actor=account.name, second_factor_asked=asked)
    return SignedIn(token, asked)


def _counts(desk: Desk, found: Seat, now: datetime) -> bool:
    idle_at = found.seen_at + timedelta(minutes=desk.settings.session_idle_minutes)
    return now < min(found.ends_at, idle_at, found.began_at + _longest(desk))


def _longest(desk: Desk) -> timedelta:
    return timedelta(hours=desk.settings.session_hours)


def _seen(desk: Desk, session_id: UUID, now: datetime) -> None:
    """Nobody waits for this: while a long list of people is taken in, a page is still shown at once."""
    with desk.writing_if_free() as session:
        if session is not None:
            mine = sa.update(WebSession).where(WebSession.id == session_id, WebSession.seen_at < now)
            session.execute(mine.values(seen_at=now))


def _worked(session: Session, tried: SignInTry) -> None:
    session.execute(sa.update(SignInTry).where(SignInTry.id == tried.id).values(worked=True))
