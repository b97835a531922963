"""Many standard answers at once: a table of them, or letters that were answered. The same again changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from hotline_tui.data.imports.knowledge import KnowledgeRow, from_letter
from hotline_tui.data.imports.letters import Letter
from hotline_tui.errors import NotAllowed, Refused
from hotline_tui.models import Article
from hotline_tui.rules.pinyin import spell
from hotline_tui.rules.words import OfficeAction
from hotline_tui.services.article_source import check_text, sources_of
from hotline_tui.services.desk import Desk
from hotline_tui.services.knowledge import PUBLISHES, ArticleText, blank, next_revision, put, told_texts
from hotline_tui.services.organisation import Taken, topic_names, unit_names
from hotline_tui.services.work import Work, work_at

BATCH = 200
"""Answers in one transaction."""


def import_answers(desk: Desk, rows: Iterable[KnowledgeRow]) -> Taken:
    """Each row an answer in force, known again by its key, else by its question; a changed text is a new version.

    Rejected: an unknown unit or topic, and a question that stands in the list twice with different answers.
    """
    _must_publish(desk)
    taken = Taken()
    places = _Places(desk)
    told: dict[str, tuple[int, int]] = {}
    for batch in _batches(rows):
        good: dict[str, KnowledgeRow] = {}
        for row in batch:
            key = row.key or _key(row.question)
            first = told.setdefault(key, (row.row, hash(row.answer)))
            if first[1] != hash(row.answer):
                taken.rejected.append((row.row, f"与第 {first[0]} 行是同一问题, 答案不同"))
            elif reason := places.unknown(row):
                taken.rejected.append((row.row, reason))
            elif first[0] != row.row:
                taken.existing += 1
            else:
                good[key] = row
        _put_all(desk, good, places, taken)
    return taken


@dataclass(slots=True)
class Replies:
    """What became of the replies to letters: each letter is counted once."""

    created: int = 0
    existing: int = 0
    """Question and reply are those of an answer that is there, or of another letter."""
    without_reply: int = 0
    without_subject: int = 0
    """Answered, but an answer needs a question."""


class ReplyImport:
    """The replies to letters as answers in force, question and reply together making one; one that is there stays as
    it is, whatever the office has made of it since.

    A topic that the city does not have is no hindrance.
    """

    def __init__(self, desk: Desk) -> None:
        _must_publish(desk)
        self._desk = desk
        self._places = _Places(desk)
        self._rehearsed: set[str] = set()
        self.counts = Replies()

    def take(self, letters: Iterable[Letter]) -> None:
        """The letters of a batch, in one transaction."""
        good: dict[str, KnowledgeRow] = {}
        for letter in letters:
            row = from_letter(letter)
            if row is not None:
                good.setdefault(_key(row.question, row.answer), row)
                self.counts.existing += 1
            elif letter.reply:
                self.counts.without_subject += 1
            else:
                self.counts.without_reply += 1
        created = self._new(good)
        self.counts.created += created
        self.counts.existing -= created

    def _new(self, good: dict[str, KnowledgeRow]) -> int:
        with self._desk.store.read() as session:
            known = set(session.exec(select(Article.key).where(col(Article.key).in_(good)))) | self._rehearsed
        fresh = {key: row for key, row in good.items() if key not in known}
        taken = Taken()
        _put_all(self._desk, fresh, self._places, taken)
        if not self._desk.store.keeps:
            self._rehearsed.update(fresh)
        return taken.created


class _Places:
    """Units and topics by what a file may call them."""

    def __init__(self, desk: Desk) -> None:
        with desk.store.read() as session:
            self.units = unit_names(session)
            self.topics = topic_names(session)

    def unknown(self, row: KnowledgeRow) -> str:
        """What of a row nobody knows, as a sentence, or nothing."""
        if row.unit and row.unit not in self.units:
            return f"没有这个承办单位: {row.unit}"
        return f"没有这个分类: {row.topic}" if row.topic and row.topic not in self.topics else ""

    def text(self, row: KnowledgeRow, article: Article) -> ArticleText:
        """The row with keys in place of names; what it says nothing of is as it stands in the article."""
        stands: dict[str, Any] = {
            "phrasings": tuple(article.phrasings.split("\n")),
            "basis": article.basis,
            "unit_id": article.unit_id,
            "topic_id": article.topic_id,
            "valid_from": article.valid_from,
            "valid_to": article.valid_to,
        }
        told = ArticleText(
            question=row.question,
            answer=row.answer,
            phrasings=row.phrasings,
            basis=row.basis,
            unit_id=self.units.get(row.unit),
            topic_id=self.topics.get(row.topic),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        return replace(told, **{name: stands[name] for name in stands if name.removesuffix("_id") in row.absent})


def _put_all(desk: Desk, rows: dict[str, KnowledgeRow], places: _Places, taken: Taken) -> None:
    """One transaction with one event, unless nothing was changed."""
    if not rows:
        return
    now = Taken()
    with work_at(desk) as work:
        revision = next_revision(work)
        found = work.session.exec(select(Article).where(col(Article.key).in_(rows)))
        known = {article.key: article for article in found}
        sources = sources_of(work, [article.id for article in known.values()])
        for key, row in rows.items():
            article = known.get(key) or blank(work, key, row.state)
            text = places.text(row, article)
            try:
                if source := sources.get(article.id):
                    check_text(work, source, told_texts(text))
                changed = put(work, article, text, revision, spell, at_once=True)
            except Refused as refusal:
                now.rejected.append((row.row, str(refusal)))
                continue
            revision += changed
            now.count(key not in known, changed)
        _commit(work, now)
    taken.created += now.created
    taken.existing += now.existing
    taken.updated += now.updated
    taken.rejected += now.rejected


def _commit(work: Work, now: Taken) -> None:
    if now.created or now.updated:
        work.commit(None, OfficeAction.SAVE_ARTICLES, facts={"created": now.created, "updated": now.updated})


def _batches(rows: Iterable[KnowledgeRow]) -> Iterator[list[KnowledgeRow]]:
    rest = iter(rows)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _key(*texts: str) -> str:
    """Whatever white space differs in, the texts are the same."""
    plain = "\x1f".join("".join(text.split()) for text in texts)
    return f"kb-{hashlib.sha256(plain.encode()).hexdigest()[:16]}"


def _must_publish(desk: Desk) -> None:
    if desk.role not in PUBLISHES:
        raise NotAllowed("导入标准答案由热线办、系统管理员进行", "第十一条(二)1")


def article_ids(desk: Desk) -> dict[str, UUID]:
    """Articles by key."""
    with desk.store.read() as session:
        return dict(session.exec(select(Article.key, Article.id)).all())
