"""Who is looking: the account behind a session's token, with what it may do, in one question."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Account, AccountRole, WebSession

NEED_SECOND_FACTOR = frozenset({"administrator", "manager", "approver"})
"""Who holds one of these roles sets up a second factor at the first sign-in."""


@dataclass(frozen=True)
class Viewer:
    """One person in one browser. Not *signed_in* means: the password was right, the second factor is still asked."""

    account_id: UUID
    session_id: UUID
    name: str
    display_name: str
    roles: frozenset[str]
    csrf: str = field(repr=False)
    signed_in: bool
    must_change_password: bool
    must_set_second_factor: bool = False
    time_zone: str = ""


@dataclass(frozen=True)
class Seat:
    """A viewer, and the moments that decide whether the session still counts."""

    viewer: Viewer
    began_at: datetime
    seen_at: datetime
    ends_at: datetime


def seat(session: Session, token_hash: bytes) -> Seat | None:
    """Whose session this is; None for an unknown or revoked one, and for a disabled account."""
    query = (
        sa.select(WebSession, Account, AccountRole.role)
        .join(Account, Account.id == WebSession.account_id)
        .join(AccountRole, AccountRole.account_id == Account.id, isouter=True)
        .where(WebSession.token_hash == token_hash, WebSession.revoked_at.is_(None), Account.disabled_at.is_(None))
    )
    rows = session.execute(query).tuples().all()
    if not rows:
        return None
    row, account, _ = rows[0]
    viewer = _viewer(row, account, frozenset(role for *_, role in rows if role))
    return Seat(viewer, row.began_at, row.seen_at, row.ends_at)


def _viewer(row: WebSession, account: Account, roles: frozenset[str]) -> Viewer:
    has_factor = account.totp_confirmed_at is not None
    return Viewer(
        account_id=account.id,
        session_id=row.id,
        name=account.name,
        display_name=account.display_name,
        roles=roles,
        csrf=row.csrf,
        signed_in=row.second_factor_at is not None or not has_factor,
        must_change_password=account.must_change_password,
        must_set_second_factor=not has_factor and bool(roles & NEED_SECOND_FACTOR),
    )
