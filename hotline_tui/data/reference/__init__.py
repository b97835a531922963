"""What comes with the program as TOML: the words told on refusal, and the demonstration city."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from hotline_tui.rules.words import OrderState, RefusalReason

_HERE = files(__name__)


@dataclass(frozen=True, slots=True)
class EmergencyNumber:
    """A number for emergencies, what it is for, and the words by which one hears it."""

    number: str
    covers: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the caller is told; `{number}` is the earlier order or the emergency number (Art. 8)."""

    reason: RefusalReason
    article: str
    say: str
    numbers: tuple[EmergencyNumber, ...] = ()
    progress: Mapping[OrderState, str] = field(default_factory=dict[OrderState, str])
    """How `{progress}` reads where the earlier order is not under way any more."""

    def said(self, number: str, state: OrderState | None = None) -> str:
        """The words with the number, and with what the earlier order has come to."""
        progress = (self.progress.get(state) if state else None) or "正在办理"
        return self.say.replace("{number}", number).replace("{progress}", progress)


@cache
def refusals() -> dict[RefusalReason, Refusal]:
    """The words for each reason."""
    found: dict[RefusalReason, Refusal] = {}
    for each in _read("refusals.toml")["refusal"]:
        numbers = tuple(
            EmergencyNumber(one["number"], one["covers"], tuple(one["words"])) for one in each.get("numbers", ())
        )
        reason = RefusalReason(each["reason"])
        progress = {OrderState(state): words for state, words in each.get("progress", {}).items()}
        found[reason] = Refusal(reason, each["article"], each["say"], numbers, progress)
    return found


def demo(name: str) -> dict[str, Any]:
    """One file of the demonstration city: site, units, topics, accounts, matters, pools."""
    return _read("demo", f"{name}.toml")


def demo_articles() -> list[dict[str, Any]]:
    """Its standard answers, file by file."""
    names = sorted(each.name for each in (_HERE / "demo" / "knowledge").iterdir() if each.name.endswith(".toml"))
    return [article for name in names for article in _read("demo", "knowledge", name)["article"]]


def _read(*path: str) -> dict[str, Any]:
    return tomllib.loads(_HERE.joinpath(*path).read_text(encoding="utf-8"))
