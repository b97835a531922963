"""bench.failover sets up what the administrator's manual documents, and is skipped where packages are absent."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from bench.failover import configuration
from bench.failover.__main__ import main
from bench.failover.configuration import Group, Host
from bench.failover.host import MARK, Running
from bench.failover.packages import Programs

MANUAL = Path(__file__).parents[1] / "docs" / "administrator.md"
HOSTS = tuple(Host(f"db{number}", f"10.0.0.{number}") for number in (1, 2, 3))
GROUP = Group(HOSTS, network="10.0.0.0/24", seats="10.0.0.0/16")


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is installed."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("bench.failover.packages.BEYOND_PATH", str(tmp_path))


@pytest.mark.usefixtures("bare")
def test_without_the_packages_it_is_skipped_with_a_sentence_that_names_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quick"]) == 0
    assert capsys.readouterr().out == "skipped: etcd-server and patroni are not installed (packages of Debian)\n"
    assert main(["--json"]) == 0
    assert "patroni" in json.loads(capsys.readouterr().out)["figures"]["skipped"]


@pytest.mark.parametrize(
    "written",
    [
        configuration.patroni(GROUP, HOSTS[0]),
        configuration.etcd(GROUP, HOSTS[0]),
        configuration.pgbouncer(HOSTS[0], HOSTS[0].address),
    ],
    ids=["patroni", "etcd", "pgbouncer"],
)
def test_what_is_tried_is_what_the_manual_documents(written: str) -> None:
    assert f"```\n{written}```\n" in MANUAL.read_text(encoding="utf-8")


def test_the_group_is_strictly_synchronous() -> None:
    lines = configuration.dynamic(GROUP).splitlines()
    assert {"synchronous_mode: true", "synchronous_mode_strict: true"} <= set(lines)


def test_a_host_that_is_killed_leaves_no_process_of_another_session(tmp_path: Path) -> None:
    host = Running(tmp_path, GROUP, HOSTS[0], Programs("", "", "", None, tmp_path), {})
    marked = os.environ | {MARK: str(tmp_path)}
    with subprocess.Popen(["sleep", "1000"], env=marked, start_new_session=True) as orphan:
        host.kill()
        assert orphan.wait(20) == -signal.SIGKILL
