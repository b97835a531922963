"""Units that handle orders, as a list of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from hotline_tui.data.imports.columns import Column
from hotline_tui.data.imports.fields import Fields, shaped
from hotline_tui.data.imports.regions import PATH_LIMIT
from hotline_tui.data.imports.rows import BadRow, Row

NAME_LIMIT = 100
DUTIES_LIMIT = 5_000

UNIT_COLUMNS = (
    Column("key", "编号", ("编号", "单位编号", "单位代码", "代码", "code", "id")),
    Column("name", "名称", ("名称", "单位名称", "单位", "承办单位", "全称"), required=True),
    Column("short_name", "简称", ("简称", "单位简称", "short")),
    Column("parent", "上级单位", ("上级单位", "上级", "主管单位", "parent_key")),
    Column("region", "区域", ("区域", "所属区域", "区县", "辖区", "地区", "area"), otherwise=("属地",)),
    Column("duties", "职责", ("职责", "主要职责", "职能", "职责范围", "duty")),
    Column("aliases", "别名", ("别名", "曾用名", "其他名称", "alias")),
)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit; `parent` is the key or name of another, `region` the key, name or path of one; "" for none."""

    row: int
    key: str
    name: str
    short_name: str
    parent: str
    region: str
    duties: str
    aliases: tuple[str, ...]
    absent: frozenset[str] = frozenset()
    """Fields of which the file says nothing: what is stored stays."""


def units(rows: Iterable[Row | BadRow], mapping: Mapping[str, str]) -> Iterator[UnitRow | BadRow]:
    """Each row as a unit or with the reason why it is none."""
    return shaped(rows, mapping, UNIT_COLUMNS, _unit)


def _unit(row: Row, fields: Fields) -> UnitRow:
    return UnitRow(
        row=row.number,
        key=fields.line("key", NAME_LIMIT),
        name=fields.line("name", NAME_LIMIT, required=True),
        short_name=fields.line("short_name", NAME_LIMIT),
        parent=fields.line("parent", NAME_LIMIT),
        region=fields.line("region", PATH_LIMIT),
        duties=fields.body("duties", DUTIES_LIMIT),
        aliases=fields.several("aliases", NAME_LIMIT),
        absent=fields.absent,
    )
