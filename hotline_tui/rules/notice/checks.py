"""A notice against itself and against the law: what it says twice must agree, what it moves must add up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from itertools import pairwise

from hotline_tui.rules.notice.clauses import SATURDAY, Item
from hotline_tui.rules.notice.sentences import Sentence
from hotline_tui.rules.notice.statutory import holiday_days, holidays_in, statutory

ONE_DAY = timedelta(days=1)
_NEAR = 21
"""Days between a make-up day and its holiday; the widest in twenty years of notices is eleven."""


def check(
    items: Sequence[Item],
    year: int,
    *,
    whole: bool,
    announced: tuple[tuple[str, ...], Sentence] | None,
    where: Sentence,
) -> None:
    """Raise NoticeError, which names the sentence, for the first contradiction."""
    off, works = _once(items)
    beside = {day: sentence for item in items for day, sentence in item.joined.items()}
    for day, sentence in beside.items():
        if day in works:
            raise sentence.error(f"{_said(day)}连休, 又在第{works[day].number}句上班")
    not_working = off.keys() | beside.keys()
    for item in items:
        _check_item(item, year, works)
        _check_statutory(item, year)
        _check_nearest(item, not_working, works)
    if whole:
        _check_whole(items, year, announced, where)
    _check_sum(items, year, whole=whole)


def _once(items: Sequence[Item]) -> tuple[dict[date, Sentence], dict[date, Sentence]]:
    off: dict[date, Sentence] = {}
    works: dict[date, Sentence] = {}
    for item in items:
        for day, sentence in item.off.items():
            if day in off:
                raise sentence.error(f"{_said(day)}放假在第{off[day].number}句已写过")
            off[day] = sentence
        for day, sentence in item.works.items():
            if day in works:
                raise sentence.error(f"{_said(day)}上班在第{works[day].number}句已写过")
            works[day] = sentence
    for day, sentence in works.items():
        if day in off:
            raise sentence.error(f"{_said(day)}既放假又上班, 见第{off[day].number}句")
        if day.weekday() < SATURDAY:
            raise sentence.error(f"{_said(day)}不是周六周日, 不是调休上班的日子")
    return off, works


def _check_item(item: Item, year: int, works: dict[date, Sentence]) -> None:
    """What is said of single days, and that the holiday is one run of days."""
    for day, sentence, what in item.off_later:
        if day not in item.off:
            raise sentence.error(f"{_said(day)}写作{what}, 但不在放假的日期里")
    statutory_days = {day for name in holidays_in(item.name) for day in holiday_days(year, name)}
    for day, sentence in item.swapped:
        if day not in works and day not in statutory_days:
            raise sentence.error(f"{_said(day)}的公休日调走了, 但没有写明这天上班")
    days = sorted(item.off)
    for before, after in pairwise(days):
        gap = [before + ONE_DAY * offset for offset in range(1, (after - before).days)]
        if any(day.weekday() < SATURDAY or day in works for day in gap) and len(holidays_in(item.name)) < 2:
            raise item.off[after].error(f"{_said(before)}与{_said(after)}之间不相连, 请核对日期")


def _check_statutory(item: Item, year: int) -> None:
    if not item.off:
        return
    for name in holidays_in(item.name):
        for day in holiday_days(year, name):
            if day not in item.off:
                raise item.sentence.error(f"{year}年的{name}在{_said(day)}, 不在放假的日期里")


def _check_nearest(item: Item, off: Collection[date], works: dict[date, Sentence]) -> None:
    """A make-up day is of the nearest weekend before or after its holiday that is not off itself."""
    if not item.off:
        if item.works:
            raise item.sentence.error("只写了上班, 没有写哪天放假")
        return
    first, last = min(item.off), max(item.off)
    for day, sentence in item.works.items():
        nearest = last if day > last else first
        step = ONE_DAY if day > last else -ONE_DAY
        if first < day < last:
            raise sentence.error(f"{_said(day)}上班, 却在放假的日期中间")
        passed = nearest + step
        while passed != day:
            other_weekend = _saturday(passed) != _saturday(day)
            free = passed.weekday() >= SATURDAY and passed not in off and passed not in works
            if (free and other_weekend) or abs((day - nearest).days) > _NEAR:
                raise sentence.error(f"{_said(day)}上班离假期太远: {_said(passed)}更近而没有用, 请核对日期")
            passed += step


def _check_whole(
    items: Sequence[Item], year: int, announced: tuple[tuple[str, ...], Sentence] | None, where: Sentence
) -> None:
    """A notice of the year speaks of each of its holidays, once, as its preamble announced."""
    named: dict[str, Item] = {}
    for item in items:
        for name in holidays_in(item.name):
            if name in named:
                raise item.sentence.error(f"{name}在第{named[name].sentence.number}句已写过")
            named[name] = item
    for names in statutory(year).values():
        for name in names:
            if name not in named:
                raise where.error(f"正文没有{name}的安排")
    if announced is None:
        return
    names, sentence = announced
    for name in names:
        if name not in named:
            raise sentence.error(f"这里列有{name}, 正文没有")
    for name, item in named.items():
        if name not in names and "等" not in sentence.plain:
            raise item.sentence.error(f"第{sentence.number}句没有列出{name}")


def _check_sum(items: Sequence[Item], year: int, *, whole: bool) -> None:
    """Working days given off beyond the statutory ones are worked on as many weekend days.

    Of a whole year the sum counts: a holiday on a Sunday may be made good in the holiday that follows it (2015).
    """
    wrong: list[tuple[Item, int, int]] = []
    total = 0
    for item in items:
        names = holidays_in(item.name)
        if not names or not item.off:
            continue
        given = sum(day.weekday() < SATURDAY for day in item.off)
        owed = sum(len(holiday_days(year, name)) for name in names) + len(item.works)
        total += given - owed
        if given != owed:
            wrong.append((item, given, owed))
    if not wrong or (whole and total == 0):
        return
    item, given, owed = wrong[0]
    raise item.sentence.error(
        f"放假占用{given}个工作日, 法定假日与调休上班共{owed}天, 对不上, 可能缺少或多出上班的日期"
    )


def _saturday(day: date) -> date:
    return day - ONE_DAY * (day.weekday() - SATURDAY)


def _said(day: date) -> str:
    return f"{day.month}月{day.day}日"
