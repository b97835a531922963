"""Beside a standard answer: how often it is given, what the front desk says of it, whence it comes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hotline_tui.rules.deadlines import SHANGHAI
from hotline_tui.screens.widgets.pages import Para, Part

if TYPE_CHECKING:
    from hotline_tui.data.queries.keeping import Keeping, Opinion, Use

REMARKS = 10
"""So many are read out; the numbers are of all."""


def keeping_parts(keeping: Keeping) -> Iterator[Part]:
    """A line each, and the remarks."""
    yield Para(_used(keeping.use), hang=5)
    if keeping.source is not None:
        cleared = f", 个人信息已核对: {keeping.source.clear_reason}" if keeping.source.clear_reason else ""
        yield Para(f"来源 {keeping.source.number}{cleared}", hang=5)
    if keeping.opinions:
        yield Para(_said(keeping.opinions), hang=5)
        remarks = [each for each in keeping.opinions if each.remark]
        for each in remarks[:REMARKS]:
            yield Para(_remark(each), hang=5)
        if len(remarks) > REMARKS:
            yield Para(f"     另有 {len(remarks) - REMARKS} 条意见")


def _used(use: Use) -> str:
    if not use.ever:
        return "使用 从未用来直接答复"
    versions = ", ".join(f"版本 {version} {many} 次" for version, many in use.by_version)
    told = f"使用 近30日 {use.month} 次, 近一年 {use.year} 次, 共 {use.ever} 次, 最近 {use.last}"
    return f"{told} ({versions})" if len(use.by_version) > 1 else told


def _said(opinions: tuple[Opinion, ...]) -> str:
    versions = sorted({each.version for each in opinions}, reverse=True)
    told = []
    for version in versions:
        of_it = [each.helpful for each in opinions if each.version == version]
        told.append(f"版本 {version} 有用 {sum(of_it)}, 没有用 {len(of_it) - sum(of_it)}")
    return f"评价 {'; '.join(told)}"


def _remark(opinion: Opinion) -> str:
    what = "有用" if opinion.helpful else "没有用"
    who = f" {opinion.by}" if opinion.by else ""
    day = f"{opinion.said_at.astimezone(SHANGHAI):%Y-%m-%d}"
    return f"     {day}{who} 版本 {opinion.version} {what}: {opinion.remark}"
