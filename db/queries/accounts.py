"""Questions about accounts: who there is, what they may do, and where they are signed in."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from db.models import Account, AccountRole, WebSession


def accounts(session: Session) -> Sequence[Account]:
    """Every account by name, the disabled ones too."""
    return session.scalars(sa.select(Account).order_by(Account.name)).all()


def account_named(session: Session, name: str, *, lock: bool = False) -> Account | None:
    """The account of this name, however it was typed."""
    wanted = name.strip().lower()
    if not wanted.isprintable():
        return None  # no name holds such a sign, and not every database would take the question
    query = sa.select(Account).where(Account.name == wanted)
    return session.scalar(query.with_for_update().execution_options(populate_existing=True) if lock else query)


def roles(session: Session) -> dict[UUID, frozenset[str]]:
    """What every account may do; an account without a role is not in it."""
    found: dict[UUID, set[str]] = {}
    for account_id, role in session.execute(sa.select(AccountRole.account_id, AccountRole.role)):
        found.setdefault(account_id, set()).add(role)
    return {account_id: frozenset(names) for account_id, names in found.items()}


def roles_of(session: Session, account_id: UUID) -> frozenset[str]:
    """What this account may do."""
    return frozenset(session.scalars(sa.select(AccountRole.role).where(AccountRole.account_id == account_id)))


def sessions_of(session: Session, account_id: UUID) -> Sequence[WebSession]:
    """Every session of this account that is still kept, the newest first."""
    query = sa.select(WebSession).where(WebSession.account_id == account_id)
    return session.scalars(query.order_by(WebSession.began_at.desc(), WebSession.id)).all()


def administrators(session: Session) -> set[UUID]:
    """Those who may administer and are not disabled."""
    query = sa.select(AccountRole.account_id).join(Account, Account.id == AccountRole.account_id)
    return set(session.scalars(query.where(AccountRole.role == "administrator", Account.disabled_at.is_(None))))


def accounts_called(session: Session, words: Iterable[str]) -> Sequence[Account]:
    """Those who can sign in and whose name or e-mail address is one of these, by name."""
    wanted = {word.strip().lower() for word in words if word.strip()}
    called = sa.or_(Account.name.in_(wanted), sa.func.lower(Account.email).in_(wanted))
    return session.scalars(sa.select(Account).where(called, Account.disabled_at.is_(None)).order_by(Account.name)).all()


def open_sessions(session: Session, at: datetime) -> dict[UUID, int]:
    """With how many browsers each account is signed in, those left idle too; an account with none is not in it."""
    live = sa.select(WebSession.account_id, sa.func.count()).where(
        WebSession.revoked_at.is_(None), WebSession.ends_at > at
    )
    return dict(session.execute(live.group_by(WebSession.account_id)).tuples().all())


def addresses_of(session: Session, role: str) -> list[str]:
    """The e-mail addresses of those who hold this role and can sign in, by name."""
    query = sa.select(Account.email).join(AccountRole, AccountRole.account_id == Account.id)
    held = query.where(AccountRole.role == role, Account.disabled_at.is_(None), Account.email != "")
    return list(session.scalars(held.order_by(Account.name)))
