"""Topics of real letters by cross-validation, through the program's own code: `python -m bench.topics [--letters DIR]`.

Beside it the reference that is to be beaten: pairs and single characters, TF-IDF, a linear support vector machine, of a
split 80/20.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

LETTERS = Path(__file__).parents[1].parent / "shared" / "data" / "letters"
FILE = "teddy_msg_raw_labelled.csv"
REFERENCE = "reference (80/20)    accuracy .906   macro F1 .899    top-3 .991"
GOAL = "goal                                 macro F1 .92     top-3 .993"


def letters(folder: Path) -> tuple[list[tuple[str, str]], list[str]]:
    """Narrative and subject of each letter, and its topic; empty where there are none."""
    path = folder / FILE
    if not path.is_file():
        return [], []
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return [(row["detail"], row["subject"]) for row in rows], [row["label"] for row in rows]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.topics", description=__doc__)
    parser.add_argument("--letters", type=Path, default=LETTERS, help="folder of the real letters")
    parser.add_argument("--seeds", type=int, nargs="+", default=[42, 7, 2026], help="of the folds")
    args = parser.parse_args()
    texts, labels = letters(args.letters)
    if not texts:
        sys.exit(f"no {FILE} in {args.letters}: nothing measured")

    from hotline_tui.data.suggest.packed import Model, pack
    from hotline_tui.data.suggest.terms import counted
    from hotline_tui.models.columns import new_id
    from hotline_tui.services.learning import judge, learn

    matters = [counted(*text) for text in texts]
    topics = [uuid5(NAMESPACE_URL, label) for label in labels]
    print(f"{len(texts)} letters, {len(set(labels))} topics")
    print(REFERENCE)
    print(GOAL)
    for seed in args.seeds:
        done = judge(matters, topics, 5, seed)
        print(
            f"ours, 5 folds, seed {seed:<5} accuracy {done.accuracy:.4f} macro F1 {done.macro_f1:.4f}"
            f" top-3 {done.top3:.4f}",
            flush=True,
        )
    begun = time.perf_counter()
    scorer = learn(matters, topics)
    trained = time.perf_counter() - begun
    spans: list[float] = []
    for text in texts[:500]:
        begun = time.perf_counter()
        scorer.scores(counted(*text))
        spans.append(time.perf_counter() - begun)
    spans.sort()
    size = len(pack(Model(new_id(), scorer), ""))
    print(f"learned in {trained:.1f} s: {len(scorer.terms)} terms, {size / 1e6:.1f} MB")
    print(f"one letter: p50 {spans[250] * 1e3:.2f} ms, p95 {spans[475] * 1e3:.2f} ms")


if __name__ == "__main__":
    main()
