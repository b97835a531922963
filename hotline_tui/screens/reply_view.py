"""A reply as people read it: what became of it, what came too late, what it has not taken in (Art. 11(2)2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.text import Text

from hotline_tui.rules.deadlines import shanghai_day
from hotline_tui.rules.words import Duty, Share
from hotline_tui.screens.share_view import contributions
from hotline_tui.screens.standing import moment
from hotline_tui.screens.widgets.display import STRONG, line_of, lines_of
from hotline_tui.screens.widgets.pages import Heading, Para, Part
from hotline_tui.services.handling import ANSWERED_SINCE

if TYPE_CHECKING:
    from hotline_tui.data.queries.parts import ReplyRow
    from hotline_tui.screens.order_view import OrderSeen

FIRST_REPLY_LATE = "先行回复已超期"
PROMISED_DAY_COME = "承诺的日期已到, 发布后仍按该日计时"


def reply_parts(reply: ReplyRow, seen: OrderSeen) -> Iterator[Part]:
    """One reply with what became of it."""
    unit = next((line_of(share.unit) for share in seen.detail.assignments if share.id == reply.assignment_id), "")
    if reply.released_at and reply.release:
        state = f"{reply.release.label} {moment(reply.released_at)}"
    elif reply.sent_back_at:
        state = f"已退回 {moment(reply.sent_back_at)}"
    elif reply.approved_at:
        state = f"领导审核通过 {moment(reply.approved_at)}"
    else:
        state = f"待领导审核 {moment(reply.drafted_at)}"
    yield Heading(f"回复 {reply.position}  {unit}", state)
    if reply.promised_day:
        yield Para(Text("承诺办结: ", style=STRONG).append(seen.promised(reply.promised_day)))
    yield from warnings(reply, seen)
    yield Para(reply.text)
    if reply.sent_back_reason:
        yield Para(Text("退回理由: ", style=STRONG).append(lines_of(reply.sent_back_reason)))
    if reply.released_text and reply.released_text != reply.text:
        yield Para(Text("发布的文字: ", style=STRONG).append(lines_of(reply.released_text)))


def warnings(reply: ReplyRow, seen: OrderSeen) -> Iterator[Part]:
    """What whoever lets it go must know: it is late, its day has come, or a unit has answered since."""
    if first_reply_late(reply, seen):
        yield Para(Text(FIRST_REPLY_LATE, style=STRONG))
    if (
        reply.promised_day
        and reply.promised_day <= shanghai_day(seen.now)
        and not (reply.released_at or reply.sent_back_at)
    ):
        yield Para(Text(PROMISED_DAY_COME, style=STRONG))
    if answered_since(reply, seen):
        yield Para(Text(ANSWERED_SINCE, style=STRONG))


def first_reply_late(reply: ReplyRow, seen: OrderSeen) -> bool:
    """Whether the unit's leader lets a promise go, or let it go, after the time for the first reply (R-11.2.2b)."""
    share = seen.share(reply.assignment_id)
    if reply.promised_day is None or reply.sent_back_at is not None or share is None:
        return False
    due = next((clock.due_at for clock in share.clocks if clock.duty is Duty.REPLY and clock.void_at is None), None)
    return due is not None and due < (reply.approved_at or seen.now)


def answered_since(reply: ReplyRow, seen: OrderSeen) -> bool:
    """Whether an assisting unit's answer was approved after this joint reply was drafted (R-11.2.2c)."""
    share = seen.share(reply.assignment_id)
    waits = reply.released_at is None and reply.sent_back_at is None and reply.promised_day is None
    if share is None or share.share is not Share.LEAD or not waits:
        return False
    given = (each.approved_at for _, each in contributions(seen))
    return any(at is not None and at > reply.drafted_at for at in given)
