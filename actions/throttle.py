"""Slows down whoever guesses: after a few wrong tries each next one waits longer, and nobody is ever shut out for good."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network

import sqlalchemy as sa
from sqlalchemy.orm import Session

from actions.errors import TooManyTries
from db.models import SignInTry
from db.vault import MasterVault

TOO_MANY = "Too many wrong tries. Try again in {}."

FREE_BY_NAME, FREE_BY_ADDRESS = 5, 20
"""Wrong tries before the first wait. An address may be that of a whole office, so it is given more."""

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=15)
ADDRESS_REMEMBERED, KEPT = timedelta(hours=1), timedelta(days=1)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Who:
    """Who tries, from where; keyed hashes, since neither is to be read from the database."""

    name_hash: bytes
    address_hash: bytes


def who(master: MasterVault, name: str, address: str, purpose: str = "sign-in") -> Who:
    """The keys of one who tries for this purpose."""
    return Who(_keyed(master, name, f"{purpose}/name"), _keyed(master, _near(address), f"{purpose}/address"))


def begin_try(session: Session, by: Who, now: datetime, says: str = TOO_MANY) -> SignInTry:
    """Write a try down, as wrong until it is known to be right, so that tries made at once count too. Raises TooManyTries."""
    session.execute(sa.delete(SignInTry).where(SignInTry.at < now - KEPT))
    until = _free_at(session, by, now)
    if until > now:
        raise TooManyTries(says.format(_spelt(until - now)), until)
    row = SignInTry(name_hash=by.name_hash, address_hash=by.address_hash, at=now, worked=False)
    session.add(row)
    session.flush()
    return row


def wait_after(wrong: int, free: int) -> timedelta:
    """How long to wait after so many wrong tries: none, then 15 seconds doubled each time, at most 15 minutes."""
    if wrong < free:
        return timedelta(0)
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(wrong - free, 10)))


def _free_at(session: Session, by: Who, now: datetime) -> datetime:
    """From when on the next try counts.

    Where this name signed in from this address within a day, only their own wrong tries count: a stranger who guesses
    cannot keep a person out of their office.
    """
    name, address = SignInTry.name_hash == by.name_hash, SignInTry.address_hash == by.address_hash
    if (here := _last_right(session, name, address)) is not None:
        return _after(session, FREE_BY_NAME, name, address, since=here)
    by_name = _after(session, FREE_BY_NAME, name, since=_last_right(session, name))
    return max(by_name, _after(session, FREE_BY_ADDRESS, address, since=now - ADDRESS_REMEMBERED))


def _last_right(session: Session, *of: sa.ColumnElement[bool]) -> datetime | None:
    return session.scalar(sa.select(sa.func.max(SignInTry.at)).where(*of, SignInTry.worked))


def _after(session: Session, free: int, *of: sa.ColumnElement[bool], since: datetime | None) -> datetime:
    """When the wait is over that the wrong tries since then have earned."""
    query = sa.select(sa.func.count(), sa.func.max(SignInTry.at)).where(*of, ~SignInTry.worked)
    wrong, last = session.execute(query if since is None else query.where(SignInTry.at >= since)).tuples().one()
    return last + wait_after(wrong, free) if last else _LONG_AGO


def _keyed(master: MasterVault, typed: str, purpose: str) -> bytes:
    return master.index(typed.encode(errors="backslashreplace").decode(), purpose)


def _near(address: str) -> str:
    """One household or server may hold a whole IPv6 network: its addresses count as one."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def _spelt(wait: timedelta) -> str:
    seconds = max(1, -(-wait // timedelta(seconds=1)))
    if seconds < 60:
        return f"{seconds} second" + ("s" if seconds > 1 else "")
    minutes = -(-seconds // 60)
    return f"{minutes} minute" + ("s" if minutes > 1 else "")
