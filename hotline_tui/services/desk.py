"""The desk: who is sitting there, and with what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from hotline_tui.data.store import Store
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import Role
from hotline_tui.settings import Settings

Clock = Callable[[], datetime]
"""Aware UTC."""


def system_clock() -> datetime:
    """Now, UTC. The one place that asks the machine."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Desk:
    """Every service function takes one first."""

    store: Store
    settings: Settings
    viewer: Viewer
    name: str
    """Of the person, as the time line shows it."""
    site: str
    site_name: str = ""
    unit_name: str = ""
    login: str = ""
    clock: Clock = field(default=system_clock)

    @property
    def role(self) -> Role:
        """岗位."""
        return self.viewer.role

    @property
    def actor(self) -> str:
        """Name with the unit, as it stands in an event."""
        return f"{self.unit_name} {self.name}" if self.unit_name else self.name
