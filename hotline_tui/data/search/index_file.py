"""A volume as a file that the seats of one host map into memory: read, proved whole, or as if it were not there."""

from __future__ import annotations

import json
import mmap
import os
import struct
import zlib
from dataclasses import fields
from hashlib import blake2b
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from hotline_tui.data.search import tokens
from hotline_tui.data.search.lexicon import Lexicon
from hotline_tui.data.search.precedents import Precedents
from hotline_tui.data.search.segment import Segment
from hotline_tui.data.search.volume import Volume
from hotline_tui.data.store import Store

MAGIC = b"hotline search\0\0"
VERSION = 5
"""Of this layout."""
_HEAD = struct.Struct("<16sIII")
"""Magic, length of the table of contents, its checksum, the checksum of all arrays."""
_ALIGNED = 64


def whose(store: Store) -> str:
    """Which database an index belongs to, without saying where it is."""
    return blake2b(store.url.set(password=None).render_as_string().encode(), digest_size=16).hexdigest()


def save(volume: Volume, path: Path, database: str) -> None:
    """Write it beside and put it in the place of the old one; `database` tells whose it is. Raises OSError."""
    arrays = _arrays(volume)
    contents: dict[str, object] = {
        "version": VERSION,
        "terms": tokens.VERSION,
        "database": database,
        "documents": volume.segment.documents,
        "questions": volume.precedents.questions.documents,
        "revision": volume.revision,
        "read": volume.lexicon.size,
        "units": [key.hex for key in volume.of_units],
        "topics": [key.hex for key in volume.of_topics],
        "arrays": [[name, array.dtype.str, list(array.shape)] for name, array in arrays.items()],
    }
    table = json.dumps(contents).encode()
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        beside.touch(mode=0o600)
        with beside.open("wb") as file:
            file.write(b"\0" * _HEAD.size + table)
            checksum = 0
            for array in arrays.values():
                blank = b"\0" * (-file.tell() % _ALIGNED)
                data = np.ascontiguousarray(array).data.cast("B") if array.size else b""
                checksum = zlib.crc32(data, zlib.crc32(blank, checksum))
                file.write(blank)
                file.write(data)
            file.seek(0)
            file.write(_HEAD.pack(MAGIC, len(table), zlib.crc32(table), checksum))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def load(path: Path, database: str) -> Volume | None:
    """The volume of this database; None where there is none, it is damaged, or of another version."""
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return _read(memoryview(mapped), database)
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return None


def _read(data: memoryview, database: str) -> Volume | None:
    magic, length, table_sum, arrays_sum = _HEAD.unpack_from(data)
    table = data[_HEAD.size : _HEAD.size + length]
    if magic != MAGIC or zlib.crc32(table) != table_sum:
        return None
    contents = cast("dict[str, Any]", json.loads(bytes(table)))
    if (contents["version"], contents["terms"], contents["database"]) != (VERSION, tokens.VERSION, database):
        return None
    arrays: dict[str, Any] = {}
    place = _HEAD.size + length
    if zlib.crc32(data[place:]) != arrays_sum:
        return None
    for name, dtype, shape in cast("list[tuple[str, str, list[int]]]", contents["arrays"]):
        place += -place % _ALIGNED
        kind = np.dtype(dtype)
        size = int(np.prod(shape)) * kind.itemsize
        arrays[name] = np.frombuffer(data[place : place + size], kind).reshape(shape)
        place += size
    segment = Segment(contents["documents"], **{name: arrays.pop(name) for name in _SEGMENT})
    questions = Segment(contents["questions"], **{name: arrays.pop(f"question {name}") for name in _SEGMENT})
    precedents = Precedents(questions, **{name: arrays.pop(f"given {name}") for name in _GIVEN})
    lexicon = Lexicon(contents["read"], **{name: arrays.pop(name) for name in _LEXICON})
    units, topics = (tuple(UUID(hex=key) for key in contents[name]) for name in ("units", "topics"))
    return Volume(
        segment,
        **arrays,
        lexicon=lexicon,
        precedents=precedents,
        of_units=units,
        of_topics=topics,
        revision=contents["revision"],
        mapped=True,
    )


_SEGMENT = [each.name for each in fields(Segment) if each.name != "documents"]
_LEXICON = [each.name for each in fields(Lexicon) if each.name != "size"]
_GIVEN = [each.name for each in fields(Precedents) if each.name != "questions"]
_VOLUME = ["keys", "states", "begins", "ends", "units", "topics", "hubs"]


def _arrays(volume: Volume) -> dict[str, NDArray[np.generic]]:
    parts = (
        ("", volume.segment, _SEGMENT),
        ("", volume.lexicon, _LEXICON),
        ("question ", volume.precedents.questions, _SEGMENT),
        ("given ", volume.precedents, _GIVEN),
        ("", volume, _VOLUME),
    )
    return {f"{kind}{name}": getattr(part, name) for kind, part, names in parts for name in names}
