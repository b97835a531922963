"""The lines around a screen: title, actions, status. Each repaints only when its text differs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from rich.cells import cell_len
from rich.text import Text
from textual.strip import Strip
from textual.widget import Widget

from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.widgets.display import FAINT, OVERDUE, STRONG, fit, line_of


class Line(Widget):
    """One line: a left part, and a right part that wins when there is no room for both."""

    DEFAULT_CSS = "Line { height: 1; width: 100%; }"

    def __init__(self, left: Text | str = "", right: Text | str = "", *, id: str | None = None) -> None:  # noqa: A002 - as in Textual
        super().__init__(id=id)
        self.left = left
        self.right = right

    def show(self, left: Text | str, right: Text | str = "") -> None:
        """Show this; nothing is repainted if it stands there already."""
        if (left, right) != (self.left, self.right) or _spans(left) != _spans(self.left):
            self.left, self.right = left, right
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The line as it stands."""
        return strip_of(self.joined(self.size.width), self) if y == 0 else Strip.blank(self.size.width, self.rich_style)

    def joined(self, width: int) -> Text:
        """Both parts in exactly `width` cells."""
        right = self.right if isinstance(self.right, Text) else Text(line_of(self.right))
        taken = min(cell_len(right.plain), width)
        gap = 1 if 0 < taken < width else 0
        line = fit(self.left, max(0, width - taken - gap))
        line.append(" " * gap)
        line.append_text(fit(right, taken))
        return line


class ReasonLine(Line):
    """What suggests itself, and why; where there is no room for every reason the last ones are left out, whole.

    What suggests itself is never cut for what stands at the right: that gives way, at its end.
    """

    KEPT = "相似工单"
    """How the reason begins that is left out last: a count."""
    LEAST_RIGHT = 20
    """Cells: less of what stands at the right says nothing."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - as in Textual
        super().__init__(id=id)
        self.reasons: tuple[str, ...] = ()

    def show_reasons(self, left: str, reasons: Sequence[str], right: Text | str = "") -> None:
        """Show this; nothing is repainted if it stands there already."""
        if tuple(reasons) != self.reasons:
            self.reasons = tuple(reasons)
            self.refresh()
        self.show(left, right)

    def joined(self, width: int) -> Text:
        """All in exactly `width` cells."""
        right = self.right if isinstance(self.right, Text) else Text(line_of(self.right))
        left = line_of(str(self.left))
        whole, taken = cell_len(right.plain), width - cell_len(left) - 1
        taken = min(whole, taken) if taken >= min(whole, self.LEAST_RIGHT) else 0
        room = width - taken - (1 if taken else 0)
        told = list(self.reasons)
        while told and cell_len(f"{left}({'; '.join(told)})") > room:
            told.remove(next((each for each in reversed(told) if not each.startswith(self.KEPT)), told[-1]))
        line = fit(f"{left}({'; '.join(told)})" if told else left, max(0, room))
        line.append(" " if 0 < taken < width else "")
        line.append_text(fit(right, taken))
        return line


def rule(title: str = "", width: int = 80, right: str = "") -> str:
    """A heading with dashes up to `width` cells: `诉求 -------- F7 查看`."""
    head = f"{title} " if title else ""
    tail = f" {right}" if right else ""
    return head + "-" * max(0, width - cell_len(head) - cell_len(tail)) + tail


class Rule(Line):
    """A heading over a part of a screen, filled up with dashes."""

    def joined(self, width: int) -> Text:
        """The heading in exactly `width` cells."""
        left = self.left.plain if isinstance(self.left, Text) else self.left
        right = self.right.plain if isinstance(self.right, Text) else self.right
        return fit(rule(line_of(left), width, line_of(right)), width)


class TitleLine(Line):
    """The top line: which screen, whose order; at the right, whose desk."""


class ActionBar(Line):
    """The bottom line: the keys that work now; one that is not open is faint, and says why when it is pressed."""

    CLOSED = "-"
    """Between key and label of a closed one, where faintness may not be seen."""

    def show_actions(self, actions: Iterable[ScreenAction], closed: Iterable[str] = ()) -> None:
        """Show the actions; those whose id is in `closed` faintly."""
        shut = set(closed)
        sign = self.CLOSED if getattr(self.app, "marks_closed", False) else " "
        shown = [action for action in actions if action.shown]
        for gap in (2, 1):
            line = Text(" ")
            for action in shown:
                style, between = (FAINT, sign) if action.id in shut else ("", " ")
                line.append(action.key_name, style=style or STRONG).append(f"{between}{action.label}", style=style)
                line.append(" " * gap)
            line.rstrip()
            if cell_len(line.plain) <= max(self.size.width, 80):
                break
        self.show(line)


class Link(Enum):
    """How the program is joined to its database, as the status line says it, and in which style."""

    ONLINE = ("在线", "")
    OPENING = ("正在连接", "")
    AWAY = ("离线, 正在重新连接", OVERDUE)
    UNREAD = ("数据库文件读不了", OVERDUE)
    """Of an embedded database, which has no line to be cut."""
    SHUT = ("离线", OVERDUE)
    """It does not pass by itself, and nobody tries again."""


@dataclass(frozen=True)
class StatusFacts:
    """What the status line tells of the desk; counts of None are not shown."""

    seat: str = ""
    site: str = ""
    role: str = ""
    link: Link = Link.ONLINE
    unsent: int = 0
    waiting: int | None = None
    due_soon: int | None = None
    overdue: int | None = None
    seriously_overdue: int | None = None

    @property
    def online(self) -> bool:
        """Whether the database answers."""
        return self.link is Link.ONLINE


class StatusLine(Line):
    """The lowest line: connection, counts, desk, time of day; a sentence takes the left part for a while."""

    facts: StatusFacts = StatusFacts()
    time: str = ""
    sentence: str = ""

    def show_status(self, facts: StatusFacts, time: str, sentence: str = "") -> None:
        """Show the facts and the time (HH:MM); `sentence`, if any, instead of the counts."""
        self.facts, self.time, self.sentence = facts, time, sentence
        if sentence:
            self.show(Text(f" {line_of(sentence)}", style=STRONG), f"{time} ")
            return
        left = Text(" ").append(*facts.link.value)
        if facts.unsent:
            left.append(f" 未上报 {facts.unsent}")
        for label, count, style in (
            ("待派", facts.waiting, ""),
            ("临期", facts.due_soon, ""),
            ("超期", facts.overdue, STRONG),
            ("严重超期", facts.seriously_overdue, OVERDUE),
        ):
            if count is not None:
                left.append("  ").append(f"{label} {count}", style=style if count else "")
        desk = f"{facts.seat} {facts.site} {facts.role}".split()
        # The counts are never cut: role, site and name give way.
        room = max(self.size.width, 80) - cell_len(left.plain) - 1
        while desk and cell_len("  ".join([*desk, time])) + 1 > room:
            desk.pop()
        self.show(left, "  ".join([*desk, time]).strip() + " ")


def _spans(text: Text | str) -> object:
    return (text.spans, text.style) if isinstance(text, Text) else None


def strip_of(text: Text, widget: Widget) -> Strip:
    """One line of `text` as the widget draws it, over the widget's own colours."""
    return Strip(text.render(widget.app.console), cell_len(text.plain)).apply_style(widget.rich_style)
