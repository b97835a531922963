"""`hotline order`, `kb`, `dashboard`: what scripts rely on, and what is never shown."""

from __future__ import annotations

import pytest
from sqlmodel import select

from hotline_tui.models import Callback, Reply
from hotline_tui.rules.words import Kind, OrderState, Verdict
from hotline_tui.services import handling
from tests.builders import Town
from tests.cli.conftest import Hotline


def test_a_list_has_the_shape_that_scripts_rely_on(in_town: Hotline, town: Town) -> None:
    order = town.assigned(subject="停车收费")
    (row,) = in_town("order", "list", "--json").json
    assert list(row)[:5] == ["number", "kind", "state", "unit", "due"]
    assert (row["number"], row["kind"], row["state"], row["unit"]) == (
        order.number,
        "complaint",
        "assigned",
        "房产分局",
    )
    assert row["due"] == "2026-11-27T18:00:00+08:00"
    shown = in_town("order", "list").out
    assert order.number in shown
    assert "停车收费" in shown


def test_filters_narrow_the_list(in_town: Hotline, town: Town) -> None:
    first = town.bring(OrderState.ANSWERED, kind=Kind.INQUIRY, narrative="如何办理营业执照")
    town.at("2026-11-23T09:00")
    second = town.assigned(urgent=True)
    for args, found in (
        (("--state", "answered"), [first]),
        (("--state", "已直接答复", "--state", "assigned"), [second, first]),
        (("--kind", "inquiry"), [first]),
        (("--unit", "房产分局"), [second]),
        (("--words", "营业执照"), [first]),
        (("--from", "2026-11-23"), [second]),
        (("--from", "2026年11月23日", "--to", "2026/11/23"), [second]),
        (("--to", "2026-11-22"), [first]),
        (("--urgent",), [second]),
        (("--number", first.number[-4:], "--kind", "inquiry"), [first]),
        (("--channel", "mailbox"), []),
        (("--standing", "in_time", "--kind", "inquiry"), []),
    ):
        rows = in_town("order", "list", *args, "--json").json
        assert [row["number"] for row in rows] == [each.number for each in found], args


def test_more_than_was_asked_for_is_told_beside_the_data(in_town: Hotline, town: Town) -> None:
    for _ in range(3):
        town.register()
    done = in_town("order", "list", "-n", "2", "--json")
    assert len(done.json) == 2
    assert "还有更多" in done.err


def test_an_order_is_shown_whole_with_the_caller_masked(in_town: Hotline, town: Town) -> None:
    order = town.bring(OrderState.ARCHIVED)
    typed = order.number.lower().replace("-", "")
    shown = in_town("order", "show", typed, "--json")
    assert shown.json["number"] == order.number
    assert [step["action"] for step in shown.json["events"]][:2] == ["register", "assign"]
    for text in (shown.out, in_town("order", "show", order.number).out):
        assert "13900002211" not in text
        assert "王小明" not in text
        assert "139****2211" in text


def test_an_order_is_printed_as_a_person_reads_it(in_town: Hotline, town: Town) -> None:
    order = town.bring(OrderState.UNDER_REVIEW)
    with town.store.read() as session:
        reply = session.exec(select(Reply).where(Reply.order_id == order.order_id)).one()
        call = session.exec(select(Callback).where(Callback.order_id == order.order_id)).one()
    shown = in_town("order", "show", order.number).out
    places = [
        shown.index(text)
        for text in (
            f"编号: {order.number}\n",
            "办理方式: 交办",
            "来电人: 王** 139****2211",
            "诉求\n  小区物业从本月起",
            "交办\n  1. 房产分局  限时件  已回复",
            "    交办 2026-11-20 09:12  签收 2026-11-20 09:12  办结 2026-11-20 09:12\n",
            "回复时限 2026-11-27 18:00  2026-11-",
            "回复\n  1. 房产分局  单独回复 2026-11-",
            reply.text,
            "回访\n  1. 不满意",
            f"未解决: {call.not_solved}",
            "办理过程\n  2026-11-20 09:12  受理  坐席03  登记, 投诉",
        )
    ]
    assert places == sorted(places)
    assert "某某公司" not in shown
    refused = in_town("order", "show", town.bring(OrderState.REFUSED).number).out
    assert "不予受理\n  " in refused
    assert "已告知: " in refused
    returned = town.assigned()
    assert returned.assignment_id is not None
    handling.return_(town.handler, returned.assignment_id, "不属于我单位职责")
    assert ": 不属于我单位职责" in in_town("order", "show", returned.number).out


