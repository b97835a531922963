"""What the office writes for a report is kept with it; what the authority confirmed stays as it was (Art. 5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from hotline_tui.data.queries import reporting
from hotline_tui.data.queries.reporting import Text
from hotline_tui.errors import Conflict, NotAllowed, NotFound, Refused, UsageError
from hotline_tui.models import Appraisal, Event, ReportText
from hotline_tui.reports import frozen, written
from hotline_tui.reports.figures import Figures
from hotline_tui.reports.gather import gather
from hotline_tui.rules.periods import Period
from hotline_tui.rules.words import Fault, Indicator, OfficeAction, OrderState, Report, Verdict
from hotline_tui.services import conduct
from hotline_tui.services.desk import Desk
from hotline_tui.services.reporting import LONGEST, confirm, write_text
from tests.builders import Town

NOVEMBER = Period.between(date(2026, 11, 1), date(2026, 11, 30))
YEAR = Period.between(date(2026, 1, 1), date(2026, 12, 31))
TEXT = Text(7, "## 派单\n\n部分单位退件较晚。", "加强培训。")


def text(desk: Desk, period: Period = NOVEMBER) -> Text:
    with desk.store.read() as session:
        return reporting.text(session, desk.viewer, Report.BULLETIN, period)


def counted(desk: Desk, report: Report, period: Period) -> Figures:
    with desk.store.read() as session:
        return gather(desk, session, report, period)


def confirmed(desk: Desk, version: int | None = None) -> Figures | None:
    with desk.store.read() as session:
        return frozen.version(desk, session, YEAR, version)


def of_office(town: Town, action: OfficeAction) -> list[dict[str, object]]:
    with town.store.read() as session:
        return [each.payload["facts"] for each in session.exec(select(Event).where(Event.action == action))]


@pytest.mark.requirement("R-11.7")
def test_what_the_office_wrote_stands_in_the_report_and_opens_again_at_the_next_edit(town: Town) -> None:
    assert text(town.office) == Text()
    kept, personal = written.keep(town.office, Report.BULLETIN, NOVEMBER, TEXT)
    assert (kept, personal) == (replace(TEXT, version=1), "")
    assert text(town.office2) == kept
    figures = counted(town.office, Report.BULLETIN, NOVEMBER)
    assert (figures.number, figures.written.problems, figures.written.next_steps) == (7, TEXT.problems, "加强培训。")
    again = written.keep(town.office2, Report.BULLETIN, NOVEMBER, replace(kept, next_steps="", number=None))[0]
    assert text(town.office) == again == Text(None, TEXT.problems, "", 2)
    assert counted(town.office, Report.BULLETIN, NOVEMBER).number == 11
    assert counted(town.office, Report.WEEKLY, NOVEMBER).written.problems == ""
    assert [each["version"] for each in of_office(town, OfficeAction.WRITE_REPORT)] == [1, 2]


def test_the_same_again_changes_nothing(town: Town) -> None:
    kept = write_text(town.office, Report.BULLETIN, NOVEMBER, TEXT)
    assert write_text(town.office, Report.BULLETIN, NOVEMBER, kept) == kept
    assert len(of_office(town, OfficeAction.WRITE_REPORT)) == 1


def test_of_two_who_edit_the_second_is_told(town: Town) -> None:
    write_text(town.office, Report.BULLETIN, NOVEMBER, TEXT)
    with pytest.raises(Conflict, match="已由他人修改, 请重新打开"):
        write_text(town.office2, Report.BULLETIN, NOVEMBER, Text(problems="另一份"))
    assert text(town.office).problems == TEXT.problems


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (Text(problems="一\n\n|a|b|\n|-|-|\n|1|2|3|"), "存在问题第 5 行有误: 表格这一行有 3 格, 表头有 2 格, 请改正"),
        (Text(next_steps="好\n\n##"), "下一步工作第 3 行有误: 标题是空的, 请改正"),
        (Text(problems="长" * (LONGEST + 1)), "存在问题有 20001 字, 最多 20000 字, 请删减"),
        (Text(number=0), "期号须为 1 以上的整数"),
    ],
)
def test_what_can_not_stand_in_a_document_is_not_kept(town: Town, wrong: Text, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        written.keep(town.office, Report.BULLETIN, NOVEMBER, wrong)
    assert text(town.office) == Text()


def test_personal_data_in_it_is_told(town: Town) -> None:
    _, personal = written.keep(town.office, Report.BULLETIN, NOVEMBER, Text(problems="请联系13912345678。"))
    assert "手机" in personal or "电话" in personal


def test_a_heading_of_it_never_begins_an_annex(town: Town) -> None:
    for wrote in ("# 大标题", "  # 大标题", "#\t大标题"):
        kept = text(town.office)
        written.keep(town.office, Report.BULLETIN, NOVEMBER, replace(kept, problems=f"{wrote}\n\n内容"))
        from hotline_tui.reports.templating import Templates

        document = Templates(town.settings.report_templates).document(counted(town.office, Report.BULLETIN, NOVEMBER))
        assert [each.title for each in document.annexes] == ["各承办单位办理情况表", "指标与口径"]


def test_only_the_office_writes(town: Town) -> None:
    for login, desk in town.desks.items():
        if login in {"office", "office2"}:
            continue
        with pytest.raises(NotAllowed, match="撰写报告文字由热线办进行"):
            write_text(desk, Report.BULLETIN, NOVEMBER, TEXT)
    assert of_office(town, OfficeAction.WRITE_REPORT) == []


def test_who_does_not_see_every_order_is_not_shown_what_is_kept_of_reports(town: Town) -> None:
    write_text(town.office, Report.BULLETIN, NOVEMBER, TEXT)
    assert text(town.authority).problems == TEXT.problems
    for desk in (town.agent, town.handler, town.leader):
        assert text(desk) == Text()


@pytest.mark.requirement("R-11.8")
def test_a_confirmed_appraisal_stays_as_it_was_and_later_changes_make_a_new_version(town: Town) -> None:
    order = town.bring(OrderState.ARCHIVED)
    town.at("2027-01-04 09:00")
    assert confirmed(town.office) is None
    assert frozen.freeze(town.authority, YEAR) == 1
    first = confirmed(town.office)
    assert first is not None
    conduct.record_fault(town.authority, order.order_id, town.a, Fault.FALSIFICATION, "虚报办结")
    assert confirmed(town.office) == first
    with pytest.raises(Refused, match="2026年考评与已确认的第 1 版相同"):
        frozen.freeze(town.authority, YEAR)  # recorded this year: the year before is as it was
    town.call(town.at("2026-12-30 09:00").bring(OrderState.AWAITING_CALLBACK), Verdict.UNSATISFIED)
    assert frozen.freeze(town.at("2027-01-05 09:00").authority, YEAR) == 2
    second = confirmed(town.office)
    assert second is not None
    assert second.confirmation is not None
    assert (second.confirmation.version, second.confirmation.by) == (2, town.authority.actor)
    assert second.scores[0].score.total != first.scores[0].score.total
    assert confirmed(town.office, 1) == first
    facts = of_office(town, OfficeAction.CONFIRM_APPRAISAL)
    with town.store.read() as session:
        kept = session.exec(select(Appraisal).order_by(Appraisal.version)).all()  # pyright: ignore[reportArgumentType]
    assert [each["sha256"] for each in facts] == [each.digest for each in kept]
    with pytest.raises(NotFound, match="2026年考评没有第 3 版, 只有 2 版"):
        confirmed(town.office, 3)


@pytest.mark.requirement("R-11.8")
def test_the_list_that_explains_a_score_holds_what_the_rates_fall_short_by(town: Town) -> None:
    town.bring(OrderState.ARCHIVED)
    unhappy = town.bring(OrderState.AWAITING_CALLBACK)
    town.call(unhappy, Verdict.UNSATISFIED)
    conduct.record_fault(town.authority, unhappy.order_id, town.a, Fault.INACTION, "拖延")
    late = town.assigned()
    town.at("2026-12-30 09:00")
    for each in counted(town.office, Report.APPRAISAL, YEAR).scores:
        rates = each.line.rates
        for indicator in (Indicator.SIGNED_IN_TIME, Indicator.ON_TIME, Indicator.SATISFIED):
            short = [one.number for one in each.reasons if one.cause is indicator]
            assert len(short) == rates[indicator].now.whole - rates[indicator].now.part
    (scored,) = (each for each in counted(town.office, Report.APPRAISAL, YEAR).scores if each.line.name == "房产分局")
    told = {(each.cause, each.number) for each in scored.reasons}
    assert {(Fault.INACTION, unhappy.number), (Indicator.SATISFIED, unhappy.number)} <= told
    assert {(Indicator.SIGNED_IN_TIME, late.number), (Indicator.ON_TIME, late.number)} <= told


def test_only_the_authority_confirms_and_only_what_is_over(town: Town) -> None:
    with pytest.raises(Refused, match="2026年尚未结束, 结束后才能确认考评"):
        frozen.freeze(town.authority, YEAR)
    town.at("2027-01-04 09:00")
    for login, desk in town.desks.items():
        if login != "authority":
            with pytest.raises(NotAllowed, match="确认考评由主管机关进行"):
                frozen.freeze(desk, YEAR)
    assert confirmed(town.office) is None


def test_of_two_confirmations_at_once_one_is_told(town: Town) -> None:
    town.at("2027-01-04 09:00")
    frozen.freeze(town.authority, YEAR)
    with pytest.raises(Conflict, match="考评已由他人修改"):
        confirm(town.authority, YEAR, b"", seen=0)


def test_the_office_own_words_are_one_row_for_a_report_and_a_period(town: Town) -> None:
    for report in Report:
        write_text(town.office, report, NOVEMBER, TEXT)
    write_text(town.office, Report.BULLETIN, YEAR, TEXT)
    with town.store.read() as session:
        assert len(session.exec(select(ReportText.id)).all()) == len(Report) + 1
