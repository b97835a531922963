"""Searching standard answers: ours beside FTS5, Postgres, tantivy and xapian, in one run on the same letters.

`python -m bench.knowledge [--documents N] [--letters DIR]`. Each engine has a process of its own; each narrative is
typed into one after the other, so that a busy machine hinders all of them alike. A search fetches the titles of ten
answers. Ours is told by the orders of an office what is usually asked and what was answered: no letter that asks for
its reply is among them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.knowledge import corpus
from bench.knowledge.engines import FtsPairs, Ours
from bench.knowledge.every import ENGINES, OURS
from bench.knowledge.measured import SETS, Measured
from bench.knowledge.measuring import measure, places
from bench.knowledge.page import page, table
from bench.report import Report, machine, parser_of
from bench.report import skipped as nothing

LETTERS = Path(__file__).parents[2].parent / "shared" / "data" / "letters"
DOCUMENTS = 100_000
QUICK_DOCUMENTS, QUICK_PAIRS = 2_000, 60
QUICK = (Ours.name, FtsPairs.name)
"""The engines of a quick run: ours beside the best peer that is everywhere."""
GOAL_MS, GOAL_MB = 3.0, 25.0
GOALS = {"reply": (0.70, 0.85), "titled": (0.86, 0.97)}
"""R@1 and R@5 of each set."""


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 1 when a goal is missed."""
    parser = parser_of("knowledge", __doc__)
    parser.add_argument("--documents", type=int, help=f"default {DOCUMENTS}, with --quick {QUICK_DOCUMENTS}")
    parser.add_argument("--pairs", type=int, help="letters that ask for their reply; else a tenth of the documents")
    parser.add_argument("--letters", type=Path, default=LETTERS, metavar="DIR")
    parser.add_argument("--only", choices=ENGINES, action="append", help="only these engines")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the figures as a page of Markdown, too")
    options = parser.parse_args(argv)
    try:
        replied, more = corpus.read(options.letters)
    except FileNotFoundError as error:
        return nothing("knowledge", f"there are no letters, {error.filename} is missing", as_json=options.json)
    documents = options.documents or (QUICK_DOCUMENTS if options.quick else DOCUMENTS)
    pairs = min(options.pairs or (QUICK_PAIRS if options.quick else documents // 10), len(replied))
    only = options.only or (QUICK if options.quick else ENGINES)
    kinds = [kind for name, kind in ENGINES.items() if name in only]
    held = corpus.documents(replied, more, documents)
    with places() as new:
        measured, skipped = measure(kinds, held, (replied, more), pairs, new)
    report = Report("knowledge", quick=options.quick)
    report.figure("documents", documents)
    report.figure("pairs", pairs)
    _judge(report, measured)
    if options.json:
        data = report.as_dict() | {"engines": [each.as_dict() for each in measured], "skipped": skipped}
        print(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        print(f"bench.knowledge  {documents:,} documents, {pairs:,} letters asked  {machine()}\n")
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
            # What is read by a few letters among a few documents is held against the peers of the same run alone.
            first, five = (0.0, 0.0) if report.quick else GOALS[name]
            report.figure(f"{each.name} {name} R@1", each.quality[name].r1, digits=4)
            report.figure(f"{each.name} {name} R@5", each.quality[name].r5, digits=4)
            report.at_least(f"{each.name} {name} R@1", first)
            report.at_least(f"{each.name} {name} R@5", round(max(five, best), 4))


if __name__ == "__main__":
    sys.exit(main())
