"""`hotline report`: what the office publishes, in every form, whole or not at all."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path

import docx
import pytest
from openpyxl import load_workbook

from hotline_tui.reports.figures import Figures
from hotline_tui.rules.words import Fault, OrderState, Report, Verdict
from hotline_tui.services import conduct
from tests.builders import Town
from tests.cli.conftest import Hotline
from tests.reports import new_district

QUARTER = ("--from", "2017-07-01", "--to", "2017-09-30")
NOVEMBER = ("--from", "2026-11-01", "--to", "2026-11-30")
on_sqlite = pytest.mark.parametrize("storage", ["sqlite"], indirect=True)


def together(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.fixture
def now(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """The town's clock is the command's."""
    monkeypatch.setattr("hotline_tui.data.store.Store.now", lambda _: town.now)
    return town


@pytest.mark.requirement("R-11.7")
@pytest.mark.parametrize("form", ["text", "md", "docx"])
def test_the_report_is_counted_from_its_orders(in_town: Hotline, now: Town, form: str, tmp_path: Path) -> None:
    new_district.settle(now)
    path = tmp_path / "report"
    done = in_town("report", "quarterly", *QUARTER, "--format", form, "--out", str(path))
    assert done.code == 0, done.err
    if form == "docx":
        told = together("".join(each.text for each in docx.Document(str(path)).paragraphs))
    else:
        told = together(path.read_text(encoding="utf-8"))
    for phrase in (
        "共受理工单2505件",
        "其中：求助类1264件、投诉类1217件、咨询类24件。",
        "受理市长信箱268件，答复256件",
        "一是违章建设问题756件，二是公共服务问题567件，三是物业管理问题336件，四是市政建设问题279件，五是环保问题159件",
        "六是公共治安问题123件，七是劳动社保问题96件，八是工商管理问题57件，九是其它各类问题132件。",
        "严重超期14件，其中新河街道10件、工商分局3件、房产分局1件；市长信箱严重超期2件，其中安环办2件。",
    ):
        assert phrase in told


def test_json_and_workbook_hold_the_same_numbers(in_town: Hotline, now: Town, tmp_path: Path) -> None:
    new_district.settle(now)
    told = in_town("report", "quarterly", *QUARTER, "--format", "json").json
    kinds = {each["name"]: each["counts"]["accepted"]["now"] for each in told["hotline"]["kinds"]}
    assert {name: many for name, many in kinds.items() if many} == {"求助": 1264, "投诉": 1217, "咨询": 24}
    assert sum(each["percent"] for each in told["hotline"]["topics"]) == pytest.approx(100)
    assert told["late"][1]["hotline"] == new_district.LATE
    assert told["mailbox"]["total"]["counts"]["answered"]["now"] == 256
    path = tmp_path / "a.xlsx"
    assert in_town("report", "quarterly", *QUARTER, "--out", str(path)).code == 0
    rows = list(load_workbook(BytesIO(path.read_bytes()))["诉求分类"].iter_rows(values_only=True))
    assert ("热线", None, "违章建设", 756) in [row[:4] for row in rows]


@pytest.mark.requirement("R-11.8")
def test_the_bulletin_tells_of_units_rates_and_callbacks(in_town: Hotline, now: Town) -> None:
    now.bring(OrderState.ARCHIVED)
    now.call(now.bring(OrderState.AWAITING_CALLBACK), Verdict.UNSATISFIED)
    now.at("2026-12-03 09:00")
    done = in_town("report", "bulletin")
    assert done.code == 0, done.err
    told = together(done.out)
    assert "2026年11月工作情况通报" in told
    assert "共转派工单2件，按期签收率100.00%" in told
    assert "工单数量较多的单位是：房产分局2件（同比无数据）。" in told
    assert "物业管理类2件，占比100.00%，环比无数据，同比无数据，其中停车收费2件。" in told
    assert "回访2次，联系上2次，其中满意1次、基本满意0次、不满意1次，满意率50.00%" in told
    # A unit without orders stands in the annex, too.
    assert re.search(r"工商分局 +0 +无数据 +0 +无数据", done.out)


@on_sqlite
@pytest.mark.parametrize("report", Report)
def test_without_orders_it_says_that_there_are_none(in_town: Hotline, now: Town, report: Report) -> None:
    done = in_town("report", report.value)
    assert done.code == 0, done.err
    assert "没有受理" in done.out
    assert "无数据" in done.out


@on_sqlite
@pytest.mark.parametrize(
    ("report", "title"),
    [("weekly", "2026年11月9日至15日"), ("bulletin", "2026年10月"), ("quarterly", "2026年第三季度")],
)
def test_without_days_it_is_of_the_last_period_that_is_over(
    in_town: Hotline, now: Town, report: str, title: str
) -> None:
    assert in_town("report", report, "--format", "json").json["period"]["title"] == title
    now.at("2027-01-01 00:00")
    assert in_town("report", "bulletin", "--format", "json").json["period"]["title"] == "2026年12月"


@on_sqlite
def test_an_orders_day_is_that_of_shanghai(in_town: Hotline, now: Town) -> None:
    now.at("2026-11-30 23:59")
    now.register()
    now.at("2026-12-01 00:00")
    now.register()
    now.at("2026-12-05 00:00")
    for month, days in (("2026-11", 30), ("2026-12", 31)):
        told = in_town(
            "report", "bulletin", "--from", f"{month}-01", "--to", f"{month}-{days}", "--format", "json"
        ).json
        assert told["all"]["total"]["counts"]["accepted"]["now"] == 1


@on_sqlite
def test_a_period_that_runs_is_told_as_such_and_one_to_come_is_refused(in_town: Hotline, now: Town) -> None:
    done = in_town("report", "bulletin", *NOVEMBER)
    assert done.code == 0
    assert "统计时段 2026年11月尚未结束, 只统计到现在" in done.err
    done = in_town("report", "bulletin", "--from", "2026-12-01", "--to", "2026-12-31")
    assert (done.code, done.out) == (2, "")
    assert "还没有开始" in done.err


@on_sqlite
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--from", "2026-11-01"), "--from 和 --to 请同时写明"),
        (("--from", "2026-11-31", "--to", "2026-12-01"), "没有这个日期: 2026-11-31"),
        (("--from", "2026-11-02", "--to", "2026-11-01"), "早于首日"),
        (("--format", "pdf"), "没有 pdf 这一项, 可用的有: text"),
        (("--out", "a.pdf"), "从文件名 a.pdf 看不出格式"),
        (("--out", "no/a.docx"), "没有这个文件夹"),
        (("--number", "0"), "应为 1 至 9999 的整数"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(
    in_town: Hotline, now: Town, words: tuple[str, ...], sentence: str, tmp_path: Path
) -> None:
    done = in_town("report", "bulletin", *words)
    assert (done.code, done.out) == (2, "")
    assert sentence in done.err
    assert list(tmp_path.glob("*.docx")) == []


@on_sqlite
def test_a_file_that_is_there_is_replaced_only_when_told(in_town: Hotline, now: Town, tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(b"kept")
    done = in_town("report", "bulletin", "--out", str(path))
    assert (done.code, path.read_bytes()) == (2, b"kept")
    assert "要覆盖请加 --force" in done.err
    assert in_town("report", "bulletin", "--out", str(path), "--force").code == 0
    assert docx.Document(str(path)).paragraphs


@on_sqlite
def test_a_binary_form_is_not_put_on_a_terminal(in_town: Hotline, now: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as at_a_terminal:
        at_a_terminal.setattr("sys.stdout.isatty", lambda: True, raising=False)
        done = in_town("report", "bulletin", "--format", "docx")
    assert done.code == 2
    assert "docx 不能显示在终端上" in done.err


@on_sqlite
def test_interrupted_it_leaves_no_file(
    in_town: Hotline, now: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> Figures:
        raise KeyboardInterrupt

    for where in ("hotline_tui.reports.gather.gather", "hotline_tui.reports.xlsx.write"):
        with monkeypatch.context() as stopping:
            stopping.setattr(where, stop)
            done = in_town("report", "bulletin", "--out", str(tmp_path / "a.xlsx"))
        assert done.code == 130
        assert "没有写出文件" in done.err
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".xlsx" or path.name.startswith(".")] == []


@on_sqlite
def test_a_template_is_given_out_changed_and_used(in_town: Hotline, now: Town, folder: Path) -> None:
    listed = in_town("report", "template", "list", "--json").json
    assert {"name": "bulletin.md.j2", "file": None} in listed
    done = in_town("report", "template", "export", "bulletin.md.j2")
    path = folder / "templates" / "bulletin.md.j2"
    assert (done.code, done.out.strip()) == (0, str(path))
    assert in_town("report", "template", "export", "bulletin.md.j2").code == 2
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("工作情况通报", "办理情况通报"), encoding="utf-8")
    assert "办理情况通报" in together(in_town("report", "bulletin").out)
    path.write_text(text.replace("count.called", "count.caled"), encoding="utf-8")
    done = in_town("report", "bulletin")
    line = text.split("count.called")[0].count("\n") + 1
    assert (done.code, done.out) == (2, "")
    assert done.err == f"模板 {path} 第 {line} 行有误: 没有 caled 这一项, 请改正\n"
    assert in_town("report", "template", "export", "nothing").code == 2


@on_sqlite
def test_the_offices_choices_stand_on_the_report(
    in_town: Hotline, now: Town, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    now.call(now.bring(OrderState.AWAITING_CALLBACK), Verdict.MOSTLY_SATISFIED)
    now.at("2026-12-03 09:00")
    assert "满意率100.00%" in together(in_town("report", "bulletin").out)
    monkeypatch.setenv("HOTLINE_MOSTLY_SATISFIED", "false")
    monkeypatch.setenv("HOTLINE_SERIOUS_DAYS", "10")
    monkeypatch.setenv("HOTLINE_ISSUER", "城南新区政务服务办公室")
    done = in_town("report", "bulletin", "--number", "77")
    told = together(done.out)
    for phrase in (
        "满意率0.00%",
        "满意率中基本满意不计为满意",
        "超过时限10个工作日以上的为严重超期",
        "城南新区政务服务办公室",
        "第77期",
    ):
        assert phrase in told


@on_sqlite
def test_the_head_of_the_record_stands_on_the_report(in_town: Hotline, now: Town) -> None:
    now.register()
    assert in_town("seal").code == 0
    now.at("2026-12-03 09:00")
    (head,) = in_town("report", "bulletin", "--format", "json").json["heads"]
    assert (head["node"], head["number"] > 0) == ("C01", True)
    assert head["hash"] in in_town("report", "bulletin").out
    assert json.dumps(head["number"]) in in_town("report", "bulletin").out


@pytest.mark.requirement("R-11.8", "R-17", "R-18")
def test_the_appraisal_ranks_the_units_and_says_what_was_taken_off(in_town: Hotline, now: Town) -> None:
    order = now.bring(OrderState.ARCHIVED)
    conduct.record_fault(now.authority, order.order_id, now.a, Fault.FALSIFICATION, "虚报办结")
    now.bring(OrderState.ARCHIVED, unit=now.b)
    now.at("2027-01-04 09:00")
    done = in_town("report", "appraisal")
    assert done.code == 0, done.err
    told = together(done.out)
    assert "2026年办理工作考评" in told
    assert "考评单位2个，得分居前的是：工商分局100.00分、房产分局95.00分。" in told
    assert "房产分局扣5分，其中弄虚作假1次扣5分。" in told
    assert re.search(r"无数据 +物业科 +无数据", done.out)
    scores = in_town("report", "appraisal", "--format", "json").json["scores"]
    assert [(each["unit"], each["rank"], each["total"]) for each in scores] == [
        ("工商分局", 1, 100.0), ("房产分局", 2, 95.0), ("物业科", None, None)
    ]  # fmt: skip


@on_sqlite
def test_the_weights_of_the_appraisal_are_the_offices(
    in_town: Hotline, now: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTLINE_APPRAISAL_WEIGHTS", "按时办结率 70, 重办率 30")
    told = together(in_town("report", "appraisal").out)
    assert "考评权重：按时办结率70、重办率30。" in told
    assert "按时办结率得分重办率得分扣分总分" in told
    monkeypatch.setenv("HOTLINE_APPRAISAL_WEIGHTS", "按时办结率 70")
    done = in_town("report", "appraisal")
    assert (done.code, done.out) == (2, "")
    assert "应为 合计 100 的权重" in done.err


@pytest.mark.requirement("R-11.7")
def test_the_offices_own_words_are_kept_and_printed(in_town: Hotline, now: Town, tmp_path: Path) -> None:
    now.at("2026-12-03 09:00")
    assert "还没有填写" in in_town("report", "text", "bulletin").err
    problems = tmp_path / "problems.md"
    problems.write_text("部分单位*退件*较晚。\r\n", encoding="utf-8-sig")
    done = in_town("report", "text", "bulletin", "--problems", str(problems), "--number", "9")
    assert (done.code, done.out) == (0, ""), done.err
    shown = in_town("report", "text", "bulletin").out
    assert shown == "期号: 9\n[存在问题]\n部分单位*退件*较晚。\n"
    told = together(in_town("report", "bulletin").out)
    assert "2026年第9期" in told
    assert "存在的主要问题" in told
    assert "下一步工作" not in told
    assert in_town("report", "text", "bulletin", "--number", "0", "--json").json["number"] is None
    problems.write_text("## \n", encoding="utf-8")
    done = in_town("report", "text", "bulletin", "--problems", str(problems))
    assert (done.code, done.out) == (2, "")
    assert "存在问题第 1 行有误: 标题是空的, 请改正" in done.err
    assert in_town("report", "text", "bulletin", "--problems", str(tmp_path / "no.md")).code == 2


@pytest.mark.requirement("R-11.8")
def test_an_appraisal_is_confirmed_and_printed_as_it_was_confirmed(in_town: Hotline, now: Town, tmp_path: Path) -> None:
    order = now.bring(OrderState.ARCHIVED)
    conduct.record_fault(now.authority, order.order_id, now.a, Fault.FALSIFICATION, "虚报办结")
    done = in_town("report", "confirm", "--from", "2026-01-01", "--to", "2026-12-31")
    assert done.code != 0
    assert "2026年尚未结束" in done.err
    now.at("2027-01-04 09:00")
    assert "还没有确认过" in in_town("report", "versions").err
    assert "尚未经主管机关确认" in together(in_town("report", "appraisal").out)
    assert in_town("report", "confirm").out == "2026年考评已确认, 为第 1 版\n"
    assert [each["version"] for each in in_town("report", "versions", "--json").json] == [1]
    assert "本考评结果为第1版，2027年1月4日由主管机关确认" in together(in_town("report", "appraisal").out)
    assert "尚未经主管机关确认" in together(in_town("report", "appraisal", "--now").out)
    done = in_town("report", "appraisal", "--edition", "2")
    assert done.code != 0
    assert "没有第 2 版, 只有 1 版" in done.err
    why = together(in_town("report", "appraisal", "--unit", "房产分局").out)
    assert "总分95.00分,列第1名,第1版。" in why
    assert f"弄虚作假{order.number}" in why
    assert "没有这个单位: 没有局" in in_town("report", "appraisal", "--unit", "没有局").err
    path = tmp_path / "a.xlsx"
    assert in_town("report", "appraisal", "--out", str(path)).code == 0
    rows = list(load_workbook(BytesIO(path.read_bytes()))["失分明细"].iter_rows(values_only=True))
    assert rows[1][:3] == ("房产分局", "弄虚作假", order.number)
