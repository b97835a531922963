"""The command as a process: exit codes, signals, closed pipes, full disks, what it loads, what it never prints."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hotline_tui import errors
from hotline_tui.cli import main
from hotline_tui.commands import deadline
from tests.cli.conftest import PASSWORD, Hotline

COMMAND = (sys.executable, "-m", "hotline_tui.cli")


def run(*args: str, home: Path, **given) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"HOTLINE_HOME": str(home), "PYTHONPATH": str(Path(errors.__file__).parents[1])}
    return subprocess.run([*COMMAND, *args], env=env, text=True, check=False, cwd=home.parent, **given)


def test_the_exit_code_reaches_the_shell(folder: Path) -> None:
    done = run("order", "list", home=folder, capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (3, "", "数据库尚未建立, 请先运行 hotline init\n")
    assert run("--version", home=folder, capture_output=True).stdout.startswith("hotline ")


def test_help_is_chinese(hotline: Hotline) -> None:
    for args in ((), ("import", "letters"), ("order", "list")):
        shown = hotline(*args, "--help")
        assert shown.code == 0
        assert shown.out.startswith("用法: hotline")
        assert "usage" not in shown.out
        assert "optional" not in shown.out


def test_a_reader_that_goes_away_is_no_error(folder: Path) -> None:
    env = os.environ | {"HOTLINE_HOME": str(folder)}
    process = subprocess.Popen(
        [*COMMAND, "calendar", "show", "2026", "--json"],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        bufsize=0,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait() == 0


def test_an_output_that_takes_no_more_is_said(folder: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = run("calendar", "show", "2026", home=folder, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 3
    assert done.stderr == "输出写不下去: 磁盘已满, 请检查磁盘空间\n"


def test_a_closed_output_is_said(folder: Path) -> None:
    command = f"{shlex.quote(sys.executable)} -m hotline_tui deadline complaint 2026-09-28 >&-"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False, env=os.environ)
    assert (done.returncode, done.stderr) == (3, "标准输出已关闭, 结果无处可写\n")


def test_what_is_thin_stays_thin(folder: Path) -> None:
    code = "import sys; from hotline_tui.cli import main; main(sys.argv[1:]); print(*sys.modules)"
    command = [sys.executable, "-c", code, "deadline", "complaint", "2026-09-28"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, env=os.environ | {"HOTLINE_HOME": str(folder)}
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert loaded.isdisjoint({"textual", "sqlalchemy", "sqlmodel", "rich", "alembic", "openpyxl", "pypinyin"})


def test_an_unforeseen_error_is_a_sentence_and_a_log_without_personal_data(
    hotline: Hotline, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_args: object) -> None:
        raise ZeroDivisionError("王小明 13900002211")

    monkeypatch.setattr(deadline, "run", fail)
    done = hotline("deadline", "help", "2026-09-28")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("程序出错, 未能完成; 记录在 ")
    (log,) = (folder / "logs").iterdir()
    assert str(log) in done.err
    text = log.read_text(encoding="utf-8")
    assert "ZeroDivisionError" in text
    assert "test_process.py" in text
    assert "王小明" not in text + done.err


def test_what_a_library_logs_is_not_written_between_our_sentences() -> None:
    code = (
        "import logging; from hotline_tui.cli import main; code = main(['deadline', 'nonsense', '2026-09-28']);"
        "logging.getLogger('psycopg').warning('error ignored terminating'); raise SystemExit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr
    assert "error ignored" not in done.stderr


def test_an_interruption_keeps_what_was_stored_and_the_next_run_goes_on(installed: Hotline, tmp_path: Path) -> None:
    rows = "".join(f"{number},2026-11-01,第 {number} 封\n" for number in range(30_000))
    (tmp_path / "many.csv").write_text(f"编号,时间,内容\n{rows}", encoding="utf-8")
    process = subprocess.Popen(
        [*COMMAND, "import", "letters", str(tmp_path / "many.csv")],
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    while not installed("order", "list", "-n", "1", "--json").json:
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    stored = len(installed("order", "list", "-n", "40000", "--json").json)
    assert (process.returncode, out) == (130, "")
    assert err == f"已中断, 已存入 {stored} 件, 再次运行同一命令会接着导入\n"
    assert 0 < stored < 30_000
    assert stored % 200 == 0
    (tmp_path / "some.csv").write_text("编号,时间,内容\n" + "".join(rows.splitlines(True)[: stored + 10]), "utf-8")
    again = installed("import", "letters", str(tmp_path / "some.csv"), "--json").json
    assert (again["existing"], again["created"]) == (stored, 10)
    assert installed("doctor").code == 0


def test_a_disk_that_fills_up_is_said_and_keeps_what_was_stored(hotline: Hotline, folder: Path, tmp_path: Path) -> None:
    assert hotline("init", "--admin", "boss", "--password-stdin", stdin=PASSWORD).code == 0
    rows = "".join(f"{number},2026-11-01,第 {number} 封 {'路灯' * 200}\n" for number in range(4_000))
    (tmp_path / "many.csv").write_text(f"编号,时间,内容\n{rows}", encoding="utf-8")
    code = (
        "import resource, sys; from hotline_tui.cli import main;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000,) * 2); sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", code, "import", "letters", str(tmp_path / "many.csv")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("磁盘")
    assert done.stderr.count("\n") == 1
    stored = len(hotline("order", "list", "-n", "9999", "--json").json)
    assert 0 < stored < 4_000
    assert f"; 此前已存入 {stored} 件, 再次运行同一命令会接着导入" in done.stderr
    assert "草稿" not in done.stderr
    assert hotline("import", "letters", str(tmp_path / "many.csv"), "--json").json["existing"] == stored
    assert hotline("doctor").code == 0


def test_main_returns_what_the_shell_gets(folder: Path) -> None:
    assert main(["deadline", "help"]) == 2
