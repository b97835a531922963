"""Fields of a form beside plain text: the seven kinds, a yes or no, a choice from a list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from hotline_tui.data.suggest.advice import Proposal
from hotline_tui.rules.text import clean_line
from hotline_tui.rules.words import Kind
from hotline_tui.screens.widgets.display import STRONG, line_of
from hotline_tui.screens.widgets.entry import HotlineInput
from hotline_tui.screens.widgets.lines import Line
from hotline_tui.screens.widgets.picker import Picker, PickItem

KINDS = tuple(Kind)


def whys(proposals: Iterable[Proposal | None]) -> dict[str, str]:
    """What suggests itself, as a field puts it on top."""
    return {str(each.id): each.why for each in proposals if each is not None}


class Edited(Message):
    """Another value stands in a field that is no text."""


class ChoiceLine(Line, can_focus=True):
    """A line that is chosen from; `>` and reverse show that the keys go there, Enter goes to the next field."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "next_field", show=False)]

    def on_mount(self) -> None:
        """Draw it."""
        self.draw()

    def watch_has_focus(self, has_focus: bool) -> None:
        """Draw it anew; the event of the focus comes before the widget has it."""
        super().watch_has_focus(has_focus)
        self.draw()

    def action_next_field(self) -> None:
        """Enter."""
        self.screen.focus_next()

    def draw(self) -> None:
        """Show the line as it stands now."""

    @property
    def mark(self) -> str:
        """What stands before the line; colour and reverse alone may be lost on a terminal."""
        return ">" if self.has_focus else " "


class KindLine(ChoiceLine):
    """类别: one of seven (Art. 9), by left and right or by the screen's digits."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", show=False),
        Binding("right,space,ideographic_space", "step(1)", show=False),
    ]

    def __init__(self, kind: Kind = Kind.INQUIRY, *, id: str | None = None) -> None:  # noqa: A002 - as in Textual
        super().__init__(id=id)
        self._kind = kind

    @property
    def kind(self) -> Kind:
        """The chosen one."""
        return self._kind

    @kind.setter
    def kind(self, kind: Kind) -> None:
        changed = kind is not self._kind
        self._kind = kind
        self.draw()
        if changed:
            self.post_message(Edited())

    def action_step(self, step: int) -> None:
        """The next or the one before."""
        self.kind = KINDS[(KINDS.index(self._kind) + step) % len(KINDS)]

    def draw(self) -> None:
        """The seven; the chosen one in brackets."""
        line = Text(f"{self.mark}类别")
        for number, kind in enumerate(KINDS, 1):
            chosen = kind is self._kind
            style = ("reverse" if self.has_focus else STRONG) if chosen else ""
            line.append(" ").append(f"[{number}{kind.label}]" if chosen else f"{number}{kind.label}", style=style)
        self.show(line)


class Toggle(ChoiceLine):
    """Yes or no: ` 紧急[ ]`, by the space bar."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space,ideographic_space,x", "change", show=False)]

    def __init__(self, label: str, *, id: str | None = None) -> None:  # noqa: A002 - as in Textual
        super().__init__(id=id)
        self.label = label
        self._on = False

    @property
    def on(self) -> bool:
        """Whether it is marked."""
        return self._on

    @on.setter
    def on(self, on: bool) -> None:
        changed = on != self._on
        self._on = on
        self.draw()
        if changed:
            self.post_message(Edited())

    def action_change(self) -> None:
        """The other value."""
        self.on = not self._on

    def draw(self) -> None:
        """The label and the mark."""
        style = "reverse" if self.has_focus else STRONG if self._on else ""
        self.show(Text(self.mark).append(f"{self.label}[{'X' if self._on else ' '}]", style=style))


class FieldPicker(Picker):
    """A picker that a key opened: keys that came before its entry was there are not lost."""

    def on_key(self, event: events.Key) -> None:
        """A printable key that reached no entry."""
        if event.character and event.is_printable and self.focused is None:
            event.stop()
            entry = self.query_one("#filter", HotlineInput)
            entry.insert_text_at_cursor(event.character)
            entry.focus()


