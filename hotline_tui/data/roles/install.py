"""Making the roles, or making them as this program's version means them: by the owner, in one transaction."""

from __future__ import annotations

import sqlalchemy as sa

from hotline_tui.data.roles.script import marked
from hotline_tui.data.store import Store
from hotline_tui.errors import StorageError, UsageError

EMBEDDED = "内嵌数据库没有角色, 此命令只用于 Postgres"
NOT_OWNER = "角色须由库主建立, 请以库主的地址运行: hotline db roles --apply"
_SCHEMA = sa.text(
    "SELECT n.nspname, pg_has_role(session_user, c.relowner, 'MEMBER') FROM pg_class c"
    " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass('alembic_version')"
)


def schema_of(store: Store) -> str:
    """In which the tables are; raises UsageError for an embedded database, StorageError for one that is another's."""
    if store.is_sqlite:
        raise UsageError(EMBEDDED)
    with store.read() as session:
        schema, owns = session.connection().execute(_SCHEMA).one()
    if not owns:
        raise StorageError(NOT_OWNER)
    return str(schema)


def install(store: Store) -> None:
    """Run the script; raises StorageError, and then nothing is changed."""
    schema = schema_of(store)
    with store.write() as session:
        session.connection().execution_options(no_parameters=True).exec_driver_sql(marked(schema))
        session.commit()
