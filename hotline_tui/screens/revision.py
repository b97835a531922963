"""修订稿: what waits to be published in place of a standard answer in use, as the office compares the two."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hotline_tui.rules.deadlines import SHANGHAI
from hotline_tui.screens.differing import LEGEND, span, told_apart
from hotline_tui.screens.widgets.pages import Heading, Para, Part

if TYPE_CHECKING:
    from hotline_tui.data.queries.knowledge import ArticleDetail

WAITS = "有修订稿"


def changes(detail: ArticleDetail) -> Iterator[Part]:
    """What the revision says otherwise than the text in use, under a heading; nothing without a revision."""
    row, new = detail.row, detail.waiting
    if new is None:
        return
    made = new.made_at.astimezone(SHANGHAI)
    yield Para("")
    yield Heading(f"{WAITS}: 版本 {new.version}", f"{new.by} {made:%Y-%m-%d %H:%M}".strip())
    told = (
        ("问题", row.question, new.question),
        ("答复", detail.answer, new.answer),
        ("依据", detail.basis, new.basis),
        ("效期", span(row.valid_from, row.valid_to), span(new.valid_from, new.valid_to)),
    )
    yield Para(LEGEND)
    yield from told_apart(told)


def to_publish(detail: ArticleDetail) -> str:
    """What the office confirms."""
    row, new = detail.row, detail.waiting
    if new is None:
        return f"{row.question}\n发布后前台可用来答复来电人。"
    return f"{new.question}\n发布修订稿(版本 {new.version}), 代替版本 {row.version}; 前台即用新的答复。"


def to_discard(detail: ArticleDetail) -> str:
    """What is confirmed before a revision is dropped."""
    return f"{detail.row.question}\n丢弃修订稿(版本 {detail.row.pending})? 现行版本 {detail.row.version} 不变。"
