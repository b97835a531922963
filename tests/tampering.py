"""What somebody does who may do anything to the database: no trigger and no foreign key stops him."""

from __future__ import annotations

from contextlib import closing

import sqlalchemy as sa

from hotline_tui.data.store import Store


def tamper(store: Store, *statements: str, **values: str) -> None:
    """Execute the statements behind the program's back."""
    if store.is_sqlite:
        assert store.url.database is not None
        # A second SQLite library in this process would break the locks of the first.
        sqlite = store.engine.dialect.loaded_dbapi
        with closing(sqlite.connect(store.url.database)) as connection:
            triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for (name,) in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                connection.execute(statement, values)
            connection.commit()
        return
    with store.engine.connect() as connection:
        connection.exec_driver_sql("SET session_replication_role = replica")
        for statement in statements:
            connection.execute(sa.text(statement), values)
        connection.commit()
    store.dispose()
