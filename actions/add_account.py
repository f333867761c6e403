"""Adds an account: a name for the journal, roles, and a first password."""

import re
from collections.abc import Iterable

from actions import passwords
from actions.desk import Desk
from actions.errors import Conflict
from actions.house_act import house_act
from actions.roles import checked_roles
from db.models import Account, AccountRole
from db.queries.accounts import account_named

NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,99}")
OURS = ("system", "house")
"""Who acts in the journal where no person does: nobody is to be mistaken for them."""


def add_account(
    desk: Desk,
    name: str,
    password: str,
    roles: Iterable[str],
    *,
    display_name: str = "",
    email: str = "",
    must_change_password: bool = True,
) -> Account:
    """Make an account. Raises Conflict for a name that cannot be or is taken, an unknown role, a weak password."""
    name = name.strip().lower()
    if not NAME.fullmatch(name) or name in OURS:
        raise Conflict(f"{name!r} cannot be an account's name: take 2 to 100 of a-z 0-9 . _ @ + -, such as an address.")
    given = checked_roles(roles)
    passwords.refuse_weak(password, name)
    kept = passwords.hashed(password)
    with house_act(desk, "add_account") as act:
        if account_named(act.session, name) is not None:
            raise Conflict(
                f"There is an account {name} already; names are never used twice, since the journal bears them."
            )
        account = Account(
            name=name,
            display_name=display_name.strip() or name,
            email=email.strip() or (name if "@" in name else ""),
            password_hash=kept,
            must_change_password=must_change_password,
            made_at=act.now,
            made_by=desk.actor,
        )
        act.session.add(account)
        act.session.flush()
        act.session.add_all(AccountRole(account_id=account.id, role=role) for role in given)
        act.journal(name, roles=given)
    return account
