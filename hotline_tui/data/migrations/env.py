"""Alembic's entry: runs on the connection that it is given."""

from alembic import context

import hotline_tui.models  # noqa: F401 - fills the metadata
from sqlmodel import SQLModel

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=False,
    transaction_per_migration=False,
)
context.run_migrations()
