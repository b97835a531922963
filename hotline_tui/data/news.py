"""What kinds of things are told of when they were changed; never which one, nor what of it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

CHANNEL = "hotline"


class News(StrEnum):
    """What kind of thing was changed."""

    ORDERS = "orders"
    KNOWLEDGE = "knowledge"
    OFFICE = "office"
    """Units, topics, calendar, accounts and the like."""


ANYTHING = frozenset(News)
_KNOWLEDGE = {"article", "article_opinion", "article_source", "article_use", "article_version", "missed_question"}
_OFFICE = {
    "account", "appraisal", "calendar_row", "learned", "noticed_year", "place", "region", "report_text", "site",
    "topic", "unit",
}  # fmt: skip
_NOTHING = {
    "event", "number_series", "presence", "seal", "tally", "tally_day", "tally_touch", "unknown_login",
}  # fmt: skip
"""Written beside what is told of already, or what no screen shows."""

Heard = Callable[[frozenset["News"]], object]
"""Called in the listener's thread."""


def kind_of(table: str) -> News | None:
    """What a change of this table is news of."""
    if table in _NOTHING:
        return None
    if table in _KNOWLEDGE:
        return News.KNOWLEDGE
    return News.OFFICE if table in _OFFICE else News.ORDERS