def test_what_was_late_is_said_and_who_works_on_a_delegated_order(in_town: Hotline, town: Town) -> None:
    town.at("2020-01-06T09:00")
    order = town.signed()
    assert order.assignment_id is not None
    handling.delegate(town.handler, order.assignment_id, town.a_below)
    shown = in_town("order", "show", order.number).out
    assert "1. 房产分局(转物业科)  限时件" in shown
    assert "退件时限 2020-01-06 18:00  已过\n" in shown
    assert "回复时限 2020-01-13 18:00  严重超期\n" in shown
    town.at("2020-01-20T09:00")
    handling.draft_reply(town.handler, order.assignment_id, "已退费")
    handling.approve(town.leader, order.assignment_id)
    assert "回复时限 2020-01-13 18:00  2020-01-20 09:00 完成 超期\n" in in_town("order", "show", order.number).out


def test_a_number_that_nobody_has_is_refused(in_town: Hotline) -> None:
    done = in_town("order", "show", "C01-20200101-0001")
    assert (done.code, done.out) == (1, "")
    assert "没有编号为 C01-20200101-0001 的工单" in done.err


def test_answers_are_found_best_first(in_town: Hotline) -> None:
    found = in_town("kb", "search", "停车", "收费", "-n", "1", "--json").json
    assert found[0]["title"] == "住宅小区机动车停放收费如何确定?"
    assert {"id", "title", "score"} <= set(found[0])
    assert "停放收费" in in_town("kb", "search", "停车收费").out
    assert in_town("kb", "search", "tingfang", "--json").json[0]["matched"] == ["停放"]
    assert "标准答案一览" not in in_town("kb", "import", "--help").out
    nothing = in_town("kb", "search", "量子纠缠", "--json")
    assert (nothing.code, nothing.json) == (0, [])


def test_the_dashboard_once(in_town: Hotline, town: Town) -> None:
    town.at("2020-01-06T09:00")
    order = town.assigned()
    town.register()
    found = in_town("dashboard", "--once", "--json").json
    assert (found["waiting"], found["seriously_overdue"]) == (1, 1)
    assert found["overdue_orders"][0]["number"] == order.number
    shown = in_town("dashboard", "--once").out
    assert "待派 1" in shown
    assert order.number in shown


def test_the_dashboard_counts_satisfaction_as_the_reports_do(
    in_town: Hotline, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotline_tui.data.store.Store.now", lambda _: town.now)
    town.call(town.bring(OrderState.AWAITING_CALLBACK), Verdict.MOSTLY_SATISFIED)
    for counts, many in (("true", 1), ("false", 0)):
        monkeypatch.setenv("HOTLINE_MOSTLY_SATISFIED", counts)
        month = in_town("dashboard", "--once", "--json").json["month"]["satisfied"]
        assert (month["part"], month["whole"]) == (many, 1)


def test_an_empty_number_and_dates_the_wrong_way_round_are_refused(in_town: Hotline) -> None:
    done = in_town("order", "show", "")
    assert (done.code, done.out) == (2, "")
    assert "编号是空的" in done.err
    done = in_town("order", "list", "--from", "2026-11-20", "--to", "2026-11-01")
    assert (done.code, done.out, done.err) == (2, "", "--from 2026-11-20 晚于 --to 2026-11-01, 请对调\n")


def test_a_search_for_no_word_is_refused_with_a_sentence(in_town: Hotline) -> None:
    for words in ("", "*", "😀", "?!"):
        done = in_town("kb", "search", words)
        assert (done.code, done.out) == (2, "")
        assert "没有可用于查找的文字" in done.err
