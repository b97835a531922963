"""A report's figures as JSON: every count and rate with what it was made of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from hotline_tui.reports.figures import Figures, Part, Scored
from hotline_tui.rules.deadlines import SHANGHAI
from hotline_tui.rules.figures import Count, Line, Rate
from hotline_tui.rules.indicators import Choices, Share
from hotline_tui.rules.periods import Period
from hotline_tui.rules.words import Measure


def plain(figures: Figures) -> dict[str, Any]:
    """Terms by value, days as Shanghai has them, per cents as numbers; null where there is no data."""
    return {
        "report": figures.report.value,
        "city": figures.city,
        "issuer": figures.issuer,
        "number": figures.number,
        "period": _period(figures.period),
        "before": _period(figures.before),
        "year_before": _period(figures.year_before),
        "counted_at": _moment(figures.at),
        "confirmed": {
            "version": figures.confirmation.version,
            "at": _moment(figures.confirmation.at),
            "by": figures.confirmation.by,
        }
        if figures.confirmation
        else None,
        "all": _part(figures.all),
        "hotline": _part(figures.hotline),
        "mailbox": _part(figures.mailbox),
        "late": [
            {"month": f"{late.month.first:%Y-%m}", "hotline": _late(late.hotline), "mailbox": _late(late.mailbox)}
            for late in figures.late
        ],
        "refusals": dict(figures.refusals),
        "choices": _choices(figures.choices),
        "heads": [{"node": head.node, "number": head.number, "hash": head.hash} for head in figures.heads],
        "scores": [_scored(each) for each in figures.scores],
        "written": {"problems": figures.written.problems, "next_steps": figures.written.next_steps},
    }


def _scored(scored: Scored) -> dict[str, Any]:
    score = scored.score
    return {
        "unit": scored.line.name,
        "rank": scored.rank,
        "total": _number(score.total),
        "points": {indicator.value: float(points) for indicator, points in score.points.items()},
        "late_returns": {"many": scored.line.counts[Measure.RETURNED_LATE].now, "points": float(score.late_returns)},
        "faults": {
            fault.value: {"many": scored.faults[fault], "points": float(points)}
            for fault, points in score.faults.items()
        },
        "reasons": [
            {"cause": each.cause.value if each.cause else "late_return", "number": each.number, "at": _moment(each.at)}
            for each in scored.reasons
        ],
    }


def _period(period: Period) -> dict[str, str]:
    return {"first": period.first.isoformat(), "last": period.last.isoformat(), "title": period.title}


def _part(part: Part) -> dict[str, Any]:
    lists = {name: getattr(part, name) for name in ("kinds", "topics", "channels", "regions", "units")}
    return {"total": _line(part.total), **{name: [_line(each) for each in lines] for name, lines in lists.items()}}


def _line(line: Line) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": line.name,
        "percent": _number(line.percent),
        "counts": {measure.value: _count(count) for measure, count in line.counts.items()},
        "rates": {indicator.value: _rate(rate) for indicator, rate in line.rates.items()},
    }
    if line.superior:
        told["superior"] = line.superior
    if line.below:
        told["below"] = [_line(each) for each in line.below]
    return told


def _count(count: Count) -> dict[str, Any]:
    return {
        "now": count.now,
        "before": count.before,
        "year_before": count.year_before,
        "change": _number(count.change),
        "year_change": _number(count.year_change),
    }


def _rate(rate: Rate) -> dict[str, Any]:
    return {
        "formula": rate.formula,
        **_share(rate.now),
        "before": _share(rate.before),
        "year_before": _share(rate.year_before),
        "change": _number(rate.change),
        "year_change": _number(rate.year_change),
    }


def _share(share: Share) -> dict[str, Any]:
    return {"part": share.part, "whole": share.whole, "percent": _number(share.percent())}


def _late(lines: Iterable[Line]) -> dict[str, int]:
    return {each.name: each.counts[Measure.SERIOUS].now for each in lines}


def _choices(choices: Choices) -> dict[str, Any]:
    return {
        "mostly_satisfied": choices.mostly_satisfied,
        "serious_days": choices.serious_days,
        "weights": {indicator.value: weight for indicator, weight in choices.weights},
        "late_return": float(choices.late_return),
        "faults": {fault.value: float(points) for fault, points in choices.faults},
    }


def _moment(at: datetime) -> str:
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds")


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
