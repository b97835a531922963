"""训练: what is learned comes from the office's own orders, from none that is to be hidden, and reaches every seat."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlmodel import col, select, update

from hotline_tui.data.queries.examples import examples
from hotline_tui.data.suggest.advice import Advice
from hotline_tui.data.suggest.advisor import Advisor
from hotline_tui.data.suggest.packed import Model, pack, unpack
from hotline_tui.data.suggest.terms import counted
from hotline_tui.errors import NotAllowed, Refused
from hotline_tui.models import Event, Learned, Topic
from hotline_tui.models.columns import new_id
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import Kind, OfficeAction, Role
from hotline_tui.services import learning, training
from tests.builders import Town
from tests.engines import OWNERS

pytest.importorskip("sklearn", reason="training needs the extra train")
pytestmark = [pytest.mark.requirement("R-13a", "R-13b"), OWNERS]

PARKING = ("小区停车收费{}没有公示", "物业停车乱收费{}", "停车位{}每月涨价", "地下车库{}收费太高")
LICENCE = ("营业执照{}怎么办理", "开店办执照{}要什么材料", "执照{}地址变更手续", "个体户注册{}登记")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A handful is enough, so that a test need not bring hundreds."""
    monkeypatch.setattr(learning, "PER_LABEL", 4)
    monkeypatch.setattr(learning, "IN_ALL", 8)


@pytest.fixture
def taught(town: Town, few: None) -> Town:
    """Six orders of each of two topics, dispatched to one unit each."""
    for turn, places in enumerate(("一号楼", "南门口", "北区", "东侧", "三期", "桥头")):
        town.assigned(narrative=PARKING[turn % 4].format(places), topic_id=town.parking)
        told = town.register(kind=Kind.INQUIRY, narrative=LICENCE[turn % 4].format(places), topic_id=town.licence)
        town.assign(told, town.b)
    return town


def advise(town: Town, text: str, file: Path | None = None) -> Advice:
    with town.store.read() as session:
        return Advisor(town.store, file).advise(session, text)


def test_what_was_learned_is_suggested_with_the_words_that_speak_for_it(taught: Town) -> None:
    done = training.train(taught.office)
    assert (done.orders, done.topics, done.units) == (12, 2, 2)
    advice = advise(taught, "想给新店办营业执照")
    assert (advice.topics[0].id, advice.units[0].id, advice.learned) == (taught.licence, taught.b, True)
    assert {"营业", "执照", "营业执照"} & set(advice.topics[0].words)
    assert advice.history[taught.licence] == {taught.b: 6}
    assert advise(taught, "楼下停车收费").topics[0].id == taught.parking


def test_the_training_is_one_event_and_one_row(taught: Town) -> None:
    training.train(taught.office)
    training.train(taught.office)
    with taught.store.read() as session:
        assert len(session.exec(select(Learned)).all()) == 1
        events = session.exec(select(Event).where(Event.action == OfficeAction.TRAIN)).all()
    assert [event.payload["facts"] for event in events] == [{"orders": 12, "topics": 2, "units": 2}] * 2


@pytest.mark.parametrize(
    "hidden", [{"secret": True}, {"kind": Kind.TIPOFF}, {"accused": "housing"}], ids=["secret", "tip-off", "accusing"]
)
def test_what_is_to_be_hidden_is_learned_by_nobody(town: Town, hidden: dict[str, Any]) -> None:
    told: dict[str, Any] = {"accused": (town.a,)} if "accused" in hidden else hidden
    town.register(narrative="暗语甲暗语乙", **told)
    town.register(narrative="路灯不亮")
    for desk in town.desks.values():
        with town.store.read() as session:
            seen = [each.narrative for each in examples(session, desk.viewer)]
        assert "暗语甲暗语乙" not in seen
    with town.store.read() as session:
        assert [each.narrative for each in examples(session, Viewer(None, Role.OFFICE))] == ["路灯不亮"]


def test_only_the_office_trains(taught: Town) -> None:
    for login in ("agent", "handler", "leader", "city_leader", "authority", "admin"):
        with pytest.raises(NotAllowed, match="由热线办进行"):
            training.train(taught.desks[login])


def test_too_few_orders_are_said_and_change_nothing(town: Town) -> None:
    town.register()
    for deed in (training.train, training.evaluate):
        with pytest.raises(Refused, match="可用于训练的工单太少"):
            deed(town.office)
    with town.store.read() as session:
        assert session.exec(select(Learned)).all() == []


