"""Alembic's entry: runs the steps on the connection that db.schema hands over."""

from alembic import context

import db.models  # noqa: F401 - fills the metadata
from db.types import Table

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Table.metadata,
    version_table="forthwith_version",
    compare_type=True,
    render_as_batch=False,
)
with context.begin_transaction():
    context.run_migrations()
