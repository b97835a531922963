"""One way of writing: half-width commas, colons and semicolons with a blank, in every sentence of the program."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "hotline_tui"
FULL_WIDTH = set("\uff0c\uff1b\uff1a\uff01\uff1f")
OF_OTHERS = {"services/demo/life.py", "services/demo/occasions.py"}
"""What citizens and units of the demonstration city write."""
PRINTED = {"reports/documents/model.py", "reports/word/imprint.py", "reports/word/writer.py"}
"""What stands in official documents has the stops of print (GB/T 15834)."""
FILES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


def sentences(tree: ast.AST) -> Iterator[ast.Constant]:
    """Texts of several characters' words; a row of signs is a table."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and any("\u4e00" <= c <= "\u9fff" for c in node.value)
        ):
            yield node


@pytest.mark.parametrize("name", [name for name in FILES if name not in OF_OTHERS | PRINTED])
def test_no_sentence_has_full_width_commas(name: str) -> None:
    tree = ast.parse((PACKAGE / name).read_text(encoding="utf-8"))
    assert [each.value for each in sentences(tree) if FULL_WIDTH & set(str(each.value))] == []
