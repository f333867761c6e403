"""Disables an account, at once and everywhere, or enables it again."""

from actions.desk import Desk
from actions.errors import Conflict
from actions.house_act import house_act
from actions.roles import refuse_last_administrator
from actions.sign_in import end_sessions
from db.models import Account


def disable_account(desk: Desk, name: str) -> Account:
    """Sign them out everywhere and let them in no more. Raises NotFound, Conflict for the last administrator."""
    with house_act(desk, "disable_account") as act:
        account = act.account(name)
        if account.disabled_at:
            raise Conflict(f"{account.name} is disabled already, since {account.disabled_at:%d %B %Y %H:%M} UTC.")
        refuse_last_administrator(act, account)
        account.disabled_at = act.now
        act.journal(account.name, sessions_ended=end_sessions(act, account.id))
    return account


def enable_account(desk: Desk, name: str) -> Account:
    """Let them in again, with the password and the roles that they had. Raises NotFound, Conflict where it is not disabled."""
    with house_act(desk, "enable_account") as act:
        account = act.account(name)
        if account.disabled_at is None:
            raise Conflict(f"{account.name} is not disabled.")
        account.disabled_at = None
        act.journal(account.name)
    return account
