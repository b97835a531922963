"""The tree of topics, one path of up to three levels a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from hotline_tui.data.imports.columns import Column
from hotline_tui.data.imports.fields import Fields, shaped
from hotline_tui.data.imports.rows import BadRow, Row

NAME_LIMIT = 100

TOPIC_COLUMNS = (
    Column("l1", "一级分类", ("一级分类", "一级标签", "一级", "大类", "分类"), required=True),
    Column("l2", "二级分类", ("二级分类", "二级标签", "二级", "中类")),
    Column("l3", "三级分类", ("三级分类", "三级标签", "三级", "小类")),
    Column("unit", "承办单位", ("承办单位", "主办单位", "责任单位", "单位")),
    Column("words", "关键词", ("关键词", "常用说法", "关键字", "keywords")),
)


@dataclass(frozen=True, slots=True)
class TopicRow:
    """One topic; `unit` is the key or name of the unit that usually handles it, "" for none."""

    row: int
    path: tuple[str, ...]
    """One to three names, from the top."""
    unit: str
    words: tuple[str, ...] = ()
    """What callers say when they mean it."""
    absent: frozenset[str] = frozenset()
    """Fields of which the file says nothing: what is stored stays."""


def topics(rows: Iterable[Row | BadRow], mapping: Mapping[str, str]) -> Iterator[TopicRow | BadRow]:
    """Each row as a topic or with the reason why it is none."""
    return shaped(rows, mapping, TOPIC_COLUMNS, _topic)


def _topic(row: Row, fields: Fields) -> TopicRow:
    names = [
        fields.line("l1", NAME_LIMIT, required=True),
        fields.line("l2", NAME_LIMIT),
        fields.line("l3", NAME_LIMIT),
    ]
    if names[2] and not names[1]:
        raise ValueError("有三级分类, 没有二级分类")
    path = tuple(name for name in names if name)
    return TopicRow(row.number, path, fields.line("unit", NAME_LIMIT), fields.words("words", NAME_LIMIT), fields.absent)
