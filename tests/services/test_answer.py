"""Art. 11(2)1: a direct answer names the article and its version."""

from __future__ import annotations

from datetime import date

import pytest

from hotline_tui.errors import Conflict, NotAccepted, NotAllowed, NotFound, Refused
from hotline_tui.models.columns import new_id
from hotline_tui.rules.words import ArticleState, Channel, OrderState, Route
from hotline_tui.services import answer, callbacks
from tests.builders import Town
from tests.services.looks import order_of, steps

pytestmark = pytest.mark.requirement("R-11.2.1")


@pytest.mark.parametrize("online", [True, False])
def test_the_order_keeps_article_version_and_way(town: Town, online: bool) -> None:
    order = town.register()
    answer.answer(town.agent, order.order_id, town.article, online=online)
    kept = order_of(town, order)
    assert (kept.state, kept.route) == (OrderState.ANSWERED, Route.DIRECT)
    assert (kept.article_id, kept.article_version, kept.answered_online) == (town.article, 1, online)
    assert steps(town, order)[-1].payload["facts"]["version"] == 1


def test_an_answered_order_is_archived_by_the_front_desk(town: Town) -> None:
    order = town.bring(OrderState.ANSWERED)
    callbacks.archive(town.agent, order.order_id)
    assert order_of(town, order).state is OrderState.ARCHIVED


@pytest.mark.parametrize(
    "columns",
    [
        {"state": ArticleState.DRAFT},
        {"state": ArticleState.EXPIRED},
        {"valid_from": date(2026, 11, 21)},
        {"valid_to": date(2026, 11, 19)},
    ],
)
def test_an_article_not_in_force_answers_nothing(town: Town, columns: dict[str, object]) -> None:
    article = town.write_article("过期的问题?", "过期的答案", **columns)
    order = town.register()
    with pytest.raises(Refused, match="不能用来答复"):
        answer.answer(town.office, order.order_id, article)
    assert order_of(town, order).state is OrderState.RECEIVED


def test_the_first_and_last_day_of_an_article_count(town: Town) -> None:
    today = date(2026, 11, 20)
    article = town.write_article("今天有效?", "有效", valid_from=today, valid_to=today)
    answer.answer(town.agent, town.register().order_id, article)


def test_an_unknown_article_or_an_order_already_dispatched_is_refused(town: Town) -> None:
    with pytest.raises(NotFound):
        answer.answer(town.agent, town.register().order_id, new_id())
    with pytest.raises(NotAllowed, match="办理中"):
        answer.answer(town.agent, town.assigned().order_id, town.article)


def test_an_order_without_a_topic_takes_that_of_the_article(town: Town) -> None:
    letter = town.register(topic_id=None, channel=Channel.MAILBOX)
    answer.answer(town.agent, letter.order_id, town.article)
    assert order_of(town, letter).topic_id == town.parking


def test_an_article_without_a_topic_answers_no_order_without_one(town: Town) -> None:
    article = town.write_article("没有分类的问题?", "答案", topic_id=None)
    letter = town.register(topic_id=None, channel=Channel.MAILBOX)
    with pytest.raises(NotAccepted, match="请先选诉求分类"):
        answer.answer(town.agent, letter.order_id, article)


def test_an_answer_that_was_revised_while_it_was_read_out_is_not_given(town: Town) -> None:
    order = town.register()
    with pytest.raises(Conflict, match="版本 1"):
        answer.answer(town.agent, order.order_id, town.article, version=7)
    assert order_of(town, order).state is OrderState.RECEIVED
