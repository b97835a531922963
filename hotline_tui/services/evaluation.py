"""How well the knowledge base is searched: questions of which the right answer is known, and where it comes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter
from uuid import UUID

from sqlmodel import Session, col

from hotline_tui.data.imports.columns import map_columns
from hotline_tui.data.imports.pairs import PAIR_COLUMNS, Pair, pairs
from hotline_tui.data.imports.rows import BadRow
from hotline_tui.data.imports.tables import open_table
from hotline_tui.data.queries.knowledge import article_rows
from hotline_tui.data.queries.rows import fetch
from hotline_tui.data.search.knowledge import KnowledgeIndex
from hotline_tui.errors import Refused, UsageError
from hotline_tui.models import Article
from hotline_tui.rules.deadlines import shanghai_day
from hotline_tui.rules.text import clean
from hotline_tui.rules.words import ArticleState
from hotline_tui.services.desk import Desk

DEPTH = 100
"""An answer further down counts as not found."""
PAGE = 2000


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came of a file of questions."""

    read: int
    """Rows of data."""
    left_out: tuple[tuple[int, str], ...]
    """Row and why it could not be asked."""
    places: tuple[int | None, ...]
    """Of each other row: where the right answer stands, from 1; None below `DEPTH`."""
    times: tuple[float, ...]
    """Of each search, in seconds."""

    def recall(self, first: int) -> float:
        """The share of questions whose answer is among the first so many."""
        return sum(place is not None and place <= first for place in self.places) / len(self.places)

    @property
    def mrr(self) -> float:
        """The mean of one divided by the place."""
        return sum(1 / place for place in self.places if place) / len(self.places)

    def latency(self, share: float) -> float:
        """Milliseconds within which this share of the searches were done."""
        return sorted(self.times)[min(len(self.times) - 1, int(share * len(self.times)))] * 1000


def evaluate(desk: Desk, path: Path, given: Mapping[str, str], index: KnowledgeIndex) -> Evaluation:
    """Ask the question of each row as a seat would and see where its answer comes; `given`: field to column.

    Raises UsageError where no row can be asked, Refused while the index is being made, StorageError.
    """
    table = open_table(path)
    rows = list(pairs(table, map_columns(table.columns, PAIR_COLUMNS, given)))
    if not rows:
        raise UsageError(f"表中只有表头, 没有一行数据: {path}")
    today = shanghai_day(desk.clock())
    right, why = _right(desk, [row for row in rows if isinstance(row, Pair)], today)
    why += [(row.number, row.reason) for row in rows if isinstance(row, BadRow)]
    if not right:
        raise UsageError(
            f"没有一行对得上知识库中使用着的标准答案, 无法评测: {path}; 第 {min(why)[0]} 行: {min(why)[1]}"
        )
    _ready(index)
    places, times = zip(*(_ask(index, pair, keys, today) for pair, keys in right), strict=True)
    return Evaluation(len(rows), tuple(sorted(why)), places, times)


def _ready(index: KnowledgeIndex) -> None:
    """An index that is missing is made by the first look at it and taken up by the second."""
    for _ in range(2):
        index.refresh()
        if index.complete:
            return
    raise Refused("知识库索引正在由别的程序重建, 请稍后再运行")


def _ask(index: KnowledgeIndex, pair: Pair, right: frozenset[UUID], today: date) -> tuple[int | None, float]:
    begun = perf_counter()
    found = index.rank(pair.question, today=today, limit=DEPTH)
    took = perf_counter() - begun
    return next((place for place, (key, _) in enumerate(found, 1) if key in right), None), took


def _right(
    desk: Desk, asked: Sequence[Pair], today: date
) -> tuple[list[tuple[Pair, frozenset[UUID]]], list[tuple[int, str]]]:
    """Each pair with the articles that are right, several where their words are the same; and the others with why."""
    names = [_plain(pair.answer) for pair in asked]
    found: dict[str, dict[int, set[UUID]]] = {name: {} for name in names}
    unused: set[str] = set()
    with desk.store.read() as session:
        for key, used, told in _articles(session, desk, today):
            for way, name in enumerate(told):
                if name in found and used:
                    found[name].setdefault(way, set()).add(key)
                elif name in found:
                    unused.add(name)
    right: list[tuple[Pair, frozenset[UUID]]] = []
    why: list[tuple[int, str]] = []
    for pair, name in zip(asked, names, strict=True):
        if ways := found[name]:
            right.append((pair, frozenset(ways[min(ways)])))
        else:
            why.append((pair.row, "标准答案今天不在使用" if name in unused else "知识库中没有这条标准答案"))
    return right, why


def _articles(session: Session, desk: Desk, today: date) -> Iterator[tuple[UUID, bool, tuple[str, ...]]]:
    """Each article with whether it is in force, and by what it may be told: id, key, question, answer."""
    query = article_rows(desk.viewer, col(Article.answer)).order_by(col(Article.id)).limit(PAGE)
    last = UUID(int=0)
    while rows := fetch(session, query.where(col(Article.id) > last)):
        for row in rows:
            begun = row.valid_from is None or row.valid_from <= today
            ended = row.valid_to is not None and row.valid_to < today
            used = row.state is ArticleState.PUBLISHED and begun and not ended
            yield row.id, used, tuple(_plain(text) for text in (str(row.id), row.key, row.question, row.answer))
        last = rows[-1].id


def _plain(text: str) -> str:
    """Whatever white space, width or case differ in, the texts are the same."""
    return "".join(unicodedata.normalize("NFKC", clean(text)).casefold().split())
