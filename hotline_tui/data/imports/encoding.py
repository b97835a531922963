"""In which encoding a text file is written, decided from all of it and not from a guess at its beginning."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

_CHUNK = 1 << 20
_BAD = re.compile("[\udc80-\udcff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_TOO_MANY = 0.02
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(path: Path) -> str | None:
    """utf-8-sig, utf-16 or gb18030, where none is clean the one with fewer faults; None for no text at all."""
    with path.open("rb") as file:
        head = file.read(4)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name if _faults(path, name) <= _TOO_MANY else None
    faults = [(0.0, "utf-8-sig")] if _is_utf8(path) else [(_faults(path, n), n) for n in ("utf-8-sig", "gb18030")]
    share, name = min(faults)
    if share > _TOO_MANY or _control_share(path, name) > 5 * _TOO_MANY:
        return None
    return name


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _faults(path: Path, encoding: str) -> float:
    bad = total = 0
    with path.open("r", encoding=encoding, errors="surrogateescape", newline="") as file:
        while text := file.read(_CHUNK):
            total += len(text)
            bad += len(_BAD.findall(text))
    return bad / total if total else 0.0


def _control_share(path: Path, encoding: str) -> float:
    with path.open("r", encoding=encoding, errors="surrogateescape", newline="") as file:
        text = file.read(1 << 16)
    return len(_CONTROL.findall(text)) / len(text) if text else 0.0
