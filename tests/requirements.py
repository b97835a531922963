"""The marker `requirement("R-D2", ...)`: which rows of the regulation a test proves; `pytest -m R_D2` runs those.

A run of the whole suite fails where a row has no test that passed: one that is skipped, or expected to fail, proves
nothing. A run of a part says nothing of that.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hotline_tui.rules.requirements import BY_ID, REQUIREMENTS

PROPERTY = "requirement"
PARTS = ("keyword", "markexpr", "deselect", "ignore", "ignore_glob", "lf", "stepwise", "collectonly")
"""Options that leave tests out."""
ENDED = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
PROVED = pytest.StashKey[set[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[PROVED] = set()
    config.pluginmanager.register(Passed(config))
    for requirement in REQUIREMENTS:
        config.addinivalue_line("markers", f"{requirement.marker}: proves {requirement.id}")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Before `-m` chooses."""
    for item in items:
        for name in dict.fromkeys(name for mark in item.iter_markers("requirement") for name in mark.args):
            if name not in BY_ID:
                raise pytest.UsageError(f"{item.nodeid} proves {name}, which hotline_tui/rules/requirements.py lacks")
            item.add_marker(BY_ID[name].marker)
            item.user_properties.append((PROPERTY, name))


class Passed:
    """Remembers, in the process that hears of every test, which rows have one that passed."""

    def __init__(self, config: pytest.Config) -> None:
        self.proved = config.stash[PROVED]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed and not hasattr(report, "wasxfail"):
            self.proved |= {str(value) for name, value in report.user_properties if name == PROPERTY}


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.exitstatus in ENDED and is_whole(session) and any(unproved(session.config)):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    session = getattr(terminalreporter, "_session", None)
    if session is not None and session.exitstatus in ENDED and is_whole(session):
        for name in unproved(config):
            terminalreporter.write_line(f"{name} has no test that passed", red=True)


def is_whole(session: pytest.Session) -> bool:
    """Whether this is the process of the run that hears of every test, and none was left out."""
    config = session.config
    return (
        not hasattr(config, "workerinput")
        and config.args_source is pytest.Config.ArgsSource.TESTPATHS
        and not any(config.getoption(name, None) for name in PARTS)
        and not session.shouldstop
        and not session.shouldfail
    )


def unproved(config: pytest.Config) -> Iterator[str]:
    """Rows that are there, by the list, and have no test that passed in this run."""
    yield from (each.id for each in REQUIREMENTS if not each.later and each.id not in config.stash[PROVED])
