"""现场处置: who was sent when, when they arrived and what they found (Art. 11(4))."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, time
from typing import TYPE_CHECKING

from hotline_tui.rules.dates import read_day_or_time
from hotline_tui.rules.deadlines import SHANGHAI
from hotline_tui.screens.deeds import DeedsScreen, Subject
from hotline_tui.screens.fields_modal import Field, Fields, FieldsModal
from hotline_tui.screens.kept import KeptForm
from hotline_tui.screens.standing import moment
from hotline_tui.screens.widgets.picker import Picker, PickItem
from hotline_tui.services import on_site

if TYPE_CHECKING:
    from hotline_tui.data.queries.parts import OnSiteRow
    from hotline_tui.screens.order_view import OrderSeen

AGAIN = "again"
_CLAUSE = "(第十一条(四))"
_HOUR = re.compile(r"(?:(\d{1,2})[-/.月](\d{1,2})日?\s+)?(\d{1,2}):(\d{2})", re.ASCII)
_HOW = f"时间请写成 09:30 或 11-20 09:30{_CLAUSE}"


class OnSiteDeeds(DeedsScreen):
    """Staff that have not arrived are offered first."""

    def on_site(self) -> None:
        """派出, or 到达 of those who were sent."""
        one = self.the_subject()
        self.with_seen(one, lambda seen: self._which(one, seen))

    def _which(self, one: Subject, seen: OrderSeen) -> None:
        under_way = {str(each.id): each for each in seen.detail.on_site if each.arrived_at is None}
        if not under_way:
            self._send(one, seen.now)
            return
        items = [
            PickItem(key, f"记录到达: {each.staff}", f"派出 {moment(each.sent_at)}") for key, each in under_way.items()
        ]

        def chosen(key: str | None) -> None:
            if key == AGAIN:
                self._send(one, seen.now)
            elif key is not None:
                self._arrive(one, under_way[key], seen.now)

        title = f"现场处置  {one.number}"
        self.app.push_screen(Picker(title, [*items, PickItem(AGAIN, "另派人员", "", "ling pai ren yuan")]), chosen)

    def _send(self, one: Subject, now: datetime) -> None:
        kept = KeptForm(self.seat, "on_site_send", one.order_id)

        def check(given: Fields) -> str | None:
            if not given["staff"]:
                return f"请写明派往现场的人员{_CLAUSE}"
            return self._why_not_then(moment_of(given["at"], now))

        def answered(given: Fields) -> None:
            if (at := moment_of(given["at"], now)) is None:
                return
            self.perform(
                lambda: on_site.send(self.desk, one.order_id, given["staff"], at, seen=one.version),
                f"已记录派往现场 {one.number}",
                kept=kept,
            )

        fields = (Field("staff", "人员", hint="姓名, 几人"), Field("at", "派出时间", _now(now)))
        prompt = "派人到现场, 记入办理过程; 到达后再记到达时间和现场情况。"
        self.open_form(FieldsModal(f"现场处置: 派出  {one.number}", fields, kept, check, prompt=prompt), answered)

    def _arrive(self, one: Subject, sent: OnSiteRow, now: datetime) -> None:
        kept = KeptForm(self.seat, "on_site_arrive", one.order_id)

        def check(given: Fields) -> str | None:
            if reason := self._why_not_then(moment_of(given["at"], now), sent.sent_at):
                return reason
            return None if given["found"] else f"请写明现场情况和处置结果{_CLAUSE}"

        def answered(given: Fields) -> None:
            if (at := moment_of(given["at"], now)) is None:
                return
            self.perform(
                lambda: on_site.arrive(self.desk, sent.id, at, given["found"], seen=one.version),
                f"已记录现场情况 {one.number}",
                kept=kept,
            )

        fields = (Field("at", "到达时间", _now(now)), Field("found", "现场情况和处置结果:", long=True))
        prompt = f"{sent.staff}  {moment(sent.sent_at)} 派出"
        self.open_form(FieldsModal(f"现场处置: 到达  {one.number}", fields, kept, check, prompt=prompt), answered)

    def _why_not_then(self, at: datetime | None, sent_at: datetime | None = None) -> str | None:
        """As the service would refuse it; known before the form is handed in."""
        if at is None:
            return _HOW
        if at > self.desk.clock():
            return f"{on_site.TO_COME}{_CLAUSE}"
        return f"{on_site.BEFORE_SENT}{_CLAUSE}" if sent_at is not None and at < sent_at else None


def moment_of(text: str, now: datetime) -> datetime | None:
    """A time in Shanghai as people write it: `09:30` is today's, `11-20 09:30` the last such day's; None for else."""
    plain = unicodedata.normalize("NFKC", text).strip()
    today = now.astimezone(SHANGHAI).date()
    found = _HOUR.fullmatch(plain)
    try:
        if found:
            month, day, hour, minute = found.groups()
            on = today.replace(month=int(month), day=int(day)) if month else today
            # Nothing is recorded before it happens: in January a day of December is last year's.
            on = on.replace(year=on.year - 1) if on > today else on
            return datetime.combine(on, time(int(hour), int(minute)), SHANGHAI)
        read = read_day_or_time(plain)
    except ValueError:
        return None
    if not isinstance(read, datetime):
        return None
    return read if read.tzinfo else read.replace(tzinfo=SHANGHAI)


def _now(now: datetime) -> str:
    return moment(now)
