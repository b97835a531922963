"""A report's figures as a workbook: numbers that can be reckoned with, and beside each rate how it was made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

from wcwidth import wcswidth

from hotline_tui.reports.figures import Figures, Part, Scored
from hotline_tui.reports.phrases import NOTHING, caused
from hotline_tui.rules.deadlines import SHANGHAI
from hotline_tui.rules.figures import Count, Line, Rate
from hotline_tui.rules.indicators import MEANINGS, Share
from hotline_tui.rules.words import Fault, Indicator, Measure

if TYPE_CHECKING:
    from openpyxl import Workbook

RATE, COUNT, CHANGE, POINTS = (
    "0.00%",
    "#,##0",
    '+0.00"%";-0.00"%";0.00"%"',
    '+0.00"个百分点";-0.00"个百分点";0.00"个百分点"',
)
"""Number formats: rates are between 0 and 1, changes are per cents and percentage points."""
POINT = "0.00"
"""Of an appraisal."""
_WIDEST = 60
_UNIT_MEASURES = (
    Measure.DISPATCHED, Measure.SIGNED, Measure.RETURNED, Measure.RETURNED_LATE, Measure.REDISPATCHED, Measure.DUE,
    Measure.COMPLETED, Measure.ON_TIME, Measure.LATE, Measure.OPEN, Measure.OVERDUE, Measure.SERIOUS, Measure.CALLED,
    Measure.REACHED, Measure.SATISFIED, Measure.MOSTLY_SATISFIED, Measure.UNSATISFIED,
)  # fmt: skip
_UNIT_RATES = tuple(each for each in Indicator if each is not Indicator.DIRECT)

Cell = str | int | float | None | tuple[float | Decimal | None, str]
"""A text, a whole number, or a number with its format; None in such a pair is 无数据."""


def write(figures: Figures) -> bytes:
    """The file: a sheet each for the whole, what it is told apart by, units, what was late, and the formulas."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    parts = (("合计", figures.all), ("热线", figures.hotline), ("市长信箱", figures.mailbox))
    _sheet(book, "基本情况", ("范围", "项目", "本期", "环比", "同比", "上期", "上年同期", "含义"), _counts(parts))
    head = ("范围", "指标", "本期", "分子", "分母", "环比", "同比", "上期", "上年同期", "计算公式")
    _sheet(book, "指标", head, _rates(parts))
    accepted = ("件数", "占比", "环比", "同比", "上期", "上年同期")
    for title, of in (("类别", "kinds"), ("诉求分类", "topics"), ("渠道", "channels"), ("属地", "regions")):
        lines = [row for name, part in parts for row in _lines(name, getattr(part, of))]
        _sheet(book, title, ("范围", "上级", title, *accepted), lines)
    labels = [each.label for each in (*_UNIT_MEASURES, *_UNIT_RATES)]
    _sheet(book, "承办单位", ("承办单位", "上级单位", *labels), map(_unit, figures.all.units), frozen=1)
    if figures.scores:
        weighted = [each for each, weight in figures.choices.weights if weight]
        labels = [f"{each.label}得分" for each in weighted]
        names = [fault.label for fault in Fault]
        head = (
            "名次",
            "承办单位",
            *labels,
            "逾期退件",
            "逾期退件扣分",
            *names,
            *(f"{each}扣分" for each in names),
            "总分",
        )
        _sheet(book, "考评", head, (_scored(each, weighted) for each in figures.scores), frozen=2)
        _sheet(book, "失分明细", ("承办单位", "事项", "工单号", "日期"), _reasons(figures), frozen=1)
    _sheet(book, "严重超期", ("月份", "范围", "承办单位", "件数"), _late(figures))
    _sheet(book, "不予受理", ("理由", "件数"), figures.refusals)
    _sheet(book, "说明", ("项目", "内容"), _notes(figures))
    book.properties.title = f"{figures.city}12345{figures.report.label} {figures.period.title}"
    book.properties.creator = figures.issuer
    book.properties.created = book.properties.modified = figures.at.replace(tzinfo=None)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _counts(parts: Iterable[tuple[str, Part]]) -> Iterable[Sequence[Cell]]:
    for name, part in parts:
        for measure, count in part.total.counts.items():
            yield (name, measure.label, count.now, *_moved(count), count.before, count.year_before, MEANINGS[measure])


