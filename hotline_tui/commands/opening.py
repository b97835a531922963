"""The database and the desk that a command works at."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from hotline_tui.errors import HotlineError, NotFound, UsageError
from hotline_tui.rules.words import Role
from hotline_tui.settings import Settings, load

if TYPE_CHECKING:
    from hotline_tui.data.store import Store
    from hotline_tui.services.desk import Desk


@contextmanager
def database(settings: Settings, *, current: bool = True) -> Generator[Store]:
    """The database, at this program's version if `current`, else at any; raises StorageError. Makes no file."""
    from hotline_tui.data.migrate import check, must_exist
    from hotline_tui.data.store import Store

    store = Store(settings.database_url, settings.database_key, settings.address_setting)
    try:
        must_exist(store)
        if current:
            check(store)
        yield store
    finally:
        store.dispose()


@contextmanager
def desk(role: Role = Role.OFFICE, site: str | None = None) -> Generator[Desk]:
    """The desk of the command line; what was done at it is sealed at its end."""
    from hotline_tui.data.heads import seal_and_note
    from hotline_tui.services.desk import system_desk

    settings = load()
    with database(settings) as store:
        here = system_desk(store, settings, role, site)
        try:
            yield here
        finally:
            seal_and_note(store, here.site, settings.home)


@contextmanager
def reading(role: Role = Role.OFFICE, *, standby: bool = False) -> Generator[Desk]:
    """The same, for commands that only read; from the `standby` where the settings name one."""
    from hotline_tui.services.desk import system_desk

    settings = load().reading() if standby else load()
    with database(settings) as store:
        yield system_desk(store, settings, role)


def must_exist(settings: Settings) -> None:
    """Raise StorageError where the embedded database has not been made."""
    from hotline_tui.data import migrate
    from hotline_tui.data.store import Store

    migrate.must_exist(Store(settings.database_url, settings.database_key))


def unit(here: Desk, name: str) -> UUID:
    """The unit of this key, name, short name or alias; raises NotFound."""
    from hotline_tui.services.organisation import unit_names

    with here.store.read() as session:
        names = unit_names(session)
    if name not in names:
        raise NotFound(f"没有这个承办单位: {name}")
    return names[name]


def must_be_server(settings: Settings) -> None:
    """Raise UsageError for an embedded database, which has no roles."""
    from hotline_tui.data.roles.install import EMBEDDED

    if embedded_file(settings) is not None:
        raise UsageError(EMBEDDED)


def is_absent(settings: Settings) -> bool:
    """Whether the embedded database has not been made."""
    path = embedded_file(settings)
    return path is not None and not path.is_file()


def embedded_file(settings: Settings) -> Path | None:
    """The file of the embedded database; None for a server."""
    scheme, _, path = settings.database_url.partition(":///")
    return Path(path) if scheme.startswith("sqlite") else None


def if_reachable(settings: Settings) -> Store | None:
    """The database if there is one in order, else None: for what can be answered without."""
    from hotline_tui.data.migrate import check
    from hotline_tui.data.store import Store

    if is_absent(settings):
        return None
    store = Store(settings.database_url, settings.database_key)
    try:
        check(store)
    except HotlineError:
        store.dispose()
        return None
    return store
