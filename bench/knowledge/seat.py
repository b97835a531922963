"""How much memory a program has to itself once it opened an index and searched it: `bench.knowledge` starts this.

`python -m bench.knowledge.seat ENGINE FOLDER [URL]`, the searches on standard input as JSON. Before is a program that
has what every seat has loaded; the engine's own library counts as its memory.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import hotline_tui.data.queries.knowledge
import hotline_tui.models  # noqa: F401 - a seat has them loaded
from bench.knowledge.every import ENGINES


def private_kb() -> int:
    """Kilobytes that belong to this process alone and could not be dropped, as a mapped file could."""
    kept = {}
    for line in Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]:
        name, _, value = line.partition(":")
        kept[name] = int(value.split()[0])
    return max(kept["Private_Dirty"], kept["Anonymous"])


def main(argv: Sequence[str]) -> int:
    """Open, search, print the kilobytes."""
    name, folder, *url = argv
    texts = json.load(sys.stdin)
    engine = ENGINES[name](Path(folder), *url)
    before = private_kb()
    engine.open()
    for text in texts:
        engine.search(text, 10)
    print(private_kb() - before)
    engine.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
