"""What an account's roles must satisfy: they are known ones, and somebody can always administer."""

from collections.abc import Iterable

from actions.errors import Conflict
from actions.house_act import HouseAct
from db.models import Account
from db.models.account import ROLES
from db.queries.accounts import administrators


def checked_roles(given: Iterable[str]) -> list[str]:
    """These roles, once each, in the order of ROLES. Raises Conflict for an unknown one, or none."""
    wanted = {role.strip().lower() for role in given}
    if unknown := sorted(wanted - set(ROLES)):
        raise Conflict(f"{unknown[0]!r} is not a role; they are {', '.join(ROLES)}.")
    if not wanted:
        raise Conflict(f"An account needs a role: {', '.join(ROLES)}.")
    return [role for role in ROLES if role in wanted]


def refuse_last_administrator(act: HouseAct, account: Account) -> None:
    """Raise Conflict where nobody else could administer."""
    if administrators(act.session) == {account.id}:
        raise Conflict(f"{account.name} is the last administrator; make another account one first.")
