"""Which actions an order is open to for a role, which comes next, and why the others are closed (Art. 11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hotline_tui.rules.secrecy import MAY_UNMASK
from hotline_tui.rules.words import Action, AssignmentState, Duty, OrderState, RequestMatter, Role
from hotline_tui.rules.workflow import ASSIGNMENT_STEPS, ORDER_STEPS, UNIT_ROLES, article, why_not, why_not_assignment
from hotline_tui.screens.order_view import OrderSeen
from hotline_tui.screens.share_view import assists_owe
from hotline_tui.screens.widgets.display import line_of
from hotline_tui.services import promise

if TYPE_CHECKING:
    from hotline_tui.data.queries.parts import AssignmentRow
    from hotline_tui.rules.workflow import Relation

IN_ORDER = (
    Action.CONSENT_RETURN,
    Action.CHANGE_PROMISE,
    Action.SIGN,
    Action.APPROVE,
    Action.DRAFT_REPLY,
    Action.RELEASE,
    Action.REDISPATCH,
    Action.ARCHIVE,
    Action.CALL_BACK,
    Action.ASSIGN,
    Action.INSTRUCT,
    Action.ANSWER,
    Action.REPORT,
    Action.WITHDRAW,
    Action.REFUSE,
    Action.MERGE,
    Action.PROMISE,
    Action.REQUEST_PROMISE,
    Action.PROGRESS,
    Action.DELEGATE,
    Action.RETURN,
    Action.REQUEST_RETURN,
    Action.PROPOSE_COUNTERSIGN,
    Action.ON_SITE,
    Action.SEND_BACK,
    Action.REJECT_REPLY,
    Action.DECLINE,
    Action.URGE,
    Action.SUPERVISE,
    Action.CANCEL,
    Action.MARK_MALICIOUS,
    Action.RECORD_MISCONDUCT,
    Action.RESTRICT,
    Action.NOTE,
    Action.UNMASK,
)
"""As people look for them; the first that is open comes next."""
OF_A_SHARE = frozenset(
    {
        Action.SIGN,
        Action.RETURN,
        Action.REQUEST_RETURN,
        Action.PROMISE,
        Action.REQUEST_PROMISE,
        Action.DELEGATE,
        Action.PROGRESS,
        Action.DRAFT_REPLY,
        Action.APPROVE,
        Action.SEND_BACK,
    }
)
"""What a unit does to its own share."""


@dataclass(frozen=True)
class Way:
    """An action, and why it is closed now; None when it is open."""

    action: Action
    closed: str | None


def ways(seen: OrderSeen, role: Role) -> list[Way]:
    """Every action that this role ever takes, in the order in which people look for them."""
    return [Way(action, why_closed(seen, role, action)) for action in IN_ORDER if role in _roles(action)]


def next_way(seen: OrderSeen, role: Role) -> Way | None:
    """The likeliest open one, as long as it moves the order."""
    aside = _ASIDE | {Action.ASSIGN} if seen.detail.row.state is OrderState.ASSIGNED else _ASIDE
    return next((way for way in ways(seen, role) if way.closed is None and way.action not in aside), None)


def why_closed(seen: OrderSeen, role: Role, action: Action, share: AssignmentRow | None = None) -> str | None:
    """Why this action is closed on the order, with the article; for this share, or for the newest of the unit."""
    if action in OF_A_SHARE or (action is Action.PROPOSE_COUNTERSIGN and role in UNIT_ROLES):
        return _why_share(seen, role, action, share)
    if action is Action.UNMASK and role not in MAY_UNMASK:
        return f"{role.label}不能查看来电人信息(第十三条)"
    reason = why_not(action, seen.detail.row.state, role, seen.detail.relation)
    return _why_unasked(seen, action) if reason is None and action in _ANSWERS else reason


def _why_unasked(seen: OrderSeen, action: Action) -> str | None:
    """The office answers what a unit has asked."""
    asked = {each.matter for each in seen.waiting_requests}
    if asked & _ANSWERS[action]:
        return None
    return f"没有等候答复的申请, 不能{action.label}({article(action)})"


def _why_share(seen: OrderSeen, role: Role, action: Action, share: AssignmentRow | None) -> str | None:
    found = seen.detail
    share = share or seen.own or next((each for each in reversed(found.assignments) if each.own), None)
    relation = found.ties.to(share.id) if share else found.relation
    state = share.state if share else AssignmentState.RETURNED
    closed = why_not_assignment(action, state, role, relation)
    if closed and share is not None and share.own:
        closed = sign_first(closed, role, state, relation)
    return why_not(action, found.row.state, role, relation) or closed or _why_now(seen, action, share)


def _why_now(seen: OrderSeen, action: Action, share: AssignmentRow | None) -> str | None:
    """What the tables cannot know: the clock of the first reply, who answers before, and the units below."""
    if share is not None and action is Action.PROMISE:
        early = promise.not_of_share(share.share, assists_owe=assists_owe(seen))
        return early or promise.too_late(seen.clock(share.id, Duty.REPLY), seen.now)
    if share is not None and action is Action.DELEGATE and not share.units_below:
        return none_below(share.unit)
    return None


def none_below(holder: str) -> str:
    """Why the order cannot be handed on: the unit that answers for it, and alone may, has none below it (R-S1)."""
    return f"本件由{line_of(holder)}承办, {line_of(holder)}没有下属单位, 不能转办(讲话(三))"


def sign_first(reason: str, role: Role, state: AssignmentState, relation: Relation) -> str:
    """The reason, with the key that signs where only the signing is wanted and this desk may sign."""
    wanted = reason.startswith(f"现为{AssignmentState.DISPATCHED.label},")
    may = why_not_assignment(Action.SIGN, state, role, relation) is None
    return f"{reason}, 请先按 F4 签收" if wanted and may else reason


_ANSWERS = {
    Action.CONSENT_RETURN: {RequestMatter.LATE_RETURN},
    Action.CHANGE_PROMISE: {RequestMatter.PROMISED_DAY},
    Action.DECLINE: set(RequestMatter),
}
"""Which requests each of them answers."""
_ASIDE = frozenset(
    {
        Action.DECLINE,
        Action.CANCEL,
        Action.WITHDRAW,
        Action.MARK_MALICIOUS,
        Action.RECORD_MISCONDUCT,
        Action.RESTRICT,
        Action.NOTE,
        Action.UNMASK,
        Action.SUPERVISE,
        Action.REFUSE,
        Action.MERGE,
        Action.RETURN,
        Action.REQUEST_RETURN,
        Action.DELEGATE,
        Action.PROPOSE_COUNTERSIGN,
        Action.ON_SITE,
    }
)
_ROLES: dict[Action, frozenset[Role]] = {}
for _step in (*ORDER_STEPS, *ASSIGNMENT_STEPS):
    _ROLES[_step.action] = _ROLES.get(_step.action, frozenset()) | _step.roles


def _roles(action: Action) -> frozenset[Role]:
    return _ROLES.get(action, frozenset())
