"""Writes docs/regulation.md: where each requirement is implemented and proved.

`.venv/bin/python docs/make_regulation.py`

Implemented: a docstring names the requirement's number, or an article that is the requirement's alone. Proved: a test
carries the marker `requirement`, is not skipped whatever happens, and asserts something. Both are read from the
sources; nothing is run. Whether a test passed is for the run to say (tests/requirements.py).
"""
# ruff: noqa: INP001 - a script beside the documents, not a package

from __future__ import annotations

import ast
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeGuard

from hotline_tui.rules.requirements import BY_ID, REQUIREMENTS, Requirement

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "regulation.md"
PACKAGE, TESTS = ROOT / "hotline_tui", ROOT / "tests"
LIST = PACKAGE / "rules" / "requirements.py"
HEAD = """\
# 条文、实现和检验

本页由 `docs/make_regulation.py` 生成, 请勿手工修改。编号和要求在 `hotline_tui/rules/requirements.py`。

实现: 说明文字中写有该编号或该条文的模块、类和函数。检验: 标有 `requirement`、不是一律跳过、其中有断言的测试;
只运行一项要求的测试, 把编号中的 `-` 和 `.` 换成 `_`, 如 `pytest -m R_11_2_2a`。

## 一览
"""
NUMBERS = "零一二三四五六七八九十"
_ID = re.compile(r"R-[A-Z]?\d+(?:\.\d+)*[a-z]?(?![\w-]|\.\d)")
_CLAUSE = r"\d+(?:\(\d+\)\d?)*"
_ARTICLES = re.compile(rf"Art\. ({_CLAUSE}(?:, (?:{_CLAUSE}|\(\d+\)))*)")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_WAITS = ("wait", "sees", "assert")
"""How methods of tests begin that fail when what they look for does not come."""
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)

Places = dict[str, dict[str, list[str]]]
"""Per requirement: files, and in each the names of what is meant; no name is the whole file."""


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """The whole page."""
    implemented, proved = places(), tests()
    return "\n".join((HEAD, *_overview(), *_chapters(implemented, proved)))


def places() -> Places:
    """Where each requirement is implemented."""
    found: Places = defaultdict(dict)
    for path in sorted(PACKAGE.rglob("*.py")):
        if path != LIST:
            for name, text in docstrings(ast.parse(path.read_text(encoding="utf-8"))):
                for requirement in named(text):
                    found[requirement].setdefault(_short(path), []).append(name)
    return found


def docstrings(tree: ast.AST, above: str = "") -> Iterator[tuple[str, str]]:
    """Every docstring under its name, those of constants and fields among them; the module's has no name."""
    if isinstance(tree, _DOCUMENTED) and (text := ast.get_docstring(tree)):
        yield above, text
    body: list[ast.stmt] = getattr(tree, "body", [])
    for before, here in itertools.pairwise(body):
        if isinstance(here, ast.Expr) and isinstance(here.value, ast.Constant) and isinstance(here.value.value, str):
            match before:
                case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                    yield f"{above}.{name}".lstrip("."), here.value.value
                case _:
                    pass
    for here in body:
        if isinstance(here, _DOCUMENTED) and not isinstance(here, ast.Module):
            yield from docstrings(here, f"{above}.{here.name}".lstrip("."))


def named(text: str) -> list[str]:
    """The requirements that a docstring names: by number, or by an article that is of one requirement alone."""
    shared = Counter(requirement.article for requirement in REQUIREMENTS)
    of_article = {each.article: each.id for each in REQUIREMENTS if shared[each.article] == 1}
    by_article = [of_article[article] for article in articles(text) if article in of_article]
    return [each for each in dict.fromkeys([*_ID.findall(text), *by_article]) if each in BY_ID]


def articles(text: str) -> Iterator[str]:
    """Articles as the refusals name them: `Art. 11(2)1, (3), 14` are 第十一条(二)1, 第十一条(三), 第十四条."""
    for listed in _ARTICLES.findall(text):
        number = ""
        for clause in listed.split(", "):
            number = re.match(r"\d+", clause)[0] if clause[0] != "(" else number  # pyright: ignore[reportOptionalSubscript]
            yield _chinese(clause if clause[0] != "(" else f"{number}{clause}")


def _chinese(clause: str) -> str:
    number, *rest = re.split(r"(?=\()", clause, maxsplit=1)
    tens, ones = divmod(int(number), 10)
    article = f"第{'十' * tens}{NUMBERS[ones] if ones or not tens else ''}条"
    return article + re.sub(r"^\((\d)\)", lambda match: f"({NUMBERS[int(match[1])]})", "".join(rest))


def tests() -> Places:
    """Which tests prove each requirement: they carry its marker, can run, and assert."""
    found: Places = defaultdict(dict)
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(TESTS.rglob("*.py"))}
    helpers = _asserting(trees.values())
    for path, tree in trees.items():
        if path.name.startswith("test_"):
            for name, marks in _marked(tree, helpers):
                for requirement in _marks(marks):
                    found[requirement].setdefault(_short(path), []).append(name)
    return found


