"""What the sentences of a notice arrange: days off, make-up days, swaps, an extension. Nothing is passed over."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from hotline_tui.rules.notice.dates import MARK, Group, Year, groups, number
from hotline_tui.rules.notice.sentences import Sentence
from hotline_tui.rules.notice.statutory import EVE, holidays_in, new_years_day, statutory

SATURDAY = 5
_N = "(?:[0-9]{1,2}|[一二两三四五六七八九十]{1,3})"
_PRE = (
    r"(?:其中|即|现将|将|现|从|自|另外?|并|而|同时|全国|全体公民|公民|统一|具体为|具体安排为|安排为|规定|"
    r"(?:元旦|春节|清明节|(?:国际)?劳动节|端午节|中秋节|国庆节)(?:假期)?(?:为)?)*"
)
_REST = "(?:公休日?|休息日|双休日|周末|周休日)"
_HOLIDAY = "(?:(?:元旦|春节|清明节|劳动节|端午节|中秋节|国庆节)(?:法定)?(?:节?假日)?)"
_COUNTED = f"(?:(?:共计?|这)?({_N})天)?"
_OFF = re.compile(
    rf"{_PRE}D{_COUNTED}(?:均|都|全国|统一|继续|期间)?(?:为)?"
    r"(?:放假|休假|休息|补休|补假|调休|连休|放假日|假期|节日假期)(?:调休|公休|休息|放假)*"
    rf"{_COUNTED}"
)
_WORK = re.compile(
    rf"{_PRE}D{_COUNTED}(?:均|都|仍|要|应|需|须)*(?:正常|照常|调整为|改为|补|为|调休)*(?:上班|补班|工作日|工作)"
    rf"{_COUNTED}"
)
_RESUMED = re.compile(rf"{_PRE}D(?:起|开始)(?:正常|恢复|照常)*(?:上班|工作)")
_STATUTORY = re.compile(
    rf"{_PRE}D(?:均|分别)?(?:为|是|系|属于?)(?:(?:国家)?法定(?:节假日|假日|节日|假期|休假日)|{_HOLIDAY})"
)
_WEEKEND = re.compile(rf"{_PRE}D(?:均|分别)?(?:为|是|系|属于?)?(?:正常|照常)?(?:{_REST})")
_SWAP = re.compile(
    rf"{_PRE}D(?:的)?(?:({_N})个)?(?:{_REST}|{_HOLIDAY})?(?:分别)?(?:调整?|移|换|改)(?:休)?(?:至|到|为|在)D(?:放假|休息|补休|公休)?"
)
_DAYS = re.compile(rf"(?:放假|假期|总计|合计|一共|共计|共|为期|为|连续?)*({_N})(?:天|日)(?:假期?|长假)?")
_TO_WEEKEND = re.compile(
    r"(?:并|可)?与(?:周末|双休日|周六日|公休日|星期六、星期日|周六、周日)(?:公休)?(?:相连|连休|连放)"
)
_BESIDE = "与周末连休"
"""How every wording of it stands in a clause."""
_NO_SWAP = re.compile(r"(?:不再?(?:作|进行|另行)?(?:调休|补休))")
_EXTENDED = re.compile(rf"{_PRE}(?:把|决定)?(.{{1,12}}?)(?:的)?假期(?:的)?(?:再)?(?:延长|顺延|延至|延长到)(?:至|到)?D")
_EXTENDING = re.compile(
    rf"{_PRE}(?:决定)?(?:延长|顺延)(?:(?:\d{{4}}|[〇零一二三四五六七八九]{{4}})年)?(.{{1,12}}?)假期(?:至|到)D"
)
_ANNOUNCED = re.compile(
    r"放假(?:时间|日期|安排)?(?:为|是)?|假期(?:为|是)?|(?:调休)?上班(?:时间|日期)?(?:为|是)?|补班(?:时间|日期)?"
)
_ADVICE = re.compile("鼓励|倡导|建议|提倡")
_ARRANGES = re.compile("放假|上班|补休|补假|调休|公休|休假|连休|法定节|假日|补班")
_ORDERS = re.compile("放假|上班|补休|补假|调休|公休|连休|补班")
_LAW_TITLE = re.compile("《.*?》")
_LAW = re.compile("增加|修订|修改|施行|实施")
"""Of a sentence about the law itself, which arranges no day."""
_LAID_DOWN = re.compile(r"D[^,]{0,4}(?:放假|休假|补休|上班|公休|调)")
_HARMLESS = re.compile(
    "通知如下|安排如下|如下安排|调休如下|如下调休|值班|值守|安全|保卫|报告|妥善|带薪年休假|另行通知|参照|遵照|执行|推迟开学"
)


@dataclass(slots=True)
class Item:
    """One paragraph: a holiday with its days."""

    name: str
    sentence: Sentence
    off: dict[date, Sentence] = field(default_factory=dict[date, Sentence])
    works: dict[date, Sentence] = field(default_factory=dict[date, Sentence])
    off_later: list[tuple[date, Sentence, str]] = field(default_factory=list[tuple[date, Sentence, str]])
    """Days that the text says are off for a reason (法定, 公休), which the days off must contain."""
    swapped: list[tuple[date, Sentence]] = field(default_factory=list[tuple[date, Sentence]])
    """Weekend days given for weekdays: they work, or are statutory."""
    joined: dict[date, Sentence] = field(default_factory=dict[date, Sentence])
    """Weekend days that the days off are said to lie beside: off as always, no rows of the notice."""
    until: tuple[str, date, Sentence] | None = None
    """An extension: of which holiday, to which day."""
    resumed: tuple[date, Sentence] | None = None


class Reader:
    """Reads sentences one after the other into items; raises NoticeError for what it does not understand."""

    def __init__(self, year: Year, year_at_new_year: Year) -> None:
        self.items: list[Item] = []
        self._year = year
        self._year_at_new_year = year_at_new_year

    def read(self, sentence: Sentence) -> None:
        """Take in one sentence."""
        name, rest = _heading(sentence)
        if name or not self.items or (sentence.heading and _ARRANGES.search(sentence.plain)):
            item = Item(name, sentence)
        else:
            item = self.items[-1]
        body = Sentence(sentence.number, rest, sentence.written)
        at_new_year = "元旦" in holidays_in(item.name) if item.name else "元旦" in rest
        template, found = groups(body, self._year_at_new_year if at_new_year else self._year)
        if _ADVICE.search(template) and not re.search("放假|上班|调休|补休", template.replace("带薪年休假", "")):
            _check_advice(sentence, template, found)
            return
        if _LAW.search(template) and not _LAID_DOWN.search(template):
            return
        if not found:
            self._without_dates(sentence, template, item)
            return
        _Clauses(sentence, item, list(found)).read(template)
        if item not in self.items:
            self.items.append(item)

    def _without_dates(self, sentence: Sentence, template: str, item: Item) -> None:
        if _ARRANGES.search(template) and not _HARMLESS.search(template):
            if item in self.items and all(map(_plain_clause, _split(template))):
                _Clauses(sentence, item, []).read(template)
                return
            raise sentence.error("说的是放假或上班, 但没有看懂日期")
        if not _HARMLESS.search(template) and re.search(rf"{_N}(?:天|月|日(?!常))|\d+[/.]\d+", template):
            raise sentence.error("有日期或天数, 但没有看懂")


class _Clauses:
    """The clauses of one sentence."""

    def __init__(self, sentence: Sentence, item: Item, found: list[Group]) -> None:
        self._sentence, self._item, self._found = sentence, item, found
        self._pending: list[Group] = []
        self._announced = ""
        self._worked: list[date] | None = None
        """The days of the clause before, if it was of working: what is counted after it are they."""

    def read(self, template: str) -> None:
        for clause in _split(template):
            mine = [self._found.pop(0) for _ in range(clause.count(MARK))]
            self._clause(clause, mine)
        if self._pending:
            raise self._sentence.error("有日期没有写明放假还是上班")

    def _clause(self, clause: str, mine: list[Group]) -> None:
        item, sentence = self._item, self._sentence
        if re.fullmatch(f"{_PRE}D", clause):
            self._pending += mine
            if self._announced:
                self._clause(self._announced, [])
            return
        days = [day for group in (*self._pending, *mine) for day in group.days]
        if not days:
            self._plain(clause)
            return
        self._pending, self._worked = [], None
        if not mine:
            clause = MARK + clause
        if match := _OFF.fullmatch(clause):
            self._off(days)
            self._counts(match, days)
        elif clause == MARK + _BESIDE:
            self._off(days)
            self._beside_weekend()
        elif match := _WORK.fullmatch(clause):
            self._works(days)
            self._counts(match, days)
            self._worked = days
        elif _WEEKEND.fullmatch(clause):
            self._weekend(days)
        elif _STATUTORY.fullmatch(clause):
            self._statutory(days)
        elif (match := _SWAP.fullmatch(clause)) and len(mine) == 2:
            self._swap(list(mine[0].days), list(mine[1].days), match.group(1))
        elif _RESUMED.fullmatch(clause) and len(days) == 1:
            item.resumed = (days[0], sentence)
        elif (match := _EXTENDING.fullmatch(clause) or _EXTENDED.fullmatch(clause)) and len(days) == 1:
            item.until = (match.group(1), days[0], sentence)
        else:
            raise sentence.error(f"'{_shown(clause, mine)}'看不懂")

    def _counts(self, match: re.Match[str], days: list[date]) -> None:
        for said in filter(None, match.groups()):
            self._count(said, days)

    def _plain(self, clause: str) -> None:
        """A clause without dates."""
        if match := _DAYS.fullmatch(clause):
            self._count(match.group(1), self._worked or [*self._item.off, *self._item.joined])
        elif _ANNOUNCED.fullmatch(clause):
            self._announced = "上班" if re.search("上班|补班", clause) else "放假"
        elif clause == _BESIDE:
            self._beside_weekend()
        elif not _plain_clause(clause):
            raise self._sentence.error(f"'{clause}'看不懂")

    def _off(self, days: list[date]) -> None:
        for day in days:
            self._item.off.setdefault(day, self._sentence)

    def _works(self, days: list[date]) -> None:
        for day in days:
            if day in self._item.works:
                raise self._sentence.error(f"{_said(day)}上班写了两次")
            self._item.works[day] = self._sentence

    def _statutory(self, days: list[date]) -> None:
        for day in days:
            if day not in statutory(day.year):
                raise self._sentence.error(f"{_said(day)}不是法定节假日")
            self._item.off_later.append((day, self._sentence, "法定节假日"))

    def _count(self, said: str, days: list[date]) -> None:
        count = self._number(said)
        if count != len(set(days)):
            raise self._sentence.error(f"文中写{count}天, 所列日期是{len(set(days))}天")

    def _number(self, said: str) -> int:
        try:
            return number(said.replace("两", "二"))
        except ValueError:
            raise self._sentence.error(f"'{said}'不是数") from None

    def _swap(self, weekend: list[date], weekdays: list[date], said: str | None) -> None:
        if said and self._number(said) != len(weekend):
            raise self._sentence.error(f"文中写{said}个公休日, 所列是{len(weekend)}天")
        if len(weekend) != len(weekdays):
            raise self._sentence.error(f"{len(weekend)}个公休日不能调至{len(weekdays)}天")
        for day in weekend:
            if day.weekday() < SATURDAY:
                raise self._sentence.error(f"{_said(day)}不是周六周日, 不能作为公休日调休")
            self._item.swapped.append((day, self._sentence))
        self._off(weekdays)

    def _weekend(self, days: list[date]) -> None:
        for day in days:
            if day.weekday() < SATURDAY:
                raise self._sentence.error(f"{_said(day)}不是周六周日, 不是公休日")
        self._item.off_later += [(day, self._sentence, "公休日") for day in days]

    def _beside_weekend(self) -> None:
        """The weekend days that touch the days off are off with them."""
        beside = {near for day in self._item.off for near in _weekend_beside(day)}
        if not beside:
            raise self._sentence.error("所列日期不与周末相连")
        self._item.joined |= dict.fromkeys(beside - self._item.off.keys(), self._sentence)


def _split(template: str) -> list[str]:
    """The clauses of a sentence; that days lie beside a weekend is one of its own wherever it stands."""
    return [clause for clause in re.split("[,:]", _TO_WEEKEND.sub(f",{_BESIDE},", template)) if clause]


def _weekend_beside(day: date) -> list[date]:
    """The days of the weekend that `day` touches or lies in."""
    to_saturday = {0: -2, 4: 1, 5: 0, 6: -1}.get(day.weekday())
    return [] if to_saturday is None else [day + timedelta(days=to_saturday + step) for step in (0, 1)]


def _plain_clause(clause: str) -> bool:
    """Whether a clause without dates arranges nothing, or only repeats."""
    if _NO_SWAP.fullmatch(clause) or clause == _BESIDE or _ANNOUNCED.fullmatch(clause):
        return True
    if _DAYS.fullmatch(clause) or _HARMLESS.search(clause):
        return True
    told = _LAW_TITLE.sub("", clause)
    return not _ORDERS.search(told) and not re.search(rf"\d|{_N}(?:天|月|日)", clause)


def _heading(sentence: Sentence) -> tuple[str, str]:
    """The holiday that a paragraph is headed by, and the rest."""
    head, colon, rest = sentence.plain.partition(":")
    other = re.search(r"\d+(?:年|月|日|号)|如下|调休$|,", head) or _ARRANGES.search(head)
    if colon and len(head) <= 40 and not other:
        return head.strip('"').replace('"', ""), rest
    return "", sentence.plain


def _check_advice(sentence: Sentence, template: str, found: tuple[Group, ...]) -> None:
    """Advice (鼓励休息) arranges nothing, but where it names the eve the day must be the eve."""
    days = [day for group in found for day in group.days]
    if EVE in template and len(days) == 1 and (first := new_years_day(days[0].year)) and (first - days[0]).days != 1:
        raise sentence.error(f"{_said(days[0])}不是除夕")


def _shown(clause: str, found: list[Group]) -> str:
    for group in found:
        first, last = group.days[0], group.days[-1]
        said = _said(first) if first == last else f"{_said(first)}至{_said(last)}"
        clause = clause.replace(MARK, said, 1)
    return clause


def _said(day: date) -> str:
    return f"{day.month}月{day.day}日"
