"""What the office writes itself for a report: looked at as the document will have it, before it is kept."""

from __future__ import annotations

from hotline_tui.data.queries.reporting import Text
from hotline_tui.errors import UsageError
from hotline_tui.reports.documents import markdown
from hotline_tui.rules.periods import Period
from hotline_tui.rules.personal import counted, find, told
from hotline_tui.rules.words import Report
from hotline_tui.services.desk import Desk
from hotline_tui.services.reporting import write_text

PARTS = {"problems": "存在问题", "next_steps": "下一步工作"}


def keep(desk: Desk, report: Report, period: Period, text: Text) -> tuple[Text, str]:
    """Keep it, and say what personal data it seems to hold; raises UsageError with the line, and as `write_text`."""
    for name, label in PARTS.items():
        _check(label, getattr(text, name))
    kept = write_text(desk, report, period, text)
    return kept, told(counted(find(f"{text.problems}\n{text.next_steps}")))


def _check(label: str, text: str) -> None:
    """Whether it can stand in a document below a heading."""
    try:
        markdown.read(f"# {label}\n{markdown.nested(text)}")
    except markdown.Mistake as error:
        raise UsageError(f"{label}第 {max(error.line - 1, 1)} 行有误: {error}, 请改正") from error
