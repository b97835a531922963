"""One look through the knowledge base: what was asked, how many there are, and its pages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from hotline_tui.data.queries import knowledge
from hotline_tui.data.queries.rows import Cursor, Page
from hotline_tui.data.queries.stock import Shelf, many, on_shelf, stock
from hotline_tui.data.search.entries import revision
from hotline_tui.data.search.matched import NO_PIECES
from hotline_tui.screens.paging import Paging

if TYPE_CHECKING:
    from hotline_tui.data.queries.knowledge import ArticleRow
    from hotline_tui.data.search.knowledge import KnowledgeIndex
    from hotline_tui.data.store import Session
    from hotline_tui.services.desk import Desk

PAGE = 50
MOST_FOUND = 1000
"""The best of what words find; who looks at more had better ask for less."""
MOST_COUNTED = 9999

Stands = tuple[int, date]
"""The knowledge base at one moment: the revision of its last change, and the Shanghai day, with which answers end."""


@dataclass(frozen=True)
class _Place(Cursor):
    """Where a page of what words found ended."""

    place: int = 0


class Stock:
    """Without words the whole shelf, with words what they find on it, best first; what is over comes last.

    Reads in a thread.
    """

    def __init__(self, desk: Desk, index: Callable[[], KnowledgeIndex], words: str, shelf: Shelf, today: date) -> None:
        self.words, self.shelf = words, shelf
        self.paging = Paging()
        self.held = ""
        """How many there are, as a person reads it."""
        self.pieces = NO_PIECES
        """What of the words is painted where it stands."""
        self.stands: Stands = (-1, today)
        """As what it was read."""
        self._desk, self._index, self._today = desk, index, today
        self._days = desk.settings.remind_days
        self._found: tuple[UUID, ...] = ()

    def first(self, made: UUID | None, limit: int) -> Page[ArticleRow]:
        """The first page, after everything was counted; without words `made` stands on it wherever it belongs."""
        with self._desk.store.read() as session:
            self.stands = stands(session, self._today)
        in_force = self.shelf is Shelf.IN_FORCE
        most = MOST_FOUND + 1
        hits: Sequence[tuple[UUID, float]] = ()
        if self.words:
            hits = self._index().rank(self.words, today=self._today, limit=most, everything=not in_force)
            self.pieces = self._index().pieces(self.words)
        with self._desk.store.read() as session:
            viewer = self._desk.viewer
            if self.words:
                found = on_shelf(session, viewer, [key for key, _ in hits], self.shelf, self._today, days=self._days)
                over = self._over(session, found)
                self._found, total, most = _last(found[:MOST_FOUND], over), len(found), MOST_FOUND
            else:
                most = MOST_COUNTED
                total = many(session, viewer, self.shelf, self._today, most, days=self._days)
            self.held = many_found(total, most)
            page = self._page(session, None, limit)
            if made and not self.words and all(row.id != made for row in page.rows):
                page = Page((*knowledge.chosen(session, viewer, [made]), *page.rows), page.next)
        return self._took(0, page)

    def _over(self, session: Session, found: Sequence[UUID]) -> frozenset[UUID]:
        if self.shelf is not Shelf.ALL:
            return frozenset()
        return frozenset(on_shelf(session, self._desk.viewer, found, Shelf.OVER, self._today))

    def page(self, number: int) -> Page[ArticleRow]:
        """Another page."""
        with self._desk.store.read() as session:
            return self._took(number, self._page(session, self.paging.start(number), PAGE))

    def _page(self, session: Session, after: Cursor | None, limit: int) -> Page[ArticleRow]:
        viewer = self._desk.viewer
        if not self.words:
            return stock(session, viewer, self.shelf, self._today, days=self._days, after=after, limit=limit)
        begin = after.place if isinstance(after, _Place) else 0
        rows = knowledge.chosen(session, viewer, self._found[begin : begin + limit])
        ended = begin + limit
        following = _Place(rows[-1].changed_at, rows[-1].id, place=ended) if rows and ended < len(self._found) else None
        return Page(rows, following)

    def _took(self, number: int, page: Page[ArticleRow]) -> Page[ArticleRow]:
        self.paging.took(number, [str(row.id) for row in page.rows], page.next)
        return page


def _last(found: Sequence[UUID], those: Collection[UUID]) -> tuple[UUID, ...]:
    return tuple(sorted(found, key=those.__contains__))


def stands(session: Session, today: date) -> Stands:
    """As it stands now; cheap."""
    return revision(session), today


def shelf_counts(desk: Desk, shelves: Sequence[Shelf], today: date) -> dict[Shelf, str]:
    """How many stand on each, as a person reads it. Runs in a thread."""
    days, most = desk.settings.remind_days, MOST_COUNTED
    with desk.store.read() as session:
        found = {shelf: many(session, desk.viewer, shelf, today, most, days=days) for shelf in shelves}
    return {shelf: many_found(total, most) for shelf, total in found.items()}


def many_found(total: int, most: int) -> str:
    """How many there are, as a person reads it; `most` were counted."""
    return f"{most}+ 篇" if total > most else f"{total} 篇"
