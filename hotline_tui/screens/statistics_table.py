"""How 统计 shows its lines: columns that sort, words for what cannot be divided, bars (R-11.7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from uuid import UUID

from hotline_tui.data.queries.measured import Scope
from hotline_tui.rules.figures import Count, Line, Rate
from hotline_tui.rules.indicators import MEANINGS
from hotline_tui.rules.words import Channel, Dimension, Indicator, Kind, Measure
from hotline_tui.screens.widgets.row_list import Column, Row

NO_DATA = "无数据"
WHOLE = "合计"
NAME_CELLS = 20
_BAR, _MARK = "#", "v"
_SORTS = int | Decimal | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A column: what it shows of a line, what it sorts by, and what is opened from it."""

    title: str
    cells: int
    measure: Measure
    """What stands behind it, one by one; of a rate what it is divided by."""
    value: Callable[[Line], _SORTS]
    text: Callable[[Line], str]
    about: Callable[[Line], str]
    """What the figure means, with numerator and denominator."""
    unit: str = ""

    @property
    def head(self) -> str:
        """Over a column of plain numbers."""
        return f"{self.title}({self.unit})" if self.unit else self.title

    def cell(self, line: Line) -> int | Decimal | str:
        """As a plain number."""
        value = self.value(line)
        return NO_DATA if value is None else value


def count(measure: Measure, title: str = "", cells: int = 6) -> Figure:
    """How many."""

    def about(line: Line) -> str:
        told = line.counts[measure]
        return f"{measure.label} {told.now}: {MEANINGS[measure]}; 上期 {told.before}, 上年同期 {told.year_before}"

    return Figure(
        title or measure.label,
        cells,
        measure,
        lambda line: line.counts[measure].now,
        lambda line: str(line.counts[measure].now),
        about,
    )


def rate(indicator: Indicator, measure: Measure, title: str) -> Figure:
    """A share, in per cent."""

    def about(line: Line) -> str:
        told = line.rates[indicator]
        now = f"{told.now.part} / {told.now.whole}" if told.now.whole else NO_DATA
        moved = f"环比 {moved_by(told)}, 同比 {moved_by(told, year=True)}"
        return f"{indicator.label} {percent(told.percent)} = {now}: {told.formula}; {moved}"

    return Figure(
        title,
        8,
        measure,
        lambda line: line.rates[indicator].percent,
        lambda line: percent(line.rates[indicator].percent),
        about,
        "%",
    )


def _compared(measure: Measure, *, year: bool) -> Figure:
    def change(line: Line) -> Decimal | None:
        return line.counts[measure].year_change if year else line.counts[measure].change

    def about(line: Line) -> str:
        told = line.counts[measure]
        then, name = (told.year_before, "上年同期") if year else (told.before, "上期")
        moved = moved_by(told, year=year)
        return f"{'同比' if year else '环比'} {moved}: {measure.label} {told.now}, {name} {then}"

    return Figure(
        "同比" if year else "环比",
        9,
        measure,
        change,
        lambda line: moved_by(line.counts[measure], year=year),
        about,
        "%",
    )


SHARE = Figure(
    "占比",
    7,
    Measure.ACCEPTED,
    lambda line: line.percent,
    lambda line: percent(line.percent),
    lambda line: f"占比 {percent(line.percent)}: 受理 {line.counts[Measure.ACCEPTED].now}, 同级各项合计 100%",
    "%",
)
_SIGNED = rate(Indicator.SIGNED_IN_TIME, Measure.DISPATCHED, "签收率")
_ON_TIME = rate(Indicator.ON_TIME, Measure.DUE, "按时率")
_SATISFIED = rate(Indicator.SATISFIED, Measure.REACHED, "满意率")
_DIRECT = rate(Indicator.DIRECT, Measure.ACCEPTED, "直答率")
_OF_ORDERS = (
    count(Measure.ACCEPTED),
    SHARE,
    _compared(Measure.ACCEPTED, year=False),
    _compared(Measure.ACCEPTED, year=True),
    _ON_TIME,
    _SATISFIED,
)
_WIDE_OF_ORDERS = (
    count(Measure.RECEIVED),
    count(Measure.REFUSED, "不受理"),
    _DIRECT,
    count(Measure.DISPATCHED),
    count(Measure.OVERDUE),
)
_OF_UNITS = (
    count(Measure.DISPATCHED),
    _SIGNED,
    count(Measure.DUE, "应办"),
    _ON_TIME,
    _SATISFIED,
    count(Measure.OVERDUE),
    count(Measure.SERIOUS, "严重"),
)
_WIDE_OF_UNITS = (
    _compared(Measure.DISPATCHED, year=False),
    _compared(Measure.DISPATCHED, year=True),
    count(Measure.RETURNED, "退件"),
    count(Measure.REDISPATCHED, "重办"),
    count(Measure.REACHED, "回访"),
)


