"""The figures as a table in the terminal, and as docs/knowledge-search.md has them."""

from __future__ import annotations

from collections.abc import Sequence

from bench.knowledge.measured import SETS, Measured, Quality, Times
from bench.report import Report, machine

COLUMNS = (
    "engine", "index s", "MB", "private MB", "p50", "p95", "p99", "x ours", "cpu p95", "keys", "1-2 signs p95", "found",
    "pinyin p95", "found", *(f"{name} {figure}" for name in SETS for figure in ("R@1", "R@5", "MRR", "of")),
)  # fmt: skip


def rows(measured: Sequence[Measured]) -> list[tuple[str, ...]]:
    """One an engine; times in milliseconds, `x ours`: how many times the first engine's p95."""
    return [_row(each, measured[0]) for each in measured]


def _row(each: Measured, first: Measured) -> tuple[str, ...]:
    return (
        each.name,
        f"{each.index_s:.1f}",
        f"{each.size_mb:.1f}",
        f"{each.private_mb:.1f}",
        *(f"{each.keys.part(share):.2f}" for share in (0.5, 0.95, 0.99)),
        f"{each.keys.part(0.95) / (first.keys.part(0.95) or 1):.1f}",
        f"{each.keys.part(0.95, each.keys.cpu):.2f}",
        f"{len(each.keys.each)}",
        *_timed(each.short),
        *_timed(each.spelled),
        *(cell for name in SETS for cell in _shares(each.quality[name])),
    )


def _shares(quality: Quality) -> tuple[str, ...]:
    return (*(f"{value:.3f}" for value in (quality.r1, quality.r5, quality.mrr)), f"{quality.asked}")


def _timed(times: Times) -> tuple[str, str]:
    if not times.each:
        return "-", "-"
    return f"{times.part(0.95):.2f}", f"{times.found / len(times.each):.0%}"


def table(measured: Sequence[Measured]) -> str:
    """Columns as wide as they are."""
    lines = [COLUMNS, *rows(measured)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )


def page(measured: Sequence[Measured], report: Report, skipped: Sequence[str]) -> str:
    """The page of Markdown."""
    many, pairs = (f"{report.figures[name]:,}" for name in ("documents", "pairs"))
    lines = [
        "# Searching standard answers, beside other engines",
        "",
        "Printed by `python -m bench.knowledge --write docs/knowledge-search.md`, in one run on one corpus:",
        f"{many} documents, {machine()}.",
        "",
        "The documents are real letters and replies, repeated with variation: a copy has the subject of one letter and",
        "the text of it with every third sentence taken from another, places and numbers changed. A search fetches the",
        "titles of ten documents; times are milliseconds. Each engine has a process of its own; each narrative is",
        "typed into one after the other.",
        "",
        "| engine | index, s | size, MB | private, MB | p50 | p95 | p99 | p95 by ours | p95 of the processor | keys |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
        *(f"| {' | '.join(row[:10])} |" for row in rows(measured)),
        "",
        "p50, p95, p99: of each key of narratives as they grow; of the processor: what this process used, not a server",
        "(p95 by ours: how many times that of the first line). An engine that took 45 s was given no further",
        "narrative or letter. Private memory: of the process that opened the index and searched, with the engine's",
        "library and all that a seat of this program has not loaded before. Postgres is asked 40 terms of a letter.",
        "",
        "| engine | one or two characters, p95 | found | pinyin, p95 | found |",
        "|---|---:|---:|---:|---:|",
        *(f"| {' | '.join((row[0], *row[10:14]))} |" for row in rows(measured)),
        "",
        f"{pairs} letters ask for their own reply among all replies; another reply with the same words is not it.",
        "First the subject and the detail ask for the reply alone, then the detail for the subject with the reply.",
        "Ours makes use of an office's orders: the letters without a reply, and half of the others with what they were",
        "answered, are the orders of its database; the other half asks, then the halves change places. A letter that",
        "asks is never among the orders. The peers have no use for orders. In the first table, too, ours holds them.",
        "",
        "| engine | subject + detail -> reply: R@1 | R@5 | MRR | of | detail -> both: R@1 | R@5 | MRR | of |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
        *(f"| {' | '.join((row[0], *row[14:]))} |" for row in rows(measured)),
        "",
        *(f"{line[0].upper()}{line[1:]}." for line in skipped),
        *([""] if skipped else []),
        "## Goals",
        "",
        "| figure | goal | value | met |",
        "|---|---|---:|---|",
        *(
            f"| {goal['figure']} | {goal['goal']} | {goal['value']:,} | {'yes' if goal['ok'] else '**no**'} |"
            for goal in report.goals
        ),
        "",
    ]
    return "\n".join(lines)
