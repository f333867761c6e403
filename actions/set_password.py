"""Gives someone a new password, for who forgot theirs; they are signed out everywhere."""

from actions import passwords
from actions.change_password import put_password
from actions.desk import Desk
from actions.house_act import house_act


def set_password(desk: Desk, name: str, new: str, *, must_change: bool = True) -> None:
    """Set the password without the old one; its owner changes it at once if *must_change*. Raises NotFound, Conflict."""
    passwords.refuse_weak(new, name.strip().lower())
    kept = passwords.hashed(new)
    with house_act(desk, "set_password") as act:
        put_password(act, act.account(name), kept, must_change=must_change)
