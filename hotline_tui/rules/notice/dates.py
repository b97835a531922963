"""Dates in a notice: 1月1日(周四)至3日(周六), in Arabic or Chinese figures, each checked against its own remarks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from hotline_tui.rules.calendar import FIRST_YEAR, LAST_YEAR, WEEKDAYS
from hotline_tui.rules.notice.sentences import Sentence
from hotline_tui.rules.notice.statutory import EVE, SPRING, holiday_days, holidays_in, lunar_fits, new_years_day

MARK = "D"
_LONGEST = 62
"""Days in a range; the longest holiday had nine."""
_FIGURES = "〇零一二三四五六七八九十廿卅"
_N = rf"(?:\d{{1,2}}|[{_FIGURES}]{{1,4}})"
YEAR = r"(?:\d{4}|[〇零一二三四五六七八九]{4})年"
_REMARK = r"\(([^()]*)\)"
_ONE = rf"(?:({YEAR})(?=\d|[{_FIGURES}]))?(?:({_N})月(?:份)?)?({_N})(?:日|号)((?:{_REMARK})*)"
_OPEN = rf"(?:({YEAR})(?=\d|[{_FIGURES}]))?(?:({_N})月(?:份)?)?({_N})(?=-+{_N}(?:日|号))((?:{_REMARK})*)"
_TO = r"(?:-+|至|到|起至)"
_SPAN = re.compile(rf"(?<!\d)(?:{_OPEN}|{_ONE})(?:{_TO}{_ONE}止?)?")
_AND = re.compile(rf"(?:[、,]?(?:以及|和|及|与|暨)|、)(?=(?:{YEAR})?(?:{_N}月(?:份)?)?{_N}(?:日|号|-+{_N}(?:日|号)))")
_WEEKDAY = re.compile(r"(?:为|均为|即)?(?:周|星期|礼拜)([一二三四五六日天七1-7])")
_LUNAR = re.compile(
    r"(?:即)?(?:农历|阴历|旧历)?(?:[甲乙丙丁戊己庚辛壬癸].年)?(闰)?"
    r"(?:大年|(正|元|[一二三四五六七八九十冬腊]|十[一二])月)(初?[一二三四五六七八九十廿]{1,3}|初?\d{1,2})(?:日)?"
)
_MONTHS = {"正": 1, "元": 1, "冬": 11, "腊": 12}
_LEAP = (13, 0)
"""A day of a leap month, of which the library knows nothing."""
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0}
_DAYS_OF_WEEK = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Group:
    """Days that stand together in a sentence, in its order."""

    days: tuple[date, ...]
    ranges: bool
    """Whether a range is among them."""


Year = Callable[[int], int]
"""The year of a month that stands without one."""


def number(text: str) -> int:
    """A whole number in Arabic or Chinese figures (28, 二十八, 廿八, 二〇二六); raises ValueError."""
    if text.isascii():
        return int(text)
    text = text.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = text.partition("十")
    if not ten:
        return int("".join(map(_digit, text)))
    return int((_digit(tens) if tens else "1") + (_digit(ones) if ones else "0"))


def _digit(sign: str) -> str:
    if sign not in _DIGITS:
        raise ValueError(sign)
    return str(_DIGITS[sign])


def year_of(text: str) -> int:
    """The number of a year as `YEAR` matches it."""
    return number(text.removesuffix("年"))


def groups(sentence: Sentence, year: Year) -> tuple[str, tuple[Group, ...]]:
    """The sentence with a D for each group of dates, and the groups; raises NoticeError for a date that is wrong."""
    return _Scan(sentence, year).run()


class _Scan:
    def __init__(self, sentence: Sentence, year: Year) -> None:
        self._sentence = sentence
        self._plain = sentence.plain
        self._year_of_month = year
        self._year: int | None = None
        self._month: int | None = None

    def run(self) -> tuple[str, tuple[Group, ...]]:
        template, found, at = list[str](), list[Group](), 0
        while span := _SPAN.search(self._plain, at):
            template += [self._plain[at : span.start()], MARK]
            days, ranges = list(self._span(span)), span.group(11) is not None
            at = span.end()
            while (joined := _AND.match(self._plain, at)) and (span := _SPAN.match(self._plain, joined.end())):
                days += self._span(span)
                ranges = ranges or span.group(11) is not None
                at = span.end()
            if len(set(days)) < len(days):
                raise self._sentence.error("同一日期写了两次")
            found.append(Group(tuple(days), ranges))
        return "".join([*template, self._plain[at:]]), tuple(found)

    def _span(self, span: re.Match[str]) -> Iterator[date]:
        # Each form has five groups: year, month, day, remarks, the last remark.
        begin = span.group(*range(1, 5)) if span.group(3) else span.group(*range(6, 10))
        first = self._date(*begin[:3])
        if span.group(13) is None:
            self._check(first, first, begin[3])
            yield first
            return
        last = self._date(*span.group(11, 12, 13))
        self._check(first, first, begin[3])
        self._check(first, last, span.group(14))
        if not 0 < (last - first).days < _LONGEST:
            raise self._sentence.error(f"{_said(first)}至{_said(last)}不成一段日期")
        yield from (first + timedelta(days=offset) for offset in range((last - first).days + 1))

    def _date(self, year: str | None, month: str | None, day: str) -> date:
        if month is not None:
            self._month = self._number(month)
            if not 1 <= self._month <= 12:
                raise self._sentence.error(f"没有{month}月")
            self._year = year_of(year) if year else self._year_of_month(self._month)
        if self._month is None or self._year is None:
            raise self._sentence.error(f"{day}日没有写明月份")
        if not FIRST_YEAR < self._year < LAST_YEAR:
            raise self._sentence.error(f"没有{self._year}年的日历")
        try:
            return date(self._year, self._month, number(day))
        except ValueError:
            raise self._sentence.error(f"{self._year}年没有{self._month}月{day}日") from None

    def _number(self, text: str) -> int:
        try:
            return number(text)
        except ValueError:
            raise self._sentence.error(f"'{text}'不是数") from None

    def _check(self, first: date, day: date, remarks: str | None) -> None:
        """Each remark in brackets against its date; `first` begins the range that `day` ends."""
        for remark in re.findall(_REMARK, remarks or ""):
            for part in re.split("[、,;/]", remark):
                self._check_part(first, day, part)

    def _check_part(self, first: date, day: date, part: str) -> None:
        weekday = _WEEKDAY.fullmatch(part)
        if weekday:
            sign = weekday.group(1)
            said = (int(sign) - 1) if sign.isdigit() else _DAYS_OF_WEEK.index({"天": "日", "七": "日"}.get(sign, sign))
            if said != day.weekday():
                why = f"{_said(day)}是{WEEKDAYS[day.weekday()]}, 文中写{WEEKDAYS[said]}"
                raise self._sentence.error(f"{why}({day.year}年)")
            return
        ends = re.split(_TO, part)
        if len(ends) == 2 and all(map(_lunar, ends)):
            self._check_lunar(first, ends[0])
            self._check_lunar(day, ends[1])
        elif _lunar(part):
            self._check_lunar(day, part)
        elif re.search(rf"\d|{_N}[月日号天]|周|星期|农历.*[月初]|腊月|正月", part):
            raise self._sentence.error(f"括号里的'{part}'看不懂")
        elif re.fullmatch(r'"?[^"]{2,5}"?', part) and (names := holidays_in(part)):
            self._check_holiday(day, names[0])

    def _check_lunar(self, day: date, text: str) -> None:
        month, of_month = _lunar(text) or (0, 0)
        if not lunar_fits(day, month, of_month):
            raise self._sentence.error(f"{_said(day)}不是{text}({day.year}年)")

    def _check_holiday(self, day: date, name: str) -> None:
        days = holiday_days(day.year, name)
        if name == SPRING:
            first = new_years_day(day.year)
            days = (*days, first) if first else days
        if days and day not in days:
            raise self._sentence.error(f"{day.year}年的{name}不是{_said(day)}")


def _lunar(text: str) -> tuple[int, int] | None:
    """Month and day of a lunar date; (0, 0) for the eve of the new year; None for another text."""
    if re.fullmatch(rf"(?:即)?(?:农历)?(?:大年)?{EVE}", text):
        return 0, 0
    # The second end of a range may leave the month out: 初一至初七.
    match = _LUNAR.fullmatch(text) or _LUNAR.fullmatch(f"正月{text.removeprefix('农历')}")
    if match is None:
        return None
    leap, month, of_month = match.groups()
    if leap:
        return _LEAP
    try:
        return _MONTHS.get(month, 0) or number(month or "一"), number(of_month.removeprefix("初"))
    except ValueError:
        return None


def _said(day: date) -> str:
    return f"{day.month}月{day.day}日"
