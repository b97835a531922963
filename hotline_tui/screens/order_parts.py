"""What stands on an order beside matter and replies: reports, instructions, visits, faults (Art. 11, 16 to 18)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hotline_tui.rules.words import Action, Duty, OrderState
from hotline_tui.screens.leader_forms import ANY_LEADER
from hotline_tui.screens.standing import moment
from hotline_tui.screens.widgets.display import line_of
from hotline_tui.screens.widgets.pages import Heading, Para, Part

if TYPE_CHECKING:
    from hotline_tui.data.queries.detail import OrderDetail
    from hotline_tui.data.queries.parts import InstructionRow
    from hotline_tui.screens.order_view import OrderSeen

UNNAMED = "原提请会签, 领导未指定单位"


def proposal(seen: OrderSeen) -> Iterator[Part]:
    """What the front desk or a unit proposes, until the office has reported it."""
    found, said = seen.detail, seen.proposal
    if said is None or found.reported_at is not None or found.row.state is not OrderState.AWAITING_INSTRUCTION:
        return
    what = "提请会签" if said.action is Action.PROPOSE_COUNTERSIGN else "提请批示"
    unit = f" {line_of(str(said.facts['unit']))}" if said.facts.get("unit") else ""
    yield Heading(f"{what}{unit or f' {line_of(said.actor)}'}", f"待热线办呈报 {moment(said.at)}")
    yield Para(str(said.facts.get("reason", "")))


def reports(found: OrderDetail) -> Iterator[Part]:
    """呈报: to whom, when, whether as 会签件; the last with the time by which the word is expected."""
    for place, each in enumerate(found.reports, 1):
        kind = ", 拟作会签件" if each.countersign else ""
        yield Heading(f"呈报 {line_of(each.leader) or ANY_LEADER}{kind}", moment(each.reported_at))
        yield Para(each.text)
        clock = next((clock for clock in found.clocks if clock.duty is Duty.INSTRUCT and clock.standing), None)
        if clock is not None and place == len(found.reports):
            yield Para(f"应批示 {moment(clock.due_at)}{' 暂定' if clock.provisional else ''}")


def instructions(found: OrderDetail) -> Iterator[Part]:
    """批示: whose, when, the words, the units that they name."""
    for each in found.instructions:
        yield Heading(f"批示 {line_of(each.leader)}", moment(each.given_at))
        yield Para(each.text)
        if each.lead_unit:
            units = f"牵头单位: {each.lead_unit}; 协办单位: {'、'.join(each.assists)}"
            yield Para(units if each.assists else f"承办单位: {each.lead_unit}")
        elif _for_several(found, each):
            yield Para(UNNAMED)


def unnamed(found: OrderDetail) -> str:
    """What the office is told when it dispatches an order whose leader named no unit for 会签; empty for any other."""
    waits = found.row.state is OrderState.AWAITING_INSTRUCTION and found.instructed_at is not None
    last = found.instructions[-1] if waits and found.instructions else None
    return UNNAMED if last is not None and not last.lead_unit and _for_several(found, last) else ""


def _for_several(found: OrderDetail, given: InstructionRow) -> bool:
    """Whether the report that an instruction answers was one for 会签."""
    before = [each for each in found.reports if each.reported_at <= given.given_at]
    return bool(before) and before[-1].countersign


def visits(found: OrderDetail) -> Iterator[Part]:
    """现场处置."""
    for visit in found.on_site:
        yield Heading(f"现场处置 {line_of(visit.staff)}", f"{moment(visit.sent_at)} 派出")
        if visit.arrived_at is None:
            yield Para("尚未记录到达")
        else:
            yield Para(f"{moment(visit.arrived_at)} 到达: {visit.found}")


def faults(found: OrderDetail) -> Iterator[Part]:
    """责任追究."""
    for each in found.faults:
        yield Heading(f"责任追究 {line_of(each.unit)}  {each.fault.label}", moment(each.recorded_at))
        yield Para(each.text)


def referral(found: OrderDetail) -> Iterator[Part]:
    """移送公安."""
    if found.malicious:
        yield Heading("恶意工单, 移送公安(第十六条)")
        yield Para(found.referral)
