"""A paste arrives whole and in order, also one with escape characters in it.

Textual looks for keys inside a bracketed paste: an escape character there takes up to 32 characters after it out of the
text and hands them over as keys, before the paste. Here everything up to the end of the bracket is text.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable
from typing import Any

import textual.drivers.linux_driver
from textual import events
from textual._parser import ParseEOF, ParseTimeout
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.message import Message

BURST = 100
"""So many characters at once nobody types: a terminal without brackets pasted them."""
_BURSTS = re.compile(rf"([^\x00-\x1f\x7f]{{{BURST},}})")


class WholePastes(XTermParser):
    """Reads the bracket itself, and leaves the rest to Textual."""

    def __init__(self, debug: bool = False) -> None:
        self._in_bracket = False
        super().__init__(debug)

    def feed(self, data: str) -> Iterable[Message]:
        """As Textual's; a burst of characters, with no key among them, is a paste: each as a key would take seconds."""
        for part in _BURSTS.split(data) if data else ("",):
            if len(part) >= BURST and self._awaiting.timeout is None and not self._in_bracket:
                yield events.Paste(part)
            elif part or not data:
                yield from super().feed(part)

    def parse(self, token_callback: Any) -> Generator[Any, str, None]:
        """As Textual's, which sees brackets with nothing between them."""

        def hand_on(token: Message) -> None:
            if not isinstance(token, events.Paste) or token.text:
                token_callback(token)

        keys = super().parse(hand_on)
        awaiting = next(keys)
        last = ""
        while True:
            try:
                character = yield awaiting
            except (ParseTimeout, ParseEOF) as over:
                try:
                    awaiting = keys.throw(over)
                except StopIteration:
                    return
                continue
            last = (last + character)[-len(BRACKETED_PASTE_START) :]
            awaiting = keys.send(character)
            if last == BRACKETED_PASTE_START:
                pasted: list[str] = []
                self._in_bracket = True
                while "".join(pasted[-len(BRACKETED_PASTE_END) :]) != BRACKETED_PASTE_END:
                    try:
                        pasted.append((yield self.read1()))
                    except ParseEOF:
                        return
                self._in_bracket = False
                token_callback(events.Paste("".join(pasted[: -len(BRACKETED_PASTE_END)])))
                for character in BRACKETED_PASTE_END:
                    awaiting = keys.send(character)


def read_pastes_whole() -> None:
    """Have Textual's driver read with this parser: it offers no other way to choose one."""
    textual.drivers.linux_driver.XTermParser = WholePastes  # type: ignore[misc]
