"""The desk: who is sitting there, and with what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hotline_tui.data.store import Store
from hotline_tui.errors import NotFound, StorageError
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import Role
from hotline_tui.settings import Settings

Clock = Callable[[], datetime]
"""Aware UTC."""


OF_NO_ROLE = "库中设了角色, 而这个数据库登录不属于任何角色, 什么也看不到; 请换用库主或 hotline_seat 等的登录"
ONLY_TO_SIGN_IN = "座位的数据库登录只供登录后办理; 命令请由系统管理员以库主的地址运行"


@dataclass(frozen=True)
class Desk:
    """Every service function takes one first."""

    store: Store
    settings: Settings
    viewer: Viewer
    name: str
    """Of the person, as the time line shows it."""
    site: str
    clock: Clock
    """The store's, but in a city of its own time."""
    site_name: str = ""
    unit_name: str = ""
    login: str = ""

    @property
    def role(self) -> Role:
        """岗位."""
        return self.viewer.role

    @property
    def actor(self) -> str:
        """Name with the unit, as it stands in an event."""
        return f"{self.unit_name} {self.name}" if self.unit_name else self.name


def system_desk(store: Store, settings: Settings, role: Role = Role.OFFICE, site: str | None = None) -> Desk:
    """The desk of the command line: whoever may open the database acts, under his name on this machine.

    It gives numbers of `site`, or of the only one, or of the first by code; raises NotFound and StorageError.
    """
    import getpass

    import sqlalchemy as sa
    from sqlmodel import col, select

    from hotline_tui.data.roles.names import SEAT
    from hotline_tui.models import Site

    if SEAT in store.roles:
        raise StorageError(ONLY_TO_SIGN_IN)
    with store.read() as session:
        sites = session.exec(select(Site).order_by(col(Site.code))).all()
        asked = sa.text("SELECT row_security_active('site')")
        hidden = not (sites or store.is_sqlite) and session.connection().execute(asked).scalar_one()
    if hidden:
        raise StorageError(OF_NO_ROLE)
    if not sites:
        raise StorageError("数据库里还没有站点, 请先运行 hotline init")
    found = next((each for each in sites if site in (None, each.code)), None)
    if found is None:
        raise NotFound(f"没有这个站点: {site}, 站点有: {', '.join(each.code for each in sites)}")
    try:
        person = getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in a container
        person = ""
    name = f"命令行 {person}".strip()
    return Desk(store, settings, Viewer(None, role), name, found.code, store.now, site_name=found.name)