def figures(by: Dimension, *, wide: bool) -> tuple[Figure, ...]:
    """The columns of a dimension."""
    first, more = (_OF_UNITS, _WIDE_OF_UNITS) if by is Dimension.UNIT else (_OF_ORDERS, _WIDE_OF_ORDERS)
    return (*first, *more) if wide else first


def percent(value: Decimal | None) -> str:
    """82.13%, or 无数据."""
    return NO_DATA if value is None else f"{value}%"


def moved_by(value: Count | Rate, *, year: bool = False) -> str:
    """+3.20%, -0.50点 of a rate, 无数据."""
    change = value.year_change if year else value.change
    unit = "点" if isinstance(value, Rate) else "%"
    return NO_DATA if change is None else f"{change:+}{unit}"


def columns(shown: Sequence[Figure], chosen: int, name: str) -> tuple[Column, ...]:
    """The name, and each figure; the chosen one is marked, the rows go by it."""
    told = (
        Column(f"{_MARK}{each.title}" if at == chosen else each.title, each.cells, right=True)
        for at, each in enumerate(shown)
    )
    return (Column(name), *told)


def ordered(lines: Sequence[Line], figure: Figure | None) -> Iterator[tuple[str, int, Line]]:
    """Each line with its key and depth, its like by the figure, the greatest first; none: as they stand.

    What has no data stands last, equals by their names.
    """

    def by(line: Line) -> tuple[bool, Decimal | int, str]:
        value = figure.value(line) if figure else 0
        return value is None, -(value or 0), line.name

    def walk(lines: Sequence[Line], above: str, depth: int) -> Iterator[tuple[str, int, Line]]:
        for line in sorted(lines, key=by) if figure else lines:
            key = f"{above}/{line.name}/{','.join(line.keys[:1])}"
            yield key, depth, line
            yield from walk(line.below, key, depth + 1)

    yield from walk(lines, "", 0)


def row(key: str, depth: int, line: Line, shown: Sequence[Figure]) -> Row:
    """A line of the table."""
    return Row(key, (f"{'  ' * depth}{line.name or WHOLE}", *(figure.text(line) for figure in shown)))


def bar_columns(figure: Figure, name: str) -> tuple[Column, ...]:
    """The name, the figure, and how long it is."""
    return (Column(name, NAME_CELLS), Column(f"{_MARK}{figure.title}", figure.cells + 2, right=True), Column(""))


def bar_row(key: str, depth: int, line: Line, figure: Figure, cells: Decimal) -> Row:
    """A line as a bar of plain signs, so many cells for one; whatever is not nothing is seen."""
    value = figure.value(line) or 0
    long = max(1, round(value * cells)) if value > 0 else 0
    return Row(key, (f"{'  ' * depth}{line.name or WHOLE}", figure.text(line), _BAR * long))


def scope_of(by: Dimension, line: Line) -> Scope:
    """What a line sums; the whole sums everything."""
    if not line.keys:
        return Scope()
    match by:
        case Dimension.KIND:
            return Scope(kinds=frozenset(map(Kind, line.keys)))
        case Dimension.CHANNEL:
            return Scope(channels=frozenset(map(Channel, line.keys)))
        case Dimension.TOPIC:
            return Scope(topics=frozenset(UUID(hex=key) if key else None for key in line.keys))
        case Dimension.REGION:
            return Scope(regions=frozenset(UUID(hex=key) if key else None for key in line.keys))
        case _:
            return Scope(units=frozenset(UUID(hex=key) for key in line.keys))


BY: Mapping[Dimension, str] = MappingProxyType(
    {
        Dimension.KIND: "类别",
        Dimension.TOPIC: "分类",
        Dimension.CHANNEL: "渠道",
        Dimension.REGION: "属地",
        Dimension.UNIT: "承办单位",
    }
)
"""The dimensions, as keys 1 to 5 choose them."""
