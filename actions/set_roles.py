"""Gives an account the roles named, and takes every other one; it counts from the next click on."""

from collections.abc import Iterable

import sqlalchemy as sa

from actions.desk import Desk
from actions.house_act import house_act
from actions.roles import checked_roles, refuse_last_administrator
from db.models import AccountRole
from db.queries.accounts import roles_of


def set_roles(desk: Desk, name: str, roles: Iterable[str]) -> tuple[str, ...]:
    """Set the roles; gives them in their order. Raises Conflict for an unknown one, none, or the last administrator's."""
    wanted = checked_roles(roles)
    with house_act(desk, "set_roles") as act:
        account = act.account(name)
        before = roles_of(act.session, account.id)
        if "administrator" in before - set(wanted):
            refuse_last_administrator(act, account)
        if set(wanted) != before:
            act.session.execute(sa.delete(AccountRole).where(AccountRole.account_id == account.id))
            act.session.add_all(AccountRole(account_id=account.id, role=role) for role in wanted)
            act.journal(account.name, before=before, roles=wanted)
    return tuple(wanted)
