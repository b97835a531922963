"""What units ask the office to consent to, and while which states somebody can answer it (R-D5, R-D8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hotline_tui.rules.words import Action, AssignmentState, OrderState, RequestMatter
from hotline_tui.rules.workflow import ASSIGNMENT_STEPS, ORDER_STEPS

GRANTS: Mapping[RequestMatter, Action] = MappingProxyType(
    {
        RequestMatter.LATE_RETURN: Action.CONSENT_RETURN,
        RequestMatter.PROMISED_DAY: Action.CHANGE_PROMISE,
    }
)
"""By what the office consents to it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One way to answer, with the states of the order and of the share that it is open in."""

    action: Action
    orders: frozenset[OrderState]
    shares: frozenset[AssignmentState]


def answers(matter: RequestMatter) -> tuple[Answer, ...]:
    """Consent and 不予同意, by the rows of the workflow tables."""
    return tuple(
        Answer(
            action,
            frozenset(step.source for step in ORDER_STEPS if step.action is action and step.source is not None),
            frozenset(step.source for step in ASSIGNMENT_STEPS if step.action is action and step.source is not None),
        )
        for action in (GRANTS[matter], Action.DECLINE)
    )


def answerable(matter: RequestMatter, order: OrderState, share: AssignmentState) -> bool:
    """Whether somebody can answer it now; a request that nobody can waits for the state to come back."""
    return any(order in each.orders and share in each.shares for each in answers(matter))
