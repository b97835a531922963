"""Which column of a file holds which field: known header names, or what the person says with `--map`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hotline_tui.errors import UsageError

_DECORATION = re.compile(r"\((?:必填|选填|可选)\)|[\s:*_-]")


@dataclass(frozen=True, slots=True)
class Column:
    """One field that an import takes."""

    field: str
    label: str
    names: tuple[str, ...]
    """Header names under which it is known, the usual one first; the field's own name always counts."""
    required: bool = False


def parse_given(pairs: Iterable[str]) -> dict[str, str]:
    """`FIELD=COLUMN` as typed after --map, as a mapping; UsageError if there is no `=`."""
    given: dict[str, str] = {}
    for pair in pairs:
        field, sign, column = pair.partition("=")
        if not sign or not field.strip():
            raise UsageError(f"--map 的写法是 字段=列名,例如 --map detail=正文,不能是:{pair}")
        given[field.strip()] = column.strip()
    return given


def map_columns(columns: tuple[str, ...], wanted: tuple[Column, ...], given: Mapping[str, str]) -> Mapping[str, str]:
    """Field to column, `given` first (an empty column leaves the field out); UsageError says what is missing."""
    by_name = {_plain(column): column for column in reversed(columns)}
    mapping: dict[str, str] = {}
    fields = [column.field for column in wanted]
    for field, name in given.items():
        if field not in fields:
            known = "、".join(f"{column.field}({column.label})" for column in wanted)
            raise UsageError(f"--map 里没有这个字段:{field},可用的字段有:{known}。")
        if name and _plain(name) not in by_name:
            raise UsageError(f"--map 里的列不在表中:{name},表中的列有:{_listed(columns)}。")
        if name:
            mapping[field] = by_name[_plain(name)]
    taken = set(mapping.values())
    for column in wanted:
        if column.field in given:
            continue
        names = (_plain(name) for name in (*column.names, column.field))
        found = next(
            (by_name[name] for name in names if name in by_name and by_name[name] not in taken),
            None,
        )
        if found is not None:
            mapping[column.field] = found
            taken.add(found)
    for column in wanted:
        if column.required and column.field not in mapping:
            raise UsageError(
                f"表中找不到{column.label}一列(可识别的列名:{_listed((*column.names, column.field))};"
                f"表中的列:{_listed(columns)}),请用 --map {column.field}=列名 指定。"
            )
    return mapping


def _plain(name: str) -> str:
    return _DECORATION.sub("", unicodedata.normalize("NFKC", name).casefold())


def _listed(names: Iterable[str]) -> str:
    return "、".join(name if len(name) <= 20 else f"{name[:20]}.." for name in names)
