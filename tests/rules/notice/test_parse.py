"""The text of a notice becomes the days of the calendar; wrong text says which sentence is wrong (R-D4)."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline_tui.rules.calendar import WorkingCalendar
from hotline_tui.rules.notice.notice import Notice, parse
from hotline_tui.rules.notice.sentences import NoticeError
from tests.rules.notice.samples import DAYS_OFF, MAKE_UP_DAYS, MODERN, WORDINGS

pytestmark = pytest.mark.requirement("R-D4")

HEAD = "国务院办公厅关于2027年春节放假的通知。"


def days(notice: Notice, *, works: bool) -> set[date]:
    return {row.day for row in notice.rows(WorkingCalendar()) if row.works is works}


@pytest.mark.parametrize("text", WORDINGS.values(), ids=WORDINGS.keys())
def test_every_wording_of_a_notice_gives_the_same_days(text: str) -> None:
    notice = parse(text)
    assert (notice.year, notice.whole) == (2027, True)
    assert days(notice, works=False) == DAYS_OFF
    assert days(notice, works=True) == MAKE_UP_DAYS


JOINED = (
    "国务院办公厅关于2026年中秋节、国庆节放假的通知\n"
    "一、中秋节:9月25日(周五)放假,与周末连休。\n"
    "二、国庆节:10月1日(周四)至7日(周三)放假调休,共7天。9月20日(周日)、10月10日(周六)上班。"
)


@pytest.mark.parametrize(
    "wording",
    [
        "放假,与周末连休",
        "放假,与周末连休,共3天",
        "放假1天,与周末连休,共3天",
        "放假,与周末连休共三天",
        "放假并与周末连休",
        "与周末连休",
    ],
)
def test_the_weekend_that_a_holiday_is_joined_to_counts_and_is_as_free_as_it_always_was(wording: str) -> None:
    notice = parse(JOINED.replace("放假,与周末连休", wording))
    assert days(notice, works=False) == {date(2026, 9, 25), *(date(2026, 10, day) for day in range(1, 8))}
    assert days(notice, works=True) == {date(2026, 9, 20), date(2026, 10, 10)}


def test_a_weekend_that_is_passed_over_without_being_joined_is_too_near() -> None:
    with pytest.raises(NoticeError, match="9月20日上班离假期太远: 9月27日更近而没有用"):
        parse(JOINED.replace(",与周末连休", ""))


def test_a_weekend_that_is_joined_does_not_work() -> None:
    with pytest.raises(NoticeError, match="9月27日连休, 又在第4句上班"):
        parse(JOINED.replace("9月20日", "9月27日"))


def test_a_day_has_the_name_of_its_holiday_and_the_notice_as_its_source() -> None:
    notice = parse(MODERN)
    rows = {row.day: row for row in notice.days}
    assert notice.source == "国务院办公厅关于2027年部分节假日安排的通知(国办发明电〔2026〕9号)"
    assert notice.issued == date(2026, 11, 3)
    assert (rows[date(2027, 2, 9)].name, rows[date(2027, 2, 14)].name) == ("春节", "调休上班")
    assert {row.source for row in notice.days} == {notice.source}


def test_new_years_days_of_the_year_before_belong_to_the_notice() -> None:
    text = (
        "国务院办公厅关于2030年元旦放假的通知\n"
        "元旦:2029年12月30日至2030年1月1日放假调休,共3天。2029年12月29日(星期六)上班。"
    )
    notice = parse(text)
    assert days(notice, works=False) == {date(2029, 12, 30), date(2029, 12, 31), date(2030, 1, 1)}
    assert days(notice, works=True) == {date(2029, 12, 29)}
    assert not notice.whole


def test_an_extension_goes_on_from_the_holiday_of_the_calendar_before_it() -> None:
    before = WorkingCalendar(parse(MODERN).days, [2027])
    notice = parse(
        "关于延长2027年春节假期的通知\n延长2027年春节假期至2月16日(农历正月十一,星期二),2月17日(星期三)起正常上班。"
    )
    rows = notice.rows(before)
    assert [row.day for row in rows] == [date(2027, 2, day) for day in range(12, 17)]
    assert {(row.works, row.name) for row in rows} == {(False, "春节延长假期")}


def test_an_extension_to_a_day_that_was_off_before_is_refused() -> None:
    notice = parse("关于延长2027年春节假期的通知\n延长2027年春节假期至2月10日(星期三)。")
    with pytest.raises(NoticeError, match="原来就到2月11日"):
        notice.rows(WorkingCalendar(parse(MODERN).days, [2027]))


def test_an_extension_says_itself_on_which_day_work_begins() -> None:
    notice = parse("关于延长2027年春节假期的通知\n延长2027年春节假期至2月16日(星期二),2月18日(星期四)起正常上班。")
    with pytest.raises(NoticeError, match="应从2月17日起上班"):
        notice.rows(WorkingCalendar(parse(MODERN).days, [2027]))


def test_advice_to_rest_is_no_day_off() -> None:
    text = MODERN.replace("2月14日(周日)上班。", "2月14日(周日)上班。鼓励各单位安排职工在除夕(2月5日)休息。")
    assert days(parse(text), works=False) == DAYS_OFF
    with pytest.raises(NoticeError, match="2月4日不是除夕"):
        parse(text.replace("除夕(2月5日)", "除夕(2月4日)"))


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("10月1日(周五)", "10月1日(周四)", "10月1日是周五, 文中写周四"),
        ("放假调休,共5天", "放假调休,共6天", "文中写6天, 所列日期是5天"),
        ("2月14日(周日)上班", "2月15日(周一)上班", "2月15日不是周六周日"),
        ("2月14日(周日)上班", "2月14日(周日)、2月7日(周日)上班", "2月7日既放假又上班"),
        ("2月14日(周日)上班", "2月14日(周日)、2月14日(周日)上班", "同一日期写了两次"),
        ("2月14日(周日)上班", "2月28日(周日)上班", "2月28日上班离假期太远"),
        ("2月14日(周日)上班", "2月30日(周日)上班", "2027年没有2月30日"),
        ("2月14日(周日)上班", "14月14日(周日)上班", "没有14月"),
        ("2月14日(周日)上班。", "", "放假占用5个工作日, 法定假日与调休上班共4天"),
        ("6月9日(周三)", "6月10日(周四)", "2027年的端午节在6月9日"),
        ("正月初六", "正月初五", "2月11日不是农历正月初五"),
        ("农历除夕、", "农历腊月二十五、", "2月5日不是农历腊月二十五"),
        ("共7天。2月14日", "共7天。另有安排:2月13日(周六)弹性工作。2月14日", "看不懂"),
        ("五、端午节:6月9日(周三)放假1天,不调休。\n", "", "序号不连续"),
        ("端午节:6月9日(周三)放假1天,不调休。", "重阳节:10月8日(周五)放假1天,不调休。", "正文没有端午节的安排"),
        ("春节、清明节", "清明节", "没有列出春节"),
        ("现将2027年", "现将2026年", "写的是2026年, 与前文的2027年不一致"),
        ("2026年11月3日", "2025年11月3日", "落款日期与2027年的放假安排不符"),
        ("三、清明节:4月3日(周六)至5日(周一)", "三、春节:2月5日(周五)至7日(周日)", "2月5日放假在第4句已写过"),
        ("6月9日(周三)放假1天,不调休", "6月9日(周三)", "有日期没有写明放假还是上班"),
        ("6月9日(周三)放假1天,不调休", "放假1天", "没有看懂日期"),
        ("9月26日(周日)、", "9月26日(周八)、", "看不懂"),
        ("6月9日(周三)放假1天,不调休", "6月9日(周三)放假,与周末连休", "不与周末相连"),
        ("1月1日(周五)至3日(周日)放假,共3天", "1月1日(周五)放假,与周末连休,共2天", "文中写2天, 所列日期是3天"),
        ("10月9日(周六)上班", "10月9日(周六)三天上班", "文中写3天, 所列日期是2天"),
        ("10月9日(周六)上班", "10月9日(周六)上班,共三天", "文中写3天, 所列日期是2天"),
        ("放假调休,共5天", "放假调休,为期六天", "文中写6天, 所列日期是5天"),
    ],
)
def test_a_contradiction_is_refused_and_its_sentence_quoted(right: str, wrong: str, said: str) -> None:
    text = MODERN.replace(right, wrong, 1)
    assert text != MODERN
    with pytest.raises(NoticeError, match=r"^第\d+句 '.+': ") as caught:
        parse(text)
    assert said in str(caught.value)


def test_the_sentence_is_quoted_as_it_was_written() -> None:
    with pytest.raises(NoticeError, match=r"第7句 '四、劳动节:５月1日（周日）至5日"):
        parse(MODERN.replace("5月1日(周六)至5日", "５月 1日（周日）至5日"))


@pytest.mark.parametrize(
    "text",
    ["", " \n\n", "你好", "各单位：请按时上班。", "一、元旦:1月1日放假。", "D放假。", "D" * 30_000, "关于2027年的通知"],
)
def test_text_that_is_no_notice_is_refused(text: str) -> None:
    with pytest.raises(NoticeError):
        parse(text)


@given(st.data())
def test_a_damaged_notice_is_refused_or_understood_and_never_breaks_the_reader(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(list(WORDINGS.values())))
    begin = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(begin, min(len(text), begin + 20)))
    put = data.draw(st.text("0123456789年月日一二十廿D()至、,。:放假上班调休共天周六延长春节至假期\n", max_size=6))
    with suppress(NoticeError):
        parse(text[:begin] + put + text[end:]).rows(WorkingCalendar())
