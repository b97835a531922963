"""工单 as plain text, for `hotline order show`: everything that the viewer may read, in the order of reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from hotline_tui.data.queries.detail import OrderDetail
from hotline_tui.data.queries.parts import AssignmentRow, CallbackRow, ClockRow, JoinedRow, MaskedCaller, ReplyRow
from hotline_tui.data.queries.sentences import sentence
from hotline_tui.data.queries.timeline import Step
from hotline_tui.rules.deadlines import SHANGHAI
from hotline_tui.rules.words import AssignmentType, Duty, Standing

INDENT = "  "


def render(found: OrderDetail, steps: Iterable[Step]) -> str:
    """Head, matter, decisions, dispatches with their deadlines, replies, callbacks, time line; Shanghai time."""
    parts = [
        _fields(_head(found)),
        _section("诉求", [_indented(found.narrative)]),
        *(_section(f"并入的诉求  {_joined(each)}", [_indented(each.narrative)]) for each in found.joined),
        *_decisions(found),
        _section("交办", [_share(each) for each in found.assignments]),
        _section("时限", [_clock(each) for each in found.clocks]),
        _section("回复", [_reply(each, found.assignments) for each in found.replies]),
        _section("回访", [_call(each) for each in found.callbacks]),
        _section("归档说明", [_indented(found.archive_reason)]),
        _section("办理过程", [_step(each) for each in steps]),
    ]
    return "\n\n".join(part for part in parts if part)


def _head(found: OrderDetail) -> dict[str, str]:
    row = found.row
    marks = (("紧急", row.urgent), ("保密", row.secret), ("恶意", found.malicious))
    counts = (("退件", row.returns), ("催办", row.urges))
    return {
        "编号": row.number,
        "类别": row.kind.label,
        "状态": row.state.label,
        "办理方式": found.route.label if found.route else "",
        "标记": " ".join(
            [name for name, marked in marks if marked] + [f"{name} {many} 次" for name, many in counts if many]
        ),
        "渠道": row.channel.label,
        "收到": _moment(row.received_at),
        "登记": found.registered_by,
        "来源": " ".join(part for part in (found.source, found.external_number) if part),
        "来电人": "; ".join(" ".join(_told(each)) or "未留姓名电话" for each in found.callers),
        "分类": row.topic,
        "属地": row.region,
        "地址": row.address,
        "被反映单位": "、".join(found.accused),
        "承办单位": row.unit,
        "首接单位": found.first_unit,
        "应办": _moment(row.due_at) + (" 暂定" if row.provisional else ""),
        "时限": row.standing.label if row.standing else "",
        "办结": _moment(found.closed_at),
        "并入": found.merged_into,
        "并入本件": "、".join(found.merged),
        "主题": found.subject,
    }


def _told(caller: MaskedCaller) -> Iterator[str]:
    """Name and telephone as they are, the rest only as told or not: the caller's data stay masked (Art. 13)."""
    yield from filter(None, (caller.name, caller.phone))
    if caller.workplace:
        yield f"工作单位 {caller.workplace}"
    if caller.home_address:
        yield f"住址 {caller.home_address}"


def _joined(part: JoinedRow) -> str:
    return "  ".join(filter(None, (part.number, _moment(part.merged_at))))


def _decisions(found: OrderDetail) -> Iterator[str]:
    if found.article:
        how = "网上答复" if found.answered_online else "电话答复"
        yield _section("直接答复", [f"{INDENT}{how}: {found.article}(第{found.article_version}版)"])
    if found.refusal_reason:
        told = f"已告知: {found.refusal_told}" if found.refusal_told else ""
        yield _section("不予受理", [_indented(f"{found.refusal_reason.label}\n{told}")])
    for each in found.instructions:
        lead = f"\n{'牵头' if each.assists else '承办'}单位: {each.lead_unit}" if each.lead_unit else ""
        assists = f"\n协办单位: {'、'.join(each.assists)}" if each.assists else ""
        yield _section(f"批示  {each.leader}  {_moment(each.given_at)}", [_indented(f"{each.text}{lead}{assists}")])
    for visit in found.on_site:
        arrived = f"到达 {_moment(visit.arrived_at)}" if visit.arrived_at else "尚未到达"
        yield _section(f"现场处置  {_moment(visit.sent_at)}", [_indented(f"{visit.staff}  {arrived}\n{visit.found}")])


