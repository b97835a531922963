"""`parse`: a notice's text to the days it makes off and the weekends it makes working (R-D4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from hotline_tui.rules.calendar import MAKE_UP, DayRow, WorkingCalendar
from hotline_tui.rules.notice.checks import check
from hotline_tui.rules.notice.clauses import Item, Reader
from hotline_tui.rules.notice.dates import YEAR, groups, year_of
from hotline_tui.rules.notice.extension import Extension, extension_of
from hotline_tui.rules.notice.sentences import NoticeError, Paper, Sentence, paper
from hotline_tui.rules.notice.statutory import holidays_in, statutory

_TITLE_YEAR = re.compile(rf"({YEAR})(?!\d)")
_NAMED_YEAR = re.compile(rf"({YEAR})(?=(?:元旦|春节|清明|劳动|端午|中秋|国庆|部分|法定|节假日|放假|\"))")
_WHOLE_YEAR = re.compile("节假日(?:放假)?(?:调休)?(?:日期)?(?:的)?(?:具体)?安排|节假日放假|放假安排")
_PART = re.compile("延长|调整|纪念日")
_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Notice:
    """What a notice arranges; `days` are its own rows, an extension is counted from the national calendar before it."""

    year: int
    source: str
    """Its title with its number, which names it in the calendar."""
    issued: date | None
    whole: bool
    """It arranges the whole year, which is then no longer provisional."""
    national: bool
    """Of the State Council, not of a province or a city."""
    days: tuple[DayRow, ...]
    extension: Extension | None

    def rows(self, before: WorkingCalendar) -> tuple[DayRow, ...]:
        """Every row, an extension's among them; `before`: the national calendar as it was. Raises NoticeError."""
        extended = self.extension.rows(before, self.source) if self.extension else ()
        return (*self.days, *extended)


def parse(text: str) -> Notice:
    """Read a notice and check it against itself; raises NoticeError, which quotes the sentence at fault."""
    parts = paper(text)
    year, where = _year(parts)
    _check_headings(parts.body)
    reader = Reader(lambda _month: year, lambda month: year - 1 if month >= 11 else year)
    for sentence in parts.body:
        reader.read(sentence)
    items = reader.items
    if not any(item.off or item.works or item.until for item in items):
        raise NoticeError("没有找到放假或上班的日期, 请粘贴通知全文")
    title = parts.title.plain if parts.title else ""
    for item in items:
        item.name = item.name or "、".join(holidays_in(title)) or _name_of(title)
    extension = extension_of(items, year)
    named = {name for item in items for name in holidays_in(item.name)}
    told = {name for names in statutory(year).values() for name in names}
    whole = extension is None and not _PART.search(title) and (named >= told or bool(_WHOLE_YEAR.search(title)))
    check(items, year, whole=whole, announced=_announced(parts.body), where=where)
    issued = _issued(parts, year, whole=whole)
    source = title or f"{year}年部分节假日安排的通知"
    source += f"({parts.paper_number})" if parts.paper_number else ""
    rows = [DayRow(day, False, _row_name(item), source) for item in items for day in item.off]
    rows += [DayRow(day, True, MAKE_UP, source) for item in items for day in item.works]
    author, about, _ = title.partition("关于")
    national = "国务院" in title or not (author and about)
    return Notice(year, source, issued, whole, national, tuple(sorted(rows, key=lambda row: row.day)), extension)


def _year(parts: Paper) -> tuple[int, Sentence]:
    """The year that the notice is about, and where it says so."""
    said: list[tuple[int, Sentence]] = []
    if parts.title:
        said += [(year_of(found), parts.title) for found in _TITLE_YEAR.findall(parts.title.plain)]
    for sentence in parts.body:
        said += [(year_of(found), sentence) for found in _NAMED_YEAR.findall(sentence.plain)]
    if not said:
        said = _only_year(parts)
    for year, sentence in said[1:]:
        if year != said[0][0]:
            raise sentence.error(f"写的是{year}年, 与前文的{said[0][0]}年不一致")
    if not statutory(said[0][0]):
        raise said[0][1].error(f"没有{said[0][0]}年的日历")
    return said[0]


def _only_year(parts: Paper) -> list[tuple[int, Sentence]]:
    """Where neither title nor preamble names the year: the one that stands with a date, if there is only one."""
    found = {year_of(year): sentence for sentence in parts.body for year in re.findall(YEAR, sentence.plain)}
    if len(found) != 1:
        raise NoticeError("没有写明是哪一年的放假安排, 请连同标题一起粘贴")
    return list(found.items())


def _check_headings(body: tuple[Sentence, ...]) -> None:
    expected = 0
    for sentence in body:
        if not sentence.heading:
            continue
        mark = sentence.heading
        number = int(mark) if mark.isdigit() else _NUMERALS.find(mark) + 1
        if number in (0, expected + 1):
            expected = expected + 1
        else:
            raise sentence.error(f"序号不连续, 应为第{expected + 1}项, 可能缺少一段")


def _announced(body: tuple[Sentence, ...]) -> tuple[tuple[str, ...], Sentence] | None:
    """The holidays that the preamble lists."""
    for sentence in body:
        if "如下" in sentence.plain and (names := holidays_in(sentence.plain)) and len(names) > 1:
            return names, sentence
    return None


def _issued(parts: Paper, year: int, *, whole: bool) -> date | None:
    if parts.signature is None:
        return None
    _, found = groups(parts.signature, lambda _month: year)
    issued = found[0].days[0]
    if issued.year not in (year - 1, year) or (whole and issued.year == year and issued.month > 3):
        raise parts.signature.error(f"落款日期与{year}年的放假安排不符")
    stated = re.search(r"\[(\d{4})\]", parts.paper_number.translate(str.maketrans("〔〕［］【】", "[][][]")))
    if stated and int(stated.group(1)) != issued.year:
        raise parts.signature.error(f"落款年份与文号'{parts.paper_number}'不一致")
    return issued


def _name_of(title: str) -> str:
    """A day that is no yearly holiday, by the title of its notice."""
    found = re.search(r"([^年]{2,40}?纪念日)", title.rpartition("关于")[2])
    return found.group(1) if found else ""


def _row_name(item: Item) -> str:
    names = holidays_in(item.name)
    return "、".join(names) or item.name or "放假"
