"""承诺, and another day for it with the office's consent (Art. 11(2)2, R-D8)."""

from __future__ import annotations

from hotline_tui.errors import Refused
from hotline_tui.rules.dates import read_day
from hotline_tui.rules.deadlines import promised_due
from hotline_tui.screens.day_entry import Days, read_days
from hotline_tui.screens.deeds import DeedsScreen, Subject
from hotline_tui.screens.fields_modal import Field, Fields, FieldsModal
from hotline_tui.screens.kept import KeptForm
from hotline_tui.screens.order_view import OrderSeen
from hotline_tui.services import consent

_CLAUSE = "(第十一条(二)2(2))"


class PromiseDeeds(DeedsScreen):
    """Each asks what it must and writes."""

    def promise(self) -> None:
        """承诺, on a screen of its own."""
        from hotline_tui.screens.promise import PromiseScreen

        one = self.the_subject()
        self.app.push_screen(PromiseScreen(one.order_id, one.share), self.after)

    def request_promise(self) -> None:
        """申请变更承诺: another day, and why."""
        one = self.the_subject()
        self.read(
            read_days(self.desk),
            lambda days: self.with_seen(one, lambda seen: self._ask_day(one, seen, days)),
            lane="days",
            opens=True,
        )

    def _ask_day(self, one: Subject, seen: OrderSeen, days: Days) -> None:
        share = seen.share(one.share)
        before = seen.promised(share.promised_day) if share and share.promised_day else "未承诺"
        kept = KeptForm(self.seat, "request_promise", one.order_id)

        def check(given: Fields) -> str | None:
            try:
                day = read_day(given["day"])
                promised_due(days.calendar, day, days.now, days.closing)
            except ValueError:
                return f"请写明新的承诺日期, 如 2026-12-11{_CLAUSE}"
            except Refused as refused:
                return str(refused)
            if share is not None and day == share.promised_day:
                return f"承诺日期已是 {day.isoformat()}{_CLAUSE}"
            return None if given["reason"] else f"请写明变更承诺日期的理由{_CLAUSE}"

        def answered(given: Fields) -> None:
            self.perform(
                lambda: consent.request_promise(
                    self.desk, one.share, read_day(given["day"]), given["reason"], seen=one.version
                ),
                f"已申请变更承诺 {one.number}, 等候热线办同意",
                kept=kept,
            )

        fields = (Field("day", "改为", day=True), Field("reason", "理由:", long=True))
        prompt = f"现承诺 {before} 办结。变更须经热线办同意, 同意以前仍按原日期。"
        self.open_form(
            FieldsModal(f"申请变更承诺  {one.number}", fields, kept, check, prompt=prompt, days=days), answered
        )
