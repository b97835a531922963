"""Keys in the order they were pressed, each where it belongs.

Textual hands a key to the widget that has the focus when the key arrives, although an earlier Tab, or the F5 that
opens a dialog, may not have done its work yet. On a slow line several keys arrive at once, and hands that know
the way do not wait: the name would land in the field of the telephone number.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable

from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, TextArea

# A key whose work hangs must not lock the keyboard.
PATIENCE = 1.0
READING_PATIENCE = 3.0


def keeps_what_is_typed(widget: Widget | None) -> bool:
    """Whether it is an entry; one with `hands_keys_on` answers a character with a dialog, where the next belongs."""
    return isinstance(widget, Input | TextArea) and not getattr(widget, "hands_keys_on", False)


class TypeAhead:
    """Hands keys and pastes to `hand_over`, each when the one before it is done with."""

    def __init__(self, app: App[None], hand_over: Callable[[events.Event], Awaitable[None]]) -> None:
        self._app = app
        self._hand_over = hand_over
        self._waiting: deque[events.Key | events.Paste] = deque()
        self._turn = 0
        self._busy = False
        self._patience: Timer | None = None
        self._reading = 0
        self._reading_patience: Timer | None = None

    async def take(self, event: events.Key | events.Paste) -> None:
        """Hand it over now or in its turn; called in the app's own task."""
        self._waiting.append(event)
        await self._go_on()

    async def _go_on(self) -> None:
        while self._waiting and not self._busy and not self._reading and self._app.screen_stack:
            event = self._waiting.popleft()
            # What is typed into an entry stays there: a long paste without brackets need not wait for each character.
            typed = isinstance(event, events.Paste) or event.is_printable
            self._busy = not (typed and keeps_what_is_typed(self._app.focused))
            goal = self._app.focused or self._app.screen
            await self._hand_over(event)
            if self._busy:
                self._follow(goal)

    def hold(self) -> None:
        """A key's work goes on in a thread and will open a form: the next key belongs there. Needs a `release`."""
        self._reading += 1
        if self._reading_patience is not None:
            self._reading_patience.stop()
        self._reading_patience = self._app.set_timer(READING_PATIENCE, self._give_up)

    def release(self) -> None:
        """It has been opened, or will not be."""
        if self._reading:
            self._reading -= 1
        if not self._reading and not self._busy and self._app.screen_stack:
            self._wait_for_screen()

    def _give_up(self) -> None:
        self._reading = 0
        self.release()

    def _wait_for_screen(self) -> None:
        """A dialog that was just pushed has yet to take the focus."""
        self._busy = True
        self._follow(self._app.screen)

    def _follow(self, goal: MessagePump) -> None:
        """Wait until the key has bubbled from its goal up to the app, where bindings are run; then until what the
        binding posted at the goal (Submitted) has bubbled up as well, and a dialog that it opened has its focus.
        """
        self._turn += 1
        turn = self._turn
        self._patience = self._app.set_timer(PATIENCE, lambda: self._done(turn))
        self._climb(goal, lambda: self._climb(goal, lambda: self._reached_app(turn)))

    def _climb(self, pump: MessagePump, then: Callable[[], None]) -> None:
        above = pump._parent  # noqa: SLF001 - pumps have no public parent
        if pump is self._app or above is None:
            self._app.call_later(then)
        elif not pump.call_later(self._climb, above, then):
            self._climb(above, then)

    def _reached_app(self, turn: int) -> None:
        screens = self._app.screen_stack  # empty once the program ends
        if not screens or not screens[-1].call_later(self._app.call_later, self._done, turn):
            self._app.call_later(self._done, turn)

    async def _done(self, turn: int) -> None:
        if turn == self._turn and self._busy:
            self._busy = False
            if self._patience is not None:
                self._patience.stop()
            await self._go_on()
