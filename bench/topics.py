"""Topics of real letters by cross-validation, through the program's own code: `python -m bench.topics [--letters DIR]`.

The reference that is to be beaten: pairs and single characters, TF-IDF, a linear support vector machine, of a split
80/20. One way to fold is luck: what counts is the mean of several.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from time import perf_counter
from uuid import NAMESPACE_URL, uuid5

from bench.report import Report, parser_of, skipped, told

LETTERS = Path(__file__).parents[1].parent / "shared" / "data" / "letters"
FILE = "teddy_msg_raw_labelled.csv"
SEEDS = (42, 7, 2026)
FOLDS = 5
REFERENCE = {"reference_accuracy": 0.906, "reference_macro_f1": 0.899, "reference_top3": 0.991}
GOAL_F1, GOAL_TOP3 = 0.92, 0.993
TIMED = 500
"""Letters whose topic is told one by one."""


def letters(folder: Path) -> tuple[list[tuple[str, str]], list[str]]:
    """Narrative and subject of each letter, and its topic; empty where there are none."""
    path = folder / FILE
    if not path.is_file():
        return [], []
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return [(row["detail"], row["subject"]) for row in rows], [row["label"] for row in rows]


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 1 when a goal is missed."""
    parser = parser_of("topics", __doc__)
    parser.add_argument("--letters", type=Path, default=LETTERS, metavar="DIR", help="folder of the real letters")
    parser.add_argument("--seeds", type=int, nargs="+", help=f"default {SEEDS}, with --quick the first two")
    options = parser.parse_args(argv)
    texts, labels = letters(options.letters)
    if not texts:
        return skipped("topics", f"there are no letters, {options.letters / FILE} is missing", as_json=options.json)
    report = Report("topics", quick=options.quick)
    measure(report, texts, labels, options.seeds or (SEEDS[:2] if options.quick else SEEDS))
    return told(report, as_json=options.json)


def measure(report: Report, texts: Sequence[tuple[str, str]], labels: Sequence[str], seeds: Sequence[int]) -> None:
    """How often topics are right, and what learning and telling them costs. Needs scikit-learn."""
    from hotline_tui.data.suggest.packed import Model, pack
    from hotline_tui.data.suggest.terms import counted
    from hotline_tui.models.columns import new_id
    from hotline_tui.services.learning import judge, learn

    matters = [counted(*text) for text in texts]
    topics = [uuid5(NAMESPACE_URL, label) for label in labels]
    report.figure("letters", len(texts))
    report.figure("topics", len(set(labels)))
    judged = [judge(matters, topics, FOLDS, seed) for seed in seeds]
    for seed, each in zip(seeds, judged, strict=True):
        report.figure(f"macro_f1_seed_{seed}", each.macro_f1, digits=4)
    report.figure("accuracy", fmean(each.accuracy for each in judged), digits=4)
    report.figure("macro_f1", fmean(each.macro_f1 for each in judged), digits=4)
    report.figure("top3", fmean(each.top3 for each in judged), digits=4)
    for name, value in REFERENCE.items():
        report.figure(name, value)
    begun = perf_counter()
    scorer = learn(matters, topics)
    report.figure("learned_s", perf_counter() - begun, digits=1)
    report.figure("terms", len(scorer.terms))
    report.figure("size_mb", len(pack(Model(new_id(), scorer), "")) / 1e6, digits=1)
    spans: list[float] = []
    for text in texts[:TIMED]:
        begun = perf_counter()
        scorer.scores(counted(*text))
        spans.append(1000 * (perf_counter() - begun))
    spans.sort()
    report.figure("letter_p50_ms", spans[len(spans) // 2], digits=2)
    report.figure("letter_p95_ms", spans[int(0.95 * len(spans))], digits=2)
    report.at_least("macro_f1", GOAL_F1)
    report.at_least("top3", GOAL_TOP3)


if __name__ == "__main__":
    sys.exit(main())
