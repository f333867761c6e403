"""Accounts of the people who work here, their roles and sessions, tries to sign in, and who may know of a restricted incident."""

from datetime import datetime
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from db.types import Table, one_of, only_if

ROLES = ("reporter", "responder", "manager", "approver", "auditor", "administrator")


class Account(Table):
    """Someone who may sign in. The name is what the journal calls them, so an account is disabled, never deleted."""

    __tablename__ = "accounts"
    __table_args__ = (
        sa.CheckConstraint("name = lower(trim(name)) AND length(name) > 0", name="name_is_lower_case"),
        sa.CheckConstraint("password_hash LIKE '$argon2id$%'", name="password_is_hashed"),
        only_if("second_factor_has_a_secret", "totp_confirmed_at IS NOT NULL", "totp_sealed IS NOT NULL"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    email: Mapped[str] = mapped_column(default="")
    password_hash: Mapped[str]
    must_change_password: Mapped[bool] = mapped_column(default=False)
    totp_sealed: Mapped[bytes | None]
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None] = mapped_column(sa.BigInteger)
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    disabled_at: Mapped[datetime | None]


class AccountRole(Table):
    """What an account may do."""

    __tablename__ = "account_roles"
    __table_args__ = (one_of("role", ROLES),)

    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("accounts.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)


class WebSession(Table):
    """One browser that signed in. Only a hash of its token is kept: who reads this table cannot become anyone."""

    __tablename__ = "web_sessions"
    __table_args__ = (
        sa.CheckConstraint("length(token_hash) = 32", name="token_is_hashed"),
        sa.Index("ix_web_sessions_account", "account_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    csrf: Mapped[str]
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    second_factor_at: Mapped[datetime | None]


class SignInTry(Table):
    """One try to prove who one is. Name and address are kept as keyed hashes, and for a day only."""

    __tablename__ = "sign_in_tries"
    __table_args__ = (
        sa.Index("ix_sign_in_tries_name", "name_hash", "at"),
        sa.Index("ix_sign_in_tries_address", "address_hash", "at"),
        sa.Index("ix_sign_in_tries_at", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name_hash: Mapped[bytes]
    address_hash: Mapped[bytes]
    at: Mapped[datetime]
    worked: Mapped[bool]


class Member(Table):
    """Someone who may know of a restricted incident; to everyone else there is no such incident."""

    __tablename__ = "members"

    incident_id: Mapped[UUID] = mapped_column(sa.ForeignKey("incidents.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("accounts.id"), primary_key=True)
    added_at: Mapped[datetime]
    added_by: Mapped[str]
