"""Sign-in under a name that nobody has: it waits as an account does, so that the waiting tells nobody which exist."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2s

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from hotline_tui.data.store import Store
from hotline_tui.errors import SignInFailed, StorageError
from hotline_tui.models import Account, Event, Site, UnknownLogin
from hotline_tui.rules.patience import wait_after
from hotline_tui.rules.words import OfficeAction
from hotline_tui.services.desk import Clock
from hotline_tui.services.passwords import hashed, must_wait_no_more, wrong

BUCKET_BYTES = 2
"""65536 rows at most; two strangers seldom share one, and no name can be found from it."""


def refuse(store: Store, login: str, password: str, clock: Clock) -> SignInFailed:
    """The sentence for a stranger, with the work and the waiting of a wrong password; `login` is a plain one.

    Raises SignInFailed while the waiting lasts, StorageError in a database without accounts.
    """
    with store.read() as session:
        bucket = _bucket(session, login)
        must_wait_no_more(_next_try(session, bucket), clock())
    hashed(password)
    with store.write() as session:
        now = clock()
        insert = sqlite.insert if store.is_sqlite else postgresql.insert
        session.connection().execute(insert(UnknownLogin).values(bucket=bucket, failures=0).on_conflict_do_nothing())
        row = session.exec(select(UnknownLogin).where(UnknownLogin.bucket == bucket).with_for_update()).one()
        must_wait_no_more(row.next_try_at, now)
        row.failures += 1
        wait = wait_after(row.failures)
        row.next_try_at = now + wait if wait else None
        session.add(row)
        site = session.exec(select(Site.code).order_by(col(Site.code)).limit(1)).one()
        session.add(Event(node=site, action=OfficeAction.SIGN_IN_FAILED, at=now, payload={"facts": {}}))
        session.commit()
    return wrong(wait)


def _bucket(session: Session, login: str) -> int:
    """Keyed with the oldest account's id, which nobody sees before sign-in: no pair of names can be made to meet."""
    key = session.exec(select(Account.id).order_by(col(Account.id)).limit(1)).first()
    if key is None:
        raise StorageError("还没有账号, 请先运行 hotline init")
    return int.from_bytes(blake2s(login.encode(), key=key.bytes, digest_size=BUCKET_BYTES).digest())


def _next_try(session: Session, bucket: int) -> datetime | None:
    return session.exec(select(UnknownLogin.next_try_at).where(UnknownLogin.bucket == bucket)).first()
