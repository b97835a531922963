"""R-13a, R-13b: every command, at everybody's desk: nothing of a caller's and no hidden order in what it says.

The commands are found, not listed: a new one that is not called here fails the test.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hotline_tui.cli import main, parser
from hotline_tui.commands import opening
from hotline_tui.services.desk import Desk
from tests.builders import Town
from tests.secrecy.planted import FACTS, Planted, marks, plant

on_sqlite = pytest.mark.parametrize("storage", ["sqlite"], indirect=True)

Words = tuple[str, ...]
LOGINS = ("agent2", "office", "handler", "leader", "handler_below", "handler_b", "city_leader", "authority", "admin")
NOT_HERE = {("demo",): "a city of its own", ("init",): "a new database", (): "the screens"}
FILE = "{file}"
CALLED: dict[Words, tuple[Words, ...]] = {
    ("deadline",): (("complaint", "2026-11-20", "--json"),),
    ("calendar", "show"): (("2026",), ("2026", "--json")),
    ("calendar", "import"): ((FILE, "--dry-run"),),
    ("calendar", "add"): (("2026-12-28", "--name", "临时放假", "--source", "通知", "--dry-run"),),
    ("calendar", "remove"): (("--source", "没有这个通知", "--dry-run"),),
    ("import", "letters"): ((FILE, "--dry-run"), (FILE, "--dry-run", "--json")),
    ("import", "units"): ((FILE, "--dry-run"),),
    ("import", "topics"): ((FILE, "--dry-run"),),
    ("import", "knowledge"): ((FILE, "--dry-run"),),
    ("order", "show"): (("{accused}",), ("{accused}", "--json"), ("{secret}",), ("{plain}",), ("{plain}", "--json")),
    ("order", "list"): ((), ("--json", "-n", "500"), ("--words", "暗语", "--json"), ("--unit", "工商分局")),
    ("kb", "search"): (("暗语甲", "--json"), ("停车",)),
    ("publish",): (("--out", "{folder}", "--json"),),
    ("dashboard",): (("--once",), ("--once", "--json")),
    ("doctor",): ((), ("--json",)),
    ("user", "add"): (("newcomer", "--name", "新人", "--role", "agent", "--password-stdin"),),
    ("user", "list"): ((), ("--json",)),
    ("user", "close"): (("nobody",),),
    ("user", "reopen"): (("nobody",),),
    ("user", "password"): (("nobody", "--password-stdin"),),
    ("db", "upgrade"): ((),),
    ("db", "current"): ((), ("--json",)),
}


def commands(found: argparse.ArgumentParser, path: Words = ()) -> Iterator[Words]:
    """Every command that can be typed."""
    below = [action for action in found._actions if isinstance(action, argparse._SubParsersAction)]
    if not below or found.get_default("run") is not None:
        yield path
    for action in below:
        for name, sub in action.choices.items():
            yield from commands(sub, (*path, name))


Said = Callable[..., str]


@pytest.fixture
def said_by(town: Town, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Said:
    """A command at somebody's desk: all that it said."""
    monkeypatch.setenv("HOTLINE_HOME", str(tmp_path / "installed"))
    monkeypatch.setenv("HOTLINE_DATABASE_URL", town.store.url.render_as_string(hide_password=False))
    sits: list[Desk] = []

    @contextmanager
    def at_desk(*_: object, **__: object) -> Iterator[Desk]:
        yield sits[-1]

    monkeypatch.setattr(opening, "reading", at_desk)
    monkeypatch.setattr(opening, "desk", at_desk)

    def said_by(login: str, *words: str) -> str:
        sits.append(town.desks[login])
        monkeypatch.setattr("sys.stdin", io.StringIO("Lamp-on-the-corner-7\n"))
        capsys.readouterr()
        main(words)
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        assert "程序出错" not in said.err, words
        return said.out + said.err

    return said_by


def test_no_command_is_left_out() -> None:
    assert set(commands(parser())) == set(CALLED) | set(NOT_HERE)


def fill(words: Words, planted: Planted, tmp_path: Path) -> Words:
    """With numbers and files in place."""
    letter = tmp_path / "letters.csv"
    if not letter.exists():
        letter.write_text(f"来信人,电话,内容,收到时间\n{FACTS[0]},{FACTS[1]},路灯不亮,2026-11-20\n", encoding="utf-8")
    places = {"file": str(letter), "folder": str(tmp_path / "web")}
    numbers = {"plain": planted.plain.number, "accused": planted.accused.number, "secret": planted.secret.number}
    return tuple(word.format(**places, **numbers) if "{" in word else word for word in words)


@on_sqlite
@pytest.mark.parametrize("login", LOGINS)
def test_no_command_says_or_writes_what_it_may_not(town: Town, said_by: Said, tmp_path: Path, login: str) -> None:
    planted = plant(town)
    hidden = planted.hidden_from(login)
    for command, ways in CALLED.items():
        for way in ways:
            words = fill(way, planted, tmp_path)
            said = said_by(login, *command, *words)
            assert not [fact for fact in FACTS if fact in said], (command, way)
            asked = set(words)  # what was typed may be said back
            assert not [mark for mark in marks(hidden) if mark in said and mark not in asked], (command, way)
    web = tmp_path / "web"
    written = "".join(path.read_text(encoding="utf-8") for path in web.iterdir()) if web.exists() else ""
    assert not [fact for fact in (*FACTS, planted.secret.number, "暗语乙") if fact in written]
    assert bool(written) == (login == "office")


@on_sqlite
def test_what_a_failure_leaves_in_the_log_holds_nothing_personal(
    town: Town, said_by: Said, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(f"cannot read {' '.join(FACTS)}")

    monkeypatch.setattr("hotline_tui.data.queries.orders.page", fail)
    with pytest.raises(AssertionError, match="程序出错"):
        said_by("office", "order", "list")
    logs = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "installed" / "logs").iterdir())
    assert "RuntimeError" in logs
    assert not [fact for fact in FACTS if fact in logs]
