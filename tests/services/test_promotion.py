"""R-14, R-13: a released reply becomes a standard answer, with nothing personal in it and nothing of what is hidden."""

from __future__ import annotations

import json
from dataclasses import replace
from uuid import UUID

import pytest
from sqlmodel import select

from hotline_tui.data.queries.keeping import source
from hotline_tui.data.queries.knowledge import article
from hotline_tui.errors import NotAllowed, NotFound, Refused
from hotline_tui.models import Article, ArticleSource, Event
from hotline_tui.rules.words import ArticleState, Kind, OfficeAction, OrderState, Release
from hotline_tui.services import dispatch, knowledge, promotion, release
from hotline_tui.services.article_source import PersonalFound
from hotline_tui.services.desk import Desk
from hotline_tui.services.knowledge import ArticleText
from hotline_tui.services.promotion import promote
from hotline_tui.services.restrict import restrict
from tests.builders import Built, Town
from tests.engines import OWNERS

pytestmark = pytest.mark.requirement("R-11.2.1", "R-13a", "R-14")

PHONE = "请拨打0990-6234567咨询。"


def text(town: Town, answer: str = "已责令物业停止收费并退还。", **told) -> ArticleText:
    whole = ArticleText("小区停车收费没有公示怎么办?", answer, unit_id=town.a, topic_id=town.parking, basis="价格法")
    return replace(whole, **told)


def released(town: Town, unit: UUID | None = None, **told) -> Built:
    order = town.replied(unit, **told)
    release.release(town.office, order.order_id, Release.PRIVATE)
    return order


def told_of(town: Town, desk: Desk, made: UUID):
    with town.store.read() as session:
        found = source(session, desk.viewer, made)
    return found.number if found else None


def test_a_reply_becomes_a_draft_that_the_office_publishes(town: Town) -> None:
    order = released(town)
    made = promote(town.handler, order.order_id, text(town))
    with town.store.read() as session:
        draft = session.get_one(Article, made)
        kept = session.get_one(ArticleSource, made)
    assert (draft.state, draft.unit_id, kept.order_id) == (ArticleState.DRAFT, town.a, order.order_id)
    with pytest.raises(NotAllowed):
        knowledge.publish(town.leader, made)
    knowledge.publish(town.office, made)


@OWNERS
def test_by_the_office_and_the_unit_that_replied_and_nobody_else(town: Town) -> None:
    order = released(town, town.a_below)
    for desk in (town.agent, town.city_leader, town.authority):
        with pytest.raises(NotAllowed):
            promote(desk, order.order_id, text(town))
        with pytest.raises(NotAllowed, match="由热线办、答复的承办单位进行"):
            promotion.check(desk, order.order_id)
    for desk, unit in ((town.handler_b, town.b), (town.admin, town.a)):
        with pytest.raises(NotFound):
            promote(desk, order.order_id, text(town, unit_id=unit))
    for desk in (town.handler_below, town.handler, town.office):
        promotion.check(desk, order.order_id)


def test_only_what_has_left_the_office_and_once(town: Town) -> None:
    with pytest.raises(Refused, match="还没有发布的答复"):
        promote(town.office, town.replied().order_id, text(town))
    with pytest.raises(Refused, match="还没有发布的答复"):
        promote(town.office, town.bring(OrderState.RECEIVED).order_id, text(town))
    order = released(town)
    promote(town.handler, order.order_id, text(town))
    with pytest.raises(Refused, match="已转为标准答案 kb-"):
        promote(town.office, order.order_id, text(town))


def test_not_from_a_reply_after_which_the_order_was_dispatched_again(town: Town) -> None:
    order = town.bring(OrderState.UNDER_REVIEW)
    promotion.check(town.office, order.order_id)
    dispatch.redispatch(town.office, order.order_id, town.a, "费用还没有退")
    with pytest.raises(Refused, match="已重新交办"):
        promote(town.office, order.order_id, text(town))


@pytest.mark.parametrize("hidden", ["secret", "tipoff", "accusing"])
def test_never_from_what_is_hidden_from_somebody(town: Town, hidden: str) -> None:
    told = {"secret": {"secret": True}, "tipoff": {"kind": Kind.TIPOFF}, "accusing": {"accused": (town.a,)}}[hidden]
    order = released(town, town.b, **told)
    for desk in (town.office, town.handler_b):
        with pytest.raises(Refused, match="第十三条"):
            promote(desk, order.order_id, text(town, unit_id=town.b))
        with pytest.raises(Refused, match="第十三条"):
            promotion.check(desk, order.order_id)
    with town.store.read() as session:
        assert session.exec(select(ArticleSource)).all() == []


