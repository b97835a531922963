"""Arrows between the layers point down only, and what must start fast stays light."""

from __future__ import annotations

import importlib.util
import pkgutil
import subprocess
import sys

import pytest

HEAVY = {
    "textual",
    "sqlalchemy",
    "sqlmodel",
    "holidays",
    "openpyxl",
    "docx",
    "jinja2",
    "alembic",
    "pypinyin",
    "psycopg",
}


def modules_of(package: str) -> list[str]:
    """The package and every module in it, without importing them; migrations run under Alembic only."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return [package] if spec else []
    found = [package]
    for module in pkgutil.iter_modules(spec.submodule_search_locations, f"{package}."):
        if not module.name.startswith("hotline_tui.data.migrations"):
            found += modules_of(module.name)
    return found


def loaded_by(*modules: str) -> set[str]:
    """Top-level packages in memory after a fresh interpreter imported these modules."""
    code = "import sys\nfor name in sys.argv[1:]: __import__(name)\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code, *modules], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] for name in done.stdout.split()}


@pytest.mark.parametrize("layer", ["rules", "models", "data", "services", "reports"])
def test_the_layers_below_the_screens_run_without_textual(layer: str) -> None:
    modules = modules_of(f"hotline_tui.{layer}")
    assert modules
    assert "textual" not in loaded_by(*modules)


def test_no_module_loads_what_only_training_needs() -> None:
    modules = [module for module in modules_of("hotline_tui") if not module.endswith("__main__")]
    assert loaded_by(*modules).isdisjoint({"sklearn", "scipy", "joblib"})


def test_what_screens_hold_of_suggestions_is_light() -> None:
    assert "numpy" not in loaded_by("hotline_tui.data.suggest.routes", "hotline_tui.data.suggest.topics")


def test_the_rules_know_of_no_database() -> None:
    assert loaded_by(*modules_of("hotline_tui.rules")).isdisjoint({"sqlalchemy", "sqlmodel", "psycopg", "sqlcipher3"})


def test_the_command_is_there_before_anything_heavy_is_loaded() -> None:
    assert loaded_by("hotline_tui.cli") & HEAVY == set()
