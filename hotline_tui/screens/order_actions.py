"""Which actions an order is open to for a role, which comes next, and why the others are closed (Art. 11)."""

from __future__ import annotations

from dataclasses import dataclass

from hotline_tui.rules.secrecy import MAY_UNMASK
from hotline_tui.rules.words import Action, AssignmentState, Role
from hotline_tui.rules.workflow import ASSIGNMENT_STEPS, ORDER_STEPS, why_not, why_not_assignment
from hotline_tui.screens.order_view import OrderSeen

IN_ORDER = (
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
    Action.REFUSE,
    Action.MERGE,
    Action.PROGRESS,
    Action.RETURN,
    Action.SEND_BACK,
    Action.REJECT_REPLY,
    Action.URGE,
    Action.SUPERVISE,
    Action.NOTE,
    Action.UNMASK,
)
"""As people look for them; the first that is open comes next."""
OF_A_SHARE = frozenset(
    {Action.SIGN, Action.RETURN, Action.PROGRESS, Action.DRAFT_REPLY, Action.APPROVE, Action.SEND_BACK}
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
    return next((way for way in ways(seen, role) if way.closed is None and way.action not in _ASIDE), None)


def why_closed(seen: OrderSeen, role: Role, action: Action) -> str | None:
    """Why this action is closed on the order, with the article."""
    if action in OF_A_SHARE:
        return _why_share(seen, role, action)
    if action is Action.UNMASK and role not in MAY_UNMASK:
        return f"{role.label}不能查看来电人信息(第十三条)"
    return why_not(action, seen.detail.row.state, role, seen.detail.relation)


def _why_share(seen: OrderSeen, role: Role, action: Action) -> str | None:
    found = seen.detail
    reason = why_not(action, found.row.state, role, found.relation)
    if reason is not None:
        return reason
    share = seen.own or next((each for each in reversed(found.assignments) if each.own), None)
    state = share.state if share else AssignmentState.RETURNED
    return why_not_assignment(action, state, role, found.relation)


_ASIDE = frozenset({Action.NOTE, Action.UNMASK, Action.SUPERVISE, Action.REFUSE, Action.MERGE, Action.RETURN})
_ROLES: dict[Action, frozenset[Role]] = {}
for _step in (*ORDER_STEPS, *ASSIGNMENT_STEPS):
    _ROLES[_step.action] = _ROLES.get(_step.action, frozenset()) | _step.roles


def _roles(action: Action) -> frozenset[Role]:
    return _ROLES.get(action, frozenset())
