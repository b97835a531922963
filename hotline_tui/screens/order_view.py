"""An order as people read it: its head, its texts, its time line; every screen that shows an order uses these."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from rich.cells import cell_len
from rich.text import Text

from hotline_tui.data.calendar import calendar_in_force
from hotline_tui.data.queries.detail import detail
from hotline_tui.data.queries.presence import Company, others_at
from hotline_tui.data.queries.sentences import sentence
from hotline_tui.data.queries.timeline import timeline
from hotline_tui.rules.deadlines import SHANGHAI, working_days_left
from hotline_tui.rules.words import Action, Duty, Share
from hotline_tui.rules.workflow import LIVE
from hotline_tui.screens import order_parts
from hotline_tui.screens.reply_view import reply_parts
from hotline_tui.screens.share_view import (
    GONE,
    both_clocks,
    joint,
    promised,
    requests,
    sharing,
    unit_of,
    waits_for_answer,
)
from hotline_tui.screens.standing import moment, standing_words
from hotline_tui.screens.widgets.display import DUE_SOON, FAINT, OVERDUE, STRONG, line_of
from hotline_tui.screens.widgets.pages import Heading, Para, Part
from hotline_tui.services.clock import edges_now

if TYPE_CHECKING:
    from datetime import date, datetime

    from hotline_tui.data.queries.detail import OrderDetail
    from hotline_tui.data.queries.parts import AssignmentRow, CallbackRow, MaskedCaller, ReplyRow, RequestRow
    from hotline_tui.data.queries.timeline import Step
    from hotline_tui.data.store import Session
    from hotline_tui.rules.calendar import WorkingCalendar
    from hotline_tui.services.desk import Desk
    from hotline_tui.services.notes import CallerData


@dataclass(frozen=True)
class OrderSeen:
    """An order as it stood when it was read."""

    detail: OrderDetail
    steps: tuple[Step, ...]
    days_left: int | None
    """Working days to the earliest open reply deadline; negative once overdue."""
    now: datetime
    calendar: WorkingCalendar
    company: Company
    """Who else is at it."""

    def promised(self, day: date) -> str:
        """`2026-12-11 周五`, with 暂定 in a year without a notice (R-D3)."""
        return f"{promised(day)}{' 暂定' if self.calendar.provisional(day) else ''}"

    @property
    def own(self) -> AssignmentRow | None:
        """The share of the viewer's unit that still owes something; the newest."""
        return next((each for each in reversed(self.detail.assignments) if each.own and each.state in LIVE), None)

    def share(self, assignment_id: UUID) -> AssignmentRow | None:
        """The share of this key."""
        return next((each for each in self.detail.assignments if each.id == assignment_id), None)

    @property
    def live(self) -> tuple[AssignmentRow, ...]:
        """The shares that still owe something, first dispatched first."""
        return tuple(each for each in self.detail.assignments if each.state in LIVE)

    @property
    def waiting_requests(self) -> tuple[RequestRow, ...]:
        """What units have asked the office and wait for: of what is not answered only what can be (R-D5, R-D8)."""
        return tuple(each for each in self.detail.requests if each.granted is None and waits_for_answer(self, each))

    @property
    def proposal(self) -> Step | None:
        """Who last said why a leader has to decide: the front desk, a unit or the office."""
        said = (Action.REPORT, Action.PROPOSE_COUNTERSIGN)
        return next((step for step in reversed(self.steps) if step.action in said), None)

    @property
    def waiting_reply(self) -> ReplyRow | None:
        """The newest reply that is neither released nor sent back; of several units that of the lead (R-11.2.2c)."""
        lead = {each.id for each in self.detail.assignments if each.share is Share.LEAD}
        return next(
            (
                each
                for each in reversed(self.detail.replies)
                if each.assignment_id in lead and each.released_at is None and each.sent_back_at is None
            ),
            None,
        )

    @property
    def released_reply(self) -> ReplyRow | None:
        """The newest reply that has left the office."""
        return next((each for each in reversed(self.detail.replies) if each.released_at is not None), None)

    def clock(self, assignment_id: UUID, duty: Duty) -> datetime | None:
        """Until when this duty of a share runs, UTC; None when it does not."""
        for share in self.detail.assignments:
            for clock in share.clocks if share.id == assignment_id else ():
                if clock.duty is duty and clock.standing is not None:
                    return clock.due_at
        return None


def look(desk: Desk, order_id: UUID) -> Callable[[Session], OrderSeen]:
    """The query for one order; raises NotFound also for one that this desk may not see."""

    def read(session: Session) -> OrderSeen:
        now = desk.clock()
        found = detail(session, desk.viewer, edges_now(desk, session), order_id)
        due = found.row.due_at
        calendar = calendar_in_force(session)
        left = working_days_left(calendar, due, now, desk.settings.closing) if due else None
        company = others_at(session, desk.viewer, order_id, now)
        return OrderSeen(found, timeline(session, desk.viewer, order_id), left, now, calendar, company)

    return read


