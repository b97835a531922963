"""`hotline deadline` and `hotline calendar`: the same answers with and without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from hotline_tui.models import CalendarRow
from tests.builders import Town
from tests.cli.conftest import Hotline


def test_five_working_days_over_the_national_day_holiday(hotline: Hotline) -> None:
    done = hotline("deadline", "complaint", "2026-09-28", "--json")
    assert (done.code, done.err) == (0, "")
    assert done.json["due"] == "2026-10-10T18:00:00+08:00"
    assert done.json["counted"] == ["2026-09-29", "2026-09-30", "2026-10-08", "2026-10-09", "2026-10-10"]
    assert done.json["skipped"] == [{"date": f"2026-10-0{day}", "reason": "国庆节"} for day in range(1, 8)]
    assert done.json["provisional"] is False


def test_make_up_saturdays_count(hotline: Hotline) -> None:
    done = hotline("deadline", "tipoff", "2026-02-10", "--json")
    assert done.json["due"] == "2026-03-02T18:00:00+08:00"
    assert {"2026-02-14", "2026-02-28"} <= set(done.json["counted"])


def test_a_year_without_a_notice_is_provisional_and_says_why(hotline: Hotline) -> None:
    done = hotline("deadline", "help", "2026-12-29", "--json")
    assert done.json["provisional"] is True
    assert "2027" in done.json["why_provisional"]
    assert "暂定" in hotline("deadline", "求助", "2026-12-29").out


def test_the_label_serves_as_well_as_the_value_and_the_days_may_be_given(hotline: Hotline) -> None:
    done = hotline("deadline", "投诉", "2026-09-28T23:30", "--days", "1", "--json")
    assert (done.json["kind"], done.json["due"]) == ("complaint", "2026-09-29T18:00:00+08:00")


def test_a_time_with_a_zone_is_told_as_shanghai_has_it(hotline: Hotline) -> None:
    assert hotline("deadline", "complaint", "2026-09-28T07:00Z", "--json").json["start"] == "2026-09-28T15:00:00+08:00"


def test_a_time_with_a_zone_is_of_the_shanghai_day(hotline: Hotline) -> None:
    done = hotline("deadline", "praise", "2026-09-27T17:00:00+00:00", "--json")
    assert done.json["day_zero"] == "2026-09-28"


@pytest.mark.parametrize(
    "written", ["2026-09-08", "2026-9-8", "2026/9/8", "2026.9.8", "2026年9月8日", "２０２６年９月８号", "20260908"]
)
def test_a_day_is_taken_as_people_write_it(hotline: Hotline, written: str) -> None:
    assert hotline("deadline", "complaint", written, "--json").json["start"] == "2026-09-08"


@pytest.mark.parametrize(
    "written", ["2026-09-08T09:30", "2026-9-8 9:30", "2026年9月8日 9:30", "2026/09/08T09:30+08:00"]
)
def test_a_time_is_taken_as_people_write_it(hotline: Hotline, written: str) -> None:
    assert hotline("deadline", "complaint", written, "--json").json["start"] == "2026-09-08T09:30:00+08:00"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("deadline", "quarrel", "2026-09-28"), "没有这个类别: quarrel"),
        (("deadline", "help", "2026-02-30"), "没有这个日期或时间: 2026-02-30"),
        (("deadline", "help", "09/28/2026"), "没有这个日期或时间"),
        (("deadline", "help", "28.9.2026"), "没有这个日期或时间: 28.9.2026, 请写成 2026-09-28"),
        (("deadline", "help", "2026-9-8 25:00"), "没有这个日期或时间"),
        (("deadline", "help", "2026-9-8x"), "没有这个日期或时间"),
        (("deadline", "help", "明天"), "没有这个日期或时间"),
        (("order", "list", "--from", "9/8/2026"), "没有这个日期: 9/8/2026, 请写成 2026-09-28"),
        (("order", "list", "--to", "2026-09-28T10:00"), "没有这个日期"),
        (("order", "list", "--to", "9999-12-31"), "没有这个日期"),
        (("deadline", "help", "0001-01-01T00:00"), "没有这个日期或时间"),
        (("deadline", "help", "2026-09-28", "--days", "0"), "应为 1 至 1000 的整数: 0"),
        (("deadline", "help", "2026-09-28", "--days", "100000000"), "应为 1 至 1000 的整数: 100000000"),
        (("deadline", "help", "2026-09-28", "--days", "9" * 5000), "应为 1 至 1000 的整数: 999"),
        (("deadline", "help", "2026-09-28", "--days"), "--days 后面缺少值"),
        (("deadline", "help"), "缺少参数: 交办日期"),
        (("deadline", "help", "9999-01-01"), "工作日历只算"),
        (("calendar", "show", "1800"), "工作日历只算"),
        (("calendar", "show", "next"), "应为 1 至 9999 的整数: next"),
        (("calendar",), "缺少参数: 命令"),
        (("frobnicate",), "没有 frobnicate 这一项, 可用的有: "),
        (("deadline", "help", "2026-09-28", "--frob"), "不认识的参数: --frob"),
        (("deadline", "help", "2026-09-28", "--json=x"), "--json 后面不能带值: x"),
    ],
)
def test_a_wrong_command_is_one_sentence_and_exit_code_2(hotline: Hotline, args: tuple[str, ...], said: str) -> None:
    done = hotline(*args)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "argument" not in done.err


def test_rows_of_the_office_count_when_there_is_a_database(in_town: Hotline, town: Town) -> None:
    with town.store.write() as session:
        row = CalendarRow(
            day=date(2026, 9, 29),
            works=False,
            name="地方假日",
            source="通知",
            issued=date(2026, 9, 1),
            added_at=datetime.now(UTC),
        )
        session.add(row)
        session.commit()
    done = in_town("deadline", "inquiry", "2026-09-28", "--json")
    assert done.json["skipped"][0] == {"date": "2026-09-29", "reason": "地方假日"}
    shown = in_town("calendar", "show", "2026", "--json").json
    assert {"date": "2026-09-29", "name": "地方假日", "source": "通知"} in shown["days_off"]


def test_a_server_out_of_reach_is_told_and_the_base_calendar_answers(
    hotline: Hotline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTLINE_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/x")
    done = hotline("deadline", "complaint", "2026-09-28", "--json")
    assert done.json["due"] == "2026-10-10T18:00:00+08:00"
    assert "只按基础日历推算" in done.err


def test_the_calendar_of_a_year(hotline: Hotline) -> None:
    shown = hotline("calendar", "show", "2026", "--json").json
    assert shown["provisional"] is False
    assert shown["working_days"] == 248
    assert "2026-10-10" in [day["date"] for day in shown["make_up_days"]]
    assert "国庆节" in hotline("calendar", "show", "2026").out
    assert hotline("calendar", "show", "2027", "--json").json["provisional"] is True


def test_nothing_is_written_for_a_question(hotline: Hotline, folder) -> None:
    hotline("deadline", "complaint", "2026-09-28")
    hotline("calendar", "show", "2026")
    assert not folder.exists()
