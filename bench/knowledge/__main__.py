"""Searching standard answers: ours beside FTS5, Postgres, tantivy and xapian, in one run on the same letters.

`python -m bench.knowledge [--documents N] [--letters DIR]`. Each narrative is typed into one engine after the other,
so that a busy machine hinders all of them alike. A search fetches the titles of ten answers. Ours is told by the orders
of an office what is usually asked and what was answered: no letter that asks for its reply is among them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.knowledge import corpus
from bench.knowledge.every import ENGINES, OURS
from bench.knowledge.measured import SETS, Measured
from bench.knowledge.measuring import measure, places
from bench.knowledge.page import page, table
from bench.report import Report, machine

LETTERS = Path(__file__).parents[2].parent / "shared" / "data" / "letters"
DOCUMENTS = 100_000
GOAL_MS, GOAL_MB = 3.0, 25.0
GOALS = {"reply": (0.70, 0.85), "titled": (0.86, 0.97)}
"""R@1 and R@5 of each set."""


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.knowledge", description=__doc__)
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    parser.add_argument("--pairs", type=int, help="letters that ask for their reply; else a tenth of the documents")
    parser.add_argument("--letters", type=Path, default=LETTERS, metavar="DIR")
    parser.add_argument("--only", choices=ENGINES, action="append", help="only these engines")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the figures as a page of Markdown, too")
    options = parser.parse_args(argv)
    try:
        replied, more = corpus.read(options.letters)
    except FileNotFoundError as error:
        print(f"skipped: there are no letters, {error.filename} is missing")
        return 0
    pairs = min(options.pairs or options.documents // 10, len(replied))
    kinds = [kind for name, kind in ENGINES.items() if not options.only or name in options.only]
    held = corpus.documents(replied, more, options.documents)
    with places() as new:
        measured, skipped = measure(kinds, held, (replied, more), pairs, new)
    report = Report("knowledge")
    report.figure("documents", options.documents)
    report.figure("pairs", pairs)
    _judge(report, measured)
    if options.json:
        data = report.as_dict() | {"engines": [each.as_dict() for each in measured], "skipped": skipped}
        print(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        print(f"bench.knowledge  {options.documents:,} documents, {pairs:,} letters asked  {machine()}\n")
        print(table(measured), *skipped, "", sep="\n")
        for goal in report.goals:
            print(f"{goal['figure']:28} {goal['goal']:>10} {goal['value']:8}  {'met' if goal['ok'] else 'MISSED'}")
    if options.write:
        options.write.write_text(page(measured, report, skipped), encoding="utf-8")
    return 0 if report.ok else 1


def _judge(report: Report, measured: Sequence[Measured]) -> None:
    """Ours beside the goals, and beside the best peer of each set."""
    ours = {kind.name for kind in OURS}
    for each in measured:
        if each.name not in ours:
            continue
        for name, value, limit in (
            ("p95_ms", each.keys.part(0.95), GOAL_MS),
            ("short_p95_ms", each.short.part(0.95), GOAL_MS),
            ("pinyin_p95_ms", each.spelled.part(0.95), GOAL_MS),
            ("private_mb", each.private_mb, GOAL_MB),
        ):
            report.figure(f"{each.name} {name}", value, digits=2)
            report.at_most(f"{each.name} {name}", limit)
        for name in SETS:
            best = max((peer.quality[name].r5 for peer in measured if peer.name not in ours), default=0.0)
            first, five = GOALS[name]
            report.figure(f"{each.name} {name} R@1", each.quality[name].r1, digits=4)
            report.figure(f"{each.name} {name} R@5", each.quality[name].r5, digits=4)
            report.at_least(f"{each.name} {name} R@1", first)
            report.at_least(f"{each.name} {name} R@5", round(max(five, best), 4))


if __name__ == "__main__":
    sys.exit(main())
