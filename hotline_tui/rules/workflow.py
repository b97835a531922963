"""The two machines of the regulation as tables: which action, from which state, by whom, to which state (Art. 11)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Generic, TypeVar

from hotline_tui.errors import NotAllowed
from hotline_tui.rules.words import Action, AssignmentState, OrderState, Role, Verdict

State = TypeVar("State", OrderState, AssignmentState)

UNIT_ROLES = frozenset({Role.HANDLER, Role.UNIT_LEADER})
FINAL = frozenset({OrderState.ARCHIVED, OrderState.REFUSED, OrderState.MERGED})
LIVE = frozenset(
    {
        AssignmentState.DISPATCHED,
        AssignmentState.SIGNED,
        AssignmentState.PROMISED,
        AssignmentState.REPLY_DRAFTED,
    }
)
UNREACHED_BEFORE_ARCHIVE = 3
"""Attempts without reaching the caller after which the front desk may archive."""
RETURNS_BEFORE_OFFICE = 2
"""Returns of an order after which the office alone determines the unit (R-D9)."""
HANDLING = frozenset(
    {
        Action.REGISTER,
        Action.CLASSIFY,
        Action.MERGE,
        Action.ANSWER,
        Action.REPORT,
        Action.PROPOSE_COUNTERSIGN,
        Action.INSTRUCT,
        Action.ASSIGN,
        Action.REDISPATCH,
        Action.CANCEL,
        Action.CONSENT_RETURN,
        Action.CHANGE_PROMISE,
        Action.RELEASE,
        Action.REJECT_REPLY,
    }
)
"""Whoever did one of these to an order, or to one merged into it, handled it and calls nobody back (R-11.6)."""


class Case(Enum):
    """What decides between two outcomes of one action."""

    ANY = auto()
    SHARES_LEFT = auto()  # other units still owe their share
    SHARES_DONE = auto()
    FIRST_REPLY = auto()  # of a promised order: it goes on being handled
    FINAL_REPLY = auto()
    UNPROMISED = auto()  # no promise has left the house yet
    PROMISE_RUNS = auto()
    SATISFIED = auto()
    UNSATISFIED = auto()
    UNREACHED = auto()
    PAST = auto()  # answered before it came here


CASE_OF_VERDICT = {
    Verdict.SATISFIED: Case.SATISFIED,
    Verdict.MOSTLY_SATISFIED: Case.SATISFIED,
    Verdict.UNSATISFIED: Case.UNSATISFIED,
    Verdict.UNREACHED: Case.UNREACHED,
}


@dataclass(frozen=True, slots=True)
class Step(Generic[State]):
    """One row: `action` takes `source` (None: not there yet) to `target`, by `roles`, under `article`."""

    action: Action
    source: State | None
    target: State
    roles: frozenset[Role]
    article: str
    case: Case = Case.ANY


@dataclass(frozen=True, slots=True)
class Relation:
    """What the person at the desk is to this order."""

    own_unit: bool = False
    """The assignment is of this person's unit, or of a unit below it."""
    delegated: bool = False
    """The assignment was delegated to this person's unit, or to a unit below it (R-S1)."""
    countersigned: bool = False
    """Several units share the order now."""
    reported: bool = False
    """The office has reported it to a leader, since it last began to wait."""
    instructed: bool = False
    """A leader's instruction stands on the order, since it last began to wait."""
    returns: int = 0
    """How often units have returned it."""
    handled: bool = False
    """This person did one of `HANDLING` on it, or on an order merged into it."""
    reachable: bool = True
    """A caller left a number."""
    several: bool = False
    """Callers of merged orders are among its own (R-8)."""
    last_case: Case | None = None
    """What the last callbacks said, of all callers together."""
    unreached: int = 0
    """Attempts in a row without reaching the caller; of several callers the fewest."""


_FRONT = frozenset({Role.AGENT, Role.OFFICE})
_OFFICE = frozenset({Role.OFFICE})
_UNIT = UNIT_ROLES
_LEADER = frozenset({Role.UNIT_LEADER})
_EVERYBODY = frozenset(Role) - {Role.ADMIN}
DELEGATED = frozenset({Action.PROGRESS, Action.DRAFT_REPLY, Action.ON_SITE, Action.NOTE, Action.UNMASK})
"""What a subordinate unit does on an order that its superior delegated to it; the superior answers for the rest."""
_OPEN = tuple(state for state in OrderState if state not in FINAL)


