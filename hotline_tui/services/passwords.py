"""口令: what one must be, how it is kept (argon2id), how long to wait after failures."""

from __future__ import annotations

import unicodedata
from base64 import b64decode
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from hotline_tui.errors import Refused, SignInFailed
from hotline_tui.rules.patience import LANES, MEMORY_KIB, PASSES

if TYPE_CHECKING:
    from argon2 import PasswordHasher

WRONG = "账号或口令不对"
SHORTEST = 10


def check_password(password: str, login: str) -> None:
    """Raise Refused with what a password must be."""
    if len(password) < SHORTEST or password.casefold() == login.casefold() or not password.strip():
        raise Refused(f"口令至少 {SHORTEST} 个字符, 且不能与账号相同")


def hashed(password: str) -> str:
    """The argon2id hash to store; takes as long as `matches`."""
    return _hasher().hash(_normal(password))


def encoded_with(salt: str, password: str) -> str:
    """The hash of a password with these parameters and this salt, `$argon2id$v=19$m=19456,t=4,p=1$SALT`."""
    from argon2 import extract_parameters
    from argon2.low_level import hash_secret

    encoded = salt.rpartition("$")[2]
    known = extract_parameters(f"{salt}${'A' * 43}")
    raw = b64decode(encoded + "=" * (-len(encoded) % 4))
    return hash_secret(
        _normal(password).encode(),
        raw,
        known.time_cost,
        known.memory_cost,
        known.parallelism,
        known.hash_len,
        known.type,
        known.version,
    ).decode()


def matches(stored: str, password: str) -> bool:
    """Whether this is the password of a stored hash."""
    from argon2.exceptions import InvalidHashError, VerifyMismatchError

    try:
        return _hasher().verify(stored, _normal(password))
    except (VerifyMismatchError, InvalidHashError):
        return False


def outdated(stored: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _hasher().check_needs_rehash(stored)


def must_wait_no_more(next_try_at: datetime | None, now: datetime) -> None:
    """Raise SignInFailed, with the time that is left, until `next_try_at`."""
    if next_try_at is not None and now < next_try_at:
        raise must_wait(next_try_at - now)


def must_wait(wait: timedelta) -> SignInFailed:
    """What is said while nobody may try."""
    return SignInFailed(f"登录失败次数较多, 请在 {spoken_wait(wait)}后再试")


def wrong(wait: timedelta) -> SignInFailed:
    """What a failed sign-in says, the same whether the name is known or not."""
    return SignInFailed(f"{WRONG}, 请在 {spoken_wait(wait)}后再试" if wait else WRONG)


def spoken_wait(wait: timedelta) -> str:
    """8 秒, 2 分钟: rounded up, for a sentence."""
    seconds = max(1, -(-wait // timedelta(seconds=1)))
    return f"{seconds} 秒" if seconds < 60 else f"{-(-seconds // 60)} 分钟"


def _normal(password: str) -> str:
    """Input methods compose the same letters differently."""
    return unicodedata.normalize("NFC", password)


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(PASSES, MEMORY_KIB, LANES)
