"""账号: signing in, the idle lock, and who has a desk (Art. 5)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from hotline_tui.data.queries.visibility import Query
from hotline_tui.data.spelling import spelled
from hotline_tui.data.store import Store
from hotline_tui.errors import NotAllowed, NotFound, Refused, SignInFailed
from hotline_tui.models import Account, Site, Unit
from hotline_tui.rules.patience import wait_after
from hotline_tui.rules.text import clean_line
from hotline_tui.rules.words import OfficeAction, Role
from hotline_tui.rules.workflow import UNIT_ROLES
from hotline_tui.services import gate, strangers
from hotline_tui.services.desk import Clock, Desk
from hotline_tui.services.passwords import (
    check_password,
    hashed,
    matches,
    must_wait_no_more,
    outdated,
    wrong,
)
from hotline_tui.services.sitting import CLOSED, refuse_where_guarded, viewer_of
from hotline_tui.services.work import Work, work_at
from hotline_tui.settings import Settings

_LOGIN = re.compile(r"\w[\w.-]{1,31}")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Whom a desk is made for."""

    login: str
    name: str
    role: Role
    site: str
    unit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One line of the list of accounts."""

    account_id: UUID
    login: str
    name: str
    role: Role
    site: str
    unit_name: str
    active: bool


def sign_in(store: Store, settings: Settings, login: str, password: str, clock: Clock | None = None) -> Desk:
    """The desk of who knows this password, by the store's time unless another is given.

    Raises SignInFailed, with the same words and waiting for a wrong name.
    """
    name, clock = plain_login(login), clock or store.now
    if store.guarded:
        seated, account_id = gate.sign_in(store, name, password)
        return desk_of(seated, settings, account_id, clock)
    with store.read() as session:
        account = session.connection().execute(_person().where(col(Account.login) == name)).one_or_none()
        desk = _desk(session, store, settings, account, clock) if account else None
    if desk is None:
        raise strangers.refuse(store, name, password, clock)
    _prove(desk, password)
    return desk


def unlock(desk: Desk, password: str) -> None:
    """Open the locked screen again; raises SignInFailed."""
    if desk.viewer.guarded:
        gate.unlock(desk.store, desk.login, password)
    else:
        _prove(desk, password)


def sign_out(desk: Desk) -> None:
    """The end of a sitting: where the database knows who sits, it forgets it."""
    gate.leave(desk.store)


def desk_of(store: Store, settings: Settings, account_id: UUID, clock: Clock | None = None) -> Desk:
    """The desk of an account, without asking for a password: for the demonstration and for the program itself."""
    with store.read() as session:
        account = session.connection().execute(_person().where(col(Account.id) == account_id)).one_or_none()
        if account is None:
            raise NotFound("没有这个账号")
        return _desk(session, store, settings, account, clock or store.now)


def create(desk: Desk, new: NewAccount, password: str) -> UUID:
    """A new account, by the administrator; raises Refused when the name is taken or something does not fit."""
    check_password(password, new.login)
    return create_hashed(desk, new, hashed(password))


def create_hashed(desk: Desk, new: NewAccount, password_hash: str) -> UUID:
    """The same with a password already hashed, for making many at once."""
    must_be_admin(desk, OfficeAction.CREATE_ACCOUNT)
    spelling = spelled(clean_line(new.name))
    with work_at(desk) as work:
        account = add_account(work, new, password_hash, spelling)
        facts = {"login": account.login, "name": account.name, "role": account.role.value, "site": account.site}
        work.commit(None, OfficeAction.CREATE_ACCOUNT, facts=facts | {"account": str(account.id)})
        return account.id


def change_password(desk: Desk, old: str, new: str) -> None:
    """One's own password; raises SignInFailed when the old one is wrong."""
    check_password(new, desk.login)
    if desk.viewer.guarded:
        gate.unlock(desk.store, desk.login, old)
        with work_at(desk) as work:
            gate.set_password(work.session, hashed(new))
            facts = {"login": desk.login, "account": str(desk.viewer.account_id)}
            work.commit(None, OfficeAction.CHANGE_PASSWORD, facts=facts)
        return
    _prove(desk, old)
    with work_at(desk) as work:
        _set_password(work, _account(work, desk.viewer.account_id), hashed(new))


def reset_password(desk: Desk, account_id: UUID, new: str) -> None:
    """Another's password, by the administrator; the waiting after failures ends too."""
    must_be_admin(desk, OfficeAction.CHANGE_PASSWORD)
    with work_at(desk) as work:
        account = _account(work, account_id)
        if not account.active:
            raise Refused(f"账号 {account.login} 已停用, 口令未改; 请先重新启用账号")
        check_password(new, account.login)
        _set_password(work, account, hashed(new))


def close(desk: Desk, account_id: UUID) -> None:
    """停用: the account signs in no more; what it did stays.

    Raises Refused for one's own account, for one closed before, and for the last administrator's.
    """
    must_be_admin(desk, OfficeAction.CLOSE_ACCOUNT)
    if account_id == desk.viewer.account_id:
        raise Refused("不能停用自己的账号, 请由另一位系统管理员停用")
    with work_at(desk) as work:
        admins = _active_admins(work)
        account = _account(work, account_id)
        if not account.active:
            raise Refused(f"账号 {account.login} 先前已停用")
        if admins == {account.id}:
            raise Refused("不能停用最后一个系统管理员, 请先新建或启用另一个系统管理员账号")
        _set_active(work, account, OfficeAction.CLOSE_ACCOUNT, active=False)


