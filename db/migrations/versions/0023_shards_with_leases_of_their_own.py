"""Shards of a wave, each with a lease of its own instead of the wave's; and what each channel may take, shared by all workers."""

import sqlalchemy as sa
from alembic import op

from db.migrations.rewording import reword

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

LEASED = "(lease_owner IS NULL AND lease_until IS NULL) OR (lease_owner IS NOT NULL AND lease_until IS NOT NULL)"
QUEUE = {"before": ["wave_id", "state", "nid", "channel"], "after": ["wave_id", "state", "channel", "nid"]}


def upgrade() -> None:
    """A lease that somebody holds at this moment ends with it: what is in flight is settled by evidence."""
    op.add_column("waves", sa.Column("shards", sa.Integer(), nullable=False, server_default="1"))
    reword("waves", "ck_waves_has_a_shard", "", "shards >= 1")
    op.create_index("uq_waves_id_shards", "waves", ["id", "shards"], unique=True)
    reword("waves", "ck_waves_leased", LEASED, "")
    op.drop_column("waves", "lease_owner")
    op.drop_column("waves", "lease_until")
    _shards()
    _paces()
    _queue("after")


def downgrade() -> None:
    """The wave has one lease again."""
    _queue("before")
    op.drop_table("paces")
    op.drop_table("shards")
    op.add_column("waves", sa.Column("lease_owner", sa.Text(), nullable=True))
    op.add_column("waves", sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True))
    reword("waves", "ck_waves_leased", "", LEASED)
    op.drop_index("uq_waves_id_shards", table_name="waves")
    reword("waves", "ck_waves_has_a_shard", "shards >= 1", "")
    op.drop_column("waves", "shards")


def _queue(when: str) -> None:
    op.drop_index("ix_notices_queue", table_name="notices")
    op.create_index("ix_notices_queue", "notices", QUEUE[when], unique=False)


def _shards() -> None:
    op.create_table(
        "shards",
        sa.Column("wave_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number >= 0 AND number < of", name=op.f("ck_shards_is_one_of_them")),
        sa.CheckConstraint(LEASED, name=op.f("ck_shards_leased")),
        sa.ForeignKeyConstraint(["wave_id", "of"], ["waves.id", "waves.shards"], name=op.f("fk_shards_wave_id_of")),
        sa.PrimaryKeyConstraint("wave_id", "number", name=op.f("pk_shards")),
    )


def _paces() -> None:
    op.create_table(
        "paces",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("tokens", sa.Float(), nullable=False),
        sa.Column("hour_tokens", sa.Float(), nullable=False),
        sa.Column("filled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("slow_downs", sa.Integer(), nullable=False),
        sa.CheckConstraint("slow_downs >= 0", name=op.f("ck_paces_counts_from_nought")),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_paces")),
    )
