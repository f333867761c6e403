"""Changes a CHECK of a table that is full: PostgreSQL alters it; SQLite, which cannot, has its words changed where it keeps them."""

import sqlalchemy as sa
from alembic import op


def reword(table: str, name: str, before: str, after: str) -> None:
    """Let the CHECK of this name say *after* instead of *before*; an empty text means that there is none.

    In SQLite this is the way that its manual gives (Making Other Kinds Of Table Schema Changes): what is stored stays as
    it is, and rows that would break a new rule are the caller's to mend first.
    """
    if op.get_bind().dialect.name == "postgresql":
        if before:
            op.drop_constraint(op.f(name), table, type_="check")
        if after:
            op.create_check_constraint(op.f(name), table, after)
        return
    bind = op.get_bind()
    sql = bind.scalar(sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table"), {"table": table})
    old, new = (f"CONSTRAINT {name} CHECK ({rule})" for rule in (before, after))
    if before and old not in sql:
        raise ValueError(f"{table} has no such rule: {name}")
    changed = _without(sql, old) if not after else sql.replace(old, new) if before else _with(sql, new)
    version = bind.scalar(sa.text("PRAGMA schema_version"))
    op.execute("PRAGMA writable_schema = ON")
    bind.execute(
        sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = 'table' AND name = :table"),
        {"sql": changed, "table": table},
    )
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = OFF")


def _without(sql: str, rule: str) -> str:
    head, _, tail = sql.partition(rule)
    return head.rstrip().removesuffix(",") + tail


def _with(sql: str, rule: str) -> str:
    head, _, tail = sql.rpartition(")")
    return f"{head.rstrip()}, \n\t{rule}\n){tail}"
