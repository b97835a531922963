"""The small questions: a notice, a confirmation, a reason to be written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static, TextArea

from hotline_tui.screens.quiet import Quiet
from hotline_tui.screens.widgets.display import lines_of
from hotline_tui.screens.widgets.entry import HotlineInput, Narrative
from hotline_tui.screens.widgets.lines import Rule
from hotline_tui.screens.widgets.pages import Pages, Para, Part

ResultT = TypeVar("ResultT")


class HotlineModal(ModalScreen[ResultT], Quiet[ResultT]):
    """A box in the middle: a title, a body, a line with the keys. Esc (or F12, where Esc is slow) leaves it."""

    # Textual cuts a modal off from the application's own keys.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f12", "cancel", show=False),
        Binding("f2", "app.go('intake')", show=False),
        Binding("f3", "app.go('knowledge')", show=False),
    ]
    # On a narrow terminal the box has the whole width: no single characters of the page stand beside it.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012 - as in Textual
    KEYS: ClassVar[str] = "Esc 返回"

    def __init__(self, title: str, **options: Any) -> None:
        super().__init__(**options)
        self.heading = title
        self.answered: Callable[[ResultT], object] | None = None
        """Who takes the answer while the box stays open, until it is accepted; None: it closes with its answer."""
        self._accepted: Callable[[], object] | None = None
        self.answering = False
        """Whether something stands in the box that answers the person."""

    def compose_body(self) -> ComposeResult:
        """What stands in the box."""
        yield from ()

    def compose_heading(self) -> ComposeResult:
        """The title of the box."""
        yield Rule(self.heading, id="heading")

    def compose(self) -> ComposeResult:
        """The box."""
        with Vertical(id="box"):
            yield from self.compose_heading()
            yield from self.compose_body()
            yield Static("", id="complaint", markup=False)
            yield Static(self.KEYS, id="keys", markup=False)

    def action_cancel(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)

    def hand_in(self, answer: ResultT) -> None:
        """Give the answer."""
        if self.answered is None:
            self.dismiss(answer)
        else:
            self.complain("")
            self.answered(answer)

    def accept(self, then: Callable[[], object]) -> object:
        """The answer was accepted: close, and `then`; later where another screen lies on top."""
        if self not in self.app.screen_stack:
            return then()
        if self.app.screen is self:
            self.dismiss(None)
            return then()
        self._accepted = then
        return None

    def on_screen_resume(self) -> None:
        """What lay on top is gone."""
        if self._accepted is not None:
            self.accept(self._accepted)

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _mended(self) -> None:
        if self.query("#complaint.-shown"):
            self.complain("")

    def complain(self, sentence: str, *, of_line: bool = False) -> None:
        """Say in the box what is still missing, until something is written; `of_line`: of the line to the server."""
        self.answering = bool(sentence) and not of_line
        complaint = self.query_one("#complaint", Static)
        complaint.update(lines_of(sentence))
        complaint.set_class(bool(sentence), "-shown")


class ReadingModal(HotlineModal[ResultT]):
    """A box with a text to be read, a page at a time; its heading says how much is hidden."""

    def parts(self) -> Iterable[Part]:
        """The text."""
        raise NotImplementedError

    def compose_heading(self) -> ComposeResult:
        """Title and text are one widget."""
        reading = Pages(self.heading, alone=True, id="reading")
        reading.show(self.parts())
        yield reading


class Notice(ReadingModal[None]):
    """Something to be read; Enter or Esc closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "cancel", show=False)]
    KEYS = "Enter 知道了"

    def __init__(self, title: str, text: str) -> None:
        super().__init__(title)
        self.text = text

    def parts(self) -> Iterable[Part]:
        """What is to be known."""
        yield Para(self.text)


class Confirm(ReadingModal[bool]):
    """A question; Enter says yes, Esc says no."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "yes", show=False)]
    KEYS = "Enter 确定  Esc 取消"

    def __init__(self, title: str, question: str) -> None:
        super().__init__(title)
        self.question = question

    def parts(self) -> Iterable[Part]:
        """The question."""
        yield Para(self.question)

    def action_yes(self) -> None:
        """Yes."""
        self.dismiss(True)

    def action_cancel(self) -> None:
        """No."""
        self.dismiss(False)


class Ask(HotlineModal[str]):
    """A text to be written: one line (Enter gives it) or, with `long`, many (F4 gives it). None when cancelled."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f4", "give", show=False)]

    def __init__(
        self,
        title: str,
        prompt: str = "",
        *,
        must: str = "",
        value: str = "",
        long: bool = False,
        password: bool = False,
    ) -> None:
        """`must` is the sentence for an empty answer; without it an empty one is accepted."""
        super().__init__(title)
        self.prompt = prompt
        self.must = must
        self.value = value
        self.long = long
        self.password = password

    @property
    def KEYS(self) -> str:  # type: ignore[override]  # noqa: N802 - a constant of the other modals
        """Which keys end it."""
        return "F4 确定  Esc 取消" if self.long else "Enter 确定  Esc 取消"

    def compose_body(self) -> ComposeResult:
        """The prompt and the entry."""
        if self.prompt:
            yield Static(lines_of(self.prompt), markup=False)
        if self.long:
            yield Narrative(self.value, id="answer")
        else:
            yield HotlineInput(self.value, password=self.password, id="answer")

    def on_input_submitted(self) -> None:
        """Enter."""
        self.action_give()

    def action_give(self) -> None:
        """Give the answer, if there is one."""
        entry = self.query_one("#answer")
        answer = entry.text if isinstance(entry, Narrative) else entry.value if isinstance(entry, HotlineInput) else ""
        if self.must and not answer.strip():
            self.complain(self.must)
            return
        self.hand_in(answer.strip())
