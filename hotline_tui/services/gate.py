"""Signing in where the database checks the password: the seat never reads a hash, it gets a token (`data/roles`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from hotline_tui.data.roles import knocking
from hotline_tui.data.roles.names import SEAT, role_name
from hotline_tui.data.roles.seat import Sitting
from hotline_tui.data.store import Session, Store
from hotline_tui.errors import SignInFailed, StorageError
from hotline_tui.rules.words import Role
from hotline_tui.services.passwords import encoded_with, hashed, must_wait, outdated, wrong
from hotline_tui.services.sitting import CLOSED

NOT_A_SEAT = "这个数据库登录不供座位使用, 请以 hotline_seat 登录数据库"
NOT_CHANGED = "口令没有改成, 请重新登录后再改"


@dataclass(frozen=True, slots=True)
class Proved:
    """A password that was right."""

    sitting: Sitting
    account_id: UUID
    encoded: str


def sign_in(store: Store, login: str, password: str) -> tuple[Store, UUID]:
    """The database as who knows this password sees it, and his account; raises SignInFailed."""
    proved = _prove(store, login, password)
    seated = store.seated(proved.sitting)
    if outdated(proved.encoded):
        with seated.write() as session:
            set_password(session, hashed(password))
            session.commit()
    return seated, proved.account_id


def unlock(store: Store, login: str, password: str) -> None:
    """The same seat, with a new token in place of the one before; raises SignInFailed."""
    proved = _prove(store, login, password)
    leave(store)
    if store.sitting is not None:
        store.sitting.token = proved.sitting.token


def set_password(session: Session, encoded: str) -> None:
    """One's own, within a minute of proving the one before; raises StorageError."""
    if not knocking.set_password(session, encoded):
        raise StorageError(NOT_CHANGED)


def leave(store: Store) -> None:
    """At the end: the token opens nothing any more."""
    if store.sitting is not None:
        knocking.leave(store)


def _prove(store: Store, login: str, password: str) -> Proved:
    if SEAT not in store.roles:
        raise StorageError(NOT_A_SEAT)
    door = store.seated(None)
    encoded = encoded_with(knocking.salt(door, login), password)
    told = knocking.knock(door, login, encoded)
    wait = timedelta(seconds=told.wait)
    if told.early:
        raise must_wait(wait)
    if told.closed:
        raise SignInFailed(CLOSED)
    if told.account_id is None:
        raise wrong(wait)
    return Proved(Sitting(role_name(Role(told.post)), told.token), told.account_id, encoded)
