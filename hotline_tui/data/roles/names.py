"""The roles of the server that runs the centre's database."""

from __future__ import annotations

from hotline_tui.rules.secrecy import SEES_ALL_ORDERS, SEES_SECRET_ORDERS
from hotline_tui.rules.words import Role

PREFIX = "hotline_"
SEAT = f"{PREFIX}seat"
"""Logs in for every seat; has no rights but to prove a password, and takes a seat role in each transaction."""
KEEPER = f"{PREFIX}keeper"
"""Logs in for what runs by itself: sealing, indexing, checking."""
BOARD = f"{PREFIX}board"
"""Logs in for a wall: sees what anybody may who passes by."""


def role_name(role: Role) -> str:
    """Of a post: hotline_agent."""
    return f"{PREFIX}{role.value}"


SEATS = {role: role_name(role) for role in Role}
LOGINS = (SEAT, KEEPER, BOARD)
EVERY = (*SEATS.values(), *LOGINS)
WHOLE = tuple(role_name(role) for role in Role if role in SEES_SECRET_ORDERS)
"""See every order."""
OPEN = tuple(role_name(role) for role in Role if role in SEES_ALL_ORDERS - SEES_SECRET_ORDERS)
"""See every order that is not secret, and the secret ones that they registered."""
UNITS = tuple(role_name(role) for role in (Role.HANDLER, Role.UNIT_LEADER))
"""See what was dispatched to their unit or to one below it, and does not accuse it."""
