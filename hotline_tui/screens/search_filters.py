"""What 查询 can be narrowed by, beside what is typed: state, unit, kind, period, topic."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from dateutil.relativedelta import relativedelta

from hotline_tui.data.queries.dashboard import OPEN_STATES
from hotline_tui.data.queries.orders import OrderFilter
from hotline_tui.rules.deadlines import SHANGHAI
from hotline_tui.rules.words import Kind, OrderState, Standing, Word
from hotline_tui.screens.directory import Directory
from hotline_tui.screens.spellings import SPELLINGS
from hotline_tui.screens.widgets.picker import PickItem

ALL = "all"
ANY = PickItem(ALL, "全部", "", "quan bu")
OPEN = "open"
MALICIOUS = "malicious"
OWN = "own"
_DATE = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})\D?")
PERIODS = (
    ("today", "今天", "jin tian"),
    ("week", "近7天", "jin 7 tian"),
    ("month", "本月", "ben yue"),
    ("last_month", "上月", "shang yue"),
    ("quarter", "本季度", "ben ji du"),
    ("last_quarter", "上季度", "shang ji du"),
    ("year", "今年", "jin nian"),
    ("last_year", "去年", "qu nian"),
)


@dataclass(frozen=True)
class Facet:
    """One thing to narrow by."""

    id: str
    label: str

    def items(self, directory: Directory) -> Sequence[PickItem]:
        """What its picker offers."""
        match self.id:
            case "state":
                pressing = (Standing.DUE_SOON, Standing.OVERDUE, Standing.SERIOUSLY_OVERDUE)
                return (
                    ANY,
                    PickItem(OPEN, "未办结", "", "wei ban jie"),
                    *map(_item, pressing),
                    *map(_item, OrderState),
                    PickItem(MALICIOUS, "移送公安", "", "yi song gong an"),
                )
            case "kind":
                return (ANY, *map(_item, Kind))
            case "unit":
                return (ANY, *directory.unit_items)
            case "topic":
                return (ANY, *directory.topic_items)
            case _:
                periods = (PickItem(key, label, "", spelling) for key, label, spelling in PERIODS)
                return (ANY, *periods, PickItem(OWN, "自选日期", "", "zi xuan ri qi"))


FACETS = tuple(
    Facet(key, label)
    for key, label in (("state", "状态"), ("unit", "单位"), ("kind", "类别"), ("period", "时间"), ("topic", "分类"))
)
FACET = {facet.id: facet for facet in FACETS}


@dataclass(frozen=True)
class Picked:
    """What was picked of a facet, and how it is shown."""

    key: str
    label: str


def narrowed(asked: OrderFilter, facet: str, key: str, today: date) -> OrderFilter:
    """The filter with this choice in it."""
    match facet:
        case "state" if key == OPEN:
            return replace(asked, states=frozenset(OPEN_STATES))
        case "state" if key == MALICIOUS:
            return replace(asked, malicious=True)
        case "state" if key in {standing.value for standing in Standing}:
            return replace(asked, standing=Standing(key))
        case "state":
            return replace(asked, states=frozenset({OrderState(key)}))
        case "unit":
            return replace(asked, unit_id=UUID(key))
        case "topic":
            return replace(asked, topic_id=UUID(key))
        case "kind":
            return replace(asked, kind=Kind(key))
        case _:
            first, last = period(key, today)
            return replace(asked, since=_midnight(first), until=_midnight(last + timedelta(days=1)))


def period(key: str, today: date) -> tuple[date, date]:
    """First and last Shanghai day of a period, by its key or as two days; raises ValueError for what is none."""
    month = today.replace(day=1)
    quarter = today.replace(month=3 * ((today.month - 1) // 3) + 1, day=1)
    year = today.replace(month=1, day=1)
    one = timedelta(days=1)
    match key:
        case "today":
            return today, today
        case "week":
            return today - timedelta(days=6), today
        case "month":
            return month, today
        case "last_month":
            return month - relativedelta(months=1), month - one
        case "quarter":
            return quarter, today
        case "last_quarter":
            return quarter - relativedelta(months=3), quarter - one
        case "year":
            return year, today
        case "last_year":
            return year - relativedelta(years=1), year - one
        case _:
            return days(key)


def days(typed: str) -> tuple[date, date]:
    """`2026-11-01 2026-11-20` as people write it, or one day; raises ValueError."""
    text = unicodedata.normalize("NFKC", typed).strip()
    found = [date(*map(int, parts)) for parts in _DATE.findall(text)]
    if len(found) not in (1, 2) or re.search(r"\d", _DATE.sub("", text)) or found[-1] < found[0]:
        raise ValueError(typed)
    return found[0], found[-1]


def _item(word: Word) -> PickItem:
    return PickItem(word.value, word.label, "", SPELLINGS[word])


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
