"""Standard answers, from a table of them or from letters that were answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from hotline_tui.data.exports.tables import unguarded
from hotline_tui.data.imports.columns import Column
from hotline_tui.data.imports.fields import Fields, shaped
from hotline_tui.data.imports.letters import Letter
from hotline_tui.data.imports.rows import BadRow, Row
from hotline_tui.rules.text import clean_line
from hotline_tui.rules.words import ArticleState

NAME_LIMIT = 100
QUESTION_LIMIT = 200
KEY_LIMIT = 64
PHRASINGS_LIMIT = 30_000
ANSWER_LIMIT = 20_000
BASIS_LIMIT = 2_000

KNOWLEDGE_COLUMNS = (
    Column("key", "标准答案编号", ("标准答案编号",)),
    Column("question", "问题", ("问题", "标准问题", "标题", "问", "title"), required=True),
    Column("phrasings", "其他问法", ("其他问法", "相似问法", "相似问题", "别称", "aliases")),
    Column("answer", "答案", ("答案", "标准答案", "答复", "回答", "内容", "答", "content"), required=True),
    Column("unit", "承办单位", ("承办单位", "责任单位", "来源单位", "单位")),
    Column("topic", "分类", ("分类", "问题分类", "主题分类", "一级分类", "category")),
    Column("basis", "依据", ("依据", "政策依据", "法律依据", "文件依据")),
    Column("valid_from", "生效日期", ("生效日期", "生效时间", "有效期自", "开始日期")),
    Column("valid_to", "失效日期", ("失效日期", "失效时间", "有效期至", "截止日期", "结束日期")),
    Column("state", "答案状态", ("答案状态",)),
)


@dataclass(frozen=True, slots=True)
class KnowledgeRow:
    """One standard answer; unit and topic by key or name; days in Asia/Shanghai; what is not there is "" or None."""

    row: int
    question: str
    phrasings: tuple[str, ...]
    answer: str
    unit: str
    topic: str
    basis: str
    valid_from: date | None
    valid_to: date | None
    key: str = ""
    """By which it is known again; "" for its question."""
    state: ArticleState = ArticleState.PUBLISHED
    """Of a new one; one that is there keeps its own."""
    absent: frozenset[str] = frozenset()
    """Fields of which the file says nothing: what is stored stays."""


def knowledge(rows: Iterable[Row | BadRow], mapping: Mapping[str, str]) -> Iterator[KnowledgeRow | BadRow]:
    """Each row as a standard answer or with the reason why it is none."""
    return shaped(rows, mapping, KNOWLEDGE_COLUMNS, _answer)


def from_letter(letter: Letter) -> KnowledgeRow | None:
    """The reply to a letter as a standard answer, the question its subject; None if it has no reply or no subject."""
    if not letter.reply or not letter.subject:
        return None
    return KnowledgeRow(letter.row, letter.subject, (), letter.reply, "", letter.topic, "", None, None)


def _answer(row: Row, fields: Fields) -> KnowledgeRow:
    valid_from, valid_to = fields.day("valid_from"), fields.day("valid_to")
    if valid_from and valid_to and valid_to < valid_from:
        raise ValueError("失效日期早于生效日期")
    if key := unguarded(fields.line("key", KEY_LIMIT)):
        return _exported(row, fields, key, valid_from, valid_to)
    return KnowledgeRow(
        row=row.number,
        question=fields.line("question", QUESTION_LIMIT, required=True),
        phrasings=fields.several("phrasings", QUESTION_LIMIT),
        answer=fields.body("answer", ANSWER_LIMIT, required=True),
        unit=fields.line("unit", NAME_LIMIT),
        topic=fields.line("topic", NAME_LIMIT),
        basis=fields.body("basis", BASIS_LIMIT),
        valid_from=valid_from,
        valid_to=valid_to,
        absent=fields.absent,
    )


def _exported(row: Row, fields: Fields, key: str, valid_from: date | None, valid_to: date | None) -> KnowledgeRow:
    """A row of our own export, or of one made after it: taken as it stands, to the last blank line."""

    def told(field: str, limit: int, *, required: bool = False) -> str:
        return unguarded(fields.whole(field, limit, required=required))

    state = fields.line("state", NAME_LIMIT)
    states = {each.label: each for each in ArticleState}
    if state and state not in states:
        raise ValueError(f"答案状态应为 {'、'.join(states)}, 不能是: {state}")
    return KnowledgeRow(
        row=row.number,
        question=clean_line(told("question", QUESTION_LIMIT, required=True)),
        phrasings=tuple(line for line in told("phrasings", PHRASINGS_LIMIT).split("\n") if line),
        answer=told("answer", ANSWER_LIMIT, required=True),
        unit=told("unit", NAME_LIMIT),
        topic=told("topic", NAME_LIMIT),
        basis=told("basis", BASIS_LIMIT),
        valid_from=valid_from,
        valid_to=valid_to,
        key=key,
        state=states.get(state, ArticleState.PUBLISHED),
        absent=fields.absent,
    )
