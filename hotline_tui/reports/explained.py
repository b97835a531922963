"""Why a unit has its score: the points by indicator, what was taken off, and by what it lost, one by one (R-11.8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hotline_tui.errors import NotFound
from hotline_tui.reports.documents.model import Block, Document, Front, Heading, Paragraph, Run, Side, Table
from hotline_tui.reports.figures import Figures, Scored
from hotline_tui.reports.phrases import NOTHING, caused, percent
from hotline_tui.rules.deadlines import SHANGHAI


def only(figures: Figures, unit: str) -> Figures:
    """The appraisal with the score of one unit alone; raises NotFound."""
    found = tuple(each for each in figures.scores if each.line.name == unit)
    if not found:
        raise NotFound(f"{figures.period.title}考评中没有这个单位: {unit}")
    return replace(figures, scores=found)


def document(figures: Figures) -> Document:
    """Of the one unit that the figures hold the score of."""
    (scored,) = figures.scores
    return Document(
        Front(), f"{scored.line.name}{figures.period.title}考评得分说明", tuple(_blocks(figures, scored)), ()
    )


def _blocks(figures: Figures, scored: Scored) -> Iterator[Block]:
    score = scored.score
    rank = "" if scored.rank is None else f", 列第{scored.rank}名"
    yield Heading(1, 1, "得分")
    total = f"总分{score.total}分{rank}" if score.total is not None else f"总分{NOTHING}"
    version = figures.confirmation
    yield _said(f"{total}, {f'第{version.version}版' if version else '尚未确认'}。")
    rows = [
        (
            indicator.label,
            str(weight),
            percent(rate),
            str(rate.now.part),
            str(rate.now.whole),
            str(score.points.get(indicator, NOTHING)),
        )
        for indicator, weight in figures.choices.weights
        if weight and (rate := scored.line.rates[indicator])
    ]
    yield _table(("指标", "权重", "本期", "分子", "分母", "得分"), rows, numbers=5)
    if score.taken_off:
        off = [("逾期退件", str(score.late_returns))] * bool(score.late_returns)
        off += [(fault.label, str(points)) for fault, points in score.faults.items() if points]
        yield _table(("扣分事项", "扣分"), off, numbers=1)
    yield Heading(1, 2, "失分明细")
    if not scored.reasons:
        yield _said("没有失分的工单。")
        return
    told = [(caused(each.cause), each.number, f"{each.at.astimezone(SHANGHAI):%Y-%m-%d}") for each in scored.reasons]
    yield _table(("事项", "工单号", "日期"), told, numbers=0)


def _said(text: str) -> Paragraph:
    return Paragraph((Run(text),))


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]], numbers: int) -> Table:
    """The last `numbers` columns are numbers."""
    left = len(head) - numbers
    return Table(head, tuple(rows), (Side.LEFT,) * left + (Side.RIGHT,) * numbers)
