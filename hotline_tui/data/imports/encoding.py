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
_SAMPLE = 1 << 16
_MOST = 0.9
_PLAIN = re.compile("[\t\r\n -~\u2010-\u2027\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
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
    """utf-8-sig, one of utf-16 or gb18030, where none is clean the likelier one; None for no text at all."""
    with path.open("rb") as file:
        head = file.read(4)
    marked = _unmarked_utf16(path) or next((name for mark, name in _MARKS if head.startswith(mark)), None)
    name = marked or "utf-8-sig"
    faults = _Faults(0, 0, 0) if name == "utf-8-sig" and _is_utf8(path) else _faults(path, name)
    # read as UTF-8, most of a Chinese text in another encoding is faults
    if marked is None and faults.bad > faults.foreign * _UTF8_HAS_AT_MOST:
        name = "gb18030"
        faults = _faults(path, name)
    if faults.bad > max(_FEW, faults.total * _TEXT_HAS_AT_MOST):
        return None
    return name if _control_share(path, name) <= _CONTROLS_AT_MOST else None


def is_big5(path: Path) -> bool:
    """Whether a text that is no Unicode is of the common characters of Big5; read as GB18030 it would be other ones."""
    text = _sample(path, "big5")
    if text is None:
        return False
    foreign = [sign for sign in text if sign > "\x7f"]
    # The common ones of Big5 stand from A4 40 to C6 7E, its punctuation before.
    common = sum(sign.encode("big5") < b"\xc6\x7f" for sign in foreign)
    simplified = sum(_is_gb2312(sign) for sign in (_sample(path, "gb18030") or "") if sign > "\x7f")
    return common > len(foreign) * _MOST and simplified < len(foreign) * _MOST


def _is_gb2312(sign: str) -> bool:
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _unmarked_utf16(path: Path) -> str | None:
    """The byte order of UTF-16 that does not say so: half of each digit, comma and line end is a NUL byte."""
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    if head.startswith(tuple(mark for mark, _ in _MARKS)):
        return None
    for name, zeros in (("utf-16-le", head[1::2].count(0)), ("utf-16-be", head[::2].count(0))):
        if zeros > len(head) * _TEXT_HAS_AT_MOST and zeros == head.count(0):
            text = _sample(path, name)
            if text and len(_PLAIN.findall(text)) > len(text) * _MOST:
                return name
    return None


def _sample(path: Path, encoding: str) -> str | None:
    """The beginning, or None where it is not in this encoding."""
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    try:
        return codecs.getincrementaldecoder(encoding)().decode(head, final=len(head) < _SAMPLE)
    except UnicodeDecodeError:
        return None


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
