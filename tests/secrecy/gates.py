"""What the sources may not do: read orders past the viewer (R-13a). A module is read as text; nothing of it runs.

Orders are read in three places. Queries (data/queries, data/search) start from `orders_of` or `clocks_of`, which carry
the viewer. The unit of work reads the order whose desk may see it, and what hangs on it. What keeps the whole file in
order (record, replay, seal, doctor, migrations) reads all rows and shows none. Everywhere else a model of an order's
tables is not named at all, but for annotations and inside a query that starts from `orders_of` or `clocks_of`; and
nowhere is a statement written as a string that names such a table.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from sqlalchemy import inspect
from sqlalchemy.orm.util import AliasedInsp
from sqlmodel import SQLModel

from hotline_tui import models

PACKAGE = Path(models.__file__).parents[1]
OF_NO_ORDER = {
    "account", "appraisal", "article", "article_opinion", "article_use", "article_version", "calendar_row", "learned",
    "missed_question", "noticed_year", "number_series", "place", "region", "report_text", "seal", "site", "topic",
    "unit", "unknown_login",
}  # fmt: skip
"""Tables of the organisation, the calendar and the standard answers; any other table counts as an order's."""
ORDER_TABLES = {table for table in SQLModel.metadata.tables if table not in OF_NO_ORDER}
ORDER_MODELS = {
    model: name for name, model in vars(models).items() if getattr(model, "__tablename__", None) in ORDER_TABLES
}
CARRIES_VIEWER = {"orders_of", "clocks_of", "order_rows"}
READ_SIDE = ("data/queries", "data/search")
KEEPERS = {"data/doctor.py", "data/doubt.py", "data/record.py", "data/replay.py", "data/seal.py", "data/tally.py"}
"""They read all rows to keep the file in order, and show none."""
ENGINE = {"data/append_only.py", "data/roles/install.py", "data/store.py"}
"""They tell the engine how to behave, in its own words: triggers, PRAGMA, roles."""
TABLES = ("models", "data/migrations")
WRITES = {
    "services/work.py": None,  # the unit of work itself
    "services/asked.py": None,  # its statements
    "services/running.py": None,  # its clocks
    "services/marks.py": None,  # its part that keeps what a dashboard needs beside each order
    "services/letters.py": {"_take", "_known", "_order", "_event", "__init__", "of"},
    "services/recalculation.py": {"_clocks", "_open"},
    "services/strangers.py": {"refuse"},
    "services/demo/life.py": {"_receive_letter", "shares", "requests"},
}
"""Functions of the write path that hold a session and no `Work`: letters come in by the thousand, the calendar moves
every clock (and says of each whether its viewer may see it), a sign-in is refused, the demonstration city is built."""
WORDS = {"text", "literal_column", "TextClause", "exec_driver_sql", "table", "TableClause"}


def sources() -> Iterator[tuple[str, str]]:
    """Each module of the package but the tables themselves: its path from there, and its text."""
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if not name.startswith(TABLES):
            yield name, path.read_text(encoding="utf-8")


def outside(path: str) -> bool:
    """Whether a module is neither of the read side nor one that keeps the file in order."""
    return not path.startswith(READ_SIDE) and path not in KEEPERS


def statements_in_words(source: str) -> list[int]:
    """Lines with a statement written as a string, but for constant ones that name no table of orders."""
    tree = ast.parse(source)
    imported = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in ("sqlalchemy", "sqlmodel")
        for alias in node.names
    }
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        match node.func:
            case ast.Name(id=name):
                called = imported.get(name, "")
            case ast.Attribute(attr="exec_driver_sql"):
                called = "exec_driver_sql"
            case ast.Attribute(value=ast.Name(id=module), attr=attr) if module in {"sa", "sqlalchemy", *imported}:
                called = attr
            case _:
                called = ""
        if called in WORDS and not _harmless(node.args[:1]):
            found.append(node.lineno)
    return found


def _harmless(arguments: list[ast.expr]) -> bool:
    match arguments:
        case [ast.Constant(value=str(words))]:
            return not [table for table in ORDER_TABLES if table in words]
        case _:
            return False


def reads_past_the_viewer(path: str, source: str) -> list[int]:
    """Lines that name a model of an order's tables outside annotations, the write path and a query with a viewer."""
    writing = WRITES.get(path, set())
    if writing is None:
        return []
    tree = ast.parse(source)
    walk = _Outside(writing, dict(_bound(tree)))
    walk.visit(tree)
    return sorted(set(walk.found))


def _bound(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """What imports of the package bind: the name here, and the model, or `module` for a module that has them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("hotline_tui"):
            module = import_module(str(node.module))
            for alias in node.names:
                value = getattr(module, alias.name, None)
                model = _model(value)
                if model in ORDER_MODELS:
                    yield alias.asname or alias.name, ORDER_MODELS[model]
                elif isinstance(value, ModuleType) and not ORDER_MODELS.keys().isdisjoint(_classes(value)):
                    yield alias.asname or alias.name, "module"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("hotline_tui.models"):
                    yield alias.asname or "hotline_tui", "module"


def _model(value: object) -> type | None:
    """The model that a name stands for, also as an alias."""
    if isinstance(value, type):
        return value
    insight = inspect(value, raiseerr=False)
    return insight.mapper.class_ if isinstance(insight, AliasedInsp) else None


def _classes(module: ModuleType) -> set[type]:
    return {value for value in vars(module).values() if isinstance(value, type)}


class _Outside(ast.NodeVisitor):
    def __init__(self, writing: set[str], bound: dict[str, str]) -> None:
        self.writing = writing
        self.models = {name for name, what in bound.items() if what != "module"}
        self.modules = {name for name, what in bound.items() if what == "module"}
        self.found: list[int] = []

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        given = [each.annotation for each in (*node.args.args, *node.args.kwonlyargs)]
        if node.name in self.writing or any(isinstance(each, ast.Name) and each.id == "Work" for each in given):
            return
        for each in (*node.decorator_list, *node.body):
            self.visit(each)

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815 - ast's name

    def visit_With(self, node: ast.With) -> None:
        if not (any(_opens_work(each.context_expr) for each in node.items) and _commits(node)):
            self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_Call(self, node: ast.Call) -> None:
        if not _starts_from_viewer(node):
            self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        if node.id in self.models:
            self.found.append(node.lineno)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        root: ast.expr = node
        while isinstance(root, ast.Attribute):
            root = root.value
        if node.attr in ORDER_MODELS.values() and isinstance(root, ast.Name) and root.id in self.modules:
            self.found.append(node.lineno)
        self.generic_visit(node)


def _opens_work(call: ast.expr) -> bool:
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "work_at"


def _commits(block: ast.With) -> bool:
    """A unit of work that commits nothing would be a read in disguise."""
    calls = (node.func for node in ast.walk(block) if isinstance(node, ast.Call))
    return any(isinstance(each, ast.Attribute) and each.attr == "commit" for each in calls)


def _starts_from_viewer(call: ast.expr) -> bool:
    """Whether a chain of calls, as `orders_of(...).join(...).where(...)`, begins with a query that has a viewer."""
    while isinstance(call, ast.Call):
        if isinstance(call.func, ast.Name):
            return call.func.id in CARRIES_VIEWER
        if not isinstance(call.func, ast.Attribute):
            return False
        call = call.func.value
    return False
