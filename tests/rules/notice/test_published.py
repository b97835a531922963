"""The notices as published, and notices written from twenty years of days (../shared, where it is there)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import pytest

from hotline_tui.rules.calendar import WEEKDAYS, WorkingCalendar
from hotline_tui.rules.notice.notice import parse
from hotline_tui.rules.notice.sentences import NoticeError

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
NOTICES = sorted((DATA / "notices").glob("*.txt"))
pytestmark = [
    pytest.mark.skipif(not NOTICES, reason="../shared/data is not there"),
    pytest.mark.requirement("R-D3", "R-D4"),
]
BASE = WorkingCalendar()


def days_of(year: int) -> list[dict[str, object]]:
    days: list[dict[str, object]] = json.loads((DATA / "holidays" / f"{year}.json").read_text())["days"]
    return days


def arranged(text: str, before: WorkingCalendar = BASE) -> dict[date, bool]:
    return {row.day: row.works for row in parse(text).rows(before)}


@pytest.mark.parametrize("path", [path for path in NOTICES if "extension" not in path.name], ids=lambda path: path.stem)
def test_a_published_notice_gives_exactly_its_days(path: Path) -> None:
    expected = {date.fromisoformat(str(day["date"])): not day["isOffDay"] for day in days_of(int(path.stem))}
    if path.stem == "2020":
        # Before the extension, which took back the make-up day and gave three days.
        for day in (date(2020, 1, 31), date(2020, 2, 2), date(2020, 2, 3)):
            del expected[day]
        expected[date(2020, 2, 1)] = True
    assert arranged(path.read_text()) == expected


def test_the_notice_of_2020_with_its_extension_gives_the_days_of_2020() -> None:
    first = parse((DATA / "notices" / "2020.txt").read_text())
    before = BASE.with_rows(first.days, [2020])
    extension = parse((DATA / "notices" / "2020-extension.txt").read_text())
    for calendar in (before, BASE):
        assert [row.day for row in extension.rows(calendar)] == [
            date(2020, 1, 31),
            date(2020, 2, 1),
            date(2020, 2, 2),
        ]
    after = before.with_rows(extension.rows(before))
    for day in days_of(2020):
        assert after.is_working(date.fromisoformat(str(day["date"]))) is not day["isOffDay"]


def runs(days: Sequence[date]) -> list[list[date]]:
    return [[day for _, day in run] for _, run in groupby(enumerate(days), lambda pair: pair[1] - timedelta(pair[0]))]


def said(day: date, year: int, *, weekday: bool = True) -> str:
    shown = f"{'' if day.year == year else f'{day.year}年'}{day.month}月{day.day}日"
    return shown + (f"(星期{WEEKDAYS[day.weekday()][1]})" if weekday else "")


def written(year: int, *, weekdays: bool, dash: str) -> str:
    """A notice of the year in our own words."""
    numerals = "一二三四五六七八九"
    lines = [f"国务院办公厅关于{year}年部分节假日安排的通知"]
    rows = [(str(day["name"]), date.fromisoformat(str(day["date"])), bool(day["isOffDay"])) for day in days_of(year)]
    for number, name in enumerate(dict.fromkeys(name for name, _, _ in rows)):
        days = [row for row in rows if row[0] == name]
        off = runs([day for _, day, is_off in days if is_off])
        works = [day for _, day, is_off in days if not is_off and day.weekday() >= 5]
        spans = "、".join(
            said(run[0], year, weekday=weekdays)
            + (f"{dash}{said(run[-1], run[0].year, weekday=weekdays)}" if len(run) > 1 else "")
            for run in off
        )
        line = f"{numerals[number]}、{name}:{spans}放假调休,共{sum(map(len, off))}天。"
        if works:
            line += "、".join(said(day, year) for day in works) + "上班。"
        lines.append(line)
    return "\n".join([*lines, "国务院办公厅", f"{year - 1}年12月8日"])


@pytest.mark.parametrize("weekdays", [True, False], ids=["with weekdays", "without weekdays"])
@pytest.mark.parametrize("year", [year for year in range(2007, 2027) if year != 2020])
def test_the_days_of_every_year_come_back_from_a_notice_that_says_them(year: int, weekdays: bool) -> None:
    expected = {date.fromisoformat(str(day["date"])): not day["isOffDay"] for day in days_of(year)}
    assert arranged(written(year, weekdays=weekdays, dash="至" if weekdays else "—")) == expected


IN_OTHER_WORDS = {
    "9月25日(周五)至27日(周日)放假,共3天": "9月25日(周五)放假,与周末连休",
    "6月19日(周五)至21日(周日)放假,共3天": "6月19日(周五)放假,与周末连休,共3天",
    "1月1日(周四)至3日(周六)放假": "从1月1日起至1月3日止放假",
    "放假调休,共9天": "放假调休,为期9天",
    "10月10日(周六)上班": "10月10日(周六)2天上班",
    "1月4日(周日)上班": "1月4日(周日)补班",
}


def in_other_words() -> str:
    """The notice of 2026 in wordings of other years."""
    text = (DATA / "notices" / "2026.txt").read_text()
    for said_there, instead in IN_OTHER_WORDS.items():
        assert said_there in text
        text = text.replace(said_there, instead)
    return text


def test_a_published_notice_in_other_words_gives_its_days_without_the_weekends_it_only_joins() -> None:
    expected = arranged((DATA / "notices" / "2026.txt").read_text())
    for day in ((6, 20), (6, 21), (9, 26), (9, 27)):
        del expected[date(2026, *day)]
    assert arranged(in_other_words()) == expected


@pytest.mark.parametrize("path", [*NOTICES, None], ids=lambda path: path.stem if path else "in other words")
def test_a_notice_with_one_digit_changed_is_refused_or_gives_other_days(path: Path | None) -> None:
    text = path.read_text() if path else in_other_words()
    before = BASE
    if path and "extension" in path.name:
        before = BASE.with_rows(parse((DATA / "notices" / "2020.txt").read_text()).days)
    true_days, counted = arranged(text, before), Counter[str]()
    body = text.rindex("国务院办公厅")
    for at in (at for at, sign in enumerate(text[:body]) if sign.isascii() and sign.isdigit()):
        if any(sign in text[at : at + 4] for sign in ("号", "〕")):
            continue
        for digit in "0123456789".replace(text[at], ""):
            try:
                found = arranged(text[:at] + digit + text[at + 1 :], before)
            except NoticeError:
                counted["refused"] += 1
                continue
            assert found != true_days, text[max(0, at - 20) : at + 10]
            counted["other days"] += 1
    assert counted["refused"] > 100
    # Only a make-up day moved by a week to the other side of its holiday is in order by itself (2020: 6月28日 to 21日).
    assert counted["other days"] <= 1
