"""An answer is found by what was asked when the like of it was given."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

from hotline_tui.data.search import index_file
from hotline_tui.data.search.entries import Entry
from hotline_tui.data.search.finder import Finder
from hotline_tui.data.search.hubs import ANYBODY
from hotline_tui.data.search.maker import make
from hotline_tui.data.search.precedents import NOTHING, answered
from hotline_tui.data.search.shelf import Wanted
from hotline_tui.data.search.tokens import of_text
from hotline_tui.data.search.volume import bind
from hotline_tui.rules.words import Kind, OrderState
from tests.builders import Town

GIVEN, ALIKE, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
ARTICLES = (
    Entry(GIVEN, "", answer="路灯照明设施由市政设施管理处维修, 请拨打维修电话。"),
    Entry(ALIKE, "", answer="井盖等市政设施管理处维修, 已派人到场, 请留意电话。"),
    Entry(OTHER, "", answer="公交线路的走向由交通运输局审定, 请关注公告。"),
)


def ranked(given: Mapping[UUID, list[str]], words: str) -> list[UUID]:
    finder = Finder()
    finder.replace(bind(ARTICLES, 1, answered=given))
    return [key for key, _ in finder.rank(words, Wanted())]


def test_an_answer_without_a_word_of_the_question_is_found_by_the_like_of_it() -> None:
    asked = "路灯照明不亮"
    assert ranked({}, asked) == [GIVEN]
    assert ranked({GIVEN: ["路灯照明很久没有人修"]}, asked) == [GIVEN, ALIKE]


def test_what_no_question_is_like_is_ranked_by_its_words_alone() -> None:
    for words in ("公交线路", "维修电话"):
        assert ranked({GIVEN: ["路灯照明很久没有人修"]}, words) == ranked({}, words)


def test_of_a_question_only_words_that_standard_answers_hold_are_kept() -> None:
    told = bind(ARTICLES, 1, answered={GIVEN: ["王小明13900002211反映路灯照明"]}).precedents.questions.terms.tolist()
    assert sorted(told) == sorted(of_text("路灯照明"))


def test_without_answered_orders_nothing_is_kept() -> None:
    assert bind(ARTICLES, 1).precedents is NOTHING
    assert bind([], 1, answered={GIVEN: ["路灯"]}).precedents is NOTHING


def test_only_answers_that_anybody_may_see_the_orders_of_are_kept_and_the_file_holds_them(
    town: Town, tmp_path: Path
) -> None:
    town.bring(OrderState.ANSWERED, narrative="停车费到底按什么收")
    town.bring(OrderState.ANSWERED, narrative="暗语甲", secret=True)
    town.register(narrative="暗语乙", kind=Kind.TIPOFF)
    with town.store.read() as session:
        told = answered(session, ANYBODY)
    (asked,) = told.values()
    assert len(asked) == 1
    assert asked[0].endswith("停车费到底按什么收")
    file = tmp_path / "knowledge.idx"
    make(town.store, file)
    volume = index_file.load(file, index_file.whose(town.store))
    assert volume is not None
    assert volume.precedents.questions.documents == 1
