"""建立热线: a new database with its site and its first administrator (`hotline init`)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from sqlmodel import select

from hotline_tui.data.migrate import upgrade
from hotline_tui.data.store import Store
from hotline_tui.errors import Refused, UsageError
from hotline_tui.models import Account, Site
from hotline_tui.rules.numbers import SITE_CODE
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.text import clean_line
from hotline_tui.rules.words import OfficeAction, Role
from hotline_tui.services.accounts import NewAccount, add_account
from hotline_tui.services.desk import Clock, Desk
from hotline_tui.services.passwords import check_password, hashed
from hotline_tui.services.work import Work, work_at
from hotline_tui.settings import Settings


@dataclass(frozen=True, slots=True)
class FirstAdmin:
    """Who sets the hotline up; there is no default password."""

    login: str
    name: str
    password: str


def init(
    settings: Settings,
    admin: FirstAdmin,
    *,
    site: str = "C01",
    site_name: str = "热线中心",
    clock: Clock | None = None,
) -> UUID:
    """Build the database, its first site and its first administrator, whose key is returned.

    Raises Refused when there are accounts already, or when the password is too weak; UsageError for a site code that
    is none.
    """
    if not SITE_CODE.match(site):
        raise UsageError(f"站点编号 {site} 不对, 应为大写字母开头的 2 至 8 位字母和数字, 如 C01")
    check_password(admin.password, admin.login)
    upgrade(settings.database_url, settings.database_key)
    store = Store(settings.database_url, settings.database_key)
    try:
        nobody = Viewer(None, Role.ADMIN)
        desk = Desk(store, settings, nobody, name=clean_line(admin.name), site=site, clock=clock or store.now)
        with work_at(desk) as work:
            return _first(work, admin, site, site_name)
    finally:
        store.dispose()


def _first(work: Work, admin: FirstAdmin, site: str, site_name: str) -> UUID:
    if work.session.exec(select(Account.id).limit(1)).first() is not None:
        raise Refused("热线已经建立, 已有账号; 新账号由系统管理员添加")
    if work.session.get(Site, site) is None:
        work.add(Site(code=site, name=clean_line(site_name)))
    new = NewAccount(admin.login, admin.name, Role.ADMIN, site)
    account = add_account(work, new, hashed(admin.password))
    work.desk = replace(work.desk, viewer=Viewer(account.id, Role.ADMIN))
    work.commit(None, OfficeAction.SET_UP, facts={"site": site, "login": account.login, "account": str(account.id)})
    return account.id
