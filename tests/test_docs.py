"""What the documents say is what the program has: keys, settings, commands, columns, exit codes, links."""

from __future__ import annotations

import argparse
import importlib.util
import re
import subprocess
from collections.abc import Iterator
from dataclasses import MISSING, fields
from datetime import time
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import unquote

import pytest

from hotline_tui.cli import parser
from hotline_tui.commands import seat
from hotline_tui.data.imports.columns import Column
from hotline_tui.data.imports.knowledge import KNOWLEDGE_COLUMNS
from hotline_tui.data.imports.letters import LETTER_COLUMNS
from hotline_tui.data.imports.pairs import PAIR_COLUMNS
from hotline_tui.data.imports.places import PLACE_COLUMNS
from hotline_tui.data.imports.regions import REGION_COLUMNS
from hotline_tui.data.imports.topics import TOPIC_COLUMNS
from hotline_tui.data.imports.units import UNIT_COLUMNS
from hotline_tui.errors import ExitCode
from hotline_tui.rules.deadlines import WORKING_DAYS
from hotline_tui.rules.patience import LONGEST_WAIT
from hotline_tui.rules.words import Role
from hotline_tui.services.passwords import SHORTEST
from hotline_tui.settings import Settings

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
ADMINISTRATOR = DOCS / "administrator.md"
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
_COMMAND = re.compile(r"`hotline ([a-z][^`]*)`|^hotline ([a-z].*)$", re.MULTILINE)


@cache
def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def documents() -> list[Path]:
    """Every Markdown file that is or would be committed."""
    if not (ROOT / ".git").exists():
        return sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def links() -> Iterator[tuple[Path, str]]:
    for path in documents():
        for target in _LINK.findall(_FENCE.sub("", text(path))):
            if not re.match(r"[a-z]+:", target):
                yield path, unquote(target)


