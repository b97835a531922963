"""Every row of the regulation is implemented and proved somewhere, and the pages that say where are not stale."""

from __future__ import annotations

import importlib.util
import re
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from hotline_tui.rules.requirements import BY_ID, REQUIREMENTS, Requirement
from hotline_tui.rules.words import Action, AssignmentState, OrderState
from hotline_tui.rules.workflow import ASSIGNMENT_STEPS, ORDER_STEPS, article
from tests import requirements

ROOT = Path(__file__).parents[1]
REGULATION = ROOT.parent / "shared" / "REGULATION.md"
THERE = [requirement for requirement in REQUIREMENTS if not requirement.later]
MODULE = '''\
"""One module (Art. 11(2)1, (5))."""

CONSTANT = 1
"""Of R-D7 and R-D99."""


class Thing:
    """Nothing."""

    field: int = 0
    """R-11.2.2a."""

    def method(self) -> None:
        """R-13a, R-13b: Art. 13 belongs to both, so that only the numbers count."""
'''
TESTS = """\
import pytest
from somewhere import work
pytestmark = [pytest.mark.timeout(1), pytest.mark.requirement("R-D2", "R-D3")]

@pytest.mark.requirement("R-8")
def test_one():
    assert work() == 1
"""
NO_PROOF = {
    "an empty body": "def test_it(): ...",
    "nothing that can fail": "def test_it():\n    work()\n    assert True",
    "skipped": "@pytest.mark.skip\ndef test_it():\n    assert work()",
    "skipped with a reason": '@pytest.mark.skip(reason="later")\ndef test_it():\n    assert work()',
    "skipped under a condition that holds": "@pytest.mark.skipif(True, reason='x')\ndef test_it():\n    assert work()",
    "skipped inside": "def test_it():\n    pytest.skip('later')\n    assert work()",
    "expected to fail": "@pytest.mark.xfail\ndef test_it():\n    assert work()",
    "of no case": "@pytest.mark.parametrize('x', [])\ndef test_it(x):\n    assert work()",
    "skipped with its class": "@pytest.mark.skip\nclass TestIt:\n    def test_it(self):\n        assert work()",
    "a helper that only narrows": "def share(x):\n    assert x is not None\n\ndef test_it():\n    share(work())",
    "a helper that is not called": "def check():\n    assert work()\n\ndef test_it():\n    work()",
}
PROOF = {
    "an assertion": "def test_it():\n    assert work() == 1",
    "an error that must come": "def test_it():\n    with pytest.raises(ValueError):\n        work()",
    "a helper's assertion": "def check():\n    assert work()\n\ndef then():\n    check()\n\ndef test_it():\n    then()",
    "a wait on the screen": "def test_it(terminal):\n    terminal.wait_for('x')",
    "a skip of some machines": "@pytest.mark.skipif(work(), reason='x')\ndef test_it():\n    assert work()",
    "a class": "class TestIt:\n    def test_it(self):\n        assert work()",
}


@cache
def generator(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def implemented() -> dict[str, dict[str, list[str]]]:
    return generator("make_regulation").places()


@cache
def proved() -> dict[str, dict[str, list[str]]]:
    return generator("make_regulation").tests()


# -- the list


def test_the_list_has_every_row_of_the_regulation() -> None:
    if not REGULATION.exists():
        pytest.skip("the regulation lies beside the project, and is not there")
    text = REGULATION.read_text(encoding="utf-8")
    rows = re.findall(r"^\| (R-[^|]+) \|", text, re.MULTILINE)
    asked = {number for row in rows for number in row.split(", ")}
    own = {each.id for each in REQUIREMENTS if each.id.startswith("R-6")}  # section 6 has no numbers
    assert asked == set(BY_ID) - own
    assert own
    assert "## 6. Where it runs" in text


def test_each_number_and_each_marker_is_of_one_row() -> None:
    assert len(BY_ID) == len({each.marker for each in REQUIREMENTS}) == len(REQUIREMENTS)


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda each: each.id)
def test_a_row_says_what_it_asks_for_in_one_plain_line(requirement: Requirement) -> None:
    assert requirement.article
    assert 10 <= len(requirement.says) <= 60
    assert not re.search("[“”…—·①★●→§\n|]", requirement.says + requirement.lacks)
    assert not (requirement.later and requirement.lacks)


# -- where it is, and what proves it


