"""An answer that is like whatever is asked comes behind one that is like this question."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline_tui.data.search import hubs as of_hubs
from hotline_tui.data.search import knowledge
from hotline_tui.data.search.entries import Entry
from hotline_tui.data.search.hubs import ANYBODY, FEWEST, hubs, questions, without
from hotline_tui.data.search.knowledge import KnowledgeIndex
from hotline_tui.data.search.maker import make
from hotline_tui.data.search.ranking import SCALE
from hotline_tui.data.search.volume import bind
from hotline_tui.models.columns import new_id
from hotline_tui.rules.words import Kind
from tests.builders import Town

TODAY = date(2026, 11, 20)
GENERAL = "您好, 感谢您的来信, 您反映的问题已收悉, 现答复如下: 请到社区服务中心办理。"
ASKED = [f"您好, 请问反映的问题第{number}次没有答复, 社区服务中心怎样办理" for number in range(FEWEST)]


def test_it_is_known_by_what_was_asked_and_not_by_a_few_questions() -> None:
    entries = [Entry(new_id(), "", answer=text) for text in (GENERAL, "路灯由市政管理处维修。")]
    general, special = bind(entries, 1, asked=ASKED).hubs.tolist()
    assert general > SCALE / 10
    assert special < general / 10
    assert len(bind(entries, 1, asked=ASKED[1:]).hubs) == 0
    assert len(hubs(bind([], 1).segment, ASKED)) == 0


def test_it_is_the_mean_of_the_nearest_cosines() -> None:
    volume = bind([Entry(new_id(), "", answer="甲乙丙丁戊己庚辛"), Entry(new_id(), "", answer="子丑寅卯")], 1)
    few = ["甲乙丙丁戊己庚辛"] * (of_hubs.NEAREST - 1) + ["无关"] * FEWEST
    assert abs(int(hubs(volume.segment, ["甲乙丙丁戊己庚辛"] * FEWEST)[0]) - SCALE) < SCALE / 100
    share = (of_hubs.NEAREST - 1) / of_hubs.NEAREST
    assert abs(int(hubs(volume.segment, few)[0]) - share * SCALE) < SCALE / 100


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, SCALE)), min_size=1), st.floats(1, 500))
def test_what_was_found_stays_found_and_the_same_hub_keeps_the_order(
    found: list[tuple[int, int]], length: float
) -> None:
    scores = np.array([score for score, _ in found], np.int32)
    less = without(scores, np.array([hub for _, hub in found], np.uint16), length)
    assert ((less > 0) >= (scores >= 8)).all()
    assert (less <= scores).all()
    same = without(np.sort(scores), np.full(len(found), found[0][1], np.uint16), length)
    assert (np.diff(same) >= 0).all()


def test_secret_orders_tip_offs_and_what_accuses_a_unit_are_not_read(town: Town) -> None:
    plain = town.register(narrative="文昌路路灯坏了三个星期")
    town.register(narrative="暗语甲", secret=True)
    town.register(narrative="暗语乙", kind=Kind.TIPOFF)
    with town.store.read() as session:
        told = questions(session, ANYBODY)
    assert plain
    assert any("文昌路" in text for text in told)
    assert not any("暗语" in text for text in told)


def test_an_article_written_since_has_the_usual_one(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(knowledge, "IN_MEMORY", 1)
    monkeypatch.setattr(of_hubs, "FEWEST", 1)
    town.register(narrative="小区机动车停放收费标准是多少")
    file = tmp_path / "knowledge.idx"
    make(town.store, file)
    index = KnowledgeIndex(town.store, file)
    assert [hit.title for hit in index.search("停放收费", today=TODAY)]
    town.write_article("公共租赁住房怎样申请?", "到住房保障中心申请。")
    assert [hit.title for hit in index.search("公共租赁", today=TODAY)] == ["公共租赁住房怎样申请?"]
