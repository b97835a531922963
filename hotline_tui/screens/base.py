"""The base of every screen: title, body, actions, status; Esc and F1; background work; quiet while somebody types."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from rich.cells import cell_len
from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.message import Message
from textual.timer import Timer

from hotline_tui.errors import HotlineError, Lost, StorageError
from hotline_tui.screens.actions import ScreenAction, bindings_for
from hotline_tui.screens.quiet import Quiet
from hotline_tui.screens.widgets.lines import ActionBar, StatusLine, TitleLine

if TYPE_CHECKING:
    from hotline_tui.data.drafts import DraftWriter
    from hotline_tui.screens.shell import HotlineShell

T = TypeVar("T")
FLASH_SECONDS = 6.0
IN_DRAFTS = "\n已录入的内容仍在草稿中"
NOT_IN_DRAFTS = "\n已录入的内容还没有存入草稿, 请勿退出本程序"
_NARROWEST = 80
_BESIDE = 8
"""Cells that the status line needs for the time of day and the blanks."""

HELP = ScreenAction("f1", "help", "帮助", "列出本页面的按键")
BACK = ScreenAction("escape,f12", "back", "返回", "返回上一步")


@dataclass
class _Answer(Message):
    """What background work came to."""

    lane: str
    ticket: int
    result: object
    error: HotlineError | None
    then: Callable[[Any], object]
    otherwise: Callable[[HotlineError], object]
    opens: bool


class HotlineScreen(Quiet[Any]):
    """Sub-classes give `ACTIONS`, `compose_body`, a `do_<id>` for each action, and `why_not` for the closed ones."""

    ACTIONS: ClassVar[tuple[ScreenAction, ...]] = ()
    TITLE_TEXT: ClassVar[str] = ""

    def __init_subclass__(cls, **options: Any) -> None:
        if "ACTIONS" in cls.__dict__ and "BINDINGS" not in cls.__dict__:
            cls.BINDINGS = bindings_for((*cls.ACTIONS, HELP, BACK))
        super().__init_subclass__(**options)

    BINDINGS = bindings_for((HELP, BACK))

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._tickets: dict[str, int] = {}
        self._saving = False
        self._opening = 0
        """So many answers are waited for that open something."""
        self._of_writing = False
        """What is being delivered was to be written, not read."""
        self._left = False
        self._leaves: Callable[[], object] | None = None
        self._sentence = ""
        self._of_line = False
        """The sentence is about the line to the server."""
        self._flash_timer: Timer | None = None

    # -- what a screen gives

    def compose_body(self) -> ComposeResult:
        """The part between the title and the actions."""
        yield from ()

    def why_not(self, action_id: str) -> str | None:
        """Why the action is closed now, with the article; None if it is open."""
        return None

    # -- what every screen has

    @classmethod
    def all_actions(cls) -> tuple[ScreenAction, ...]:
        """The table, with help and back at its end."""
        return (*cls.ACTIONS, HELP, BACK)

    def compose(self) -> ComposeResult:
        """Title, body, actions, status."""
        yield TitleLine(f" {self.TITLE_TEXT}", id="title")
        yield from self.compose_body()
        yield ActionBar(id="actions")
        yield StatusLine(id="status")

    def on_mount(self) -> None:
        """Fill the lines around the body."""
        self.refresh_actions()
        self.refresh_status()

    def on_screen_resume(self) -> None:
        """Things may have changed while another screen was on top."""
        if self.is_mounted and self.query("#status"):
            self.refresh_actions()
            self.refresh_status()
        if self._leaves is not None:
            self._leaves()

    def on_resize(self, event: events.Resize) -> None:
        """The bottom line uses the width there is."""
        if self.query("#actions"):
            self.refresh_actions()

    def actions_now(self) -> tuple[ScreenAction, ...]:
        """The table as this screen shows it now: a label may say which step comes next."""
        return self.all_actions()

    def set_title(self, left: Text | str, right: Text | str = "") -> None:
        """What the top line says."""
        self.query_one("#title", TitleLine).show(left, right)

    def refresh_actions(self) -> None:
        """Ask `why_not` for each action and show the line accordingly."""
        actions = self.actions_now()
        closed = [action.id for action in actions if self.why_not(action.id) is not None]
        self.query_one("#actions", ActionBar).show_actions(actions, closed)

    def refresh_status(self) -> None:
        """Show facts, time and the sentence of the moment; a page that is not made yet does it when it is."""
        app: Any = self.app
        for line in self.query(StatusLine):
            line.show_status(app.status_facts, app.local_time(), self._sentence)

    def open_actions(self) -> Iterator[ScreenAction]:
        """The actions that are open now, for the palette."""
        return (action for action in self.actions_now() if self.why_not(action.id) is None)

    async def action_act(self, action_id: str) -> None:
        """Do it, or say why not."""
        reason = self.why_not(action_id)
        if reason is not None:
            self.tell(reason)
            return
        if self._sentence:
            self._end_flash()  # what was said of the key before is not about what opens now
        done = getattr(self, f"do_{action_id}")()
        if inspect.iscoroutine(done):  # not what `dismiss` returns: a screen must not wait for its own end
            await done

    def do_help(self) -> None:
        """F1."""
        from hotline_tui.screens.widgets.help import Help

        reasons = {action.id: self.why_not(action.id) for action in self.actions_now()} | self._closed_everywhere()
        self.app.push_screen(Help(self.TITLE_TEXT, self.actions_now(), reasons))

    def _closed_everywhere(self) -> dict[str, str | None]:
        """Of the keys that open a place from anywhere."""
        from hotline_tui.screens.places import why_no_place

        desk = getattr(self.app, "desk", None)
        places = {"F2": "intake", "F3": "knowledge"} if desk is not None else {}
        return {key: why_no_place(desk.role, place) for key, place in places.items() if desk is not None}

    def do_back(self) -> None:
        """Esc: one step back."""
        # The app's own blank screen lies at the bottom.
        if len(self.app.screen_stack) > 2:
            self.dismiss(None)

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """Leave with this result, once: under a box when the box is gone, for Textual would take the box away."""
        if self._left:
            return AwaitComplete.nothing()
        if not self.is_active:
            self._leaves = lambda: self.dismiss(result)
            return AwaitComplete.nothing()
        self._left = True
        return super().dismiss(result)

    # -- sentences

    def flash(self, sentence: str, *, of_line: bool = False) -> None:
        """Say it on the status line for six seconds; for answers to what the person just did.

        `of_line`: of the line to the server, which is over as soon as there is something else to say.
        """
        self._held.pop("flash", None)  # the end of the sentence before, which is gone
        self._sentence, self._of_line = sentence, of_line
        self.refresh_status()
        if self._flash_timer is not None:
            self._flash_timer.stop()
        self._flash_timer = self.set_timer(FLASH_SECONDS, lambda: self.hold("flash", self._end_flash))

    @property
    def answering(self) -> bool:
        """Whether something stands on the status line that answers the person."""
        return bool(self._sentence) and not self._of_line

    def tick_minute(self) -> None:
        """The clock's minute."""
        self.hold("status", self.refresh_status)

    def _end_flash(self) -> None:
        self._sentence = ""
        self.refresh_status()

    # -- work in the background

    @property
    def shell(self) -> HotlineShell:
        """The application, as far as the terminal goes."""
        return cast("HotlineShell", self.app)

    def work_read(
        self,
        read: Callable[[], T],
        then: Callable[[T], object],
        *,
        lane: str = "read",
        otherwise: Callable[[HotlineError], object] | None = None,
        opens: bool = False,
    ) -> None:
        """Run `read` in a thread, then `then(answer)` here, unless a later read of the same lane has begun.

        `opens`: the answer opens something, for which the keys that are pressed meanwhile are kept.
        """
        if opens:
            self._opening += 1
            self.shell.hold_keys()
        self._begin(read, then, lane, otherwise or self.show_error, opens=opens)

    def work_write(
        self,
        write: Callable[[], T],
        then: Callable[[T], object],
        *,
        otherwise: Callable[[HotlineError], object] | None = None,
    ) -> bool:
        """Run `write` in a thread, one at a time: pressed twice, it is done once. False if one was still running."""
        if self._saving:
            self.flash("正在保存, 请稍候")
            return False
        self._saving = True
        self._begin(write, then, "write", otherwise or self.show_error)
        return True

    def show_error(self, error: HotlineError) -> None:
        """Its sentence: on the status line, a grave one to be read and confirmed.

        What could not be read is read again when the server is back: nobody has to confirm that.
        """
        away: Callable[[], object] | None = getattr(self.app, "away", None)
        if isinstance(error, Lost) and not self._of_writing and away is not None:
            away()
            return
        grave = isinstance(error, StorageError)
        sentence = error.at_seat if isinstance(error, Lost) else str(error)
        self.tell(f"{sentence}{self._where_kept() if grave else ''}", grave=grave)

    def _where_kept(self) -> str:
        """What became of what was typed, where something was."""
        drafts: DraftWriter | None = getattr(self.app, "drafts", None)
        if drafts is None or not drafts.in_hand:
            return ""
        return NOT_IN_DRAFTS if drafts.unsaved else IN_DRAFTS

    def tell(self, sentence: str, *, grave: bool = False) -> None:
        """Say it on the status line, or in a box if it is grave or the line would cut it."""
        from hotline_tui.screens.widgets.modals import Notice

        if grave or cell_len(sentence) > max(self.size.width, _NARROWEST) - _BESIDE:
            self.app.push_screen(Notice("未能完成", sentence))
        else:
            self.flash(sentence)

    def _begin(
        self,
        job: Callable[[], T],
        then: Callable[[T], object],
        lane: str,
        otherwise: Callable[[HotlineError], object],
        *,
        opens: bool = False,
    ) -> None:
        ticket = self._tickets[lane] = self._tickets.get(lane, 0) + 1

        def work() -> None:
            try:
                result: object = job()
            except HotlineError as error:
                self.post_message(_Answer(lane, ticket, None, error, then, otherwise, opens))
            else:
                self.post_message(_Answer(lane, ticket, result, None, then, otherwise, opens))

        self.run_worker(work, thread=True, group=lane)

    @on(_Answer)
    async def _take_answer(self, answer: _Answer) -> None:
        answer.stop()
        try:
            await self._deliver(answer)
        finally:
            if answer.opens:
                self._opening -= 1
                self.shell.release_keys()
        self.taken_in()

    def taken_in(self) -> None:
        """What background work came to was taken in."""

    @property
    def in_course(self) -> bool:
        """Something was begun here and is not over: it is asked for on top, looked up, or written."""
        return not self.is_active or self._saving or self._opening > 0

    async def _deliver(self, answer: _Answer) -> None:
        self._of_writing = answer.lane == "write"
        if self._of_writing:
            self._saving = False
        elif answer.ticket != self._tickets[answer.lane]:
            return
        done = answer.then(answer.result) if answer.error is None else answer.otherwise(answer.error)
        if inspect.iscoroutine(done):  # not what `dismiss` returns: a screen must not wait for its own end
            await done
        if self.is_attached:
            self.refresh_actions()
