"""Row-level security: the law of `data/queries/visibility.py` and of standard answers once more, as policies.

Two expressions of one law; `tests/secrecy/test_roles.py` holds them together. A policy asks who sits by a sub-select,
which the server evaluates once for a statement and not for each row. What it asks of other tables it asks of views in
the schema `hotline`, which are their owner's and show no more than the keys of what the seat may see: asked as the seat
itself, the tables' policies would ask one another without end.
"""

from __future__ import annotations

from collections.abc import Iterator

from hotline_tui.data.roles.names import BOARD, KEEPER, OPEN, SEATS, UNITS, WHOLE
from hotline_tui.rules.words import Role

OF_AN_ORDER = (
    "assignment", "callback", "claim", "deadline", "event", "instructed_unit", "instruction", "misconduct", "on_site",
    "order_accused", "order_caller", "presence", "reply", "report", "request",
)  # fmt: skip
"""They hang on an order by `order_id`."""
EVERYBODYS = (
    "account", "article_use", "calendar_row", "learned", "noticed_year", "place", "region", "site", "topic", "unit",
)  # fmt: skip
"""Whoever sits at a seat may know them; of accounts not every column (`grants.py`)."""
VEILED_PARTS = ("assignment", "deadline")
UNITS_ROWS = ("work_order", *VEILED_PARTS)
"""Their rows say which unit has it, and whether there may be anything to hide."""
VEILED = ("work_order", "deadline", "tally")
"""Their rows say themselves whether they are for a wall."""
ARTICLES = ("article", "article_version", "article_opinion", "article_source", "missed_question")
REPORTING = ("report_text", "appraisal")
"""Kept of reports: for who sees every order."""
READS_DRAFTS = tuple(SEATS[role] for role in (Role.OFFICE, Role.AUTHORITY))
KEEPS_ANSWERS = tuple(SEATS[role] for role in (Role.OFFICE, Role.ADMIN))

VIEWS = """
CREATE OR REPLACE VIEW hotline.unit_order WITH (security_barrier) AS
    SELECT a.order_id FROM {S}.assignment a
    WHERE (a.unit_id = ANY ((SELECT hotline.unit_ids())::uuid[])
        OR a.delegated_to_id = ANY ((SELECT hotline.unit_ids())::uuid[]))
    AND NOT EXISTS (SELECT 1 FROM {S}.order_accused x
        WHERE x.order_id = a.order_id AND (x.unit_id = ANY ((SELECT hotline.above_ids())::uuid[])) IS TRUE);

CREATE OR REPLACE VIEW hotline.wall_order WITH (security_barrier) AS
    SELECT o.id AS order_id FROM {S}.work_order o WHERE NOT o.veiled;

CREATE OR REPLACE VIEW hotline.open_order WITH (security_barrier) AS
    SELECT o.id AS order_id FROM {S}.work_order o WHERE (SELECT hotline.post()) IN ({OPEN})
    AND (NOT o.secret OR o.registered_by = (SELECT hotline.account()) OR EXISTS (
        SELECT 1 FROM hotline.held h WHERE h.order_id = o.id AND h.transaction = (SELECT hotline.transaction())));

CREATE OR REPLACE VIEW hotline.held_order WITH (security_barrier) AS
    SELECT h.order_id FROM hotline.held h WHERE h.transaction = (SELECT hotline.transaction());

CREATE OR REPLACE VIEW hotline.draft WITH (security_barrier) AS
    SELECT a.id AS article_id FROM {S}.article a WHERE a.unit_id = ANY ((SELECT hotline.unit_ids())::uuid[]);
"""
READ_BY = {
    "unit_order": UNITS, "draft": UNITS, "open_order": OPEN, "held_order": OPEN, "wall_order": (BOARD,),
}  # fmt: skip
"""Which roles' policies ask them."""


def sits(role: str) -> str:
    """Whether who sits is of the post that this role is of."""
    return f"(SELECT hotline.sits('{_post(role)}'))"


def _post(role: str) -> str:
    return next(each for each, name in SEATS.items() if name == role).value


OWNERS = ("number_series", "unknown_login")
"""The owner's alone and, to be checked, the keeper's: seats have functions for what they need of them."""


TALLIES = ("tally", "tally_day", "tally_touch")
"""Counts of all orders, kept by the keeper: for who sees every order, and for the wall what is not veiled."""


def tables() -> tuple[str, ...]:
    """All that have policies."""
    return ("work_order", "caller", *OF_AN_ORDER, *EVERYBODYS, *ARTICLES, *TALLIES, *REPORTING, "seal")