# -- the head


def title(seen: OrderSeen) -> tuple[Text, Text]:
    """Number, kind, topic; at the right the state and how the deadline stands."""
    row = seen.detail.row
    left = Text(f" {row.number}   {row.kind.label}  {line_of(row.topic)}")
    right = Text(f"{row.state.label}  ").append_text(standing_words(row.standing, seen.days_left, row.provisional))
    right.rstrip()
    return left, right.append(" ")


def caller_line(seen: OrderSeen, unmasked: Sequence[CallerData] = ()) -> tuple[Text, str]:
    """来电人, masked unless this screen has looked; at the right how and when it came in."""
    row = seen.detail.row
    line = Text(" ")
    if unmasked:
        line.append("; ".join(_in_full(each, 2) for each in unmasked), style=STRONG)
    elif not seen.detail.callers:
        line.append("来电人 未留姓名电话")
    else:
        first, *others = seen.detail.callers
        several = f" 等 {len(others) + 1} 位 (F9 查看)" if others else " (F9 查看, 需说明理由)"
        line.append(f"来电人 {_masked(first)}{several}")
    return line, f"{row.channel.label}受理 {moment(row.received_at, seen.now)} "


def _masked(caller: MaskedCaller) -> str:
    return f"{line_of(caller.name) or '未留姓名'}  电话 {caller.phone or '未留'}"


def unit_line(seen: OrderSeen) -> tuple[Text, str]:
    """承办: the unit that has it, whether first dispatched to, type, signed; at the right when the answer is due."""
    found = seen.detail
    live = [each for each in found.assignments if each.state not in GONE]
    if not live:
        if found.article:
            return Text(" 承办 直接答复"), ""
        first = f", 首接 {line_of(found.first_unit)}" if found.first_unit else ""
        return Text(f" 承办 尚未交办{first}"), ""
    share = next((each for each in reversed(live) if each.share is Share.LEAD), live[-1])
    line = Text(f" 承办 {unit_of(share)}")
    if share.unit_id == found.first_unit_id:
        line.append("(首接)")
    else:
        line.append(f"(首接 {line_of(found.first_unit)})")
    line.append(f"  {share.type.label}{' 重办' if share.again else ''}  ")
    line.append(f"签收 {moment(share.signed_at, seen.now)}" if share.signed_at else "未签收")
    if assisting := len(sharing(seen)) - 1 if sharing(seen) else 0:
        line.append(f"  协办 {assisting}")
    due = found.row.due_at
    what = "应办结" if due and due == seen.clock(share.id, Duty.PROMISE) else "应回复"
    return line, f"{what} {moment(due, seen.now)}{' 暂定' if found.row.provisional else ''} " if due else ""


def place_line(seen: OrderSeen) -> tuple[Text, Text]:
    """Where the matter is and whom it is about; at the right its marks and its age since first receipt (R-D6)."""
    found, row = seen.detail, seen.detail.row
    known = (("区域", row.region), ("地址", row.address), ("被反映单位", "、".join(found.accused)))
    left = Text(" " + "  ".join(f"{name} {line_of(value)}" for name, value in known if value))
    right = Text()
    for mark, style in (
        ("紧急" if row.urgent else "", OVERDUE),
        ("保密" if row.secret else "", STRONG),
        ("恶意" if found.malicious else "", STRONG),
        (f"催办 {row.urges}" if row.urges else "", DUE_SOON),
        (f"退件 {row.returns}" if row.returns else "", ""),
        (f"收件 {_age(seen)} 天" if _age(seen) else "", ""),
    ):
        if mark:
            right.append(mark, style=style).append("  ")
    right.rstrip()
    return left, right.append(" ") if right.plain else right


def _age(seen: OrderSeen) -> int:
    row, end = seen.detail.row, seen.detail.closed_at or seen.now
    return (end.astimezone(SHANGHAI).date() - row.received_at.astimezone(SHANGHAI).date()).days


def in_full(unmasked: Sequence[CallerData]) -> Iterator[Part]:
    """Callers with all that is known of them, for a screen that has looked."""
    if unmasked:
        yield Heading("来电人", "本次查看已记录")
    for caller in unmasked:
        yield Para(_in_full(caller))
    if unmasked:
        yield Heading("诉求")


def _in_full(caller: CallerData, first: int = 4) -> str:
    facts = (("", caller.name), ("电话", caller.phone), ("单位", caller.workplace), ("住址", caller.home_address))
    known = (f"{name} {line_of(value)}".strip() for name, value in facts[:first] if value)
    return "  ".join(known) or "未留姓名电话"


# -- the texts


