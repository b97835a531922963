"""Beside the form: standard answers, similar orders, where the matter should go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from hotline_tui.data.suggest.advice import Proposal
from hotline_tui.rules.deadlines import Due
from hotline_tui.screens.answers import Found
from hotline_tui.screens.directory import Directory, Suggestion
from hotline_tui.screens.due_panel import due_line, due_text
from hotline_tui.screens.earlier import place_and_matter, same_text
from hotline_tui.screens.standing import received
from hotline_tui.screens.widgets.display import OVERDUE, painted
from hotline_tui.screens.widgets.lines import Line, ReasonLine, Rule

if TYPE_CHECKING:
    from hotline_tui.data.search.similar import Similar

ANSWERS, SIMILAR, NARROW_ANSWERS, NARROW_SIMILAR = 6, 4, 2, 1
ADVISED = 3
"""Topics and units that suggest themselves; one of each where there is little room."""
NOT_TOLD, NOT_ASKED, NO_WORDS, LOOKING = "写入诉求后在此列出", "写入诉求后给出", "没有可用于查找的文字", "正在查找…"
NOT_LIKE_ANY, NONE, BEING_MADE = "没有相近的标准答案", "没有", "知识库索引正在建立, 片刻后列出"
LIKENED = 20
"""Texts that are alike and are looked for, each with the orders that have it; F7 lists them all."""


class IntakePanels(Vertical):
    """Below the form, or at its right where there is room. Each line repaints only when it says something else."""

    def compose(self) -> ComposeResult:
        """Three parts."""
        yield Rule(" 标准答案", "F3 展开", id="answers-rule")
        for place in range(ANSWERS):
            yield _line(f"answer-{place}", more=place >= NARROW_ANSWERS)
        yield Static("", id="best", classes="more", markup=False)
        yield Rule(" 相似工单", "F7 查看、并案", id="similar-rule")
        for place in range(SIMILAR):
            yield _line(f"similar-{place}", more=place >= NARROW_SIMILAR)
            yield _line(f"matter-{place}", more=True)
        yield Rule(" 去向", id="route-rule")
        for at in range(ADVISED):
            yield _line(f"advised-{at}", more=at > 0, of=ReasonLine)
        yield _line("advised-place", more=True, of=ReasonLine)
        for at in range(ADVISED):
            yield _line(f"route-{at}", more=at > 0, of=ReasonLine)
        yield Static("", id="due", classes="more", markup=False)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._found: tuple[Found, ...] = ()
        self._best = self._many = ""
        self._no_answers = self._none_similar = NOT_TOLD
        self._advised: tuple[Directory, tuple[Proposal, ...], Proposal | None, str] = (Directory(), (), None, NOT_ASKED)
        self._similar: tuple[Similar, ...] = ()
        self._today = date.min
        self._route: tuple[Directory, tuple[Suggestion, ...], Due | None] = (Directory(), (), None)

    @property
    def _wide(self) -> bool:
        """Whether the parts for which only a wide screen has room are shown."""
        return self.screen.has_class("-wide")

    def on_resize(self) -> None:
        """A line says more or less beside what is shown under it."""
        self.show_answers(self._found, self._best, self._many, nothing=self._no_answers)
        self.show_similar(self._similar, self._today, nothing=self._none_similar)
        self.show_advised(*self._advised)
        self.show_route(*self._route)

    def on_mount(self) -> None:
        """Empty panels say what they are for."""
        self.show_answers(())
        self.show_similar(())

    def show_answers(self, found: Sequence[Found], best: str = "", many: str = "", *, nothing: str = NOT_TOLD) -> None:
        """Best first; `best` is the text of the first; `many`: how many there are, as F3 says it.

        `nothing`: what is said where there are none.
        """
        self._found, self._best, self._many, self._no_answers = tuple(found), best, many, nothing
        self._rule("answers", f" 标准答案 {many}" if found else " 标准答案", "F3 展开")
        for place in range(ANSWERS):
            line = self.query_one(f"#answer-{place}", Line)
            if place < len(found):
                each = found[place]
                right = each.unit if self._wide else f"{each.unit}  {each.validity}"
                mark = ">" if place == 0 else " "
                line.show(Text(f" {mark} ").append_text(painted(each.question, each.pieces)), right)
            else:
                line.show("" if place else f"   {nothing}")
        pieces = found[0].pieces if found else None
        self.query_one("#best", Static).update(painted(best, pieces, lines=True))

    def show_similar(self, orders: Sequence[Similar], today: date = date.min, *, nothing: str = NOT_TOLD) -> None:
        """Likeliest first, those of one text as one; `today` in Shanghai, for the days they came.

        `nothing`: what is said where there are none.
        """
        self._similar, self._today, self._none_similar = tuple(orders), today, nothing
        more = "+" if len(orders) >= LIKENED else ""
        many = f" {sum(each.copies for each in orders)}{more} 件" if orders else ""
        self._rule("similar", f" 相似工单{many}", "F7 查看、并案")
        for place in range(SIMILAR):
            line = self.query_one(f"#similar-{place}", Line)
            about = self.query_one(f"#matter-{place}", Line)
            if place < len(orders):
                line.show(*order_line(orders[place], today, wide=self._wide))
                about.show(f"     {_matter(orders[place])}" if self._wide else "")
            else:
                line.show("" if place else f"   {nothing}")
                about.show("")

    def show_advised(
        self, directory: Directory, topics: Sequence[Proposal], region: Proposal | None, nothing: str = NOT_ASKED
    ) -> None:
        """The topics that suggest themselves, the best alone where there is no room, and the region.

        `nothing`: what is said where no topic does.
        """
        self._advised = (directory, tuple(topics), region, nothing)
        place = f"区域建议: {directory.region[region.id].name}" if region else ""
        why = region.reasons if region else ()
        for at, line in enumerate(self._lines("advised")):
            found = topics[at] if at < len(topics) else None
            named = directory.topic[found.id].path.replace("/", ">") if found else "" if at else nothing
            beside = f"{place}({'; '.join(why)})" if place and at == 0 and not self._wide else ""
            line.show_reasons(_suggested("分类建议: ", named, at), found.reasons if found else (), beside)
        self.query_one("#advised-place", ReasonLine).show_reasons(f"   {place}" if place else "", why)

    def show_route(self, directory: Directory, suggested: Sequence[Suggestion], due: Due | None) -> None:
        """The units that suggest themselves, the best alone where there is no room, and when its answer is due."""
        self._route = (directory, tuple(suggested), due)
        for at, line in enumerate(self._lines("route")):
            found = suggested[at] if at < len(suggested) else None
            named = directory.short_unit(found.unit_id) if found else "" if at else "选定分类或区域后给出"
            right = due_line(due) if due and at == 0 and not self._wide else ""
            line.show_reasons(_suggested("交办建议: ", named, at), found.reasons if found else (), right)
        self.query_one("#due", Static).update(due_text(due) if due else "")

    def _lines(self, name: str) -> list[ReasonLine]:
        return [self.query_one(f"#{name}-{at}", ReasonLine) for at in range(ADVISED)]

    def _rule(self, name: str, left: str, right: str) -> None:
        self.query_one(f"#{name}-rule", Rule).show(left, right)


def order_line(similar: Similar, today: date, *, wide: bool) -> tuple[Text, Text]:
    """An order in one line: number, day, how many of its text, kind, place and matter; at the right state and unit.

    `wide`: beside the form, where the line is short: what it is about stands under it, by `_matter`.
    """
    row = similar.order
    about = [received(row.received_at, today, wide=False)]
    if not wide:
        about.append(_matter(similar))
    right = Text(" ".join(filter(None, (row.state.label, row.unit))))
    if row.standing is not None:
        right.append(f" {row.standing.label}", style=OVERDUE if "超期" in row.standing.label else "")
    return Text(f"   {row.number}  {' '.join(about)}"), right


def _matter(similar: Similar) -> str:
    """How many of its text, kind, place and matter."""
    row = similar.order
    return " ".join(filter(None, (same_text(similar.copies), row.kind.label, place_and_matter(row))))


def _suggested(head: str, named: str, at: int) -> str:
    """The first of a kind with its heading, the others under it."""
    return f"   {head if at == 0 else ' ' * cell_len(head)}{named}" if at == 0 or named else ""


def told(counts: Iterable[tuple[Any, int]]) -> str:
    """投诉2 咨询1."""
    return " ".join(f"{kind.label}{many}" for kind, many in counts)


def _line(id_: str, *, more: bool, of: type[Line] = Line) -> Line:
    """A line that only a wide screen has room for carries the class `more`."""
    line = of(id=id_)
    line.set_class(more, "more")
    return line
