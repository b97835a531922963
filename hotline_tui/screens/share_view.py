"""A unit's share of an order as people read it: both clocks, who works on it, what was asked, who else has a share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from rich.text import Text

from hotline_tui.rules.calendar import WEEKDAYS
from hotline_tui.rules.consents import answerable
from hotline_tui.rules.deadlines import SHANGHAI
from hotline_tui.rules.words import AssignmentState, AssignmentType, Duty, RequestMatter, Share, Standing
from hotline_tui.rules.workflow import LIVE
from hotline_tui.screens.standing import moment
from hotline_tui.screens.widgets.display import STRONG, line_of, lines_of
from hotline_tui.screens.widgets.pages import Heading, Para, Part

if TYPE_CHECKING:
    from hotline_tui.data.queries.parts import AssignmentRow, ClockRow, ReplyRow, RequestRow
    from hotline_tui.screens.order_view import OrderSeen

GONE = frozenset({AssignmentState.RETURNED, AssignmentState.CANCELLED})


def promised(day: date) -> str:
    """`2026-12-11 周五`."""
    return f"{day.isoformat()} {WEEKDAYS[day.weekday()]}"


def unit_of(share: AssignmentRow) -> str:
    """Who answers for it, and who works on it (R-S1)."""
    return line_of(f"{share.unit}(转{share.delegated_to})" if share.delegated_to else share.unit)


def both_clocks(seen: OrderSeen, share: AssignmentRow) -> Iterator[Part]:
    """Of a promised order each day that counts or counted (R-11.2.2b, R-D8); of others nothing."""
    promises = [clock for clock in share.clocks if clock.duty is Duty.PROMISE]
    if not promises:
        return
    first = next((clock for clock in share.clocks if clock.duty is Duty.REPLY), None)
    if first is not None:
        yield Para(_clock(first, "先行回复", "已回复"), hang=4)
    for clock in promises:
        if clock.void_at is None:
            yield Para(_clock(clock, "承诺办结", "已办结"), hang=4)
        else:
            yield Para(f"原承诺办结 {moment(clock.due_at)}, {moment(clock.void_at)} 起不再计", hang=4)
    due = promises[-1].due_at.astimezone(SHANGHAI).date()
    if share.promised_day is not None and share.promised_day != due:
        yield Para(f"告知来电人的日期: {seen.promised(share.promised_day)}")


def requests(seen: OrderSeen, asked: Sequence[RequestRow]) -> Iterator[Part]:
    """申请 with the office's answer, the last one last."""
    for each in asked:
        matter = each.matter.label
        if each.matter is RequestMatter.PROMISED_DAY and each.before and each.day:
            matter = f"{matter} {each.before.isoformat()} 改为 {seen.promised(each.day)}"
        if each.granted is None:
            state = "等候热线办同意" if waits_for_answer(seen, each) else "未答复"
        else:
            state = f"{'同意' if each.granted else '不予同意'} {moment(each.decided_at)}"
        yield Heading(f"申请{line_of(matter)}  {line_of(each.unit)}", state)
        yield Para(each.reason)
        if each.remark:
            yield Para(Text("热线办答复: ", style=STRONG).append(lines_of(each.remark)))


def waits_for_answer(seen: OrderSeen, asked: RequestRow) -> bool:
    """Whether the workflow lets somebody answer this request now."""
    share = seen.share(asked.assignment_id)
    return share is not None and answerable(asked.matter, seen.detail.row.state, share.state)


def joint(seen: OrderSeen) -> Iterator[Part]:
    """How far each unit of a countersigned order is (R-11.2.2c)."""
    shares = sharing(seen)
    if shares:
        done = sum(share.state not in LIVE for share in shares)
        yield Heading("会签各单位", f"{done}/{len(shares)} 已答复")
    for share in shares:
        clock = next((each for each in share.clocks if each.duty in _ANSWERS and each.standing), None)
        due = f"应{'办结' if clock.duty is Duty.PROMISE else '回复'} {moment(clock.due_at)}" if clock else ""
        late = clock.standing.label if clock and clock.standing not in (None, Standing.IN_TIME) else ""
        mark = "暂定" if clock and clock.provisional else ""
        yield Para(
            "  ".join(each for each in (share.share.label, unit_of(share), share.state.label, due, mark, late) if each)
        )


def sharing(seen: OrderSeen) -> list[AssignmentRow]:
    """The shares of a countersigned order that count now, the lead's first; empty for any other order."""
    shares = [each for each in seen.detail.assignments if each.type is AssignmentType.COUNTERSIGNED]
    return sorted((each for each in shares if each.state not in GONE), key=lambda share: share.share is not Share.LEAD)


def assists_owe(seen: OrderSeen) -> bool:
    """Whether an assisting unit has not answered yet, so that the joint reply waits."""
    return any(share.share is Share.ASSIST and share.state in LIVE for share in sharing(seen))


def contributions(seen: OrderSeen) -> list[tuple[AssignmentRow, ReplyRow]]:
    """What assisting units have answered with their leaders' approval, for the joint reply."""
    found: list[tuple[AssignmentRow, ReplyRow]] = []
    for share in sharing(seen):
        given = [
            each
            for each in seen.detail.replies
            if each.assignment_id == share.id and each.approved_at and each.sent_back_at is None
        ]
        if share.share is Share.ASSIST and share.state is AssignmentState.REPLY_APPROVED and given:
            found.append((share, given[-1]))
    return found


def contribution_parts(seen: OrderSeen) -> Iterator[Part]:
    """The same, to be read."""
    for share, reply in contributions(seen):
        yield Heading(f"协办答复  {line_of(share.unit)}", moment(reply.approved_at))
        yield Para(reply.text)


def standing_of(seen: OrderSeen, share: AssignmentRow, own_unit: str) -> Iterator[Part]:
    """What a unit must know of its own share beside the matter."""
    lead = next((each for each in sharing(seen) if each.share is Share.LEAD), None)
    if share.delegated_to:
        below = share.delegated_to == own_unit
        yield Para(
            f"由{share.unit}转来办理, 回复经{share.unit}分管领导审核"
            if below
            else f"已转{share.delegated_to}办理, 由{share.unit}负责答复"
        )
    if share.share is Share.ASSIST and lead is not None:
        yield Para(f"会签件, {share.unit}协办: 答复供牵头单位{lead.unit}拟写联合回复, 不单独发布")
    yield from both_clocks(seen, share)
    yield from requests(seen, [each for each in seen.detail.requests if each.assignment_id == share.id][-1:])
    yield from joint(seen)


_ANSWERS = (Duty.REPLY, Duty.PROMISE)


def _clock(clock: ClockRow, name: str, done: str) -> Text:
    line = Text(f"{name} {moment(clock.due_at)}{' 暂定' if clock.provisional else ''}")
    if clock.met_at is not None:
        line.append(f", {moment(clock.met_at)} {done}{' 超期' if clock.met_at > clock.due_at else ''}")
    elif clock.standing not in (None, Standing.IN_TIME):
        line.append(f", {clock.standing.label}", style=STRONG)
    return line
