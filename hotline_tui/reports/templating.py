"""Templates of reports: the office's own before those that come with the program; a mistake is told with its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from importlib.resources import files
from inspect import isgenerator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hotline_tui.errors import UsageError, reason
from hotline_tui.reports.documents import markdown
from hotline_tui.reports.figures import Figures
from hotline_tui.reports.phrases import FILTERS, NOTHING
from hotline_tui.rules.deadlines import SHANGHAI
from hotline_tui.rules.words import Report

if TYPE_CHECKING:
    from jinja2 import Environment, Template

    from hotline_tui.reports.documents.model import Document

SHARED = ("front.md.j2", "written.md.j2", "annex.md.j2")
"""What all of them have in common."""
_SAID = (
    (re.compile(r"'(\S+)' is undefined"), r"没有 \1 这个名称"),
    (re.compile(r"'.*' has no attribute '(\S+)'"), r"没有 \1 这一项"),
    (re.compile(r"No filter named '(\S+)'\.?"), r"没有 \1 这个过滤器"),
    (re.compile(r"No test named '(\S+)'\.?"), r"没有 \1 这个判断"),
    (re.compile(r"Encountered unknown tag '(\S+)'\..*", re.DOTALL), r"没有 \1 这个标签, 或与前面的标签不配对"),
    (re.compile(r"Unexpected end of template\..*", re.DOTALL), "有标签没有结束"),
    (re.compile(r"Missing end of (?:raw|comment).*", re.DOTALL), "有注释没有结束"),
)


class Templates:
    """Of one office: each is a file of its folder, or else the program's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def document(self, figures: Figures) -> Document:
        """What the report's template makes of the figures; raises UsageError with file and line."""
        from jinja2 import TemplateError, TemplateSyntaxError

        name = name_of(figures.report)
        places = [(name, 1)]
        try:
            template = _environment(self._source).get_template(name)
            text, places = _rendered(template, _names(figures))
            return markdown.read(text)
        except TemplateSyntaxError as error:
            raise self._mistake(error.name or name, error.lineno, _said(error)) from error
        except markdown.Mistake as error:
            where, line = places[min(error.line, len(places)) - 1]
            raise self._mistake(where, line, str(error)) from error
        except UsageError:
            raise
        except (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            where, line = self._place(error, name)
            raise self._mistake(where, line, _said(error)) from error

    def path(self, name: str) -> Path | None:
        """The office's own file; None where it uses the program's."""
        own = self.folder / name
        return own if name in names() and own.is_file() else None

    def _source(self, name: str) -> tuple[str, str, Callable[[], bool]]:
        own = self.path(name)
        if own is None:
            return shipped(name), name, lambda: True
        try:
            return own.read_text(encoding="utf-8-sig"), str(own), lambda: True
        except OSError as error:
            raise UsageError(f"模板 {own} 读不了: {reason(error)}") from error
        except UnicodeDecodeError as error:
            raise UsageError(f"模板 {own} 读不了: 须为 UTF-8 编码") from error

    def _place(self, error: Exception, name: str) -> tuple[str, int]:
        """In which template, and at which of its lines, it went wrong."""
        known = {str(self.folder / each): each for each in names()} | {each: each for each in names()}
        found = (name, 0)
        at = error.__traceback__
        while at is not None:
            if at.tb_frame.f_code.co_filename in known:
                found = (known[at.tb_frame.f_code.co_filename], at.tb_lineno)
            at = at.tb_next
        return found

    def _mistake(self, name: str, line: int, sentence: str) -> UsageError:
        return UsageError(f"模板 {self.path(name) or name} 第 {line} 行有误: {sentence}, 请改正")


def name_of(report: Report) -> str:
    """The file of a report's template."""
    return f"{report.value}.md.j2"


def names() -> list[str]:
    """Every template."""
    return [*map(name_of, Report), *SHARED]


def shipped(name: str) -> str:
    """The program's own template."""
    from jinja2 import TemplateNotFound

    if name not in names():
        raise TemplateNotFound(name)
    return files(__name__.rpartition(".")[0]).joinpath("templates", name).read_text(encoding="utf-8")


def _environment(source: Callable[[str], tuple[str, str, Callable[[], bool]]]) -> Environment:
    from jinja2 import FunctionLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    made = ImmutableSandboxedEnvironment(
        loader=FunctionLoader(source),
        undefined=StrictUndefined,
        autoescape=True,
        finalize=_printed,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= FILTERS | {"day": _day, "markdown": _markdown}
    return made


def _printed(value: Any) -> Any:
    """What is put into a template is text, never markup: names of units and topics are people's own words."""
    from jinja2 import Undefined
    from markupsafe import Markup

    if hasattr(value, "__html__") or isinstance(value, Undefined):
        return value
    return Markup(markdown.literal(NOTHING if value is None else str(value)))  # noqa: S704 - nothing of it is markup any more


def _markdown(text: str) -> Any:
    """The office's own text, whose headings stand below those of the template."""
    from markupsafe import Markup

    return Markup(markdown.nested(text))  # noqa: S704 - as the office meant it


def _day(moment: Any) -> str:
    """2026年10月8日, in Shanghai."""
    at = moment.astimezone(SHANGHAI) if hasattr(moment, "astimezone") else moment
    return f"{at.year}年{at.month}月{at.day}日"


def _names(figures: Figures) -> Mapping[str, Any]:
    return {field.name: getattr(figures, field.name) for field in fields(figures)}


def _rendered(template: Template, named: Mapping[str, Any]) -> tuple[str, list[tuple[str, int]]]:
    """The text, and at which template's which line each of its lines begins."""
    stream = template.root_render_func(template.new_context(dict(named)))
    text: list[str] = []
    places = [(template.name or "", 1)]
    try:
        for chunk in stream:
            name, line = _at(template, stream, chunk)
            if not text or text[-1].endswith("\n"):
                places[-1] = (name, line)
            text.append(chunk)
            places += [(name, line + number) for number in range(1, chunk.count("\n") + 1)]
    except Exception:  # noqa: BLE001 - Jinja tells of the template's lines, and raises it again
        template.environment.handle_exception()
    return "".join(text), places


def _at(template: Template, stream: Any, chunk: str) -> tuple[str, int]:
    """Where a template is, or the one that it includes, whose stream Jinja names `gen`.

    Jinja knows the lines of tags and of what is printed; text as it stands is looked for from there on.
    """
    frame = stream.gi_frame
    inner = frame.f_locals.get("gen")
    if isgenerator(inner) and inner.gi_frame is not None:
        return _at(frame.f_locals["template"], inner, chunk)
    line = template.get_corresponding_lineno(frame.f_lineno)
    name = template.name or ""
    if type(chunk) is str:  # what is printed is Markup
        source = (
            template.environment.loader.get_source(template.environment, name)[0] if template.environment.loader else ""
        )
        begin = sum(map(len, source.splitlines(keepends=True)[: line - 1]))
        found = source.find(chunk, begin)
        return name, source.count("\n", 0, found) + 1 if found >= 0 else line
    return name, line


def _said(error: Exception) -> str:
    """In Chinese; of what nobody foresaw only that it is no good."""
    for pattern, sentence in _SAID:
        if found := pattern.fullmatch(str(error)):
            return found.expand(sentence)
    return "写法不对"