def _marked(tree: ast.Module, helpers: set[str]) -> Iterator[tuple[str, ast.AST]]:
    """What marks a test that proves something, or a module that has one."""
    above = [here.value for here in tree.body if _is_pytestmark(here)]
    if any(_skips(mark) for mark in above):
        return
    proving = list(_proving(tree, helpers))
    if proving:
        yield from (("", mark) for mark in above)
    for name, decorators in proving:
        yield from ((name, mark) for mark in decorators)


def _proving(tree: ast.Module | ast.ClassDef, helpers: set[str]) -> Iterator[tuple[str, list[ast.expr]]]:
    """Tests that can run and assert, with their own marks and those of their class."""
    for here in tree.body:
        if (
            isinstance(here, ast.ClassDef)
            and here.name.startswith("Test")
            and not any(map(_skips, here.decorator_list))
        ):
            for name, marks in _proving(here, helpers):
                yield f"{here.name}.{name}", [*here.decorator_list, *marks]
        elif isinstance(here, _FUNCTIONS) and here.name.startswith("test") and _proves(here, helpers):
            yield here.name, here.decorator_list


def _proves(test: ast.FunctionDef | ast.AsyncFunctionDef, helpers: set[str]) -> bool:
    if any(_skips(mark) for mark in test.decorator_list):
        return False
    if any(isinstance(here, ast.Expr) and _called(here.value) in ("pytest.skip", "pytest.xfail") for here in test.body):
        return False
    return any(_asserts(here, helpers) for here in ast.walk(test))


def _asserts(node: ast.AST, helpers: set[str]) -> bool:
    """An assertion that can fail, an error that must come, or a helper that fails by itself."""
    match node:
        case ast.Assert(test=ast.Constant()):
            return False
        case ast.Assert():
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name in helpers
        case ast.Call(func=ast.Attribute(attr=name)):
            return _called(node) in ("pytest.raises", "pytest.fail") or name.startswith(_WAITS)
        case _:
            return False


def _asserting(trees: Iterable[ast.Module]) -> set[str]:
    """Functions of the tests, and fixtures, that assert when they are called by their name."""
    functions = [here for tree in trees for here in ast.walk(tree) if isinstance(here, _FUNCTIONS)]
    bodies = {
        each.name: [here for here in ast.walk(each) if not _narrows(here)]
        for each in functions
        if not each.name.startswith("test")
    }
    known: set[str] = set()
    while more := {name for name, body in bodies.items() if any(_asserts(here, known) for here in body)} - known:
        known |= more
    return known


def _narrows(node: ast.AST) -> bool:
    """An assertion for the type checker, which helpers make and which proves nothing."""
    match node:
        case ast.Assert(test=ast.Compare(ops=[ast.IsNot()], comparators=[ast.Constant(value=None)])):
            return True
        case ast.Assert(test=ast.Call(func=ast.Name(id="isinstance"))):
            return True
        case _:
            return False


def _is_pytestmark(here: ast.stmt) -> TypeGuard[ast.Assign]:
    match here:
        case ast.Assign(targets=[ast.Name(id="pytestmark")]):
            return True
        case _:
            return False


def _skips(mark: ast.AST) -> bool:
    """Whether a mark leaves the test out, or takes its failure, whatever happens."""
    for here in ast.walk(mark):
        match here:
            case ast.Attribute(attr="skip" | "xfail", value=ast.Attribute(attr="mark")):
                return True
            case ast.Call(func=ast.Attribute(attr="skipif"), args=[ast.Constant(value=value), *_]) if value:
                return True
            case ast.Call(func=ast.Attribute(attr="parametrize"), args=[_, ast.List(elts=[]) | ast.Tuple(elts=[]), *_]):
                return True
            case _:
                pass
    return False


def _called(node: ast.AST) -> str:
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


def _marks(tree: ast.AST) -> Iterator[str]:
    """The arguments of `pytest.mark.requirement(...)` anywhere in an expression."""
    for here in ast.walk(tree):
        match here:
            case ast.Call(func=ast.Attribute(attr="requirement"), args=arguments):
                yield from (str(ast.literal_eval(each)) for each in arguments)
            case _:
                pass


def _overview() -> Iterator[str]:
    yield from ("| 编号 | 条文 | 要求 | 情况 |", "| --- | --- | --- | --- |")
    for each in REQUIREMENTS:
        yield f"| [{each.id}](#{_anchor(each)}) | {each.article} | {each.says} | {_state(each)} |"
    yield ""


def _chapters(implemented: Places, proved: Places) -> Iterator[str]:
    for each in REQUIREMENTS:
        yield f"## {each.id}\n"
        yield f"{each.article}: {each.says}。{'' if _state(each) == '已实现' else f'{_state(each)}。'}\n"
        yield from _files("实现", implemented.get(each.id, {}))
        yield from _files("检验", proved.get(each.id, {}))


def _files(title: str, found: dict[str, list[str]]) -> Iterator[str]:
    if not found:
        return
    yield f"{title}:\n"
    for path, names in found.items():
        inside = "、".join(f"`{name}`" for name in dict.fromkeys(names) if name)
        yield f"- [`{path}`](../{path}){f': {inside}' if inside else ''}"
    yield ""


def _state(requirement: Requirement) -> str:
    if requirement.later:
        return "尚未实现"
    return f"已实现; {requirement.lacks}尚未实现" if requirement.lacks else "已实现"


def _anchor(requirement: Requirement) -> str:
    return requirement.id.lower().replace(".", "")


def _short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    main()
