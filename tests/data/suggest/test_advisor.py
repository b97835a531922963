"""What a text speaks for, by what topics and units are called, where nothing was learned."""

from __future__ import annotations

import pytest

from hotline_tui.data.suggest.advisor import Advisor
from hotline_tui.models import Place, Region, Topic
from hotline_tui.models.columns import new_id
from tests.builders import Town


@pytest.mark.parametrize(
    ("told", "words"), [("家里没水了", ("停水",)), ("从昨晚起停水", ("停水",)), ("电瓶车在楼道充电", ("电动自行车",))]
)
def test_a_topic_is_told_by_another_word_for_the_same_thing_and_each_thing_is_named_once(
    town: Town, told: str, words: tuple[str, ...]
) -> None:
    topic = Topic(id=new_id(), name="供水", path="公共服务/供水", words="停水 断水 电动自行车 电动车")
    with town.store.write() as session:
        session.add(topic)
        session.commit()
    with town.store.read() as session:
        (likely, *_) = Advisor(town.store).advise(session, told).topics
    assert (likely.id, likely.words) == (topic.id, words)


def test_the_names_of_places_in_a_text_are_told_and_a_name_of_two_signs_is_not(town: Town) -> None:
    with town.store.write() as session:
        region = Region(id=new_id(), key="R-77", name="翠屏街道")
        session.add(region)
        session.flush()
        session.add(Place(id=new_id(), name="人民", region_id=region.id))
        session.add(Place(id=new_id(), name="丽景花园", region_id=region.id, aliases="丽景小区"))
        session.commit()
    with town.store.read() as session:
        named = Advisor(town.store).named(session, "翠屏街道丽景小区门口，人民反映路灯不亮")
    assert set(named) >= {"翠屏街道", "丽景小区"}
    assert "人民" not in named
