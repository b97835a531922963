"""In which encoding a text file is written, decided from all of it and not from a guess at its beginning."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import NamedTuple

MARK = "hotline-mark"
"""Name of the error handler that reads each undecodable byte as U+DCFF, which no text holds (`UNDECODED`)."""

UNDECODED = "\udcff"

_CHUNK = 1 << 20
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_FOREIGN = re.compile("[^\x00-\x7f]")
_TEXT_HAS_AT_MOST = 0.02
_UTF8_HAS_AT_MOST = 0.1
_CONTROLS_AT_MOST = 0.1
_FEW = 3
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return UNDECODED * (error.end - error.start), error.end


# surrogateescape gives up where a broken pair ends in an ASCII byte
codecs.register_error(MARK, _mark)


def encoding_of(path: Path) -> str | None:
    """utf-8-sig, utf-16 or gb18030, where none is clean the likelier one; None for no text at all."""
    with path.open("rb") as file:
        head = file.read(4)
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    name = marked or "utf-8-sig"
    faults = _Faults(0, 0, 0) if name == "utf-8-sig" and _is_utf8(path) else _faults(path, name)
    # read as UTF-8, most of a Chinese text in another encoding is faults
    if marked is None and faults.bad > faults.foreign * _UTF8_HAS_AT_MOST:
        name = "gb18030"
        faults = _faults(path, name)
    if faults.bad > max(_FEW, faults.total * _TEXT_HAS_AT_MOST):
        return None
    return name if _control_share(path, name) <= _CONTROLS_AT_MOST else None


class _Faults(NamedTuple):
    bad: int
    foreign: int
    total: int


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


def _faults(path: Path, encoding: str) -> _Faults:
    bad = foreign = total = 0
    with path.open("r", encoding=encoding, errors=MARK, newline="") as file:
        while text := file.read(_CHUNK):
            total += len(text)
            foreign += sum(1 for _ in _FOREIGN.finditer(text))
            bad += text.count(UNDECODED)
    return _Faults(bad, foreign, total)


def _control_share(path: Path, encoding: str) -> float:
    with path.open("r", encoding=encoding, errors=MARK, newline="") as file:
        text = file.read(1 << 16)
    return len(_CONTROL.findall(text)) / len(text) if text else 0.0
