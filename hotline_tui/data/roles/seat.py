"""A seat at a database with roles: what each of its transactions begins with, and whether this login is one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from hotline_tui.data.roles.names import EVERY
from hotline_tui.errors import StorageError

NOT_INSTALLED = "这个库还没有建立角色, 请数据库管理员以库主运行 hotline db roles --apply"
OUTDATED = "数据库的角色与本程序的版本不合, 请数据库管理员以库主运行 hotline db roles --apply, 或换用相应版本的程序"
BEHIND = "备库还没有与本程序相合的角色: 请数据库管理员以库主在主库运行 hotline db roles --apply, 待备库跟上后重试"
# What policies ask makes a plan dear in the planner's eyes: short questions would be compiled for longer than they run.
_BEGIN = sa.text(
    "SELECT set_config('role', :role, true), set_config('hotline.sitting', :token, true),"
    " set_config('jit', 'off', true)"
)
_OWNER = sa.text(
    "SELECT pg_has_role(session_user, c.relowner, 'MEMBER'), n.nspname,"
    " obj_description(to_regnamespace('hotline')::oid, 'pg_namespace'), pg_is_in_recovery()"
    " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass('alembic_version')"
)
_MEMBER = sa.text(
    "SELECT rolname FROM pg_roles WHERE rolname = ANY (:names) AND pg_has_role(session_user, oid, 'MEMBER')"
).bindparams(sa.bindparam("names", list(EVERY), ARRAY(sa.Text)))


@dataclass
class Sitting:
    """What proves who sits at a seat: the role of the post and the token of the sign-in, which a later one replaces."""

    role: str
    token: str = field(repr=False)

    def begin(self, connection: sa.Connection) -> None:
        """Local to the transaction: behind PgBouncer the next may be another seat's."""
        connection.execute(_BEGIN, {"role": self.role, "token": self.token})


def roles_of(connection: sa.Connection) -> frozenset[str] | None:
    """The program's roles that this login has; none of who owns the tables, whom no policy holds. None: no tables yet.

    Raises StorageError where this database has not got them, or not those of this program's version.
    """
    found = connection.execute(_OWNER).one_or_none()
    if found is None:
        return None
    if found[0]:
        return frozenset()
    roles = frozenset(connection.execute(_MEMBER).scalars())
    if roles and found[2] != version(found[1]):
        raise StorageError(BEHIND if found[3] else OUTDATED if found[2] else NOT_INSTALLED)
    return roles


def version(schema: str) -> str:
    """Of the script: what the database's own schema is marked with."""
    from hotline_tui.data.roles.script import body

    return hashlib.sha256(body(schema).encode()).hexdigest()[:16]
