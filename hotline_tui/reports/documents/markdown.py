"""A small Markdown into a document: title, headings, paragraphs, tables, and what stands around the text.

Only what an official document has is markup (`#`, `|`, `**`, `---` around the front); everything else is text as it is.
The first `#` is the title, each later one begins an annex; `##` to `#####` are headings, which are numbered here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from hotline_tui.reports.documents.model import (
    LEVELS,
    Annex,
    Block,
    Document,
    Front,
    Paragraph,
    Part,
    Run,
    Side,
    Table,
    numbered,
)

FRONT = {
    "发文机关标志": "mark",
    "发文字号": "number",
    "签发人": "signer",
    "主送机关": "addressee",
    "发文机关署名": "signature",
    "成文日期": "dated",
    "附注": "note",
    "抄送机关": "copies",
    "印发机关": "printer",
    "印发日期": "printed",
}
"""What may stand between the two lines of `---`, by its name in GB/T 9704-2012."""
_FENCE = "---"
_FIELD = re.compile(r"([^:\uff1a]+)[:\uff1a](.*)")
_SIDES = {"left": Side.LEFT, "center": Side.CENTRE, "right": Side.RIGHT}
_MARKUP = re.compile(r"[!-/:-@\[-`{-~]")
_HEADING = re.compile(r"^ {0,3}(#{1,6})(?=[ \t]|$)", re.MULTILINE)
_LATIN = re.compile(r"[!-~]")


class Mistake(Exception):
    """The text is no document; `line` counts from 1."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line


@dataclass(slots=True)
class _Chapter:
    title: str
    parts: list[Part] = field(default_factory=list)


def read(text: str) -> Document:
    """The document that the text describes; raises Mistake."""
    lines = text.split("\n")
    front, begin = _front(lines)
    tokens = _parser().parse("\n".join([""] * begin + lines[begin:]))
    _check_rows(tokens, lines)
    chapters = list(_chapters(tokens))
    if not chapters:
        raise Mistake(begin + 1, "没有标题, 正文之前应有一行 # 标题")
    body, *annexes = chapters
    return Document(front, body.title, _blocks(body), tuple(Annex(each.title, _blocks(each)) for each in annexes))


def nested(text: str) -> str:
    """The same text to stand below a heading `##`: its own headings begin a level deeper, none begins an annex."""
    return _HEADING.sub(lambda found: "#" * min(len(found[1]) + 2, LEVELS + 1), text)


def literal(text: str) -> str:
    """Markdown that says the text and nothing else, on one line."""
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};", " ".join(text.split()))


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("zero").enable(["heading", "table", "newline", "escape", "entity", "emphasis"])


def _front(lines: Sequence[str]) -> tuple[Front, int]:
    """What stands around the text, and how many lines tell of it."""
    begin = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if not lines or lines[begin].strip() != _FENCE:
        return Front(), 0
    found: dict[str, str] = {}
    for number, line in enumerate(lines[begin + 1 :], begin + 2):
        if line.strip() == _FENCE:
            return Front(**found), number
        if not line.strip():
            continue
        parted = _FIELD.fullmatch(line)
        name = parted[1].strip() if parted else line.strip()
        if parted is None or name not in FRONT:
            raise Mistake(number, f"文件头没有这一项: {name}, 可写的有: {'、'.join(FRONT)}")
        found[FRONT[name]] = _plain(_parser().parseInline(parted[2].strip())[0])
    raise Mistake(begin + 1, "文件头没有写完, 应以一行 --- 结束")


def _chapters(tokens: Sequence[Token]) -> Iterator[_Chapter]:
    chapter: _Chapter | None = None
    at = iter(tokens)
    for token in at:
        line = token.map[0] + 1 if token.map else 0
        if token.type == "heading_open":
            level, title = int(token.tag[1:]), _plain(next(at))
            if not title:
                raise Mistake(line, "标题是空的")
            if level > LEVELS + 1:
                raise Mistake(line, f"标题最多 {LEVELS} 层, 即 ## 至 {'#' * (LEVELS + 1)}")
            if level == 1:
                if chapter:
                    yield chapter
                chapter = _Chapter(title)
                continue
            part: Part = (level - 1, title)
        elif token.type == "paragraph_open":
            part = Paragraph(tuple(_runs(next(at))))
        elif token.type == "table_open":
            part = _table(at)
        else:
            continue
        if chapter is None:
            raise Mistake(line, "正文之前没有标题, 请先写一行 # 标题")
        chapter.parts.append(part)
    if chapter:
        yield chapter


def _check_rows(tokens: Sequence[Token], lines: Sequence[str]) -> None:
    """Markdown leaves out cells beyond the head's: of an official table none is lost."""
    wide = 0
    for token in tokens:
        if token.type == "table_open":
            wide = 0
        elif token.type == "tr_open" and token.map:
            line = lines[token.map[0]].strip()
            cells = len(escapedSplit(line)) - line.startswith("|") - (len(line) > 1 and line.endswith("|"))
            if wide == 0:
                wide = cells
            elif cells != wide:
                raise Mistake(token.map[0] + 1, f"表格这一行有 {cells} 格, 表头有 {wide} 格")


def _blocks(chapter: _Chapter) -> tuple[Block, ...]:
    return tuple(numbered(chapter.parts))


def _table(at: Iterator[Token]) -> Table:
    """The cells up to the end of the table."""
    lines: list[list[str]] = []
    sides: list[Side] = []
    for token in at:
        match token.type:
            case "table_close":
                break
            case "tr_open":
                lines.append([])
            case "th_open":
                style = str(token.attrs.get("style", ""))
                sides.append(_SIDES.get(style.rpartition(":")[2], Side.CENTRE))
            case "inline":
                lines[-1].append(_plain(token))
            case _:
                pass
    head, *rows = map(tuple, lines)
    return Table(head, tuple(rows), tuple(sides))


def _plain(inline: Token) -> str:
    return "".join(run.text for run in _runs(inline)).strip()


def _runs(inline: Token) -> Iterator[Run]:
    """The text; a line's end within it is a blank only between Latin letters or figures."""
    text, strong = "", False
    for token in inline.children or ():
        match token.type:
            case "text" | "text_special":
                joins = text.endswith("\n") and not (_LATIN.match(text[-2:-1]) and _LATIN.match(token.content[:1]))
                text = (text[:-1] if joins else text.replace("\n", " ")) + token.content
            case "softbreak" | "hardbreak":
                text = f"{text.rstrip()}\n"
            case "strong_open" | "strong_close":
                if text:
                    yield Run(text.replace("\n", ""), strong)
                text, strong = "", token.type == "strong_open"
            case _:
                pass
    if text:
        yield Run(text.replace("\n", ""), strong)