def _coming_in() -> Iterator[Step[OrderState]]:
    s, a = OrderState, Action
    one, two, out = "第十条", "第八条", "第十一条"
    yield Step(a.REGISTER, None, s.RECEIVED, _FRONT, one)
    yield Step(a.IMPORT, None, s.RECEIVED, _FRONT | {Role.ADMIN}, one)
    yield Step(a.IMPORT, None, s.ARCHIVED, _OFFICE | {Role.ADMIN}, one, Case.PAST)
    yield Step(a.CLASSIFY, s.RECEIVED, s.RECEIVED, _FRONT, "第九条")
    yield Step(a.REFUSE, s.RECEIVED, s.REFUSED, _FRONT, two)
    yield Step(a.MERGE, s.RECEIVED, s.MERGED, _FRONT, two)
    yield Step(a.ANSWER, s.RECEIVED, s.ANSWERED, _FRONT, f"{out}(二)1")
    yield Step(a.REPORT, s.RECEIVED, s.AWAITING_INSTRUCTION, _FRONT, f"{out}(二)3")
    yield Step(a.REPORT, s.AWAITING_INSTRUCTION, s.AWAITING_INSTRUCTION, _OFFICE, f"{out}(二)3")
    yield Step(a.WITHDRAW, s.AWAITING_INSTRUCTION, s.RECEIVED, _OFFICE, f"{out}(二)3")
    yield Step(a.INSTRUCT, s.AWAITING_INSTRUCTION, s.AWAITING_INSTRUCTION, _OFFICE | {Role.CITY_LEADER}, f"{out}(二)3")
    yield Step(a.ASSIGN, s.RECEIVED, s.ASSIGNED, _FRONT, f"{out}(二)2")
    yield Step(a.ASSIGN, s.AWAITING_INSTRUCTION, s.ASSIGNED, _OFFICE, f"{out}(二)3")
    yield Step(a.ASSIGN, s.ASSIGNED, s.ASSIGNED, _OFFICE, f"{out}(二)2(3)")


def _being_handled() -> Iterator[Step[OrderState]]:
    s, a = OrderState, Action
    out = "第十一条"
    yield Step(a.SIGN, s.ASSIGNED, s.ASSIGNED, _UNIT, f"{out}(二)2")
    yield Step(a.DELEGATE, s.ASSIGNED, s.ASSIGNED, _UNIT, "讲话(三)")
    yield Step(a.PROGRESS, s.ASSIGNED, s.ASSIGNED, _UNIT, "讲话(二)")
    yield Step(a.PROPOSE_COUNTERSIGN, s.RECEIVED, s.AWAITING_INSTRUCTION, _FRONT, f"{out}(二)2(3)")
    yield Step(a.PROPOSE_COUNTERSIGN, s.ASSIGNED, s.AWAITING_INSTRUCTION, _UNIT, f"{out}(二)2(3)")
    yield Step(a.RETURN, s.ASSIGNED, s.ASSIGNED, _UNIT, f"{out}(三)", Case.SHARES_LEFT)
    yield Step(a.RETURN, s.ASSIGNED, s.RECEIVED, _UNIT, f"{out}(三)", Case.SHARES_DONE)
    yield Step(a.REQUEST_RETURN, s.ASSIGNED, s.ASSIGNED, _UNIT, f"{out}(三)")
    yield Step(a.CONSENT_RETURN, s.ASSIGNED, s.ASSIGNED, _OFFICE, f"{out}(三)", Case.SHARES_LEFT)
    yield Step(a.CONSENT_RETURN, s.ASSIGNED, s.RECEIVED, _OFFICE, f"{out}(三)", Case.SHARES_DONE)
    yield Step(a.DECLINE, s.ASSIGNED, s.ASSIGNED, _OFFICE, f"{out}(四)")
    yield Step(a.CANCEL, s.ASSIGNED, s.ASSIGNED, _OFFICE, f"{out}(四)", Case.SHARES_LEFT)
    yield Step(a.CANCEL, s.ASSIGNED, s.RECEIVED, _OFFICE, f"{out}(四)", Case.SHARES_DONE)
    yield Step(a.PROMISE, s.ASSIGNED, s.ASSIGNED, _UNIT, f"{out}(二)2(2)")
    yield Step(a.REQUEST_PROMISE, s.ASSIGNED, s.ASSIGNED, _UNIT, f"{out}(二)2(2)")
    yield Step(a.CHANGE_PROMISE, s.ASSIGNED, s.ASSIGNED, _OFFICE, f"{out}(二)2(2)")
    yield Step(a.DRAFT_REPLY, s.ASSIGNED, s.ASSIGNED, _UNIT, f"{out}(五)")
    yield Step(a.SEND_BACK, s.ASSIGNED, s.ASSIGNED, _LEADER, f"{out}(五)")
    yield Step(a.APPROVE, s.ASSIGNED, s.ASSIGNED, _LEADER, f"{out}(五)", Case.SHARES_LEFT)
    yield Step(a.APPROVE, s.ASSIGNED, s.REPLIED, _LEADER, f"{out}(五)", Case.SHARES_DONE)


