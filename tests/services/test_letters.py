"""收信: every letter of a file becomes an order once, or stands in the rejects file with the reason (R-10)."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from hotline_tui.data.doctor import doctor
from hotline_tui.data.queries.sentences import sentence
from hotline_tui.data.queries.timeline import timeline
from hotline_tui.data.queries.turnaround import turnaround
from hotline_tui.data.replay import differences
from hotline_tui.data.seal import seal, unsealed
from hotline_tui.errors import NotAllowed, UsageError
from hotline_tui.models import Article, Caller, Event, OrderCaller, WorkOrder
from hotline_tui.rules.words import Action, Channel, Kind, OrderState
from hotline_tui.services import dispatch, letters
from hotline_tui.services.classify import classify
from hotline_tui.services.clock import reckoning_now
from hotline_tui.services.desk import system_desk
from hotline_tui.services.knowledge_import import Replies
from hotline_tui.services.letters import Result, import_letters
from tests.builders import Town
from tests.engines import OWNERS

pytestmark = [pytest.mark.requirement("R-10"), OWNERS]

HEADER = ["编号", "留言用户", "主题", "时间", "内容", "电话", "类别", "分类", "区域", "答复"]
REAL = Path(__file__).parents[2].parent / "shared" / "data" / "letters"


def row(number: int, **cells: str) -> dict[str, str]:
    """A letter that nothing is wrong with."""
    plain = {
        "编号": str(number),
        "留言用户": f"A{number:05}",
        "主题": f"路灯不亮 {number}",
        "时间": "2026/11/1 8:30:00",
    }
    return plain | {"内容": f"第 {number} 号路灯坏了"} | cells


def write(folder: Path, rows: list[dict[str, str]], name: str = "letters.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*HEADER, "答复时间"] if "答复时间" in rows[0] else HEADER)
        writer.writeheader()
        writer.writerows(rows)
    return path


def take(town: Town, path: Path, **given) -> Result:
    return import_letters(town.office, path, {}, rejects_dir=path.parent, **given)


def orders(town: Town) -> list[WorkOrder]:
    with town.store.read() as session:
        return list(session.exec(select(WorkOrder).order_by(col(WorkOrder.number))))


def test_a_letter_waits_for_the_front_desk_as_it_was_written(town: Town, tmp_path: Path) -> None:
    cells = {"类别": "投诉", "分类": "物业管理/停车收费", "区域": "新河街道", "电话": "13900002211"}
    assert take(town, write(tmp_path, [row(7, **cells)])) == Result(1, 1, 0, 0, None, ("答复",))
    (order,) = orders(town)
    assert (order.channel, order.state, order.kind) == (Channel.MAILBOX, OrderState.RECEIVED, Kind.COMPLAINT)
    assert (order.subject, order.narrative) == ("路灯不亮 7", "第 7 号路灯坏了")
    assert order.received_at.isoformat() == "2026-11-01T00:30:00+00:00"
    assert (order.topic_id, order.region_id) == (town.parking, town.region)
    assert (order.source, order.external_number, order.version) == ("letters.csv", "7", 1)
    assert order.number == "C01-20261120-0001"
    with town.store.read() as session:
        (event,) = session.exec(select(Event).where(Event.order_id == order.id))
        (caller,) = session.exec(select(Caller))
        (link,) = session.exec(select(OrderCaller))
    assert (event.action, event.sequence, event.actor, event.at) == (Action.IMPORT, 1, "热线办 张某", town.now)
    assert (caller.name, caller.phone) == ("A00007", "13900002211")
    assert (link.order_id, link.caller_id) == (order.id, caller.id)


def test_the_writer_of_a_letter_is_in_no_event(town: Town, tmp_path: Path) -> None:
    take(town, write(tmp_path, [row(7, 留言用户="王小明", 电话="13900002211")]))
    with town.store.read() as session:
        (event,) = session.exec(select(Event))
    assert "王小明" not in json.dumps(event.payload, ensure_ascii=False)
    assert "13900002211" not in json.dumps(event.payload)


def test_a_letter_is_handled_like_any_order(town: Town, tmp_path: Path) -> None:
    take(town, write(tmp_path, [row(1)]))
    (order,) = orders(town)
    classify(town.agent, order.id, topic_id=town.parking, region_id=town.region, seen=1)
    made = dispatch.assign(town.agent, order.id, town.a, seen=2)
    assert made.due.working_days == 3
    seal(town.store, "C01")
    assert doctor(town.store).sound


def test_the_same_file_again_creates_nothing(town: Town, tmp_path: Path) -> None:
    path = write(tmp_path, [row(number) for number in range(5)])
    assert take(town, path) == Result(5, 5, 0, 0, None, ("答复",))
    assert take(town, path) == Result(5, 0, 5, 0, None, ("答复",))
    assert len(orders(town)) == 5


def test_a_letter_that_stands_twice_in_a_file_is_one_order(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [row(1), row(2), row(1), row(1, 内容="另一件事"), row(2)]
    for batch in (200, 2):
        monkeypatch.setattr(letters, "BATCH", batch)
        path = write(tmp_path, [each | {"主题": f"批 {batch}"} for each in rows])
        assert take(town, path, dry_run=True) == Result(5, 3, 2, 0, None, ("答复",))
        assert take(town, path) == Result(5, 3, 2, 0, None, ("答复",))


def test_what_is_not_taken_stands_in_the_rejects_file_with_the_reason(town: Town, tmp_path: Path) -> None:
    path = write(tmp_path, [row(1), row(2, 时间="昨天"), row(3, 类别="闲聊"), row(4, 主题="", 内容=" ")])
    result = take(town, path)
    assert (result.read, result.created, result.existing, result.rejected) == (4, 1, 0, 3)
    assert result.rejects_file is not None
    with result.rejects_file.open(encoding="utf-8-sig", newline="") as file:
        rejected = list(csv.DictReader(file))
    assert [each["原文件行号"] for each in rejected] == ["3", "4", "5"]
    assert ["昨天" in rejected[0]["未导入原因"], "闲聊" in rejected[1]["未导入原因"]] == [True, True]
    assert rejected[2]["未导入原因"] == "内容是空的"


def test_a_dry_run_counts_and_stores_nothing(town: Town, tmp_path: Path) -> None:
    path = write(tmp_path, [row(1, 答复="已修好"), row(2)])
    result = take(town, path, dry_run=True, as_knowledge=True)
    assert result == Result(2, 2, 0, 0, None, (), Replies(created=1, without_reply=1))
    assert orders(town) == []
    with town.store.read() as session:
        assert session.exec(select(Event)).all() == []
    assert take(town, path).created == 2


def test_replies_become_standard_answers_when_asked(town: Town, tmp_path: Path) -> None:
    path = write(tmp_path, [row(1, 答复="已安排维修"), row(2)])
    assert take(town, path).answers is None
    assert take(town, path, as_knowledge=True).answers == Replies(created=1, without_reply=1)
    assert take(town, path, as_knowledge=True).answers == Replies(existing=1, without_reply=1)
    with town.store.read() as session:
        assert session.exec(select(Article.answer).where(Article.question == "路灯不亮 1")).one() == "已安排维修"


@pytest.mark.parametrize("batch", [2, 200])
def test_every_letter_is_an_answer_or_counted_with_the_reason_why_not_also_in_a_dry_run(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(letters, "BATCH", batch)
    same = {"主题": "路灯", "答复": "已安排维修"}
    rows = [row(1, **same), row(2, **same), row(3), row(4, 主题="", 答复="已办"), row(5, **same), row(6, 时间="昨天")]
    path = write(tmp_path, rows)
    counted = Replies(created=1, existing=2, without_reply=1, without_subject=1)
    for dry_run in (True, False):
        result = take(town, path, as_knowledge=True, dry_run=dry_run)
        assert (result.answers, result.rejected) == (counted, 1)


def test_an_answer_that_the_office_has_revised_is_not_overwritten_by_the_letter_it_was_made_of(
    town: Town, tmp_path: Path
) -> None:
    path = write(tmp_path, [row(1, 答复="已安排维修")])
    take(town, path, as_knowledge=True)
    with town.store.write() as session:
        article = session.exec(select(Article).where(Article.question == "路灯不亮 1")).one()
        article.answer = "请拨打报修电话"
        session.commit()
    assert take(town, path, as_knowledge=True).answers == Replies(existing=1)
    with town.store.read() as session:
        assert session.exec(select(Article.answer).where(Article.question == "路灯不亮 1")).one() == "请拨打报修电话"


def test_with_a_telephone_number_the_same_data_are_the_same_citizen(town: Town, tmp_path: Path) -> None:
    known = {"留言用户": "王某", "电话": "13700001111"}
    take(town, write(tmp_path, [row(1, **known), row(2, **known)]))
    take(town, write(tmp_path, [row(3, **known), row(4, 留言用户="王某"), row(5, 留言用户="王某")]))
    with town.store.read() as session:
        callers = sorted((each.name, each.phone) for each in session.exec(select(Caller)))
    assert callers == [("王某", ""), ("王某", ""), ("王某", "13700001111")]


def test_numbers_go_on_where_the_day_stands_and_grow_beyond_four_digits(town: Town, tmp_path: Path) -> None:
    from hotline_tui.models import NumberSeries

    town.register()
    with town.store.write() as session:
        session.exec(select(NumberSeries)).one().last = 9_998
        session.commit()
    take(town, write(tmp_path, [row(number) for number in range(3)]))
    assert [order.number for order in orders(town)][1:] == [
        "C01-20261120-10000",
        "C01-20261120-10001",
        "C01-20261120-9999",
    ]
    assert town.register().number == "C01-20261120-10002"


def test_what_was_committed_before_the_end_stays_and_the_next_run_goes_on(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "BATCH", 2)
    path = write(tmp_path, [row(number) for number in range(7)])
    told: list[int] = []

    def stop(read: int, stored: int, share: float | None) -> None:
        told.append(read)
        if read == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take(town, path, progress=stop)
    assert told == [2, 4]
    assert len(orders(town)) == 4
    assert take(town, path) == Result(7, 3, 4, 0, None, ("答复",))
    seal(town.store, "C01")
    assert doctor(town.store).sound


def test_a_column_that_is_missing_is_said_before_anything_is_read(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("编号,主题\n1,路灯\n", encoding="utf-8")
    with pytest.raises(UsageError, match="来信时间"):
        take(town, path)


def test_columns_may_be_named_by_the_person(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("什么时候,写了什么\n2026-11-01 08:00,路灯坏了\n", encoding="utf-8")
    result = import_letters(town.office, path, {"time": "什么时候", "detail": "写了什么"}, rejects_dir=tmp_path)
    assert result.created == 1


def test_a_unit_imports_no_letters(town: Town, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        import_letters(town.handler, write(tmp_path, [row(1)]), {})


def test_the_command_line_signs_with_its_own_name(town: Town, tmp_path: Path) -> None:
    desk = replace(system_desk(town.store, town.settings), clock=town.clock)
    import_letters(desk, write(tmp_path, [row(1)]), {}, rejects_dir=tmp_path)
    with town.store.read() as session:
        (event,) = session.exec(select(Event))
    assert event.actor.startswith("命令行")
    assert event.actor_id is None
    seal(town.store, "C01")
    assert doctor(town.store).sound


@pytest.mark.timeout(300)
def test_a_real_file_with_two_time_formats_is_taken_whole_once(town: Town, tmp_path: Path) -> None:
    path, count = REAL / "teddy_hot4326.csv", 4326
    if not path.exists():
        pytest.skip("the real letters are not here")
    first = import_letters(town.office, path, {}, rejects_dir=tmp_path)
    assert first.read == count == first.created + first.existing + first.rejected
    assert (first.rejected, first.rejects_file) == (0, None)
    again = import_letters(town.office, path, {}, rejects_dir=tmp_path)
    assert again == Result(count, 0, count, 0, None, ("反对数", "点赞数"))
    seal(town.store, "C01")
    assert doctor(town.store).sound


def test_what_a_killed_import_has_stored_is_sealed_but_for_the_last_few(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "BATCH", 2)
    monkeypatch.setattr(letters, "SEAL_AFTER", 4)

    def killed(_read: int, stored: int, _share: float | None) -> None:
        if stored == 10:
            raise SystemExit

    with pytest.raises(SystemExit):
        take(town, write(tmp_path, [row(number) for number in range(20)]), progress=killed)
    with town.store.read() as session:
        assert unsealed(session, "C01") == 2


# -- history


def answered(number: int, came: str, at: str, text: str = "已修复。") -> dict[str, str]:
    return row(number, 时间=came, 答复=text, 答复时间=at)


@pytest.mark.requirement("R-11.7")
def test_letters_that_were_answered_before_come_as_history_and_the_others_as_work(town: Town, tmp_path: Path) -> None:
    path = write(tmp_path, [answered(1, "2019-04-29 10:00", "2019-05-05 09:00"), row(2)])
    assert take(town, path, history=True).unused_columns == ()
    past, new = orders(town)
    assert (past.state, new.state) == (OrderState.ARCHIVED, OrderState.RECEIVED)
    assert past.answered_at == past.closed_at == datetime(2019, 5, 5, 1, tzinfo=UTC)
    assert past.archive_reason == "历史来信, 原系统已答复"
    with town.store.read() as session:
        told = timeline(session, town.office.viewer, past.id)
        assert "原系统 2019-05-05 答复: 已修复。" in sentence(told[0])
        assert list(differences(session)) == []
        found = turnaround(session, town.office.viewer, reckoning_now(town.office, session))
    assert [(each.year, each.accepted, each.answered) for each in found] == [(2019, 1, 1), (2026, 1, 0)]
    # 29 and 30 April and Sunday 5 May were working days, 1 to 4 May were not.
    assert [share.part for share in found[0].within] == [1, 1, 1]
    assert take(town, path, history=True).existing == 2
    seal(town.store, "C01")
    assert doctor(town.store).sound


def test_without_being_asked_for_nothing_is_history(town: Town, tmp_path: Path) -> None:
    take(town, write(tmp_path, [answered(1, "2019-04-29 10:00", "2019-05-05 09:00")]))
    assert [each.state for each in orders(town)] == [OrderState.RECEIVED]


@pytest.mark.parametrize(
    ("letter", "why"),
    [
        (answered(1, "2019-05-05 10:00", "2019-05-05 09:59"), "答复时间早于来信时间"),
        (answered(1, "2019-05-05 10:00", ""), "有答复而没有答复时间"),
        (answered(1, "2019-05-05 10:00", "五月"), "五月"),
    ],
)
def test_history_that_can_not_be_is_rejected_with_the_reason(
    town: Town, tmp_path: Path, letter: dict[str, str], why: str
) -> None:
    result = take(town, write(tmp_path, [letter]), history=True)
    assert (result.created, result.rejected) == (0, 1)
    assert result.rejects_file is not None
    assert why in result.rejects_file.read_text(encoding="utf-8-sig")


@pytest.mark.timeout(300)
@pytest.mark.requirement("R-11.7")
def test_how_soon_the_real_letters_were_answered_is_what_pandas_says(town: Town, tmp_path: Path) -> None:
    path, days = REAL / "teddy_reply2816.csv", REAL.parent / "holidays"
    if not path.exists():
        pytest.skip("the real letters are not here")
    result = take(town, path, history=True)
    assert (result.created + result.existing, result.rejected) == (2816, 0)
    with town.store.read() as session:
        found = turnaround(session, town.office.viewer, reckoning_now(town.office, session))
    ours = {each.year: (each.accepted, *(share.part for share in each.within)) for each in found}
    assert ours == of_pandas(path, days)


def of_pandas(path: Path, days: Path) -> dict[int, tuple[int, ...]]:
    """The same by numpy's business days and the notices' days, knowing nothing of the program."""
    pd: Any = import_module("pandas")
    told = [day for each in sorted(days.glob("*.json")) for day in json.loads(each.read_text())["days"]]
    off = {day["date"] for day in told if day["isOffDay"]}
    made_up = {day["date"] for day in told if not day["isOffDay"]}
    every = pd.date_range("2007-01-01", "2026-12-31").strftime("%Y-%m-%d")
    works = pd.DatetimeIndex(
        [day for day in every if day in made_up or (day not in off and pd.Timestamp(day).weekday() < 5)]
    )
    letters = pd.read_csv(path, dtype=str)
    key = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情"]
    letters = letters.drop_duplicates(subset=key)
    came = pd.to_datetime(letters["留言时间"], format="mixed").dt.normalize()
    answered = pd.to_datetime(letters["答复时间"], format="mixed").dt.normalize()
    after = works.searchsorted(came, side="right")
    table = pd.DataFrame({limit: (answered.to_numpy() <= works[after + limit - 1]) for limit in (3, 5, 15)})
    table["year"] = came.dt.year.to_numpy()
    return {
        int(year): (len(rows), *(int(rows[limit].sum()) for limit in (3, 5, 15)))
        for year, rows in table.groupby("year")
    }
