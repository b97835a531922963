"""Alembic's entry: runs on the connection that it is given."""

from alembic import context
from sqlmodel import SQLModel

import hotline_tui.models  # noqa: F401 - fills the metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=False,
    transaction_per_migration=False,
)
context.run_migrations()