def _share(share: AssignmentRow) -> str:
    again = "  重新交办" if share.again else ""
    times = (("交办", share.dispatched_at), ("签收", share.signed_at), ("办结", share.completed_at))
    part = f"  {share.share.label}" if share.type is AssignmentType.COUNTERSIGNED else ""
    below = f"(转{share.delegated_to})" if share.delegated_to else ""
    lines = [
        f"{INDENT}{share.position}. {share.unit}{below}{part}  {share.type.label}  {share.state.label}{again}",
        _indented("  ".join(f"{name} {_moment(at)}" for name, at in times if at), 2),
        *(INDENT + _clock(each) for each in share.clocks),
    ]
    if share.remark:
        lines.append(_indented(f"说明: {share.remark}", 2))
    if share.returned_at:
        late = ", 已过退件时限" if share.return_late else ""
        lines.append(_indented(f"退件 {_moment(share.returned_at)}{late}: {share.return_reason}", 2))
    return "\n".join(lines)


def _clock(clock: ClockRow) -> str:
    if clock.met_at:
        now = f"{_moment(clock.met_at)} 完成{' 超期' if clock.met_at > clock.due_at else ''}"
    elif clock.void_at:
        now = "不再计算"
    elif clock.duty is Duty.RETURN:
        # A right that has lapsed, no duty that is overdue (R-D5).
        now = "已过" if clock.standing in (Standing.OVERDUE, Standing.SERIOUSLY_OVERDUE) else ""
    else:
        now = clock.standing.label if clock.standing else ""
    provisional = " 暂定" if clock.provisional else ""
    return f"{INDENT}{clock.duty.label}时限 {_moment(clock.due_at)}{provisional}  {now}".rstrip()


def _reply(reply: ReplyRow, shares: Iterable[AssignmentRow]) -> str:
    unit = next((each.unit for each in shares if each.id == reply.assignment_id), "")
    lines = [f"{INDENT}{reply.position}. {unit}  {_stand(reply)}", _indented(reply.text, 2)]
    if reply.sent_back_reason:
        lines.append(_indented(f"退回理由: {reply.sent_back_reason}", 2))
    if reply.released_text and reply.released_text != reply.text:
        lines.append(_indented(f"发布的文字: {reply.released_text}", 2))
    return "\n".join(lines)


def _stand(reply: ReplyRow) -> str:
    if reply.released_at and reply.release:
        return f"{reply.release.label} {_moment(reply.released_at)}"
    if reply.sent_back_at:
        return f"已退回 {_moment(reply.sent_back_at)}"
    if reply.approved_at:
        return f"领导审核通过 {_moment(reply.approved_at)}"
    return f"待领导审核 {_moment(reply.drafted_at)}"


def _call(call: CallbackRow) -> str:
    head = f"{INDENT}{call.attempt}. {call.verdict.label}  {_moment(call.called_at)}  {call.by}".rstrip()
    unsolved = f"未解决: {call.not_solved}" if call.not_solved else ""
    return "\n".join(part for part in (head, _indented(unsolved, 2), _indented(call.remark, 2)) if part)


def _step(step: Step) -> str:
    return INDENT + "  ".join(
        part for part in (_moment(step.at), step.action.label, step.actor, sentence(step)) if part
    )


def _fields(fields: dict[str, str]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in fields.items() if value)


def _section(title: str, parts: Iterable[str]) -> str:
    """A title over its parts; empty without any."""
    told = [part for part in parts if part]
    return "\n".join([title, *told]) if told else ""


def _indented(text: str, deep: int = 1) -> str:
    return "\n".join(INDENT * deep + line for line in text.splitlines() if line.strip())


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else ""
