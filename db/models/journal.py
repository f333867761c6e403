"""The journal: who did what when, append-only and hash-chained; one chain for each incident and one for the house."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from db.types import Table


class JournalEntry(Table):
    """One line of a chain. The body is canonical JSON text; the hash covers the hash before it and the body."""

    __tablename__ = "journal"
    __table_args__ = (
        sa.CheckConstraint("length(hash) = 64", name="has_a_hash"),
        sa.CheckConstraint("number > 0", name="counts_from_one"),
    )

    chain: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[str]
    hash: Mapped[str]


class JournalHead(Table):
    """The newest entry of a chain; locking this row makes entries follow each other one by one."""

    __tablename__ = "journal_heads"

    chain: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
    hash: Mapped[str]
