"""A document as Markdown that any reader shows: numbered headings, pipe tables, no name is markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hotline_tui.reports.documents.model import Block, Document, Heading, Paragraph, Side, Table

_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~&!]|^[-+=]")
_ITEM = re.compile(r"^(\d+)([.)])")
_RULES = {Side.LEFT: ":---", Side.CENTRE: ":---:", Side.RIGHT: "---:"}


def render(document: Document) -> str:
    """The whole document."""
    return "\n\n".join(_parts(document)) + "\n"


def _parts(document: Document) -> Iterator[str]:
    front = document.front
    if front.mark:
        yield f"**{_plain(front.mark)}**"
    if front.number:
        yield _plain(front.number)
    if front.signer:
        yield _plain(f"签发人: {front.signer}")
    if front.mark or front.number:
        yield "---"
    yield f"# {_plain(document.title)}"
    if front.addressee:
        yield _plain(f"{front.addressee}:")
    yield from map(_block, document.blocks)
    yield from map(_plain, document.annex_lines())
    yield from (_plain(line) for line in (front.signature, front.dated) if line)
    if front.note:
        yield _plain(f"({front.note})")
    if front.copies:
        yield _plain(f"抄送: {front.copies}")
    if front.printer or front.printed:
        yield _plain(f"{front.printer} {front.printed}印发".strip())
    for place, annex in enumerate(document.annexes):
        yield f"**{document.annex_label(place)}**"
        yield f"# {_plain(annex.title)}"
        yield from map(_block, annex.blocks)


def _block(block: Block) -> str:
    match block:
        case Heading():
            return f"{'#' * (block.level + 1)} {_plain(block.text)}"
        case Paragraph():
            return "".join(f"**{_plain(run.text)}**" if run.strong else _plain(run.text) for run in block.runs)
        case Table():
            head, *rows = (f"| {' | '.join(map(_plain, line))} |" for line in block.lines)
            return "\n".join([head, f"| {' | '.join(_RULES[side] for side in block.sides)} |", *rows])


def _plain(text: str) -> str:
    return _ITEM.sub(r"\1\\\2", _MARKUP.sub(r"\\\g<0>", text))