def test_what_is_hidden_before_it_is_published_is_not_published(town: Town) -> None:
    order = released(town, town.b)
    made = promote(town.office, order.order_id, text(town))
    restrict(town.office, order.order_id, "来电人补充", accused=[town.a])
    with pytest.raises(Refused, match="第十三条"):
        knowledge.publish(town.office, made)


def test_the_order_is_told_to_nobody_who_may_not_see_it(town: Town) -> None:
    order = released(town, town.b)
    made = promote(town.office, order.order_id, text(town, unit_id=town.a))
    assert told_of(town, town.office, made) == order.number
    assert told_of(town, town.handler, made) is None  # its article, another unit's order
    assert told_of(town, town.handler_b, made) is None  # its order, another unit's article
    other = released(town, town.b)
    own = promote(town.handler_b, other.order_id, text(town, unit_id=town.b, question="另一个?"))
    assert told_of(town, town.handler_b, own) == other.number
    for login, desk in town.desks.items():
        with town.store.read() as session:
            if login in ("office", "office2", "handler", "leader"):
                assert order.number not in repr(article(session, desk.viewer, made))
    with town.store.read() as session:
        events = session.exec(select(Event).where(Event.action == OfficeAction.SAVE_ARTICLES)).all()
    assert all(order.number not in json.dumps(event.payload) for event in events)


def test_personal_data_block_the_draft_until_they_are_changed_or_cleared_with_a_reason(town: Town) -> None:
    order = released(town)
    for desk in (town.office, town.handler):
        with pytest.raises(PersonalFound, match="电话号码 1 处") as found:
            promote(desk, order.order_id, text(town, PHONE))
        assert [hit.words for hit in found.value.hits] == ["0990-6234567"]
    cleared = [hit.said for hit in found.value.hits]
    with pytest.raises(PersonalFound):
        promote(town.handler, order.order_id, text(town, PHONE), cleared=cleared)
    with pytest.raises(Refused, match="不要写出号码"):
        promote(town.handler, order.order_id, text(town, PHONE), cleared=cleared, reason="0990-6234567是公开的")
    made = promote(town.handler, order.order_id, text(town, PHONE), cleared=cleared, reason="窗口的公开电话")
    knowledge.publish(town.office, made)
    with town.store.read() as session:
        kept = session.get_one(ArticleSource, made)
    assert (kept.cleared, kept.clear_reason) == ([["phone", "0990-6234567"]], "窗口的公开电话")


def test_a_unit_is_not_told_whether_the_callers_name_stands_there_but_the_office_does_not_let_it_out(
    town: Town,
) -> None:
    order = released(town)
    named = text(town, "王小明反映的费用已退还。")
    with pytest.raises(PersonalFound):
        promote(town.office, order.order_id, named)
    made = promote(town.handler, order.order_id, named)
    with pytest.raises(PersonalFound) as found:
        knowledge.publish(town.office, made)
    assert [hit.words for hit in found.value.hits] == ["王小明"]
    knowledge.save(town.handler, text(town), made)
    knowledge.publish(town.office, made)


def test_a_revision_is_checked_as_the_first_text_was(town: Town) -> None:
    made = promote(town.handler, released(town).order_id, text(town))
    knowledge.publish(town.office, made)
    with pytest.raises(PersonalFound):
        knowledge.save(town.handler, text(town, PHONE), made)
    with pytest.raises(PersonalFound):
        knowledge.save(town.office, text(town, phrasings=("王小明的车位",)), made)
    with town.store.read() as session:
        assert session.get_one(Article, made).pending is None


def test_what_was_cleared_stays_cleared_while_it_stands_there(town: Town) -> None:
    order = released(town)
    with pytest.raises(PersonalFound) as found:
        promote(town.office, order.order_id, text(town, PHONE))
    cleared = [hit.said for hit in found.value.hits]
    made = promote(town.office, order.order_id, text(town, PHONE), cleared=cleared, reason="公开电话")
    knowledge.save(town.office, text(town, f"改了。{PHONE}"), made)
    with pytest.raises(PersonalFound):
        knowledge.save(town.office, text(town, f"{PHONE}或0990-6234568"), made)


def test_an_answer_that_was_not_written_from_a_reply_may_name_a_number(town: Town) -> None:
    made = knowledge.save(town.office, text(town, PHONE))
    knowledge.publish(town.office, made)
