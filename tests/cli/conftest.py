"""The command line, called as the shell calls it but in this process."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hotline_tui.cli import main
from tests.builders import Town

PASSWORD = "Lamp-on-the-corner-7"


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Hotline = Callable[..., Done]


def table(folder: Path, name: str, text: str) -> str:
    """The path of a file that holds this."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """HOTLINE_HOME, and the folder in which the command is typed."""
    folder = tmp_path / "installed"
    monkeypatch.setenv("HOTLINE_HOME", str(folder))
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def hotline(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Hotline:
    """`hotline("order", "list")`."""

    def run(*args: str, stdin: str = "") -> Done:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        capsys.readouterr()
        try:
            code = main(args)
        except SystemExit as end:  # --help and --version
            code = int(end.code or 0)
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Done(code, said.out, said.err)

    return run


@pytest.fixture
def installed(hotline: Hotline, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Hotline:
    """A new hotline on each engine."""
    monkeypatch.setenv("HOTLINE_DATABASE_URL", database_url)
    made = hotline("init", "--admin", "boss", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert made.code == 0, made.err
    return hotline


@pytest.fixture
def in_town(hotline: Hotline, town: Town, monkeypatch: pytest.MonkeyPatch) -> Hotline:
    """The town's database, on each engine."""
    monkeypatch.setenv("HOTLINE_DATABASE_URL", town.store.url.render_as_string(hide_password=False))
    return hotline
