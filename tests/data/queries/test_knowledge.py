"""知识库: lists, versions, and who reads a draft."""

from __future__ import annotations

from datetime import date

import pytest

from hotline_tui.data.queries.knowledge import ArticleFilter, ArticleRow, article, articles, chosen
from hotline_tui.data.queries.stock import Shelf, many, on_shelf, stock
from hotline_tui.errors import NotFound
from hotline_tui.rules.words import ArticleState
from hotline_tui.services import knowledge
from hotline_tui.services.desk import Desk
from hotline_tui.services.knowledge import ArticleText
from tests.builders import Town


def listed(desk: Desk, filters: ArticleFilter | None = None) -> list[str]:
    rows: list[ArticleRow] = []
    after = None
    with desk.store.read() as session:
        while True:
            page = articles(session, desk.viewer, filters or ArticleFilter(), after=after, limit=1)
            rows += page.rows
            after = page.next
            if after is None:
                return [row.key for row in rows]


def test_articles_are_listed_once_each_the_last_changed_first(town: Town) -> None:
    town.later(minutes=1).write_article("公园几点开门?", "六点。")
    assert listed(town.agent)[0] == "kb-3"
    assert sorted(listed(town.agent)) == ["kb-1", "kb-2", "kb-3"]


def test_articles_are_found_by_unit_topic_state_words_and_the_day_they_end(town: Town) -> None:
    for asked, keys in {
        ArticleFilter(unit_id=town.b): ["kb-2"],
        ArticleFilter(topic_id=town.parking): ["kb-1"],
        ArticleFilter(state=ArticleState.EXPIRED): [],
        ArticleFilter(words="停放 公示"): ["kb-1"],
        ArticleFilter(words="%"): [],
        ArticleFilter(ends_before=date(2027, 6, 30)): [],
    }.items():
        assert listed(town.agent, asked) == keys, asked
    assert len(listed(town.agent, ArticleFilter(ends_before=date(2027, 7, 1)))) == 2


def test_a_draft_is_read_by_the_office_and_by_its_own_unit(town: Town) -> None:
    draft = town.write_article("草稿", "未定", state=ArticleState.DRAFT)
    for login, desk in town.desks.items():
        reads = login in {"office", "office2", "authority", "handler", "leader"}
        assert ("kb-3" in listed(desk)) is reads, login
        with desk.store.read() as session:
            assert len(chosen(session, desk.viewer, [draft, town.article])) == 1 + reads
            if reads:
                assert article(session, desk.viewer, draft).row.state is ArticleState.DRAFT
            else:
                with pytest.raises(NotFound):
                    article(session, desk.viewer, draft)


def test_an_article_stands_with_its_versions_and_its_validity(town: Town) -> None:
    with town.store.read() as session:
        found = article(session, town.agent.viewer, town.article)
    assert [each.version for each in found.versions] == [1]
    assert (found.row.unit, found.row.topic) == ("房产分局", "物业管理/停车收费")
    assert [found.in_force(day) for day in (date(2025, 12, 31), date(2026, 1, 1), date(2027, 6, 30))] == [
        False, True, True,
    ]  # fmt: skip
    assert not found.in_force(date(2027, 7, 1))


def test_a_waiting_revision_is_read_by_the_office_and_by_its_own_unit(town: Town) -> None:
    knowledge.save(town.handler, ArticleText("停车怎么收费?", "按新规定。"), town.article)
    for login, desk in town.desks.items():
        reads = login in {"office", "office2", "authority", "handler", "leader"}
        with desk.store.read() as session:
            found = article(session, desk.viewer, town.article)
        assert (found.row.version, found.row.pending) == (1, 2 if reads else None), login
        assert [each.version for each in found.versions] == ([2, 1] if reads else [1]), login
        assert (found.waiting.answer if found.waiting else None) == ("按新规定。" if reads else None), login
        assert found.in_force(date(2026, 11, 20))


def test_the_office_lists_what_waits_to_be_published(town: Town) -> None:
    town.write_article("草稿", "未定", state=ArticleState.DRAFT)
    knowledge.save(town.handler, ArticleText("停车怎么收费?", "按新规定。"), town.article)
    waiting = ArticleFilter(waiting=True)
    assert sorted(listed(town.office, waiting)) == ["kb-1", "kb-3"]
    assert listed(town.agent, waiting) == listed(town.handler_b, waiting) == []
    town.later(minutes=5).write_article("公园几点开门?", "六点。")
    assert stocked(town.office)[2:] == ["kb-4", "kb-2"]


def stocked(desk: Desk, shelf: Shelf = Shelf.ALL, today: date = date(2026, 11, 20)) -> list[str]:
    """The stock, read a row at a time."""
    found: list[str] = []
    after = None
    with desk.store.read() as session:
        while True:
            page = stock(session, desk.viewer, shelf, today, after=after, limit=1)
            found += [row.key for row in page.rows]
            after = page.next
            if after is None:
                assert many(session, desk.viewer, shelf, today, 99) == len(found)
                assert many(session, desk.viewer, shelf, today, 1) == min(2, len(found))
                return found


def test_the_stock_is_gone_through_by_how_its_articles_stand(town: Town) -> None:
    town.later(minutes=1).write_article("草稿", "未定", state=ArticleState.DRAFT)
    town.later(minutes=1).write_article("旧的", "不再用。", state=ArticleState.EXPIRED)
    town.later(minutes=1).write_article("过期的", "不再用。", valid_to=date(2026, 3, 31))
    town.later(minutes=1).write_article("还没到的", "明年用。", valid_from=date(2027, 1, 1))
    knowledge.save(town.handler, ArticleText("停车怎么收费?", "按新规定。"), town.article)
    for shelf, keys in {
        Shelf.ALL: {"kb-1", "kb-2", "kb-3", "kb-4", "kb-5", "kb-6"},
        Shelf.IN_FORCE: {"kb-1", "kb-2"},
        Shelf.WAITING: {"kb-1", "kb-3"},
        Shelf.OVER: {"kb-4", "kb-5"},
    }.items():
        found = stocked(town.office, shelf)
        assert (set(found), len(found)) == (keys, len(keys)), shelf
    assert set(stocked(town.office)[:2]) == {"kb-1", "kb-3"}
    assert stocked(town.office)[-2:] == stocked(town.agent)[-2:] == ["kb-5", "kb-4"]  # what is over
    assert stocked(town.agent, Shelf.WAITING) == []
    assert set(stocked(town.agent)) == {"kb-1", "kb-2", "kb-4", "kb-5", "kb-6"}


def test_of_what_was_found_those_of_a_shelf_stay_in_their_order(town: Town) -> None:
    draft = town.write_article("草稿", "未定", state=ArticleState.DRAFT)
    found = [town.article_b, draft, town.article]
    with town.store.read() as session:
        for desk, kept in ((town.office, found), (town.agent, [town.article_b, town.article])):
            assert list(on_shelf(session, desk.viewer, found, Shelf.ALL, date(2026, 11, 20))) == kept
        assert on_shelf(session, town.office.viewer, found, Shelf.WAITING, date(2026, 11, 20)) == (draft,)
        assert on_shelf(session, town.office.viewer, [], Shelf.ALL, date(2026, 11, 20)) == ()
