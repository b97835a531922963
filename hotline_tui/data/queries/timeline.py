"""办理过程: an order's steps, and each as a line in plain Chinese (SCREENS, 工单)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col

from hotline_tui.data.queries.rows import fetch
from hotline_tui.data.queries.visibility import orders_of
from hotline_tui.models import Event, WorkOrder
from hotline_tui.rules.deadlines import SHANGHAI
from hotline_tui.rules.secrecy import Viewer
from hotline_tui.rules.words import Action, Kind, OfficeAction, OrderState, RefusalReason, Release, Verdict

DIGITS = ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十")


@dataclass(frozen=True, slots=True)
class Step:
    """One event of the order."""

    sequence: int
    at: datetime
    action: Action | OfficeAction
    actor: str
    """Name and post at that time."""
    assignment_id: UUID | None
    from_state: OrderState | None
    to_state: OrderState | None
    facts: dict[str, Any]


def timeline(session: Session, viewer: Viewer, order_id: UUID) -> tuple[Step, ...]:
    """The steps of an order from the first; none for an order that this viewer may not see."""
    query = (
        orders_of(
            viewer,
            col(Event.sequence),
            col(Event.at),
            col(Event.action),
            col(Event.actor),
            col(Event.assignment_id),
            col(Event.from_state),
            col(Event.to_state),
            col(Event.payload)["facts"].label("facts"),
        )
        .join(Event, col(Event.order_id) == col(WorkOrder.id))
        .where(col(WorkOrder.id) == order_id)
        .order_by(col(Event.sequence))
    )
    return tuple(
        Step(
            *row[:5],
            from_state=OrderState(row.from_state) if row.from_state else None,
            to_state=OrderState(row.to_state) if row.to_state else None,
            facts=row.facts or {},
        )
        for row in fetch(session, query)
    )


def sentence(step: Step) -> str:
    """What happened in this step, in one line; empty when action and actor say everything."""
    facts = step.facts
    match step.action:
        case Action.REGISTER | Action.IMPORT:
            said = _registered(facts)
        case Action.REFUSE:
            said = _refused(facts)
        case Action.MERGE:
            said = f"并入 {facts.get('living', '')}"
        case Action.ANSWER:
            how = "网上答复" if facts.get("online") else "电话答复"
            said = f"{how}: {facts.get('question', '')} (第{facts.get('version', '')}版)"
        case Action.ASSIGN | Action.REDISPATCH:
            said = _join(f"{facts.get('unit', '')}  {_clock(facts)}", _told("说明", facts.get("remark")))
        case Action.REPORT | Action.PROMISE | Action.CHANGE_PROMISE | Action.RECALCULATE:
            said = _join(_clock(facts), _words(facts))
        case Action.INSTRUCT:
            said = _join(_told(str(facts.get("leader", "领导")), facts.get("text")), _told("牵头", facts.get("unit")))
        case Action.CLASSIFY:
            said = f"{_kind(facts)}, 紧急: {_yes(facts.get('urgent'))}"
        case Action.RELEASE:
            said = _label(Release, facts.get("release")) + (", 公开内容有改动" if facts.get("edited") else "")
        case Action.CALL_BACK:
            said = _called(facts)
        case Action.URGE:
            said = _join(f"第 {facts.get('count', '')} 次", str(facts.get("text") or ""))
        case _:
            said = _words(facts)
    return said.replace("\n", " ").strip()


def _registered(facts: dict[str, Any]) -> str:
    secret = ", 保密" if facts.get("secret") else ""
    return f"登记, {_kind(facts)}, 紧急: {_yes(facts.get('urgent'))}{secret}"


def _refused(facts: dict[str, Any]) -> str:
    said = _label(RefusalReason, facts.get("reason"))
    if facts.get("emergency_number"):
        said = f"{said}, 已告知拨打 {facts['emergency_number']}"
    return _join(said, _told("先前工单", facts.get("earlier")), _told("已告知", facts.get("told")))


def _called(facts: dict[str, Any]) -> str:
    said = f"第 {facts.get('attempt', '')} 次: {_label(Verdict, facts.get('verdict'))}"
    return _join(said, _told("未解决", facts.get("not_solved")), str(facts.get("remark") or ""))


def _clock(facts: dict[str, Any]) -> str:
    """`五个工作日 (跳过 11-21 11-22), 应于 11-27 18:00 前`."""
    if "due" not in facts:
        return ""
    days = facts.get("working_days", 0)
    limit = f"{DIGITS[days] if days < len(DIGITS) else days}个工作日"
    skipped = " ".join(f"{date.fromisoformat(day):%m-%d}" for day, _ in facts.get("skipped", ()))
    due = datetime.fromisoformat(facts["due"]).astimezone(SHANGHAI)
    provisional = " 暂定" if facts.get("provisional") else ""
    return f"{limit}{f' (跳过 {skipped})' if skipped else ''}  应办 {due:%m-%d %H:%M}{provisional}"


def _words(facts: dict[str, Any]) -> str:
    """What a person wrote: the unit, the reason, the text, the remark."""
    told = (facts.get(name) for name in ("text", "reason", "remark"))
    written = _join(*(str(each) for each in told if each))
    return "  ".join(part for part in (str(facts.get("unit") or ""), written) if part)


def _kind(facts: dict[str, Any]) -> str:
    return _label(Kind, facts.get("kind"))


def _label(words: type[Kind] | type[RefusalReason] | type[Release] | type[Verdict], value: object) -> str:
    return next((word.label for word in words if word.value == value), "")


def _yes(value: object) -> str:
    return "是" if value else "否"


def _told(what: str, text: object) -> str:
    return f"{what}: {text}" if text else ""


def _join(*parts: str) -> str:
    return "; ".join(part for part in parts if part)
