"""Figures made by hand: the Report of the seed documents, a city's published bulletin, and a period of nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from hotline_tui.reports.figures import Figures, Head, Late, Part, Written
from hotline_tui.rules.figures import Line, line, parted
from hotline_tui.rules.periods import Period
from hotline_tui.rules.words import Measure, Report, Span

AT = datetime(2017, 9, 25, 1, tzinfo=UTC)


def of(name: str, before: dict[str, int] | None = None, year: dict[str, int] | None = None, **now: int) -> Line:
    """A line by measures' values."""
    told, earlier, a_year_ago = (
        {Measure(key): many for key, many in each.items()} for each in (now, before or {}, year or {})
    )
    return line(name, told, earlier, a_year_ago)


def received(**many: int) -> tuple[Line, ...]:
    """Lines of so many orders each."""
    return parted([of(name, received=number) for name, number in many.items()], last=["其它各类"])


KINDS = received(咨询=24, 求助=1264, 投诉=1217, 建议=0)
TOPICS = received(
    其它各类=132,
    违章建设=756,
    公共服务=567,
    物业管理=336,
    市政建设=279,
    环保=159,
    公共治安=123,
    劳动社保=96,
    工商管理=57,
)
UNITS = (
    of("新河街道", dispatched=1200, signed=1180, due=1190, completed=1185, on_time=1150, serious=10),
    of("工商分局", dispatched=800, signed=790, due=790, completed=790, on_time=780, serious=3),
    of("没有工单的单位"),
)
QUARTER = Period.of(Span.QUARTER, date(2017, 8, 1))
WORK: dict[str, Any] = {
    "dispatched": 2400, "signed": 2300, "due": 2300, "completed": 2290, "on_time": 2200, "satisfied": 900,
    "unsatisfied": 100,
}  # fmt: skip


def the_report() -> Figures:
    """城南新区, the third quarter of 2017."""
    hotline = Part(of("", received=2505, **WORK), KINDS, TOPICS)
    mailbox = Part(of("", received=268, answered=256, published=40), received(建议=20, 求助=248))
    late = [
        Late(
            month,
            (of("新河街道", serious=10), of("工商分局", serious=3), of("房产分局", serious=1)) if august else (),
            (of("安环办", serious=2),) if august else (),
        )
        for month in QUARTER.months()
        for august in [month.first.month == 8]
    ]
    return Figures(
        Report.QUARTERLY, QUARTER, QUARTER.before(), QUARTER.year_before(), AT, "城南新区",
        "城南新区12345政府服务热线办公室", 3,
        Part(of("", received=2773, **WORK), KINDS, TOPICS, units=UNITS), hotline, mailbox, tuple(late),
        refusals=(("恶意攻击", 2), ("重复", 0)), heads=(Head("C01", 1234, "ab" * 32),),
        written=Written("超期现象**增加**。\n\n# 拖拉现象\n\n拖拉现象严重。", "加强协同配合。"),
    )  # fmt: skip


def the_bulletin() -> Figures:
    """What a city published of one month."""
    month = Period.of(Span.MONTH, date(2026, 2, 1))
    kinds = parted([of("投诉", received=3751), of("表扬", received=298), of("咨询", received=518)])
    below = (of("物业管理", received=390), of("房屋建设", received=226), of("公房管理"))
    housing = replace(of("住房保障", {"received": 700}, {"received": 800}, received=793), below=below)
    units = (
        of("甲区", {}, {"dispatched": 1000}, dispatched=1100, due=1000, on_time=999, completed=1000),
        of(
            "乙区",
            {},
            {"dispatched": 900},
            dispatched=855,
            due=800,
            on_time=800,
            completed=800,
            satisfied=9,
            unsatisfied=1,
        ),
    )
    whole = of(
        "",
        received=4567,
        dispatched=4567,
        signed=4562,
        due=4500,
        completed=4500,
        on_time=4495,
        satisfied=960,
        unsatisfied=40,
    )
    part = Part(whole, kinds, parted([housing, of("其他", received=3774)], last=["其他"]), kinds, units=units)
    return replace(
        the_report(), report=Report.BULLETIN, period=month, before=month.before(), year_before=month.year_before(),
        number=2, all=part, written=Written(),
    )  # fmt: skip


def nothing(report: Report) -> Figures:
    """A period in which nothing happened."""
    empty = Part(of(""))
    return replace(
        the_report(), report=report, all=empty, hotline=empty, mailbox=empty, late=(), heads=(), written=Written()
    )