def test_the_page_of_the_regulation_is_what_the_sources_say() -> None:
    page = generator("make_regulation")
    assert page.PAGE.read_text(encoding="utf-8") == page.page(), "stale: run .venv/bin/python docs/make_regulation.py"


@pytest.mark.parametrize("requirement", THERE, ids=lambda each: each.id)
def test_each_row_is_implemented_and_proved(requirement: Requirement) -> None:
    assert implemented().get(requirement.id), "no docstring in hotline_tui/ names it"
    assert proved().get(requirement.id), "no test carries its marker"


def test_what_comes_later_is_not_claimed() -> None:
    page = generator("make_regulation")
    text = page.PAGE.read_text(encoding="utf-8")
    for requirement in REQUIREMENTS:
        shown = re.search(rf"^\| \[{re.escape(requirement.id)}\].* \| ([^|]+) \|$", text, re.MULTILINE)
        assert shown
        assert ("尚未实现" in shown[1]) == bool(requirement.later or requirement.lacks)


def test_no_marker_names_a_row_that_is_not_there() -> None:
    assert set(proved()) <= set(BY_ID)


def project(page: ModuleType, monkeypatch: pytest.MonkeyPatch, folder: Path, tests: str) -> None:
    """One module and one module of tests, which the page is to read."""
    for name, path, text in (("PACKAGE", "hotline_tui/one.py", MODULE), ("TESTS", "tests/test_one.py", tests)):
        (folder / path).parent.mkdir()
        (folder / path).write_text(text, encoding="utf-8")
        monkeypatch.setattr(page, name, (folder / path).parent)
    monkeypatch.setattr(page, "ROOT", folder)


def test_a_docstring_counts_by_number_or_by_an_article_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    page = generator("make_regulation")
    project(page, monkeypatch, tmp_path, TESTS)
    assert page.places() == {
        "R-11.2.1": {"hotline_tui/one.py": [""]},
        "R-11.5": {"hotline_tui/one.py": [""]},
        "R-D7": {"hotline_tui/one.py": ["CONSTANT"]},
        "R-11.2.2a": {"hotline_tui/one.py": ["Thing.field"]},
        "R-13a": {"hotline_tui/one.py": ["Thing.method"]},
        "R-13b": {"hotline_tui/one.py": ["Thing.method"]},
    }
    whole = {"tests/test_one.py": [""]}
    assert page.tests() == {"R-D2": whole, "R-D3": whole, "R-8": {"tests/test_one.py": ["test_one"]}}


@pytest.mark.parametrize("test", NO_PROOF)
@pytest.mark.parametrize("way", ["of its module", "of its own"])
def test_what_cannot_fail_or_never_runs_proves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, test: str, way: str
) -> None:
    page = generator("make_regulation")
    project(page, monkeypatch, tmp_path, marked(NO_PROOF[test], way))
    assert page.tests() == {}


@pytest.mark.parametrize("test", PROOF)
@pytest.mark.parametrize("way", ["of its module", "of its own"])
def test_what_can_fail_proves(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, test: str, way: str) -> None:
    page = generator("make_regulation")
    project(page, monkeypatch, tmp_path, marked(PROOF[test], way))
    assert set(page.tests()) == {"R-8"}


def marked(test: str, way: str) -> str:
    """The module's or the test's own marker."""
    mark = 'pytest.mark.requirement("R-8")'
    if way == "of its module":
        return f"import pytest\npytestmark = {mark}\n\n{test}"
    lines = test.split("\n")
    at = next(i for i, line in enumerate(lines) if line.startswith(("def test_it", "class TestIt")))
    return "\n".join(["import pytest", *lines[:at], f"@{mark}", *lines[at:]])


def test_a_module_that_is_skipped_proves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    page = generator("make_regulation")
    project(page, monkeypatch, tmp_path, TESTS.replace("pytest.mark.timeout(1)", "pytest.mark.skip"))
    assert page.tests() == {}


# -- the marker

ALONE = ("-p", "no:randomly", "-p", "no:textual-snapshot", "-p", "no:asyncio")


def test_a_marker_of_no_row_stops_the_collection(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\naddopts = --strict-markers\nmarkers = requirement(*ids): rows")
    pytester.makepyfile('import pytest\n@pytest.mark.requirement("R-99")\ndef test_it(): ...')
    done = pytester.runpytest_inprocess("-p", "tests.requirements", *ALONE)
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["*test_it proves R-99, which hotline_tui/rules/requirements.py lacks*"])


