"""Which column of a file holds which field: known header names, or what the person says with `--map`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hotline_tui.data.imports.rows import RAW
from hotline_tui.errors import UsageError

OURS = ("原文件行号", "未导入原因", RAW)
"""Columns that a rejects file has before and after those of its source."""

_PLACE = re.compile(r"\(第\d+列\)$")
_DECORATION = re.compile(r"\((?:必填|选填|可选)\)|[\s:*_-]")


@dataclass(frozen=True, slots=True)
class Column:
    """One field that an import takes."""

    field: str
    label: str
    names: tuple[str, ...]
    """Header names under which it is known, the usual one first; the field's own name always counts."""
    required: bool = False
    otherwise: tuple[str, ...] = ()
    """Names that mean it only where the file has none of `names`."""


def parse_given(pairs: Iterable[str]) -> dict[str, str]:
    """`FIELD=COLUMN` as typed after --map, as a mapping; UsageError if there is no `=`."""
    given: dict[str, str] = {}
    for pair in pairs:
        field, sign, column = pair.partition("=")
        if not sign or not field.strip():
            raise UsageError(f"--map 的写法是 字段=列名, 例如 --map detail=正文, 不能是: {pair}")
        given[field.strip()] = column.strip()
    return given


def map_columns(columns: tuple[str, ...], wanted: tuple[Column, ...], given: Mapping[str, str]) -> Mapping[str, str]:
    """Field to column, `given` first (an empty column leaves the field out).

    UsageError says which field has no column, or several that are as good: which of them is meant nobody can guess.
    """
    by_name = {_plain(column): column for column in reversed(columns)}
    mapping: dict[str, str] = {}
    fields = [column.field for column in wanted]
    for field, name in given.items():
        if field not in fields:
            known = "、".join(f"{column.field}({column.label})" for column in wanted)
            raise UsageError(f"--map 里没有这个字段: {field}, 可用的字段有: {known}")
        if name in columns:
            mapping[field] = name
        elif name and _plain(name) not in by_name:
            raise UsageError(f"--map 里的列不在表中: {name}, 表中的列有: {_listed(columns)}")
        elif name:
            mapping[field] = by_name[_plain(name)]
    taken = set(mapping.values())
    for column in wanted:
        if column.field in given:
            continue
        found = _known_as(column, columns, taken)
        if len(found) > 1:
            ways = " 或 ".join(f'--map "{column.field}={name}"' for name in found)
            raise UsageError(f"表中有几列都像是{column.label}: {_listed(found)}, 请指定其中一列: {ways}")
        if found:
            mapping[column.field] = found[0]
            taken.add(found[0])
    for column in wanted:
        if column.required and column.field not in mapping:
            known = _listed((*column.names, column.field, *column.otherwise))
            raise UsageError(
                f"表中找不到{column.label}一列(可识别的列名: {known}; "
                f"表中的列: {_listed(columns)}), 请用 --map {column.field}=列名 指定"
            )
    return mapping


def unused(columns: tuple[str, ...], mapping: Mapping[str, str]) -> tuple[str, ...]:
    """Columns from which nothing is taken, in the order of the file, without those of a rejects file."""
    used = {*mapping.values(), *OURS}
    return tuple(column for column in columns if column not in used)


def _known_as(column: Column, columns: tuple[str, ...], taken: set[str]) -> list[str]:
    for known in ((*column.names, column.field), column.otherwise):
        names = {_plain(name) for name in known}
        found = [name for name in columns if name not in taken and _plain(_PLACE.sub("", name)) in names]
        if found:
            return found
    return []


def _plain(name: str) -> str:
    return _DECORATION.sub("", unicodedata.normalize("NFKC", name).casefold())


def _listed(names: Iterable[str]) -> str:
    return "、".join(name if len(name) <= 20 else f"{name[:20]}.." for name in names)
