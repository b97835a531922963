"""知识库 as a file that its import takes back without a change (Art. 11(2)1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from uuid import UUID

from sqlmodel import Session, col

from hotline_tui.data.exports.files import must_be_new
from hotline_tui.data.exports.tables import write_table, writer
from hotline_tui.data.imports.knowledge import KNOWLEDGE_COLUMNS
from hotline_tui.data.queries.knowledge import COLUMNS, ArticleRow, article_rows
from hotline_tui.data.queries.rows import fetch
from hotline_tui.errors import NotAllowed
from hotline_tui.models import Article
from hotline_tui.rules.deadlines import shanghai_day
from hotline_tui.rules.words import ArticleState
from hotline_tui.services.desk import Desk
from hotline_tui.services.knowledge import PUBLISHES
from hotline_tui.services.organisation import ways_to_units

PAGE = 1000
"""Answers in memory at a time."""
HEAD = tuple(column.label for column in KNOWLEDGE_COLUMNS)


def export(desk: Desk, path: Path, *, everything: bool = False, force: bool = False) -> int:
    """Write the answers in force today, or with `everything` those of any state, in the text that is in use; how many.

    By the office. Raises UsageError where the file is there without `force`, and StorageError.
    """
    if desk.role not in PUBLISHES:
        raise NotAllowed("导出标准答案由热线办、系统管理员进行", "第十一条(二)1")
    writer(path)
    must_be_new(path, force=force)
    with desk.store.read() as session:
        return write_table(path, HEAD, _rows(session, desk, everything=everything), force=force)


def _rows(session: Session, desk: Desk, *, everything: bool) -> Iterator[tuple[str, ...]]:
    units, today = ways_to_units(session), shanghai_day(desk.clock())
    more = (col(Article.answer), col(Article.phrasings), col(Article.basis))
    query = article_rows(desk.viewer, *more).order_by(col(Article.id)).limit(PAGE)
    last = UUID(int=0)
    while found := fetch(session, query.where(col(Article.id) > last)):
        for values in found:
            row = ArticleRow(*values[:COLUMNS])
            if everything or _in_force(row, today):
                yield _cells(row, *values[COLUMNS:], units=units)
        last = found[-1].id


def _cells(row: ArticleRow, answer: str, phrasings: str, basis: str, *, units: Mapping[UUID, str]) -> tuple[str, ...]:
    told = {
        "key": row.key,
        "question": row.question,
        "phrasings": phrasings,
        "answer": answer,
        "unit": units[row.unit_id] if row.unit_id else "",
        "topic": row.topic,
        "basis": basis,
        "valid_from": str(row.valid_from or ""),
        "valid_to": str(row.valid_to or ""),
        "state": row.state.label,
    }
    return tuple(told[column.field] for column in KNOWLEDGE_COLUMNS)


def _in_force(row: ArticleRow, today: date) -> bool:
    begun = row.valid_from is None or row.valid_from <= today
    return row.state is ArticleState.PUBLISHED and begun and not (row.valid_to and row.valid_to < today)
