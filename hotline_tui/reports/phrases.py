"""What templates say figures with: per cents, rises and falls, and what belongs to what, as bulletins put it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from hotline_tui.reports.documents.model import chinese
from hotline_tui.rules.appraisal import LATE_RETURN, SHORT
from hotline_tui.rules.figures import Count, Line, Rate
from hotline_tui.rules.indicators import Share
from hotline_tui.rules.words import Fault, Indicator, Measure

NOTHING = "无数据"
_AND = "、"
_STOPS = re.compile("([,:;()]) ?")
_PRINTED = dict(zip(",:;()", "\uff0c\uff1a\uff1b\uff08\uff09", strict=True))


def caused(cause: Indicator | Fault | None) -> str:
    """By what a score lost, as a list says it."""
    match cause:
        case None:
            return LATE_RETURN
        case Indicator():
            return SHORT[cause]
        case _:
            return cause.label


def percent(value: Decimal | Share | Rate | None) -> str:
    """82.13%, or 无数据."""
    told = value if isinstance(value, Decimal) or value is None else _percent(value)
    return NOTHING if told is None else f"{told}%"


def trend(value: Count | Rate) -> str:
    """环比: 上升3.20%, 下降0.50个百分点, 持平, 无数据."""
    return _moved(value.change, value)


def yearly(value: Count | Rate) -> str:
    """同比, likewise."""
    return _moved(value.year_change, value)


def some(lines: Iterable[Line], measure: str = Measure.ACCEPTED) -> list[Line]:
    """Those that have any, the most first."""
    kept = [each for each in lines if each.counts[Measure(measure)].now]
    return sorted(kept, key=lambda each: -each.counts[Measure(measure)].now)


def of(lines: Iterable[Line], measure: str = Measure.ACCEPTED) -> list[Line]:
    """Those that have any, in their own order: what belongs nowhere else stays at the end."""
    return [each for each in lines if each.counts[Measure(measure)].now]


def named(lines: Iterable[Line], name: str) -> list[Line]:
    """Those of this name."""
    return [each for each in lines if each.name == name]


def low(lines: Iterable[Line], indicator: str) -> list[Line]:
    """Those that lack something to the full hundred, the lowest first; of nothing there is no rate."""
    told = [(rate, each) for each in lines if (rate := each.rates[Indicator(indicator)].now.rate) is not None]
    return [each for rate, each in sorted(told, key=lambda pair: pair[0]) if rate < 1]


def rated(lines: Iterable[Line], indicator: str) -> str:
    """房产分局82.13%、...: in the order given."""
    return _AND.join(f"{each.name}{percent(each.rates[Indicator(indicator)])}" for each in lines)


def listed(lines: Iterable[Line], measure: str = Measure.ACCEPTED, unit: str = "", *, share: bool = False) -> str:
    """求助类1264件、投诉类1217件: each with how many, in the order given."""
    return _AND.join(
        f"{suffixed(each.name, unit)}{each.counts[Measure(measure)]}件{f'占比{percent(each.percent)}' if share else ''}"
        for each in lines
    )


def ordered(lines: Iterable[Line], measure: str = Measure.ACCEPTED, unit: str = "") -> str:
    """一是违章建设问题756件, 二是...: with full-width commas."""
    return "\uff0c".join(
        f"{chinese(number)}是{suffixed(each.name, unit)}{each.counts[Measure(measure)]}件"
        for number, each in enumerate(lines, 1)
    )


def of_year(lines: Iterable[Line], measure: str = Measure.DISPATCHED) -> str:
    """房产分局120件(同比上升3.20%)、...: in the order given."""
    return _AND.join(
        f"{each.name}{each.counts[Measure(measure)]}件\uff08同比{yearly(each.counts[Measure(measure)])}\uff09"
        for each in lines
    )


def suffixed(name: str, unit: str) -> str:
    """违章建设 as 违章建设类; what ends so already stays."""
    return name if name.endswith(unit) else f"{name}{unit}"


def printed(sentence: str) -> str:
    """With the full-width stops of print (GB/T 15834)."""
    return _STOPS.sub(lambda found: _PRINTED[found[1]], sentence)


def points(value: Decimal) -> str:
    """5, 0.5: what is taken off, without noughts behind the point."""
    told = f"{value:f}"
    return told.rstrip("0").rstrip(".") if "." in told else told


def many(lines: Sequence[Line], measure: str) -> int:
    """How many of all of them."""
    return sum(each.counts[Measure(measure)].now for each in lines)


FILTERS = {
    "percent": percent,
    "trend": trend,
    "yearly": yearly,
    "some": some,
    "of": of,
    "named": named,
    "low": low,
    "rated": rated,
    "listed": listed,
    "ordered": ordered,
    "of_year": of_year,
    "many": many,
    "points": points,
    "suffixed": suffixed,
    "printed": printed,
    "chinese": chinese,
}
"""By the name that templates know them under."""


def _percent(value: Share | Rate) -> Decimal | None:
    return value.percent if isinstance(value, Rate) else value.percent()


def _moved(change: Decimal | None, value: Count | Rate) -> str:
    if change is None:
        return NOTHING
    if not change:
        return "持平"
    what = "个百分点" if isinstance(value, Rate) else "%"
    return f"{'上升' if change > 0 else '下降'}{abs(change)}{what}"