def narrative(seen: OrderSeen) -> Iterator[Part]:
    """诉求, and what was asked in the orders that were merged into it: never who asked (R-8, R-13b)."""
    subject, text = seen.detail.subject.strip(), seen.detail.narrative
    if subject and not text.startswith(subject):
        yield Para(Text(line_of(subject), style=STRONG))
    yield Para(text)
    for part in seen.detail.joined:
        yield Heading(f"并入的诉求 {part.number}".rstrip(), moment(part.merged_at, seen.now))
        yield Para(part.narrative)


def company(seen: OrderSeen) -> Iterator[Part]:
    """Who else is at the order just now."""
    here = seen.company
    told = [f"{'、'.join(here.busy)} 正在办理本件"] * bool(here.busy) + [
        f"{'、'.join(here.looking)} 也在查看本件"
    ] * bool(here.looking)
    if told:
        yield Para(Text(", ".join(told), style=STRONG))


def texts(seen: OrderSeen, *, callers: bool = True) -> Iterator[Part]:
    """诉求 and what was decided, told, replied and called back, in the order in which it came.

    `callers`: list those of an order with several, masked.
    """
    found = seen.detail
    yield from company(seen)
    yield from narrative(seen)
    if callers and len(found.callers) > 1:
        yield Heading("来电人", f"{len(found.callers)} 位")
        yield from (Para(f"第 {place} 位  {_masked(each)}") for place, each in enumerate(found.callers, 1))
    if found.article:
        how = "网上答复" if found.answered_online else "电话答复"
        yield Heading("直接答复", how)
        yield Para(f"标准答案: {found.article} (第{found.article_version}版)")
    if found.refusal_reason:
        yield Heading("不予受理", found.refusal_reason.label)
        yield Para(found.refusal_told)
    if found.merged_into:
        yield from merged_into(found)
    if found.merged:
        yield Para(f"并入本件: {'、'.join(found.merged)}")
    yield from order_parts.referral(found)
    yield from order_parts.proposal(seen)
    yield from order_parts.reports(found)
    yield from order_parts.instructions(found)
    yield from remarks(found.assignments)
    yield from joint(seen)
    for share in found.assignments:
        if share.promised_day is not None and share.state not in GONE:
            yield Heading(f"承诺 {unit_of(share)}", f"应办结 {seen.promised(share.promised_day)}")
            yield from both_clocks(seen, share)
    yield from requests(seen, found.requests)
    for reply in found.replies:
        yield from reply_parts(reply, seen)
    yield from callbacks(found.callbacks)
    yield from order_parts.visits(found)
    yield from order_parts.faults(found)
    if found.archive_reason:
        yield Heading("归档说明", moment(found.closed_at))
        yield Para(found.archive_reason)


def merged_into(found: OrderDetail) -> Iterator[Part]:
    """Of a duplicate: where the matter lives on, how it stands there, and the reply once it was released."""
    there = found.living
    if there is None:
        yield Para(f"已并入 {found.merged_into}")
        return
    through = "" if there.number == found.merged_into else f"(经 {found.merged_into})"
    yield Heading(f"已并入 {there.number}{through}", there.state.label)
    yield Para(there.reply or "尚未发布回复")


def remarks(assignments: Iterable[AssignmentRow]) -> Iterator[Part]:
    """What the dispatcher told the unit, and why a unit returned it."""
    for share in assignments:
        if share.remark:
            yield Heading(
                f"{'重新交办' if share.again else '交办'}说明 {line_of(share.unit)}", moment(share.dispatched_at)
            )
            yield Para(share.remark)
        if share.returned_at:
            late = "  按逾期退件计" if share.return_late else ""
            yield Heading(f"退件 {line_of(share.unit)}{late}", moment(share.returned_at))
            yield Para(share.return_reason)


def callbacks(calls: Iterable[CallbackRow]) -> Iterator[Part]:
    """Attempts so far."""
    for call in calls:
        whom = f"第 {call.caller} 位来电人  " if call.caller > 1 else ""
        yield Heading(
            f"回访 {call.attempt}  {whom}{call.verdict.label}", f"{line_of(call.by)} {moment(call.called_at)}"
        )
        if call.not_solved:
            yield Para(f"未解决: {call.not_solved}")
        if call.remark:
            yield Para(call.remark)


# -- the time line

_HANG = 23


def course(steps: Iterable[Step], now: datetime) -> Iterator[Part]:
    """办理过程: when, what, who, with what outcome; one paragraph per step."""
    for step in steps:
        line = Text(f"{moment(step.at, now)}  ", style=FAINT)
        line.append(step.action.label + " " * max(1, 10 - cell_len(step.action.label)), style="not dim bold")
        line.append(line_of(step.actor), style="not dim")
        if said := sentence(step):
            line.append(" " * max(2, 16 - cell_len(line_of(step.actor))), style="not dim")
            line.append(line_of(said), style="not dim")
        yield Para(line, hang=_HANG)
