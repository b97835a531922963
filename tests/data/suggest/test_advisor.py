"""What a text speaks for, by what topics and units are called, where nothing was learned."""

from __future__ import annotations

import pytest

from hotline_tui.data.suggest.advisor import Advisor
from hotline_tui.models import Topic
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
