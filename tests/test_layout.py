"""What the repository holds: locked packages, a whole wheel, no address of a download, no path of one machine."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest
from flit_core import buildapi

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "hotline_tui"
LOCKS = ("run", "dev")
REGISTRY = re.compile(
    r"pypi\.\w|pythonhosted\.\w|npmjs\.\w|deb\.debian\.\w|mirrors?\.(aliyun|tuna|ustc|tencent|huawei)", re.IGNORECASE
)
MACHINE = re.compile(r"(?<![\w.$}])/(?:(?:work|root|Users)/|home/\w+/)[\w.]")


def lock(name: str) -> dict[str, str]:
    """What a lock file says of each package: its version, markers and hashes."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    return {line.partition("==")[0]: line.partition("==")[2] for line in text.splitlines() if line}


def files() -> list[Path]:
    """What is or would be committed."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_is_locked_to_one_version_with_its_hashes(name: str) -> None:
    pins = lock(name)
    assert pins
    for package, pin in pins.items():
        assert re.fullmatch(r"[a-z0-9-]+", package), f"not a pin: {package}"
        assert re.fullmatch(r"[\w.]+( ; [^-]+)?(\s+--hash=sha256:[0-9a-f]{64})+", pin), f"{package}: {pin[:60]}"


def test_what_tests_run_on_is_what_users_run_on() -> None:
    assert lock("run").items() <= lock("dev").items()


def test_every_dependency_that_the_project_names_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras: dict[str, list[str]] = project["optional-dependencies"]
    training = set(extras.pop("train"))  # of no use to a seat: it is locked for the tests alone
    named = {*project["dependencies"], *(name for extra in extras.values() for name in extra)}
    for lock_file, requirements in (("run", named), ("dev", named | training)):
        assert {re.split(r"[\[<>=!~ ]", each)[0] for each in requirements} <= lock(lock_file).keys()


@pytest.mark.parametrize("trace", [REGISTRY, MACHINE], ids=["download address", "path of one machine"])
def test_the_repository_is_of_no_place(trace: re.Pattern[str]) -> None:
    found = []
    for path in files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in trace.finditer(text)]
    assert found == []


def test_every_style_sheet_stands_beside_the_module_it_is_for() -> None:
    alone = [path.name for path in PACKAGE.rglob("*.tcss") if not path.with_suffix(".py").exists()]
    assert alone == []


def test_the_wheel_holds_the_whole_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    with ZipFile(tmp_path / buildapi.build_wheel(str(tmp_path))) as wheel:
        held = set(wheel.namelist())
    expected = {path.relative_to(ROOT).as_posix() for path in files() if path.is_relative_to(PACKAGE)}
    assert expected <= held
    assert any(name.endswith("licenses/LICENSE") for name in held)