def reopen(desk: Desk, account_id: UUID) -> None:
    """启用: a closed account signs in again, with the password it had; raises Refused for one in use."""
    must_be_admin(desk, OfficeAction.REOPEN_ACCOUNT)
    with work_at(desk) as work:
        account = _account(work, account_id)
        if account.active:
            raise Refused(f"账号 {account.login} 正在使用, 不需要重新启用")
        if account.unit_id is not None:
            work.unit(account.unit_id)
        _set_active(work, account, OfficeAction.REOPEN_ACCOUNT, active=True)


def listing(desk: Desk) -> tuple[AccountRow, ...]:
    """Every account, by login, for the administrator."""
    must_be_admin(desk, OfficeAction.CREATE_ACCOUNT)
    with desk.store.read() as session:
        query = (
            select(Account, Unit.name)
            .join(Unit, col(Unit.id) == col(Account.unit_id), isouter=True)
            .order_by(col(Account.login))
        )
        return tuple(
            AccountRow(each.id, each.login, each.name, each.role, each.site, unit_name or "", each.active)
            for each, unit_name in session.exec(query)
        )


def plain_login(login: str) -> str:
    """A login as it is stored, whatever width or case an input method gave it."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def must_be_admin(desk: Desk, action: OfficeAction) -> None:
    """Raise NotAllowed at any other desk."""
    if desk.role is not Role.ADMIN:
        raise NotAllowed(f"{action.label}由系统管理员进行")
    refuse_where_guarded(desk, action)


def add_account(work: Work, new: NewAccount, password_hash: str, spelling: str = "") -> Account:
    """The row of a new account, not yet committed; raises Refused when the name is taken or something does not fit."""
    login, name = plain_login(new.login), clean_line(new.name)
    if not _LOGIN.fullmatch(login):
        raise Refused("账号须为 2 至 32 个字, 由文字、数字和 . _ - 组成")
    if not name:
        raise Refused("请写明姓名")
    if work.session.exec(select(Account.id).where(Account.login == login)).first():
        raise Refused(f"账号 {login} 已有人使用, 请换一个")
    if work.session.get(Site, new.site) is None:
        raise NotFound(f"没有编号为 {new.site} 的站点")
    if new.role in UNIT_ROLES and new.unit_id is None:
        raise Refused(f"{new.role.label}须属于一个承办单位")
    if new.role not in UNIT_ROLES and new.unit_id is not None:
        raise Refused(f"{new.role.label}不属于承办单位, 请不要指定单位")
    if new.unit_id is not None:
        work.unit(new.unit_id)
    account = Account(
        login=login,
        name=name,
        spelling=spelling,
        role=new.role,
        unit_id=new.unit_id,
        site=new.site,
        password_hash=password_hash,
    )
    work.add(account)
    return account


def _prove(desk: Desk, password: str) -> None:
    """Check the password of a desk's account and keep the count of failures; raises SignInFailed.

    The hash is computed outside the transaction, which would hold up every other desk; the account is read again inside
    it, so that guesses made at the same time each count and none slips past the delay.
    """
    with desk.store.read() as session:
        known = session.get_one(Account, desk.viewer.account_id)
    must_wait_no_more(known.next_try_at, desk.clock())
    right = matches(known.password_hash, password)
    rehashed = hashed(password) if right and outdated(known.password_hash) else None
    with work_at(desk, sitting=False) as work:
        account = _account(work, known.id)
        must_wait_no_more(account.next_try_at, work.now)
        work.session.add(account)
        if right and account.active and account.password_hash == known.password_hash:
            account.failures = 0
            account.next_try_at = None
            account.signed_in_at = work.now
            account.password_hash = rehashed or account.password_hash
            work.commit(None, OfficeAction.SIGN_IN)
            return
        wait = wait_after(account.failures + 1)
        account.failures += 1
        account.next_try_at = work.now + wait if wait else None
        work.commit(None, OfficeAction.SIGN_IN_FAILED, facts={"login": account.login, "failures": account.failures})
    if right and not account.active:
        raise SignInFailed(CLOSED)
    raise wrong(wait)


def _set_password(work: Work, account: Account, password_hash: str) -> None:
    account.password_hash = password_hash
    account.failures = 0
    account.next_try_at = None
    work.session.add(account)
    facts = {"login": account.login, "account": str(account.id)}
    work.commit(None, OfficeAction.CHANGE_PASSWORD, facts=facts)


def _set_active(work: Work, account: Account, action: OfficeAction, *, active: bool) -> None:
    account.active = active
    work.session.add(account)
    work.commit(None, action, facts={"login": account.login, "account": str(account.id)})


def _active_admins(work: Work) -> set[UUID]:
    """Who administers; locked in one order, so that of two who close each other one loses."""
    query = select(Account.id).where(Account.role == Role.ADMIN, col(Account.active)).order_by(col(Account.id))
    return set(work.session.exec(query.with_for_update()))


def _account(work: Work, account_id: UUID | None) -> Account:
    query = select(Account).where(Account.id == account_id).with_for_update()
    account = work.session.exec(query).one_or_none()
    if account is None:
        raise NotFound("没有这个账号")
    return account


def _person() -> Query:
    """What a desk is made of."""
    columns = (Account.id, Account.login, Account.name, Account.role, Account.unit_id, Account.site)
    return sa.select(*(col(column) for column in columns))


def _desk(session: Session, store: Store, settings: Settings, account: Any, clock: Clock) -> Desk:
    """The desk with what its viewer may see: own unit and below, own unit and above."""
    unit = session.get(Unit, account.unit_id) if account.unit_id is not None else None
    site = session.get(Site, account.site)
    return Desk(
        store=store,
        settings=settings,
        viewer=viewer_of(session, account.id, account.role, account.unit_id),
        name=account.name,
        site=account.site,
        site_name=site.name if site else "",
        unit_name=(unit.short_name or unit.name) if unit else "",
        login=account.login,
        clock=clock,
    )
