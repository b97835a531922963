"""One table of actions per screen feeds the bottom line, the palette, F1 and the key documentation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import Binding, BindingType
from textual.keys import _character_to_key

_NAMES = {"escape": "Esc", "enter": "Enter", "space": "空格", "pageup": "PgUp", "pagedown": "PgDn", "tab": "Tab"}
_ALSO = {"/": "、", ".": "。"}


@dataclass(frozen=True)
class ScreenAction:
    """Something a person can do on a screen, and the key for it."""

    key: str
    """Textual key names, comma-separated, the one that is shown first: "f4", "slash,ctrl+f"."""
    id: str
    """The screen's method is `do_<id>`, and its `why_not(id)` says whether it is open now."""
    label: str
    """Two to four characters for the bottom line."""
    help: str
    """One sentence for F1, the palette and the documentation."""
    shown: bool = True
    """Whether the bottom line has it; F1 has it in any case."""

    @property
    def key_name(self) -> str:
        """The key as it is printed on the keyboard."""
        return key_name(self.key.split(",")[0])


def key_name(key: str) -> str:
    """How a Textual key name is shown: f4 -> F4, slash -> /, ctrl+f -> Ctrl+F."""
    if key in _NAMES:
        return _NAMES[key]
    if key.startswith("ctrl+"):
        return f"Ctrl+{key[5:].upper()}"
    character = _character_of(key)
    return character.upper() if character else key.upper()


def bindings_for(actions: Iterable[ScreenAction]) -> list[BindingType]:
    """Bindings for the table; a printable key is bound with its full-width twin, which an input method sends."""
    return [
        Binding(",".join(with_twins(action.key)), f"act('{action.id}')", action.label, show=action.shown, id=action.id)
        for action in actions
    ]


def with_twins(keys: str) -> list[str]:
    """The key names of `keys`, each printable one followed by its other case and its full-width forms."""
    names: list[str] = []
    for key in keys.split(","):
        names.append(key)
        character = _character_of(key)
        if character is None:
            continue
        for form in dict.fromkeys((character, character.lower(), character.upper())):
            names += [_character_to_key(form), _character_to_key(chr(ord(form) + 0xFEE0))]
        if also := _ALSO.get(character):
            names.append(_character_to_key(also))
    return list(dict.fromkeys(names))


def _character_of(key: str) -> str | None:
    if len(key) == 1:
        return key if "!" <= key <= "~" else None
    for character in map(chr, range(0x21, 0x7F)):
        if not character.isalnum() and _character_to_key(character) == key:
            return character
    return None
