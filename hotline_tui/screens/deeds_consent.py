"""申请: the office consents to what a unit asks, or does not, with its words (R-D5, R-D8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hotline_tui.rules.consents import GRANTS
from hotline_tui.rules.words import Action, RequestMatter
from hotline_tui.rules.workflow import article
from hotline_tui.screens.deeds import DeedsScreen
from hotline_tui.screens.order_view import OrderSeen
from hotline_tui.screens.widgets.picker import Picker, PickItem
from hotline_tui.services import consent


@dataclass(frozen=True)
class Asked:
    """A request that waits for its answer."""

    id: UUID
    unit: str
    matter: RequestMatter
    reason: str
    day: date | None = None
    before: date | None = None
    provisional: bool = False
    """The day lies in a year without a notice (R-D3)."""

    @property
    def told(self) -> str:
        """What is asked, in one line."""
        days = f": {self.before} 改为 {self.day}{' 暂定' if self.provisional else ''}" if self.day else ""
        return f"{self.unit} 申请{self.matter.label}{days}"


def provisional(seen: OrderSeen | None, day: date | None) -> bool:
    """Whether a day that is asked for lies in a year without a notice."""
    return seen is not None and day is not None and seen.calendar.provisional(day)


class ConsentDeeds(DeedsScreen):
    """Each asks what it must and writes."""

    def asked(self) -> tuple[Asked, ...]:
        """The requests that wait on the order in hand."""
        seen = self.seen
        return tuple(
            Asked(each.id, each.unit, each.matter, each.reason, each.day, each.before, provisional(seen, each.day))
            for each in (seen.waiting_requests if seen else ())
        )

    def grant_one(self, matter: RequestMatter) -> None:
        """Consent to a request of this matter."""
        self._choose("同意申请", [each for each in self.asked() if each.matter is matter], self.grant)

    def decline_one(self) -> None:
        """Decline a request."""
        self._choose("不予同意", list(self.asked()), self.decline)

    def _choose(self, title: str, found: list[Asked], then: Callable[[Asked], object]) -> None:
        if len(found) == 1:
            then(found[0])
            return
        by_id = {str(each.id): each for each in found}

        def chosen(key: str | None) -> None:
            if key is not None:
                then(by_id[key])

        items = [PickItem(key, each.told) for key, each in by_id.items()]
        self.app.push_screen(Picker(title, items, detail=lambda key: by_id[key].reason), chosen)

    def grant(self, asked: Asked) -> None:
        """同意; words are welcome, not needed."""
        one, action = self.the_subject(), GRANTS[asked.matter]
        follows = {
            RequestMatter.LATE_RETURN: "同意后退回派单; 已过退件时限的, 按逾期退件计(第十一条(三))。",
            RequestMatter.PROMISED_DAY: "同意后按新的日期计时, 原日期留在记录中。",
        }[asked.matter]
        self.ask(
            action,
            one,
            f"{asked.told}\n理由: {asked.reason}\n{follows}\n答复(可不填):",
            "",
            lambda text, kept: self.perform(
                lambda: consent.grant(self.desk, asked.id, text, seen=one.version),
                f"已{'同意退件' if action is Action.CONSENT_RETURN else '同意变更承诺'} {one.number}",
                kept=kept,
            ),
            long=False,
        )

    def decline(self, asked: Asked) -> None:
        """不予同意, with the reason."""
        one = self.the_subject()
        self.ask(
            Action.DECLINE,
            one,
            f"{asked.told}\n理由: {asked.reason}\n不予同意的理由:",
            f"请写明不予同意的理由({article(GRANTS[asked.matter])})",
            lambda text, kept: self.perform(
                lambda: consent.decline(self.desk, asked.id, text, seen=one.version),
                f"已答复不予同意 {one.number}",
                kept=kept,
            ),
        )