def test_the_tests_of_a_row_run_by_its_number(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\naddopts = --strict-markers\nmarkers = requirement(*ids): rows")
    pytester.makepyfile(
        'import pytest\n@pytest.mark.requirement("R-11.2.2", "R-D2")\ndef test_one(): ...\n'
        '@pytest.mark.requirement("R-11.2.2a")\ndef test_other(): ...'
    )
    for number, count in (("R_11_2_2", 1), ("R_D2 or R_11_2_2a", 2), ("R_D3", 0)):
        done = pytester.runpytest_inprocess("-p", "tests.requirements", *ALONE, "-m", number)
        done.assert_outcomes(passed=count, deselected=2 - count)


ROWS = """
import pytest
@pytest.mark.requirement("R-D2")
def test_one(): assert True
@pytest.mark.requirement("R-8")
def test_two(): {two}
"""


def run_of(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, two: str, *options: str) -> pytest.RunResult:
    """A suite of two rows; `two` is the body of the second one's only test."""
    rows = tuple(BY_ID[name] for name in ("R-D2", "R-8", "R-11.8"))
    monkeypatch.setattr(requirements, "REQUIREMENTS", rows)
    pytester.makeini(
        "[pytest]\naddopts = --strict-markers\ntestpaths = .\nmarkers = requirement(*ids): rows\n R_11_8: x"
    )
    pytester.makepyfile(test_rows=ROWS.format(two=two))
    return pytester.runpytest_inprocess("-p", "tests.requirements", *ALONE, *options)


NOT_RUN = ["pytest.skip('later')", "pytest.xfail('later')"]


@pytest.mark.parametrize("two", NOT_RUN)
def test_a_whole_run_fails_where_a_row_has_no_test_that_passed(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, two: str
) -> None:
    done = run_of(pytester, monkeypatch, two)
    assert done.ret == pytest.ExitCode.TESTS_FAILED
    done.stdout.fnmatch_lines(["R-8 has no test that passed"])
    done.stdout.no_fnmatch_line("R-D2 has no*")


def test_a_whole_run_over_several_processes_knows_it_too(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_of(pytester, monkeypatch, NOT_RUN[0], "-n", "1").ret == pytest.ExitCode.TESTS_FAILED
    assert run_of(pytester, monkeypatch, "assert 1 + 1 == 2", "-n", "1").ret == pytest.ExitCode.OK


@pytest.mark.parametrize("options", [("-k", "rows"), ("-m", "requirement"), ("test_rows.py",), ("--ignore", "x")])
def test_a_run_of_a_part_says_nothing_of_it(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    assert run_of(pytester, monkeypatch, NOT_RUN[0], *options).ret == pytest.ExitCode.OK


# -- the matrix


def test_the_page_of_the_workflow_is_what_the_tables_print() -> None:
    page = generator("make_workflow")
    assert page.PAGE.read_text(encoding="utf-8") == page.page(), "stale: run .venv/bin/python docs/make_workflow.py"


def test_the_page_of_the_workflow_has_each_row_of_the_tables_once() -> None:
    text = generator("make_workflow").PAGE.read_text(encoding="utf-8")
    chapters = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    for title, states, steps in (("工单", OrderState, ORDER_STEPS), ("承办", AssignmentState, ASSIGNMENT_STEPS)):
        for state in (None, *states):
            chapter = chapters[f"{title}: {state.label if state else '尚未有'}"]
            rows = sorted(line.split(" | ")[0].removeprefix("| ") for line in chapter.splitlines()[3:] if "|" in line)
            assert rows == sorted(step.action.label for step in steps if step.source is state)
    overview = chapters["状态、动作和岗位"]
    for action in Action:
        assert f"\n| {action.label} | " in overview
        assert f"| {article(action)} |" in text


def test_the_page_of_the_workflow_tells_each_condition_of_the_rules() -> None:
    text = generator("make_workflow").PAGE.read_text(encoding="utf-8")
    source = (ROOT / "hotline_tui" / "rules" / "workflow.py").read_text(encoding="utf-8")
    conditions = source[source.index("def _check_facts") :]
    sentences = re.findall(r'NotAllowed\("([^"]+)"', conditions)
    assert sentences
    assert [sentence for sentence in sentences if sentence not in text] == []
