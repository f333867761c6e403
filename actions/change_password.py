"""Changes one's own password, which takes the old one."""

from uuid import UUID

from actions import clock, passwords, throttle
from actions.desk import Desk
from actions.errors import Conflict, NotFound, NotSignedIn
from actions.house_act import HouseAct, house_act
from actions.sign_in import end_sessions
from db.models import Account, SignInTry


def change_password(desk: Desk, account_id: UUID, old: str, new: str, session_id: UUID | None = None) -> None:
    """Take the new password instead of the old. The session *session_id* goes on, every other one ends.

    Raises NotSignedIn for a wrong old one, TooManyTries after several, Conflict for a new one that is weak or the same.
    """
    account, tried = _tried(desk, account_id, session_id)
    if not passwords.matches(account.password_hash, old):
        raise NotSignedIn("The old password is not right.")
    passwords.refuse_weak(new, account.name)
    if passwords.matches(account.password_hash, new):
        raise Conflict("The new password is the old one; take another.")
    kept = passwords.hashed(new)
    with house_act(desk, "change_password") as act:
        now = act.account(account.name)
        if now.password_hash != account.password_hash or now.disabled_at:
            raise NotSignedIn("The password was changed by someone else just now; sign in again.")
        act.session.get_one(SignInTry, tried.id).worked = True
        put_password(act, now, kept, must_change=False, but=session_id)


def put_password(act: HouseAct, account: Account, kept: str, *, must_change: bool, but: UUID | None = None) -> None:
    """Within an act that is under way: keep this hash, and end every session *but* one."""
    account.password_hash, account.must_change_password = kept, must_change
    act.journal(account.name, sessions_ended=end_sessions(act, account.id, but))


def _tried(desk: Desk, account_id: UUID, session_id: UUID | None) -> tuple[Account, SignInTry]:
    """The account, and the try that this is: a browser left open must not be a place to guess in."""
    by = throttle.who(desk.master, str(account_id), str(session_id), "old-password")
    with desk.writing() as session:
        account = session.get(Account, account_id, with_for_update=True)
        if account is None or account.disabled_at:
            raise NotFound("There is no such account, or it is disabled.")
        return account, throttle.begin_try(session, by, clock.now())
