"""Whether who sits at a desk may still sit there: accounts are closed and units move while somebody is signed in."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlmodel import Session, select

from hotline_tui.data.store import store_of
from hotline_tui.errors import SignInFailed
from hotline_tui.models import Account, Unit
from hotline_tui.rules.secrecy import Viewer, unit_and_above, unit_and_below
from hotline_tui.rules.words import Role
from hotline_tui.services.desk import Desk

CLOSED = "账号已停用, 请与系统管理员联系"
ENDED = "登录已过期或账号已停用, 请用口令重新登录; 仍不能登录的, 请与系统管理员联系"
"""The token has run out, or the account was closed: the database tells neither."""


def viewer_of(session: Session, account_id: UUID, role: Role, unit_id: UUID | None) -> Viewer:
    """What somebody of this role and unit may see, as the units stand now: own unit and below, own unit and above."""
    below = above = frozenset[UUID]()
    if unit_id is not None:
        parents = dict(session.exec(select(Unit.id, Unit.parent_id)).all())
        below, above = unit_and_below(unit_id, parents), unit_and_above(unit_id, parents)
    return Viewer(account_id, role, unit_id, below, above, guarded=store_of(session).guarded)


def as_it_is(session: Session, desk: Desk) -> Desk:
    """The same desk with what its person may see now; raises SignInFailed where the account was closed."""
    if desk.viewer.account_id is None:
        return desk
    found = select(Account.active, Account.role, Account.unit_id).where(Account.id == desk.viewer.account_id)
    account = session.exec(found).one_or_none()
    if account is None and desk.viewer.guarded:
        raise SignInFailed(ENDED)
    if account is None or not account[0]:
        raise SignInFailed(CLOSED)
    viewer = viewer_of(session, desk.viewer.account_id, Role(account[1]), account[2])
    return desk if viewer == desk.viewer else replace(desk, viewer=viewer)
