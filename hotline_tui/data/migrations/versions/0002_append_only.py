"""Events and seals are append-only: the database itself refuses to change or delete one (R-11.7)."""

from __future__ import annotations

from alembic import op

from hotline_tui.data.append_only import postgres_function, postgres_triggers, sqlite_triggers

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for _, statement in sqlite_triggers():
            op.execute(statement)
        return
    op.execute(postgres_function())
    for _, statement in postgres_triggers():
        op.execute(statement)