def _going_out() -> Iterator[Step[OrderState]]:
    s, a = OrderState, Action
    out = "第十一条"
    yield Step(a.REJECT_REPLY, s.REPLIED, s.ASSIGNED, _OFFICE, f"{out}(五)")
    yield Step(a.RELEASE, s.REPLIED, s.ASSIGNED, _OFFICE, f"{out}(五)", Case.FIRST_REPLY)
    yield Step(a.RELEASE, s.REPLIED, s.AWAITING_CALLBACK, _OFFICE, f"{out}(五)", Case.FINAL_REPLY)
    yield Step(a.CALL_BACK, s.AWAITING_CALLBACK, s.AWAITING_CALLBACK, _FRONT, f"{out}(六)", Case.SATISFIED)
    yield Step(a.CALL_BACK, s.AWAITING_CALLBACK, s.AWAITING_CALLBACK, _FRONT, f"{out}(六)", Case.UNREACHED)
    yield Step(a.CALL_BACK, s.AWAITING_CALLBACK, s.UNDER_REVIEW, _FRONT, f"{out}(六)", Case.UNSATISFIED)
    yield Step(a.REDISPATCH, s.UNDER_REVIEW, s.ASSIGNED, _OFFICE, f"{out}(六)")
    yield Step(a.ARCHIVE, s.ANSWERED, s.ARCHIVED, _FRONT, f"{out}(六)")
    yield Step(a.ARCHIVE, s.AWAITING_CALLBACK, s.ARCHIVED, _FRONT, f"{out}(六)")
    yield Step(a.ARCHIVE, s.UNDER_REVIEW, s.ARCHIVED, _OFFICE, f"{out}(六)")


def _at_any_time() -> Iterator[Step[OrderState]]:
    s, a = OrderState, Action
    out = "第十一条"
    for state in (s.ASSIGNED, s.AWAITING_INSTRUCTION, s.REPLIED):
        yield Step(a.URGE, state, state, _FRONT | {Role.AUTHORITY}, f"{out}(四)")
    for state in _OPEN:
        yield Step(a.SUPERVISE, state, state, _OFFICE | {Role.AUTHORITY}, f"{out}(四)")
        who = _OFFICE | _UNIT if state is s.ASSIGNED else _OFFICE
        yield Step(a.ON_SITE, state, state, who, f"{out}(四)")
        yield Step(a.RECALCULATE, state, state, _OFFICE | {Role.ADMIN}, "R-D4")
    for state in s:
        yield Step(a.NOTE, state, state, _EVERYBODY, f"{out}(七)")
        yield Step(a.UNMASK, state, state, _EVERYBODY, "第十三条")
        yield Step(a.MARK_MALICIOUS, state, state, _OFFICE, "第十六条")
        yield Step(a.RECORD_MISCONDUCT, state, state, _OFFICE | {Role.AUTHORITY}, "第十七条、第十八条")
        yield Step(a.RESTRICT, state, state, _OFFICE | {Role.AUTHORITY}, "第十三条")


