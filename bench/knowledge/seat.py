"""An engine in a process of its own, as a seat has it: how long a search takes there, and what memory it costs.

`bench.knowledge` starts `python -m bench.knowledge.seat ENGINE FOLDER [URL]`: each line of JSON on its standard input
is searches, each line it answers their times and its memory. In one process, eight engines would push one another out
of the processor's caches. Memory before is that of a program that has what every seat has loaded; the engine's own
library counts as its memory.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter, process_time
from types import TracebackType

import hotline_tui.data.queries.knowledge
import hotline_tui.models  # noqa: F401 - a seat has them loaded
from bench.knowledge.engines import Engine
from bench.knowledge.every import ENGINES
from bench.knowledge.measured import Times

LIMIT = 10
"""Titles fetched by each search; an answer further down counts as not found."""


class Seat:
    """The process, from outside: it opens the index that was made in the place of this engine."""

    def __init__(self, engine: Engine) -> None:
        told = [sys.executable, "-m", "bench.knowledge.seat", engine.name, str(engine.place), engine.url]
        self._process = subprocess.Popen(told, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.private_mb = 0.0

    def __enter__(self) -> Seat:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def ask(self, texts: Sequence[str], times: Times) -> None:
        """These searches, one after the other."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(texts), file=self._process.stdin, flush=True)
        answer = json.loads(self._process.stdout.readline())
        for milliseconds, cpu, found in answer["searches"]:
            times.note(milliseconds, cpu, found=found)
        self.private_mb = answer["private_kb"] / 1024


def private_kb() -> int:
    """Kilobytes that belong to this process alone and could not be dropped, as a mapped file could."""
    kept = {}
    for line in Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]:
        name, _, value = line.partition(":")
        kept[name] = int(value.split()[0])
    return max(kept["Private_Dirty"], kept["Anonymous"])


def _asked(engine: Engine, text: str) -> tuple[float, float, bool]:
    used, begun = process_time(), perf_counter()
    found = engine.search(text, LIMIT)
    took = perf_counter() - begun
    return took * 1000, (process_time() - used) * 1000, bool(found)


def main(argv: Sequence[str]) -> int:
    """Open, and search what is asked until nothing more comes."""
    name, folder, *url = argv
    engine = ENGINES[name](Path(folder), *url)
    before = private_kb()
    engine.open()
    for line in sys.stdin:
        searches = [_asked(engine, text) for text in json.loads(line)]
        print(json.dumps({"searches": searches, "private_kb": private_kb() - before}), flush=True)
    engine.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
