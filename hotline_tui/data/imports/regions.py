"""The tree of regions, 区县 > 街道 > 社区, as a list of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from hotline_tui.data.exports.tables import unguarded
from hotline_tui.data.imports.columns import Column
from hotline_tui.data.imports.fields import Fields, shaped
from hotline_tui.data.imports.rows import BadRow, Row
from hotline_tui.rules.text import clean_line

NAME_LIMIT = 100
PATH_LIMIT = 200
SEPARATOR = "/"
_SEPARATORS = re.compile("[/>\uff0f\uff1e]")

REGION_COLUMNS = (
    Column("key", "编号", ("编号", "区域编号", "区划代码", "行政区划代码", "代码", "code", "id")),
    Column(
        "name",
        "名称",
        ("名称", "区域名称", "区域", "属地", "行政区划"),
        required=True,
        otherwise=("全称", "区域全称", "路径", "path"),
    ),
    Column("parent", "上级区域", ("上级区域", "上级", "所属区域", "上级名称", "上级编号", "上级代码", "parent_key")),
)


@dataclass(frozen=True, slots=True)
class RegionRow:
    """One region; `name` may be a path, `parent` is the key, the name or the path of another, "" for none."""

    row: int
    key: str
    name: str
    parent: str = ""
    absent: frozenset[str] = frozenset()
    """Fields of which the file says nothing: what is stored stays."""


def path_of(said: str) -> tuple[str, ...]:
    """The names of a path such as 开福区/东风路街道 or 开福区>东风路街道, from the top."""
    return tuple(clean_line(name) for name in _SEPARATORS.split(said))


def regions(rows: Iterable[Row | BadRow], mapping: Mapping[str, str]) -> Iterator[RegionRow | BadRow]:
    """Each row as a region or with the reason why it is none."""
    return shaped(rows, mapping, REGION_COLUMNS, _region)


def _region(row: Row, fields: Fields) -> RegionRow:
    name = unguarded(fields.line("name", PATH_LIMIT, required=True))
    if not all(path_of(name)):
        raise ValueError(f"全称中有空的一级: {name}")
    return RegionRow(
        row=row.number,
        key=unguarded(fields.line("key", PATH_LIMIT)),
        name=name,
        parent=unguarded(fields.line("parent", PATH_LIMIT)),
        absent=fields.absent,
    )
