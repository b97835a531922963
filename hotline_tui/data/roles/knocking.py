"""The seat's side of the sign-in (`door.py`): ask for the salt, say the guess and commit, ask whether it was right."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from hotline_tui.data.store import Session, Store

_SALT = sa.text("SELECT hotline.salt(:login)")
_KNOCK = sa.text("SELECT id, wait FROM hotline.knock(:login, :encoded)")
_ENTER = sa.text("SELECT said, token, account_id, post, wait FROM hotline.enter(:id)")
_LEAVE = sa.text("SELECT hotline.leave()")
_PASSWORD = sa.text("SELECT hotline.set_password(:encoded)")


@dataclass(frozen=True, slots=True)
class Told:
    """What came of it."""

    token: str = ""
    """Empty unless it was right."""
    account_id: UUID | None = None
    post: str = ""
    closed: bool = False
    """Right, and the account is closed."""
    early: bool = False
    """Nobody may try yet; the guess was not looked at."""
    wait: float = 0
    """Seconds until somebody may try again."""


def salt(store: Store, login: str) -> str:
    """Parameters and salt of argon2id, as in an encoded hash; of a login that nobody has they look alike."""
    with store.read() as session:
        return str(session.connection().execute(_SALT, {"login": login}).scalar_one())


def knock(store: Store, login: str, encoded: str) -> Told:
    """One guess."""
    with store.write() as session:
        knocked, wait = session.connection().execute(_KNOCK, {"login": login, "encoded": encoded}).one()
        session.commit()
    return _enter(store, knocked) if knocked is not None else Told(early=True, wait=wait)


def leave(store: Store) -> None:
    """The token of this seat opens nothing any more."""
    with store.write() as session:
        session.connection().execute(_LEAVE)
        session.commit()


def set_password(session: Session, encoded: str) -> bool:
    """Of who sits here, within a minute of proving the one before; not committed."""
    return bool(session.connection().execute(_PASSWORD, {"encoded": encoded}).scalar_one())


def _enter(store: Store, knocked: UUID) -> Told:
    with store.write() as session:
        said, token, account_id, post, wait = session.connection().execute(_ENTER, {"id": knocked}).one()
        session.commit()
    return Told(token or "", account_id, post or "", said == "closed", wait=wait)
