"""缺答: what was asked and not answered from the knowledge base is kept without personal data, and worked off.

Never of what is secret, a tip-off or accuses a unit (Art. 13); one row for the same words, however often asked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from hotline_tui.data.queries.told import told as told_by
from hotline_tui.data.roles import calls
from hotline_tui.errors import NotAllowed, NotFound, Refused
from hotline_tui.models import MissedQuestion
from hotline_tui.models.columns import new_id
from hotline_tui.rules.missed import KEPT, LONGEST, MOST
from hotline_tui.rules.personal import MASK, Known, counted, find, told
from hotline_tui.rules.text import clean_line
from hotline_tui.rules.words import Kind, MissedState, OfficeAction
from hotline_tui.services import knowledge
from hotline_tui.services.desk import Desk
from hotline_tui.services.handling import must
from hotline_tui.services.work import Work, work_at

if TYPE_CHECKING:
    from hotline_tui.services.knowledge import ArticleText

ARTICLE = "第十一条(二)1"
SHORTEST = 2
"""Letters, digits or characters; with fewer nothing was asked."""
FRAGMENT = 2
"""Small letters that are no question even where they were ended: nu, lv."""
LONGEST_SYLLABLE = 6
NO_INITIALS = "iuv"


@dataclass(frozen=True, slots=True)
class Asked:
    """A search that was ended without an answer."""

    words: str
    found: bool
    """Whether there was something, of which nothing was used."""
    ended: bool = False
    """Whether the words were ended with Enter, and not left as they stood."""


def note(desk: Desk, asked: Iterable[Asked], order_id: UUID | None = None) -> None:
    """Keep what was asked; `order_id`: the order that was dispatched after it. No event: nothing was decided."""
    with work_at(desk) as work:
        callers: Sequence[Known] = ()
        if order_id is not None:
            order = work.order(order_id)
            if order.secret or order.kind is Kind.TIPOFF or work.accused(order):
                return
            callers = told_by(work.session, work.desk.viewer, order.id, "缺答的文字去掉个人信息")
        noted = {each.words: each for each in asked}
        for _, each in sorted(noted.items()):
            _put(work, each, callers, dispatched=order_id is not None)
        if not work.desk.viewer.guarded:
            _bound(work)
        work.session.commit()


def set_aside(desk: Desk, ids: Collection[UUID], reason: str) -> None:
    """搁置: no standard answer will be written; by the office, with a reason."""
    _must_work_off(desk)
    reason = must(reason, "请写明搁置的理由", ARTICLE)
    if hits := find(reason):
        raise Refused(f"理由中有{told(counted(hits))}, 请改写", "第十四条")
    with work_at(desk) as work:
        rows = _open(work, ids)
        for row in rows:
            row.reason = reason
            _decide(work, row, MissedState.ASIDE)
        facts = {"question": rows[0].words, "questions": len(rows), "reason": reason}
        work.commit(None, OfficeAction.SET_ASIDE, facts=facts)


def write(desk: Desk, text: ArticleText, ids: Collection[UUID]) -> UUID:
    """A new standard answer, as a draft, to what was asked; by the office. Gives its id."""
    _must_work_off(desk)

    def answered(work: Work, article_id: UUID) -> dict[str, object]:
        rows = _open(work, ids)
        for row in rows:
            row.article_id = article_id
            _decide(work, row, MissedState.WRITTEN)
        return {"questions": len(rows)}

    return knowledge.save(desk, text, also=answered)


def masked(words: str, callers: Iterable[Known] = ()) -> str:
    """One line of at most `LONGEST` signs with nothing personal in it."""
    line = clean_line(words)
    for hit in reversed(find(line, callers)):
        line = f"{line[: hit.start]}{MASK}{line[hit.end :]}"
    return line[:LONGEST].rstrip()


def key_of(words: str) -> str:
    """By which the same question is known again."""
    return "".join(sign for sign in words.casefold() if sign.isalnum())


def half_typed(words: str) -> bool:
    """Whether it is nothing but small letters that can be read as pinyin: what an input method leaves behind (nu, lü,
    sfz). Capitals (ETC) and what no pinyin is (wifi) are words."""
    from hotline_tui.data.search.lexicon import syllables

    letters = re.sub(r"[\s']|(?<=[nl])[vü]", lambda found: "u" if found[0] in "vü" else "", words)
    if not re.fullmatch("[a-z]+", letters):
        return False
    reached = {0}
    for end in range(1, len(letters) + 1):
        pieces = (letters[begin:end] for begin in reached if end - begin <= LONGEST_SYLLABLE)
        if any(piece in syllables() or (len(piece) == 1 and piece not in NO_INITIALS) for piece in pieces):
            reached.add(end)
    return len(letters) in reached


def _put(work: Work, asked: Asked, callers: Iterable[Known], *, dispatched: bool) -> None:
    words = masked(asked.words, callers)
    key = key_of(words)
    if len(key) < SHORTEST or (half_typed(words) and (not asked.ended or len(key) <= FRAGMENT)):
        return
    new = {"empty": int(not asked.found), "unused": int(asked.found), "dispatched": int(dispatched)}
    if work.desk.viewer.guarded:
        work.session.connection().execute(calls.missed(new_id(), key, words, new, work.now))
        return
    insert = sqlite.insert if work.desk.store.is_sqlite else postgresql.insert
    # What is asked again is open again, but for what was set aside.
    state = sa.case((col(MissedQuestion.state) == MissedState.ASIDE, MissedState.ASIDE.value), else_="open")
    row = insert(MissedQuestion).values(
        id=new_id(),
        key=key,
        words=words,
        **new,
        first_at=work.now,
        last_at=work.now,
        state=MissedState.OPEN,
        reason="",
    )
    more = {name: getattr(MissedQuestion, name) + many for name, many in new.items()}
    again = row.on_conflict_do_update(index_elements=["key"], set_={**more, "last_at": work.now, "state": state})
    work.session.connection().execute(again)


def _bound(work: Work) -> None:
    """What nobody asks any more goes, and what is too much."""
    connection, last = work.session.connection(), col(MissedQuestion.last_at)
    connection.execute(sa.delete(MissedQuestion).where(last < work.now - KEPT))
    many = connection.execute(sa.select(sa.func.count()).select_from(MissedQuestion)).scalar_one()
    if many > MOST:
        oldest = sa.select(col(MissedQuestion.id)).order_by(last, col(MissedQuestion.id)).limit(many - MOST)
        connection.execute(sa.delete(MissedQuestion).where(col(MissedQuestion.id).in_(oldest)))


def _open(work: Work, ids: Collection[UUID]) -> list[MissedQuestion]:
    """Those of these that are not decided yet; raises NotFound where none is."""
    query = select(MissedQuestion).where(
        col(MissedQuestion.id).in_(list(ids)), col(MissedQuestion.state) == MissedState.OPEN
    )
    rows = list(work.session.exec(query.order_by(col(MissedQuestion.last_at).desc()).with_for_update()))
    if not rows:
        raise NotFound("这些问题已由他人处理")
    return rows


def _decide(work: Work, row: MissedQuestion, state: MissedState) -> None:
    row.state = state
    row.decided_at, row.decided_by = work.now, work.desk.viewer.account_id
    work.add(row)


def _must_work_off(desk: Desk) -> None:
    if desk.role not in knowledge.PUBLISHES:
        raise NotAllowed("缺答的问题由热线办处理", ARTICLE)