class PickField(HotlineInput):
    """Shows what was picked; typing opens the picker with what was typed, Enter or Down opens it empty.

    `suggest` is asked when it opens: the keys to put on top, best first, each with what speaks for it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("down", "open", show=False)]
    hands_keys_on = True
    """What is typed after the first character belongs to the picker."""

    class Picked(Edited):
        """Something else is picked; `field` is where."""

        def __init__(self, field: PickField) -> None:
            super().__init__()
            self.field = field

    def __init__(
        self,
        title: str,
        *,
        several: bool = False,
        suggest: Callable[[], Mapping[str, str]] = dict,
        without: str = "没有可选的",
        moves_on: bool = True,
        id: str | None = None,  # noqa: A002 - as in Textual
    ) -> None:
        """`moves_on`: what was picked leads to the next field, as on a page that is gone through from top to bottom."""
        super().__init__(id=id)
        self.title = title
        self.several = several
        self.moves_on = moves_on and not several
        self.suggest = suggest
        self.without = without
        self._items: dict[str, PickItem] = {}
        self._offered = False
        self._typed_early: str | None = None
        self._keys: tuple[str, ...] = ()
        self._short: dict[str, str] = {}

    @property
    def keys(self) -> tuple[str, ...]:
        """What is picked, first picked first."""
        return self._keys

    def offer(self, items: Sequence[PickItem], short: dict[str, str] | None = None) -> None:
        """What can be picked; `short` says how a picked one is shown, where that is not its label."""
        self._items = {item.key: item for item in items}
        self._short = short or {}
        self._offered = True
        self._show()
        if self._typed_early is not None and self.has_focus:
            self.action_open(self._typed_early)
        self._typed_early = None

    def put(self, *keys: str) -> None:
        """Set what is picked, without asking."""
        changed = keys != self._keys
        self._keys = keys
        self._show()
        if changed:
            self.post_message(self.Picked(self))

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Digits stay with the screen: they choose the kind."""
        return super().check_consume_key(key, character) and not (character or "").isdigit()

    def action_open(self, typed: str = "") -> None:
        """Choose from the list; before there is one, what is typed waits for it."""
        if not self._offered:
            self._typed_early = (self._typed_early or "") + typed
            return
        advised = {key: why for key, why in self.suggest().items() if key in self._items}
        self.app.push_screen(
            FieldPicker(
                self.title,
                tuple(self._items.values()),
                suggested=tuple(advised),
                detail=(lambda key: line_of(f"依据: {advised[key]}") if advised.get(key) else "") if advised else None,
                current=self._keys[-1] if self._keys else None,
                query=typed,
                without=self.without,
            ),
            self._chosen,
        )

    def action_submit(self) -> None:  # type: ignore[override]
        """Enter."""
        self.action_open()

    def action_delete_left(self) -> None:
        """Take back what was picked last."""
        self.put(*self._keys[:-1])

    action_delete_right = action_delete_left
    action_delete_left_word = action_delete_left
    action_delete_right_word = action_delete_left
    action_delete_left_all = action_delete_left
    action_delete_right_all = action_delete_left
    action_cut = action_delete_left

    def _chosen(self, key: str | None) -> None:
        if key is None:
            return
        if not self.several:
            self.put(key)
        elif key in self._keys:
            self.put(*(each for each in self._keys if each != key))
        else:
            self.put(*self._keys, key)
        if self.moves_on:
            self.screen.focus_next()

    def _show(self) -> None:
        names = (self._short.get(key) or self._items[key].label for key in self._keys if key in self._items)
        with self.prevent(self.Changed):
            self.value = "、".join(names)
        self.cursor_position = 0

    async def _on_key(self, event: events.Key) -> None:
        if event.is_printable and event.character:
            event.prevent_default()
            if not event.character.isdigit():
                event.stop()
                self.action_open(event.character.strip())

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        if line := clean_line(event.text):
            self.action_open(line[:20])