def test_without_the_library_one_sentence_says_how_to_install_it(taught: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(learning, "import_module", missing)
    for deed in (training.train, training.evaluate):
        with pytest.raises(Refused, match=r"pip install 'hotline-tui\[train\]'"):
            deed(taught.office)


def test_an_evaluation_tells_how_often_it_is_right_and_writes_nothing(taught: Town) -> None:
    topics, units = training.evaluate(taught.office, folds=3)
    assert (topics.examples, topics.labels, topics.top3) == (12, 2, 1.0)
    assert topics.accuracy > 0.8
    assert units is not None
    with taught.store.read() as session:
        assert session.exec(select(Learned)).all() == []


# -- the copy of a host


def test_each_seat_takes_the_latest_training_without_being_told(taught: Town, tmp_path: Path) -> None:
    file = tmp_path / "index" / "assist.idx"
    advisor = Advisor(taught.store, file)
    with taught.store.read() as session:
        assert not advisor.advise(session, "营业执照").learned
    training.train(taught.office)
    with taught.store.read() as session:
        assert advisor.advise(session, "营业执照").learned
    first = file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    training.train(taught.office)
    with taught.store.read() as session:
        assert advisor.advise(session, "营业执照").learned
    assert file.read_bytes() != first


@pytest.mark.parametrize("harm", ["damaged", "cut", "empty", "of another database", "a folder"])
def test_a_copy_that_is_no_good_is_made_again_without_a_word(taught: Town, tmp_path: Path, harm: str) -> None:
    training.train(taught.office)
    file = tmp_path / "index" / "assist.idx"
    whole = advise(taught, "营业执照", file)
    data = bytearray(file.read_bytes())
    match harm:
        case "damaged":
            data[-3] ^= 0xFF
        case "cut":
            del data[len(data) // 2 :]
        case "empty":
            data.clear()
        case "of another database":
            data = bytearray(pack(Model(new_id()), "another"))
        case _:
            file.unlink()
            file.mkdir()
    if harm != "a folder":
        file.write_bytes(data)
    assert advise(taught, "营业执照", file) == whole
    if harm != "a folder":
        assert advise(taught, "营业执照", file) == whole
        assert file.read_bytes() != bytes(data)


def test_a_row_of_another_program_is_as_if_nothing_had_been_learned(taught: Town, tmp_path: Path) -> None:
    training.train(taught.office)
    for data in (b"", zlib.compress(b"another layout"), b"not even compressed"):
        with taught.store.write() as session:
            session.exec(update(Learned).values(data=data))
            session.commit()
        advice = advise(taught, "营业执照", tmp_path / "assist.idx")
        assert (advice.learned, advice.topics[0].id) == (False, taught.licence)
        assert not (tmp_path / "assist.idx").exists()


def test_an_encrypted_database_leaves_no_copy(taught: Town) -> None:
    assert replace(taught.settings, database_key="geheim").learned is None


def test_a_topic_that_is_out_of_use_is_not_suggested(taught: Town) -> None:
    training.train(taught.office)
    assert advise(taught, "营业执照").topics[0].id == taught.licence
    with taught.store.write() as session:
        session.exec(update(Topic).where(col(Topic.id) == taught.licence).values(active=False))
        session.commit()
    assert taught.licence not in {each.id for each in advise(taught, "营业执照").topics}


# -- the numbers


def scored(texts: Sequence[str]) -> list[list[float]]:
    labels = [new_id() for _ in range(3)]
    given = [(counted(f"{word}{turn}的事情{turn % 3}"), labels[at]) for at, word in enumerate(("噪音", "停车", "执照"))
             for turn in range(20)]  # fmt: skip
    scorer = learning.learn([text for text, _ in given], [label for _, label in given])
    again = unpack(pack(Model(new_id(), scorer, scorer), "a"), "a")
    assert again is not None
    assert again.topics is not None
    order = [scorer.labels.index(label) for label in labels]
    for text in texts:
        assert np.array_equal(scorer.scores(counted(text)), again.topics.scores(counted(text)))
    return [scorer.scores(counted(text))[order].tolist() for text in texts]


def test_what_was_learned_survives_packing_and_odd_text_has_scores_too() -> None:
    noise, parking, *odd = scored(["噪音很大", "乱停车", "", "???", "😀", "從未見過的字", "a" * 5000, "' OR 1=1; --"])
    assert np.argmax(noise) == 0
    assert np.argmax(parking) == 1
    assert np.isfinite(odd).all()


def test_labels_with_too_few_examples_are_left_out() -> None:
    one, two, three = new_id(), new_id(), new_id()
    labels = [one] * 150 + [two] * 60 + [three] * 19 + [None] * 10
    assert learning.learnable(labels) == list(range(210))
    assert learning.learnable([one] * 400) == []
    assert learning.learnable([one] * 100 + [two] * 99) == []
