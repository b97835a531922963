"""R-13a, R-13b: what the commands say carries the viewer, and never a caller's data.

A command asks for no sign-in: it sits at the office's desk, and whoever can run it can read the database with any
other program too. What keeps a unit's people from it is the owner of the file and the seat (tests/cli/test_seat.py);
this does not. Here each command is put at a desk of every role instead, and must say nothing that the screens of that
desk would not: so none of them reads past the viewer, whoever sits at it. The commands are found, not listed.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hotline_tui import cli
from hotline_tui.cli import main, parser
from hotline_tui.commands import opening
from hotline_tui.services.desk import Desk
from tests.builders import FRIDAY, Town
from tests.secrecy.planted import CAUGHT, FACTS, NOT_ACCUSED, NOT_SECRET, SECRET, accusing, plain, secret

pytestmark = [pytest.mark.requirement("R-13a", "R-13b"), pytest.mark.timeout(300)]
on_sqlite = pytest.mark.parametrize("storage", ["sqlite"], indirect=True)

Words = tuple[str, ...]
LOGINS = ("agent2", "handler", "leader", "handler_below", "handler_b", "city_leader", "authority", "admin")
OF_THE_FILE = {("doctor",), ("seal",), ("user", "add")}
"""What counts the rows of the whole file, for whoever keeps it; and what does not say the same twice."""
COUNTED = {("admin", ("calendar", "add"))}
"""Whoever keeps the calendar is told how many deadlines a day moves, also of orders that he may not find (R-D4)."""
NOT_HERE = {("demo",): "a city of its own", ("init",): "a new database", (): "the screens"}
FILE = "{file}"
NOVEMBER = ("--from", "2026-11-01", "--to", "2026-11-30")
CALLED: dict[Words, tuple[Words, ...]] = {
    ("deadline",): (("complaint", "2026-11-20", "--json"),),
    ("calendar", "show"): (("2026",), ("2026", "--json")),
    ("calendar", "import"): ((FILE, "--dry-run"),),
    ("calendar", "add"): (("2026-11-25", "--name", "临时放假", "--source", "通知", "--dry-run"),),
    ("calendar", "remove"): (("--source", "没有这个通知", "--dry-run"),),
    ("import", "letters"): ((FILE, "--dry-run"), (FILE, "--dry-run", "--json")),
    ("import", "regions"): ((FILE, "--dry-run"),),
    ("import", "units"): ((FILE, "--dry-run"),),
    ("import", "topics"): ((FILE, "--dry-run"),),
    ("import", "places"): ((FILE, "--dry-run"), (FILE, "--dry-run", "--replace", "--json")),
    ("import", "knowledge"): ((FILE, "--dry-run"),),
    ("export", "regions"): (("{folder}.csv", "--force"), ("{folder}.jsonl", "--force", "--json")),
    ("export", "places"): (("{folder}.csv", "--force"), ("{folder}.jsonl", "--force", "--json")),
    ("region", "list"): ((), ("--json",)),
    ("place", "list"): ((), ("--words", "暗语", "--region", "新河街道", "--json")),
    ("assist", "train"): ((), ("--json",)),
    ("assist", "evaluate"): ((), ("--json",)),
    ("order", "show"): (("{accused}",), ("{accused}", "--json"), ("{secret}",), ("{plain}",), ("{plain}", "--json")),
    ("order", "list"): ((), ("--json", "-n", "500"), ("--words", "暗语", "--json"), ("--unit", "工商分局")),
    ("kb", "search"): (("暗语甲", "--json"), ("停车",)),
    ("kb", "index"): ((),),
    ("kb", "evaluate"): ((FILE,), (FILE, "--map", "question=内容", "--map", "answer=来信人", "--json")),
    ("kb", "import"): ((FILE, "--dry-run"),),
    ("kb", "export"): (("{folder}.csv", "--all", "--force"), ("{folder}.jsonl", "--force", "--json")),
    ("kb", "expiring"): ((), ("--days", "900", "--json")),
    ("kb", "missing"): ((), ("--json",)),
    ("publish",): (("--out", "{folder}", "--json"),),
    ("report", "bulletin"): ((*NOVEMBER, "--format", "text"), (*NOVEMBER, "--format", "json")),
    ("report", "weekly"): (("--from", "2026-11-16", "--to", "2026-11-22"),),
    ("report", "quarterly"): (("--from", "2026-10-01", "--to", "2026-12-31", "--format", "md"),),
    ("report", "appraisal"): (("--from", "2026-01-01", "--to", "2026-12-31", "--format", "json"),),
    ("report", "text"): (("bulletin", *NOVEMBER), ("bulletin", *NOVEMBER, "--json")),
    ("report", "versions"): ((), ("--json",)),
    ("report", "confirm"): ((),),
    ("report", "turnaround"): ((), ("--json",)),
    ("report", "template", "list"): ((), ("--json",)),
    ("report", "template", "export"): (("nothing.md.j2",),),
    ("dashboard",): (("--once",), ("--once", "--json")),
    ("doctor",): ((), ("--json",), ("--repair",)),
    ("user", "add"): (("newcomer", "--name", "新人", "--role", "agent", "--password-stdin"),),
    ("user", "list"): ((), ("--json",)),
    ("user", "close"): (("nobody",),),
    ("user", "reopen"): (("nobody",),),
    ("user", "password"): (("nobody", "--password-stdin"),),
    ("db", "upgrade"): ((),),
    ("db", "current"): ((), ("--json",)),
    ("db", "roles"): ((), ("--apply",)),
    ("seal",): ((), ("--json",)),
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

    once = parser()  # making it takes longer than most commands
    monkeypatch.setattr(cli, "parser", lambda: once)
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


def fill(words: Words, numbers: dict[str, str], tmp_path: Path) -> Words:
    """With numbers and files in place."""
    letter = tmp_path / "letters.csv"
    if not letter.exists():
        letter.write_text(f"来信人,电话,内容,收到时间\n{FACTS[0]},{FACTS[1]},路灯不亮,2026-11-20\n", encoding="utf-8")
    places = {"file": str(letter), "folder": str(tmp_path / "web")}
    return tuple(word.format(**places, **numbers) if "{" in word else word for word in words)


Told = dict[tuple[str, Words, Words], str]
"""By login, command and what was given to it."""


@pytest.fixture
def ask(town: Town, said_by: Said, tmp_path: Path) -> Callable[..., Told]:
    """Every command but those of `left_out` at these desks; what was typed is blotted out of what was said."""

    def ask(logins: Iterable[str], numbers: dict[str, str], left_out: Iterable[Words] = ()) -> Told:
        told = {}
        town.at(CAUGHT)
        for login in logins:
            for command, ways in CALLED.items():
                for way in ways if command not in left_out else ():
                    said = said_by(login, *command, *fill(way, numbers, tmp_path))
                    for number in numbers.values():
                        said = said.replace(number, "#") if "{" in "".join(way) else said
                    told[login, command, way] = said
        return told

    return ask


@on_sqlite
def test_no_command_tells_anybody_of_orders_that_he_may_not_find(
    town: Town, ask: Callable[..., Told], tmp_path: Path
) -> None:
    order = plain(town)
    absent = {"plain": order.number, "accused": "C01-20261120-9998", "secret": "C01-20261120-9999"}
    before = ask(NOT_SECRET, absent, OF_THE_FILE)
    hidden = secret(town.at(FRIDAY))
    there = absent | {"secret": hidden[0].number}
    with_secret = ask(["agent2"], there, OF_THE_FILE)
    accused = accusing(town.at(FRIDAY))
    with_all = ask(NOT_ACCUSED, there | {"accused": accused[0].number}, OF_THE_FILE)
    for asked, told in before.items():
        if asked[:2] not in COUNTED:
            assert (with_secret if asked[0] == "agent2" else with_all)[asked] == told, asked
    there |= {"accused": accused[0].number}
    everything = ask(LOGINS, there, OF_THE_FILE) | ask(["office"], there)
    for asked, told in everything.items():
        assert not [fact for fact in FACTS if fact in told], asked
    assert any(accused[3].number in told for (login, _, _), told in everything.items() if login == "office")
    web = tmp_path / "web"
    written = "".join(path.read_text(encoding="utf-8") for path in web.iterdir())
    assert order.number in written
    assert not [word for word in (*FACTS, SECRET, *(each.number for each in hidden)) if word in written]


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
