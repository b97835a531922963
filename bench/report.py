"""What every bench prints: its figures, and its goals beside what was measured."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Figure = float | int | str


@dataclass
class Report:
    """The figures and goals of one run; `quick` asks the bench to stay under 50 seconds."""

    bench: str
    quick: bool = False
    figures: dict[str, Figure] = field(default_factory=dict[str, Figure])
    goals: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def figure(self, name: str, value: Figure, digits: int = 3) -> None:
        """Note a figure under a name that ends in its unit (`build_ms`, `ratio`), rounded to `digits`."""
        self.figures[name] = round(value, digits) if isinstance(value, float) else value

    def at_least(self, figure: str, limit: float) -> None:
        """Hold a noted figure against a lower limit; an unmeasured figure raises KeyError."""
        self._goal(figure, f">= {limit:g}", lambda value: value >= limit)

    def at_most(self, figure: str, limit: float) -> None:
        """Hold a noted figure against an upper limit; an unmeasured figure raises KeyError."""
        self._goal(figure, f"<= {limit:g}", lambda value: value <= limit)

    def _goal(self, figure: str, goal: str, holds: Callable[[float], bool]) -> None:
        value = self.figures[figure]
        if isinstance(value, str):
            raise TypeError(f"{figure} is not a number")
        self.goals.append({"figure": figure, "goal": goal, "value": value, "ok": holds(value)})

    @property
    def ok(self) -> bool:
        """Whether every goal is met."""
        return all(goal["ok"] for goal in self.goals)

    def as_dict(self) -> dict[str, Any]:
        """The form of `--json`."""
        return {
            "bench": self.bench,
            "machine": machine(),
            "figures": self.figures,
            "goals": self.goals,
        }


def machine() -> str:
    """The kind of machine, without its name: processor, cores, system, Python."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{_processor()}, {cores} cores, {platform.system()}, Python {platform.python_version()}"


def _processor() -> str:
    listing = Path("/proc/cpuinfo")
    if listing.exists():
        for line in listing.read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()


def run(
    bench: str,
    measure: Callable[[Report], None],
    argv: Sequence[str] | None = None,
    *,
    document: Callable[[Report], str] | None = None,
) -> int:
    """Parse `--quick` and `--json`, measure, print; 0 when every goal is met, 1 otherwise.

    `document` makes a page of Markdown of the figures, for `--write`.
    """
    parser = parser_of(bench, sys.modules[measure.__module__].__doc__)
    if document is not None:
        parser.add_argument("--write", type=Path, metavar="FILE", help="write the figures as a page of Markdown, too")
    options = parser.parse_args(argv)
    report = Report(bench, quick=options.quick)
    measure(report)
    if document is not None and options.write:
        options.write.write_text(document(report), encoding="utf-8")
    return told(report, as_json=options.json)


def parser_of(bench: str, description: str | None) -> argparse.ArgumentParser:
    """What every bench is told: `--quick` and `--json`."""
    parser = argparse.ArgumentParser(prog=f"python -m bench.{bench}", description=description)
    parser.add_argument("--quick", action="store_true", help="fewer rounds: under 50 seconds")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    return parser


def told(report: Report, *, as_json: bool, **more: Any) -> int:
    """Print it; 0 when every goal is met, 1 otherwise. `more` stands beside figures and goals in JSON."""
    if as_json:
        print(json.dumps(report.as_dict() | more, ensure_ascii=False, indent=2))
    else:
        print_tables(report)
    return 0 if report.ok else 1


def skipped(bench: str, why: str, *, as_json: bool) -> int:
    """Nothing could be measured here, which is no failure."""
    if as_json:
        report = Report(bench)
        report.figure("skipped", why)
        return told(report, as_json=True)
    print(f"skipped: {why}")
    return 0


def print_tables(report: Report) -> None:
    """Print the figures, and under them the goals, as tables."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    console.print(f"bench.{report.bench}  {machine()}", markup=False, soft_wrap=True)
    figures = Table("figure", box=SIMPLE_HEAD)
    figures.add_column("value", justify="right")
    for name, value in report.figures.items():
        figures.add_row(name, f"{value:,}" if isinstance(value, int | float) else value)
    console.print(figures)
    if report.goals:
        goals = Table("goal", "", box=SIMPLE_HEAD)
        goals.add_column("value", justify="right")
        goals.add_column("met")
        for goal in report.goals:
            goals.add_row(
                goal["figure"],
                goal["goal"],
                f"{goal['value']:,}",
                "yes" if goal["ok"] else "NO",
            )
        console.print(goals)
