"""Whether who sits at a desk may still sit there: accounts are closed and units move while somebody is signed in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from hotline_tui.data.store import store_of
from hotline_tui.errors import NotAllowed, SignInFailed
from hotline_tui.models import Account, Unit
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import OfficeAction, Role
from hotline_tui.services.desk import Desk

CLOSED = "账号已停用, 请与系统管理员联系"
ENDED = "登录已过期或账号已停用, 请用口令重新登录; 仍不能登录的, 请与系统管理员联系"
"""The token has run out, or the account was closed: the database tells neither."""
_ACCOUNT = sa.select(col(Account.active), col(Account.role), col(Account.unit_id)).where(
    col(Account.id) == sa.bindparam("account")
)


def _family() -> sa.CompoundSelect[*tuple[Any, ...]]:
    """A unit with those above it and those below it, and which of the two each is."""
    itself = sa.select(col(Unit.id), col(Unit.parent_id)).where(col(Unit.id) == sa.bindparam("unit"))
    upwards, downwards = itself.cte("upwards", recursive=True), itself.cte("downwards", recursive=True)
    superior, child = aliased(Unit, name="superior"), aliased(Unit, name="child")
    above = upwards.union(
        sa.select(col(superior.id), col(superior.parent_id)).join(upwards, col(superior.id) == upwards.c.parent_id)
    )
    below = downwards.union(
        sa.select(col(child.id), col(child.parent_id)).join(downwards, col(child.parent_id) == downwards.c.id)
    )
    return sa.union_all(sa.select(above.c.id, sa.true().label("is_above")), sa.select(below.c.id, sa.false()))


_FAMILY = _family()


def viewer_of(session: Session, account_id: UUID, role: Role, unit_id: UUID | None) -> Viewer:
    """What somebody of this role and unit may see, as the units stand now: own unit and below, own unit and above."""
    below = above = frozenset[UUID]()
    if unit_id is not None:
        found = session.connection().execute(_FAMILY, {"unit": unit_id}).all()
        above = frozenset((unit_id, *(key for key, is_above in found if is_above)))
        below = frozenset((unit_id, *(key for key, is_above in found if not is_above)))
    return Viewer(account_id, role, unit_id, below, above, guarded=store_of(session).guarded)


def refuse_where_guarded(desk: Desk, action: OfficeAction) -> None:
    """Raise NotAllowed at a seat of a database with roles: no role of a seat keeps accounts and lists."""
    if desk.viewer.guarded:
        raise NotAllowed(f"数据库设了角色, {action.label}由系统管理员在管理主机上以库主的地址用命令行办理")


def as_it_is(session: Session, desk: Desk) -> Desk:
    """The same desk with what its person may see now; raises SignInFailed where the account was closed."""
    if desk.viewer.account_id is None:
        return desk
    account = session.connection().execute(_ACCOUNT, {"account": desk.viewer.account_id}).one_or_none()
    if account is None and desk.viewer.guarded:
        raise SignInFailed(ENDED)
    if account is None or not account[0]:
        raise SignInFailed(CLOSED)
    viewer = viewer_of(session, desk.viewer.account_id, Role(account[1]), account[2])
    return desk if viewer == desk.viewer else replace(desk, viewer=viewer)