def _assignment_rows() -> Iterator[Step[AssignmentState]]:
    s, a = AssignmentState, Action
    out = "第十一条"
    yield Step(a.ASSIGN, None, s.DISPATCHED, _FRONT, f"{out}(二)2")
    yield Step(a.REDISPATCH, None, s.DISPATCHED, _OFFICE, f"{out}(六)")
    yield Step(a.SIGN, s.DISPATCHED, s.SIGNED, _UNIT, f"{out}(二)2")
    for state in (s.DISPATCHED, s.SIGNED):
        yield Step(a.RETURN, state, s.RETURNED, _UNIT, f"{out}(三)")
        yield Step(a.REQUEST_RETURN, state, state, _UNIT, f"{out}(三)")
        yield Step(a.CONSENT_RETURN, state, s.RETURNED, _OFFICE, f"{out}(三)")
        yield Step(a.PROPOSE_COUNTERSIGN, state, s.CANCELLED, _UNIT, f"{out}(二)2(3)")
    for state in (s.DISPATCHED, s.SIGNED, s.PROMISED, s.REPLY_DRAFTED):
        yield Step(a.DECLINE, state, state, _OFFICE, f"{out}(四)")
        yield Step(a.CANCEL, state, s.CANCELLED, _OFFICE, f"{out}(四)")
    for state in (s.SIGNED, s.PROMISED):
        yield Step(a.DELEGATE, state, state, _UNIT, "讲话(三)")
        yield Step(a.PROGRESS, state, state, _UNIT, "讲话(二)")
        yield Step(a.DRAFT_REPLY, state, s.REPLY_DRAFTED, _UNIT, f"{out}(五)")
    yield Step(a.DRAFT_REPLY, s.REPLY_DRAFTED, s.REPLY_DRAFTED, _UNIT, f"{out}(五)")
    for state in (s.SIGNED, s.REPLY_DRAFTED):
        yield Step(a.PROMISE, state, s.REPLY_DRAFTED, _UNIT, f"{out}(二)2(2)")
    yield Step(a.REQUEST_PROMISE, s.PROMISED, s.PROMISED, _UNIT, f"{out}(二)2(2)")
    yield Step(a.CHANGE_PROMISE, s.PROMISED, s.PROMISED, _OFFICE, f"{out}(二)2(2)")
    yield Step(a.SEND_BACK, s.REPLY_DRAFTED, s.SIGNED, _LEADER, f"{out}(五)", Case.UNPROMISED)
    yield Step(a.SEND_BACK, s.REPLY_DRAFTED, s.PROMISED, _LEADER, f"{out}(五)", Case.PROMISE_RUNS)
    yield Step(a.APPROVE, s.REPLY_DRAFTED, s.REPLY_APPROVED, _LEADER, f"{out}(五)")
    yield Step(a.REJECT_REPLY, s.REPLY_APPROVED, s.SIGNED, _OFFICE, f"{out}(五)", Case.UNPROMISED)
    yield Step(a.REJECT_REPLY, s.REPLY_APPROVED, s.PROMISED, _OFFICE, f"{out}(五)", Case.PROMISE_RUNS)
    yield Step(a.RELEASE, s.REPLY_APPROVED, s.PROMISED, _OFFICE, f"{out}(五)", Case.FIRST_REPLY)
    yield Step(a.RELEASE, s.REPLY_APPROVED, s.REPLY_APPROVED, _OFFICE, f"{out}(五)", Case.FINAL_REPLY)


ORDER_STEPS: tuple[Step[OrderState], ...] = (*_coming_in(), *_being_handled(), *_going_out(), *_at_any_time())
ASSIGNMENT_STEPS: tuple[Step[AssignmentState], ...] = tuple(_assignment_rows())

_ORDER = {(step.action, step.source, step.case): step for step in ORDER_STEPS}
_ASSIGNMENT = {(step.action, step.source, step.case): step for step in ASSIGNMENT_STEPS}
_ORDER_CASES = {(step.action, step.source): step for step in ORDER_STEPS}
_ARTICLES = {step.action: step.article for step in reversed((*ASSIGNMENT_STEPS, *ORDER_STEPS))}


def article(action: Action) -> str:
    """The article that an action comes from."""
    return _ARTICLES[action]


def order_step(
    action: Action, state: OrderState | None, role: Role, relation: Relation, case: Case = Case.ANY
) -> OrderState:
    """The order's next state; raises NotAllowed with the article."""
    step = _ORDER.get((action, state, case))
    if step is None:
        raise _wrong_state(action, state)
    _check(step.action, step.roles, step.article, role, relation)
    _check_facts(step, role, relation)
    return step.target


