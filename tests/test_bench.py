"""Every bench is run by `python -m bench`, has a quick run, and prints the JSON that DESIGN asks for."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest

from bench.__main__ import BENCHES
from bench.report import Report, skipped, told

BENCH = Path(importlib.import_module("bench").__file__ or "").parent
SHAPE = ["bench", "machine", "figures", "goals"]


def test_every_module_that_measures_is_run() -> None:
    measuring = {path.stem for path in BENCH.glob("*.py") if "parser_of(" in path.read_text(encoding="utf-8")}
    measuring |= {path.stem for path in BENCH.glob("*.py") if 'exit(run("' in path.read_text(encoding="utf-8")}
    measuring |= {path.parent.name for path in BENCH.glob("*/__main__.py")}
    assert measuring - {"report"} == set(BENCHES)


@pytest.mark.parametrize("name", ["knowledge", "similar", "topics"])
def test_a_quick_run_without_letters_is_skipped_in_the_same_shape(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    module = importlib.import_module(f"bench.{name}{'.__main__' if name == 'knowledge' else ''}")
    assert module.main(["--quick", "--json", "--letters", str(tmp_path)]) == 0
    data = json.loads(capsys.readouterr().out)
    assert list(data) == SHAPE
    assert data["bench"] == name
    assert "is missing" in data["figures"]["skipped"]


def test_a_goal_that_is_missed_is_told_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report("some")
    report.figure("key_p95_ms", 5.0)
    report.at_most("key_p95_ms", 3)
    assert told(report, as_json=True, engines=[]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["goals"] == [{"figure": "key_p95_ms", "goal": "<= 3", "value": 5.0, "ok": False}]
    assert skipped("some", "there is nothing", as_json=False) == 0
    assert capsys.readouterr().out == "skipped: there is nothing\n"
