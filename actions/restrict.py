"""Restricts an incident to its members: to everyone else, whatever their role, there is no such incident."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import sqlalchemy as sa

from actions.desk import Act, Desk
from actions.errors import Conflict, NotFound
from db.models import Account, Member
from db.queries.accounts import account_named
from db.queries.visible import members


def restrict(desk: Desk, incident: UUID | str, names: Iterable[str], reasons: str) -> Sequence[str]:
    """Restrict to these accounts and to the one who acts; gives the members' names. Raises Conflict, NotFound."""
    why = _reasons(reasons)
    with desk.act("restrict", incident, closed_too=True) as act:
        if act.incident.restricted:
            raise Conflict(f"{act.incident.reference} is restricted already; add members to it, or take some from it.")
        chosen = {account.id: account for account in (_account(act, name) for name in names)}
        own = account_named(act.session, desk.actor)
        if own is not None and own.disabled_at is None:
            chosen[own.id] = own
        if not chosen:
            raise Conflict("Name at least one account as a member: a restricted incident is seen by its members alone.")
        act.incident.restricted = True
        for account in chosen.values():
            _add(act, account)
        told = sorted(account.name for account in chosen.values())
        act.journal("restriction", members=told, reasons=why)
    return told


def add_member(desk: Desk, incident: UUID | str, name: str, reasons: str = "") -> None:
    """Let one more account know of it; one that does already changes nothing. Raises Conflict, NotFound."""
    with desk.act("add_member", incident, closed_too=True) as act:
        _refuse_open(act)
        account = _account(act, name)
        if account.name not in _names(act):
            _add(act, account)
            act.journal(account.name, reasons=reasons.strip())


def remove_member(desk: Desk, incident: UUID | str, name: str, reasons: str = "") -> None:
    """Let an account know of it no more; at least one member who can sign in stays. Raises Conflict, NotFound."""
    with desk.act("remove_member", incident, closed_too=True) as act:
        _refuse_open(act)
        found = {account.name: (row, account) for row, account in members(act.session, act.incident.id)}
        row, _ = found.pop(name.strip().lower(), (None, None))
        if row is None:
            raise NotFound(f"{name.strip()} is no member of {act.incident.reference}.")
        if all(account.disabled_at for _, account in found.values()):
            raise Conflict(f"{name.strip()} is the last member; add another one first, or lift the restriction.")
        act.session.delete(row)
        act.journal(name.strip().lower(), reasons=reasons.strip())


def lift_restriction(desk: Desk, incident: UUID | str, reasons: str) -> None:
    """Let the whole team know of it again. Raises Conflict without reasons, and where it is not restricted."""
    why = _reasons(reasons)
    with desk.act("lift_restriction", incident, closed_too=True) as act:
        _refuse_open(act)
        act.incident.restricted = False
        before = _names(act)
        act.session.execute(sa.delete(Member).where(Member.incident_id == act.incident.id))
        act.journal("restriction", members=before, reasons=why)


def _add(act: Act, account: Account) -> None:
    row = Member(incident_id=act.incident.id, account_id=account.id, added_at=act.now, added_by=act.desk.actor)
    act.session.add(row)
    act.session.flush()


def _names(act: Act) -> list[str]:
    return [account.name for _, account in members(act.session, act.incident.id)]


def _account(act: Act, name: str) -> Account:
    found = account_named(act.session, name)
    if found is None:
        raise NotFound(f"There is no account {name.strip()!r}; 'forthwith account list' shows those there are.")
    if found.disabled_at:
        raise Conflict(f"{found.name} is disabled, and would see nothing; name an account that can sign in.")
    return found


def _refuse_open(act: Act) -> None:
    if not act.incident.restricted:
        raise Conflict(f"{act.incident.reference} is not restricted: the whole team knows of it.")


def _reasons(reasons: str) -> str:
    if not reasons.strip():
        raise Conflict("Say in a sentence why, without naming anyone; it is kept in the record.")
    return reasons.strip()
