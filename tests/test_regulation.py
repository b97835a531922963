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
pytestmark = [pytest.mark.timeout(1), pytest.mark.requirement("R-D2", "R-D3")]

@pytest.mark.requirement("R-8")
def test_one(): ...
"""


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


def test_a_docstring_counts_by_number_or_by_an_article_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    page = generator("make_regulation")
    package, tests = tmp_path / "hotline_tui", tmp_path / "tests"
    for folder in (package, tests):
        folder.mkdir()
    (package / "one.py").write_text(MODULE, encoding="utf-8")
    (tests / "test_one.py").write_text(TESTS, encoding="utf-8")
    for name, path in (("ROOT", tmp_path), ("PACKAGE", package), ("TESTS", tests)):
        monkeypatch.setattr(page, name, path)
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
