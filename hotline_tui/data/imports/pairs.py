"""Questions with their right answers, by which a search of the knowledge base is measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from hotline_tui.data.imports.columns import Column
from hotline_tui.data.imports.fields import Fields, shaped
from hotline_tui.data.imports.rows import FIELD_LIMIT, BadRow, Row

PAIR_COLUMNS = (
    Column(
        "question",
        "问题",
        ("问题", "诉求", "询问", "诉求内容", "留言详情", "留言内容", "query"),
        required=True,
        otherwise=("内容", "正文", "详情", "detail", "text"),
    ),
    Column(
        "answer",
        "答案",
        ("答案", "标准答案", "正确答案", "答复", "答复意见", "答复内容"),
        required=True,
        otherwise=("答案编号", "编号", "标题", "标准问题", "key", "id", "title"),
    ),
)


@dataclass(frozen=True, slots=True)
class Pair:
    """What is asked, and which answer is right: by id or key, or the words of its question or of its answer."""

    row: int
    question: str
    answer: str


def pairs(rows: Iterable[Row | BadRow], mapping: Mapping[str, str]) -> Iterator[Pair | BadRow]:
    """Each row as a pair or with the reason why it is none."""
    return shaped(rows, mapping, PAIR_COLUMNS, _pair)


def _pair(row: Row, fields: Fields) -> Pair:
    question = fields.body("question", FIELD_LIMIT, required=True)
    return Pair(row.number, question, fields.body("answer", FIELD_LIMIT, required=True))