def assignment_step(
    action: Action, state: AssignmentState | None, role: Role, relation: Relation, case: Case = Case.ANY
) -> AssignmentState:
    """The assignment's next state; raises NotAllowed with the article."""
    step = _ASSIGNMENT.get((action, state, case))
    if step is None:
        raise _wrong_state(action, state)
    _check(step.action, step.roles, step.article, role, relation)
    return step.target


def why_not(action: Action, state: OrderState, role: Role, relation: Relation) -> str | None:
    """Why this action is closed on an order in this state, as a sentence; None when it is open."""
    step = _ORDER_CASES.get((action, state))
    try:
        if step is None:
            raise _wrong_state(action, state)
        _check(action, step.roles, step.article, role, relation)
        _check_facts(step, role, relation)
    except NotAllowed as refusal:
        return str(refusal)
    return None


def why_not_assignment(action: Action, state: AssignmentState, role: Role, relation: Relation) -> str | None:
    """Why this action is closed on an assignment in this state, as a sentence; None when it is open."""
    step = next((row for row in ASSIGNMENT_STEPS if row.action is action and row.source is state), None)
    try:
        if step is None:
            raise _wrong_state(action, state)
        _check(action, step.roles, step.article, role, relation)
    except NotAllowed as refusal:
        return str(refusal)
    return None


def why_not_join(number: str, state: OrderState) -> str | None:
    """Why no duplicate may be merged into an order in this state, as a sentence without article; None when one may.

    Who joins is answered by a reply still to come, or rung with the others (R-8): not where the answer is out and the
    calls are over.
    """
    if state in FINAL:
        return f"{number} {state.label}, 请并入办理中的工单"
    if state is OrderState.UNDER_REVIEW:
        return f"{number} {state.label}, 回复已经发出: 请另行受理, 或待复查重新交办后再并入"
    if state is OrderState.ANSWERED:
        return f"{number} {state.label}, 答复已经发出: 请另行受理, 可同样直接答复"
    return None


def _wrong_state(action: Action, state: OrderState | AssignmentState | None) -> NotAllowed:
    if state is None:
        return NotAllowed(f"工单尚未受理, 不能{action.label}", article(action))
    return NotAllowed(f"现为{state.label}, 不能{action.label}", article(action))


def _check(action: Action, roles: frozenset[Role], clause: str, role: Role, relation: Relation) -> None:
    if role not in roles:
        who = "、".join(each.label for each in Role if each in roles)
        raise NotAllowed(f"{action.label}由{who}进行", clause)
    if role in UNIT_ROLES and not relation.own_unit:
        if not relation.delegated:
            raise NotAllowed(f"只有承办单位自己才能{action.label}", clause)
        if action not in DELEGATED:
            raise NotAllowed(f"转来的工单由转办的上级单位{action.label}", clause)


def _check_facts(step: Step[OrderState], role: Role, relation: Relation) -> None:
    """Conditions that stand beside the state."""
    match step.action, step.source:
        case Action.ASSIGN, OrderState.AWAITING_INSTRUCTION if not relation.instructed:
            raise NotAllowed("领导尚未批示, 不能交办", step.article)
        case Action.ASSIGN, OrderState.ASSIGNED if not relation.countersigned:
            raise NotAllowed("本件已交办; 会签件才能增加协办单位", step.article)
        case Action.ASSIGN, _ if relation.returns >= RETURNS_BEFORE_OFFICE and role is not Role.OFFICE:
            raise NotAllowed("已两次退件, 由热线办确定承办单位", "第十一条(二)3")
        case Action.ANSWER, _ if relation.several:
            raise NotAllowed("本件并入了其他来电人, 直接答复告知不到每一位; 请交办, 回复后逐位回访", step.article)
        case Action.INSTRUCT, _ if not relation.reported:
            raise NotAllowed("热线办尚未呈报, 不能批示", step.article)
        case Action.WITHDRAW, _ if relation.instructed:
            raise NotAllowed("领导已批示, 请按批示交办", step.article)
        case Action.CALL_BACK, _ if relation.handled:
            raise NotAllowed("受理、交办或发布过本件(含并入件)的人员不做本件的回访", step.article)
        case Action.ARCHIVE, OrderState.AWAITING_CALLBACK if relation.last_case is not Case.SATISFIED:
            if relation.reachable and relation.unreached < UNREACHED_BEFORE_ARCHIVE:
                raise NotAllowed("回访满意后才能归档; 连续三次未联系上也可归档", step.article)
        case _:
            pass