def anchors(path: Path) -> set[str]:
    """The anchors that a forge gives to the headings."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", text(path)), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def leaves(here: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """Every command that does something."""
    groups = [action for action in here._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups or not groups[0].required:
        yield here
    for group in groups:
        for below in group.choices.values():
            yield from leaves(below)


def options(of: argparse.ArgumentParser) -> set[str]:
    """Its long options, but those that every command has."""
    found = {option for action in of._actions for option in action.option_strings if option.startswith("--")}
    return found - {"--help", "--version"}


COMMANDS = {leaf.prog: leaf for leaf in leaves(parser())}


def generator(name: str = "make_keys") -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# -- keys


def test_the_page_of_keys_is_what_the_screens_say() -> None:
    make_keys = generator()
    assert text(make_keys.PAGE) == make_keys.page(), "stale: run .venv/bin/python docs/make_keys.py"


def test_the_table_of_readings_is_what_the_dictionary_says() -> None:
    make_readings = generator("make_readings")
    assert text(make_readings.TABLE) == make_readings.table(), "stale: run .venv/bin/python docs/make_readings.py"


def test_the_page_of_keys_has_every_screen_once() -> None:
    make_keys = generator()
    headings = re.findall(r"^## (.+)$", text(make_keys.PAGE), re.MULTILINE)
    assert len(headings) == len(set(headings))
    assert len(headings) == len(make_keys.screens_in_order()) + 3


# -- settings


@pytest.mark.parametrize("setting", [field.name for field in fields(Settings)])
def test_each_setting_stands_in_the_administrators_guide_with_its_default(setting: str) -> None:
    row = re.search(rf"^\| `{setting}` \| `HOTLINE_{setting.upper()}` \| ([^|]+) \|", text(ADMINISTRATOR), re.MULTILINE)
    assert row, setting
    default: Any = next(field.default for field in fields(Settings) if field.name == setting)
    if default is not MISSING:
        shown = f"{default:%H:%M}" if isinstance(default, time) else str(default).lower() or "空"
        assert row[1] == shown


def test_the_administrators_guide_has_no_setting_that_the_program_has_not() -> None:
    named = set(re.findall(r"HOTLINE_[A-Z_]+", "".join(text(path) for path in documents())))
    assert named <= {f"HOTLINE_{field.name.upper()}" for field in fields(Settings)} | {seat.VARIABLE}


# -- commands


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_stands_in_the_administrators_guide(command: str) -> None:
    assert f"`{command}`" in text(ADMINISTRATOR)
    assert options(COMMANDS[command]) <= set(_OPTION.findall(text(ADMINISTRATOR)))


@pytest.mark.parametrize("path", [pytest.param(path, id=str(path.relative_to(ROOT))) for path in documents()])
def test_each_command_that_a_document_names_exists(path: Path) -> None:
    for match in _COMMAND.finditer(text(path)):
        words = (match[1] or match[2]).split()
        if "|" in words[-1] or words[0].endswith(","):
            continue
        known = [
            name for name in COMMANDS if f"hotline {' '.join(words)} ".startswith(f"{name} ") and name != "hotline"
        ]
        families = {name.split()[1] for name in COMMANDS if name != "hotline"}
        assert known or (len(words) == 1 and words[0] in families), match[0]
        if known:
            given = set(_OPTION.findall(" ".join(words)))
            assert given <= options(COMMANDS[known[0]]) | {"--help"}, match[0]


def test_each_role_and_exit_code_stands_in_the_administrators_guide() -> None:
    for role in Role:
        assert f"| {role.label} | `{role.value}` |" in text(ADMINISTRATOR)
    for code in ExitCode:
        assert f"\n| {int(code)} | " in text(ADMINISTRATOR)


# -- imports


def _names(column: Column) -> str:
    otherwise = f"; 都没有时用{'、'.join(column.otherwise)}" if column.otherwise else ""
    return "、".join(column.names) + otherwise


@pytest.mark.parametrize(
    "columns",
    [LETTER_COLUMNS, REGION_COLUMNS, UNIT_COLUMNS, TOPIC_COLUMNS, PLACE_COLUMNS, KNOWLEDGE_COLUMNS, PAIR_COLUMNS],
)
def test_each_import_column_stands_in_the_administrators_guide_with_its_names(columns: tuple[Column, ...]) -> None:
    rows = [
        f"| `{column.field}` | {column.label}{' (必有)' if column.required else ''} | {_names(column)} |"
        for column in columns
    ]
    assert "\n".join(rows) in text(ADMINISTRATOR)


# -- figures of the regulation


def test_the_working_days_in_the_guide_are_those_of_the_rules() -> None:
    rows = re.findall(r"^\| ([^|]+) \| (\d+) \|$", text(DOCS / "guide" / "agent.md"), re.MULTILINE)
    told = {label: int(days) for labels, days in rows for label in labels.split("、")}
    assert told == {kind.label: days for kind, days in WORKING_DAYS.items()}


def test_what_a_password_must_be_is_told() -> None:
    assert f"口令至少 {SHORTEST} 个字符" in text(ADMINISTRATOR)
    longest = f"最长 {LONGEST_WAIT.seconds // 60} 分钟"
    assert longest in text(ADMINISTRATOR)
    assert longest in text(DOCS / "guide" / "README.md")


# -- links and pictures


def test_every_link_and_picture_leads_somewhere() -> None:
    broken = []
    for path, target in links():
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        found = file.exists() and (not anchor or file.suffix != ".md" or anchor in anchors(file))
        if not found or not file.is_relative_to(ROOT):
            broken.append(f"{path.relative_to(ROOT)}: {target}")
    assert broken == []


def test_every_document_can_be_reached_from_the_first_page() -> None:
    reached, waiting = set[Path](), [ROOT / "README.md"]
    found = list(links())
    while waiting:
        here = waiting.pop()
        if here not in reached and here.exists():
            reached.add(here)
            waiting += [
                (here.parent / target.partition("#")[0]).resolve()
                for path, target in found
                if path == here and target.partition("#")[0].endswith(".md")
            ]
    unreached = {path for path in documents() if path.is_relative_to(DOCS)} - reached
    assert unreached == set()