def policies() -> Iterator[tuple[str, str, str]]:
    """Table, role, and what a row must be for that role to see and to write it."""
    for role in SEATS.values():
        for table in EVERYBODYS:
            yield table, role, sits(role)
    for role in WHOLE:
        for table in ("work_order", "caller", *OF_AN_ORDER, *TALLIES, *REPORTING):
            # What concerns no order may name a draft, or who was signed in: it is the keeper's.
            yield table, role, sits(role) + (" AND order_id IS NOT NULL" if table == "event" else "")
    for role in OPEN:
        mine = "registered_by = (SELECT hotline.account())"
        held = "EXISTS (SELECT 1 FROM hotline.held_order h WHERE h.order_id = work_order.id)"
        yield "work_order", role, f"{sits(role)} AND (NOT secret OR {mine} OR {held})"
        yield from ((table, role, _order_seen(role, table)) for table in OF_AN_ORDER)
    for role in UNITS:
        yield "work_order", role, _unit_order(role, "work_order.id")
        yield from ((table, role, _unit_order(role, f"{table}.order_id")) for table in OF_AN_ORDER)
    told = f"EXISTS (SELECT 1 FROM order_caller oc WHERE oc.caller_id = caller.id{_EACH})"
    yield from (("caller", role, f"{sits(role)} AND {told}") for role in (*OPEN, *UNITS))
    yield "event", SEATS[Role.ADMIN], "false"
    yield "article_source", SEATS[Role.ADMIN], "false"
    for role in (*OPEN, *UNITS):
        yield "tally_touch", role, sits(role)
    yield from _of_articles()
    for table in (*EVERYBODYS, "tally_day", "tally_touch"):
        yield table, BOARD, "true"
    for table in VEILED:
        yield table, BOARD, "NOT veiled"
    for table in OF_AN_ORDER:
        if table in VEILED:
            continue
        yield table, BOARD, f"EXISTS (SELECT 1 FROM hotline.wall_order w WHERE w.order_id = {table}.order_id)"
    yield from ((table, KEEPER, "true") for table in tables())


def _of_articles() -> Iterator[tuple[str, str, str]]:
    for role in SEATS.values():
        all_drafts, of_unit = role in READS_DRAFTS, role in UNITS
        drafts = (
            ""
            if all_drafts
            else " AND (state <> 'draft'{})".format(
                " OR unit_id = ANY ((SELECT hotline.unit_ids())::uuid[])" if of_unit else ""
            )
        )
        yield "article", role, sits(role) + drafts
        versions = (
            ""
            if all_drafts
            else " AND (published_at IS NOT NULL{})".format(f" OR {own_article('article_version')}" if of_unit else "")
        )
        yield "article_version", role, sits(role) + versions
        said = "account_id = (SELECT hotline.account())"
        if of_unit:
            said = own_article("article_opinion")
        yield "article_opinion", role, sits(role) + ("" if role in KEEPS_ANSWERS else f" AND {said}")
    for role in KEEPS_ANSWERS:
        yield "missed_question", role, sits(role)
    yield "article_source", SEATS[Role.OFFICE], sits(SEATS[Role.OFFICE])
    for role in UNITS:
        yield (
            "article_source",
            role,
            f"{_unit_order(role, 'article_source.order_id')} AND {own_article('article_source')}",
        )


def own_article(table: str) -> str:
    """Whether the article of a row is of the seat's unit or of one below it."""
    return f"EXISTS (SELECT 1 FROM hotline.draft d WHERE d.article_id = {table}.article_id)"


_EACH = " OFFSET 0"
"""Looked up for each row, through its index: the planner would else gather all orders of the city, or of the unit, once
for a page of fifty."""


def at_once(table: str, role: str) -> str:
    """What a row must be for that role to see it without a look elsewhere; empty where no row tells.

    No other law: what is not veiled accuses nobody and is not secret, and a unit that a row names has a share of its
    order. Only for reading, as who writes a row could say so of any.
    """
    if role in UNITS and table in UNITS_ROWS:
        return f"NOT veiled AND unit_id = ANY ((SELECT hotline.units_at('{_post(role)}'))::uuid[])"
    if role in OPEN and table in VEILED_PARTS:
        return f"NOT veiled AND {sits(role)}"
    return ""


def _order_seen(role: str, table: str) -> str:
    return f"{sits(role)} AND EXISTS (SELECT 1 FROM hotline.open_order o WHERE o.order_id = {table}.order_id{_EACH})"


def _unit_order(role: str, key: str) -> str:
    return f"{sits(role)} AND EXISTS (SELECT 1 FROM hotline.unit_order u WHERE u.order_id = {key}{_EACH})"
