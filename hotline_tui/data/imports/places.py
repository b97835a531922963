"""The region's streets, roads, communities and housing estates, as a list of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from hotline_tui.data.exports.tables import unguarded
from hotline_tui.data.imports.columns import Column
from hotline_tui.data.imports.fields import Fields, shaped
from hotline_tui.data.imports.regions import PATH_LIMIT
from hotline_tui.data.imports.rows import BadRow, Row

NAME_LIMIT = 40
LEAST = 2
"""Signs of a name: a single one stands in any text."""

PLACE_COLUMNS = (
    Column("name", "地名", ("地名", "名称", "地点", "道路", "小区", "标准名称", "place"), required=True),
    Column("aliases", "别名", ("别名", "俗称", "曾用名", "其他名称", "简称", "alias")),
    Column("region", "区域", ("区域", "所属区域", "属地", "所属社区", "所属街道", "社区", "街道"), required=True),
    Column("unit", "承办单位", ("承办单位", "责任单位", "管理单位", "单位")),
)


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place; `region` is the key, the name or the path of a region, `unit` the key or name of a unit or ""."""

    row: int
    name: str
    aliases: tuple[str, ...]
    region: str
    unit: str
    absent: frozenset[str] = frozenset()
    """Fields of which the file says nothing: what is stored stays."""


def places(rows: Iterable[Row | BadRow], mapping: Mapping[str, str]) -> Iterator[PlaceRow | BadRow]:
    """Each row as a place or with the reason why it is none."""
    return shaped(rows, mapping, PLACE_COLUMNS, _place)


def _place(row: Row, fields: Fields) -> PlaceRow:
    name = unguarded(fields.line("name", NAME_LIMIT, required=True))
    aliases = tuple(alias for alias in map(unguarded, fields.several("aliases", NAME_LIMIT)) if alias != name)
    for each in (name, *aliases):
        if len(each) < LEAST:
            raise ValueError(f"地名至少两个字, 不能是: {each}")
    return PlaceRow(
        row=row.number,
        name=name,
        aliases=aliases,
        region=unguarded(fields.line("region", PATH_LIMIT, required=True)),
        unit=fields.line("unit", 100),
        absent=fields.absent,
    )