def _rates(parts: Iterable[tuple[str, Part]]) -> Iterable[Sequence[Cell]]:
    for name, part in parts:
        for indicator, rate in part.total.rates.items():
            yield (
                name, indicator.label, _share(rate.now), rate.now.part, rate.now.whole, (rate.change, POINTS),
                (rate.year_change, POINTS), _share(rate.before), _share(rate.year_before), rate.formula,
            )  # fmt: skip


def _lines(scope: str, lines: Iterable[Line], above: str = "") -> Iterable[Sequence[Cell]]:
    for each in lines:
        count = each.counts[Measure.ACCEPTED]
        percent = None if each.percent is None else each.percent / 100
        yield (scope, above, each.name, count.now, (percent, RATE), *_moved(count), count.before, count.year_before)
        yield from _lines(scope, each.below, each.name)


def _unit(line: Line) -> Sequence[Cell]:
    counts = (line.counts[measure].now for measure in _UNIT_MEASURES)
    return (line.name, line.superior, *counts, *(_share(line.rates[each].now) for each in _UNIT_RATES))


def _scored(scored: Scored, weighted: Sequence[Indicator]) -> Sequence[Cell]:
    score = scored.score
    rank: Cell = NOTHING if scored.rank is None else scored.rank
    return (
        rank, scored.line.name, *((score.points.get(each), POINT) for each in weighted),
        scored.line.counts[Measure.RETURNED_LATE].now, (score.late_returns, POINT),
        *(scored.faults.get(fault, 0) for fault in Fault),
        *((score.faults.get(fault, Decimal(0)), POINT) for fault in Fault), (score.total, POINT),
    )  # fmt: skip


def _reasons(figures: Figures) -> Iterable[Sequence[Cell]]:
    for scored in figures.scores:
        for each in scored.reasons:
            yield scored.line.name, caused(each.cause), each.number, f"{each.at.astimezone(SHANGHAI):%Y-%m-%d}"


def _late(figures: Figures) -> Iterable[Sequence[Cell]]:
    for late in figures.late:
        for scope, lines in (("热线", late.hotline), ("市长信箱", late.mailbox)):
            yield from ((late.month.title, scope, each.name, each.counts[Measure.SERIOUS].now) for each in lines)


def _notes(figures: Figures) -> Iterable[Sequence[Cell]]:
    yield "统计时段", f"{figures.period.first}至{figures.period.last}"
    yield "环比时段", figures.before.title
    yield "同比时段", figures.year_before.title
    yield "统计时间", f"{figures.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    if figures.confirmation:
        at = f"{figures.confirmation.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        yield "确认", f"第 {figures.confirmation.version} 版, {at} {figures.confirmation.by}"
    yield from (("口径", sentence) for sentence in figures.choices.said)
    yield from (("办理记录", f"站点 {head.node} 第 {head.number} 条 {head.hash}") for head in figures.heads)


def _moved(value: Count | Rate) -> tuple[Cell, Cell]:
    return (value.change, CHANGE), (value.year_change, CHANGE)


def _share(share: Share) -> Cell:
    return share.rate, RATE


def _sheet(book: Workbook, title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]], *, frozen: int = 0) -> None:
    """Its head stays in sight, and `frozen` columns; as wide as what is in them."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    widths = [wcswidth(name) for name in head]
    for place, name in enumerate(head, 1):
        cell = sheet.cell(1, place, name)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    for number, row in enumerate(rows, 2):
        for place, told in enumerate(row):
            _put(sheet.cell(number, place + 1), told)
            if isinstance(told, str):
                widths[place] = max(widths[place], wcswidth(told))
    sheet.freeze_panes = f"{get_column_letter(frozen + 1)}2"
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = min(max(width, 8) + 2, _WIDEST)
    sheet.print_title_rows = "1:1"


def _put(cell: Any, told: Cell) -> None:
    """A text is a text, also one that begins like a formula."""
    match told:
        case (None, _):
            cell.value = NOTHING
        case (value, form):
            cell.value, cell.number_format = value, form
        case str():
            cell.value = told
            cell.data_type = "s"
        case _:
            cell.value, cell.number_format = told, COUNT
