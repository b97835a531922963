"""What was learned, as one piece of bytes that is stored in the database and mapped into memory at a host."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from hotline_tui.data.suggest import terms
from hotline_tui.data.suggest.scorer import Scorer

MAGIC = b"hotline assist\0\0"
VERSION = 1
"""Of this layout."""
_HEAD = struct.Struct("<16sII")
"""Magic, length of the table of contents, checksum of all that follows the head."""
_ALIGNED = 64
_ARRAYS = ("terms", "rarity", "weights", "bias")

History = Mapping[UUID, Mapping[UUID, int]]


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Topics and units by words, and which units had the orders of a topic."""

    edition: UUID
    topics: Scorer | None = None
    units: Scorer | None = None
    history: History = field(default_factory=dict[UUID, Mapping[UUID, int]])


def pack(model: Model, database: str) -> bytes:
    """All of it; `database` tells whose it is."""
    arrays: list[tuple[str, NDArray[Any]]] = []
    contents: dict[str, Any] = {
        "version": VERSION,
        "terms": terms.VERSION,
        "database": database,
        "edition": model.edition.hex,
        "history": {
            topic.hex: {unit.hex: many for unit, many in units.items()} for topic, units in model.history.items()
        },
    }
    for name in ("topics", "units"):
        scorer = cast("Scorer | None", getattr(model, name))
        if scorer is not None:
            contents[name] = {"labels": [label.hex for label in scorer.labels], "unit": scorer.unit}
            arrays += [(f"{name}.{each}", getattr(scorer, each)) for each in _ARRAYS]
    contents["arrays"] = [[name, array.dtype.str, list(array.shape)] for name, array in arrays]
    body = bytearray(json.dumps(contents).encode())
    length = len(body)
    for _name, array in arrays:
        body += b"\0" * (-(len(body) + _HEAD.size) % _ALIGNED)
        body += np.ascontiguousarray(array).tobytes()
    return _HEAD.pack(MAGIC, length, zlib.crc32(body)) + bytes(body)


def unpack(data: bytes | memoryview, database: str) -> Model | None:
    """The model of this database, its arrays lying in `data`; None where it is damaged or of another version."""
    try:
        return _unpack(memoryview(data), database)
    except (ValueError, KeyError, TypeError, AttributeError, struct.error):
        return None


def _unpack(data: memoryview, database: str) -> Model | None:
    magic, length, checksum = _HEAD.unpack_from(data)
    if magic != MAGIC or zlib.crc32(data[_HEAD.size :]) != checksum:
        return None
    place = _HEAD.size + length
    contents = cast("dict[str, Any]", json.loads(bytes(data[_HEAD.size : place])))
    if (contents["version"], contents["terms"], contents["database"]) != (VERSION, terms.VERSION, database):
        return None
    arrays: dict[str, Any] = {}
    for name, dtype, shape in cast("list[tuple[str, str, list[int]]]", contents["arrays"]):
        place += -place % _ALIGNED
        kind = np.dtype(dtype)
        size = int(np.prod(shape)) * kind.itemsize
        arrays[name] = np.frombuffer(data[place : place + size], kind).reshape(shape)
        place += size
    scorers = {
        name: Scorer(
            labels=tuple(UUID(hex=label) for label in contents[name]["labels"]),
            unit=contents[name]["unit"],
            **{each: arrays[f"{name}.{each}"] for each in _ARRAYS},
        )
        for name in ("topics", "units")
        if name in contents
    }
    history = {
        UUID(hex=topic): {UUID(hex=unit): int(many) for unit, many in units.items()}
        for topic, units in cast("dict[str, dict[str, int]]", contents["history"]).items()
    }
    return Model(UUID(hex=contents["edition"]), scorers.get("topics"), scorers.get("units"), history)
