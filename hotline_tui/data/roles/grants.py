"""What each role may do with which table, and with which of its columns. What is not here may not be done.

Rows are the affair of `policies.py`: whoever may write a table writes only rows that he sees before and after.
"""

from __future__ import annotations

from collections.abc import Iterator

from hotline_tui.data.roles.names import BOARD, EVERY, KEEPER, SEAT, SEATS, UNITS, WHOLE
from hotline_tui.data.roles.policies import EVERYBODYS, OF_AN_ORDER, OWNERS, REPORTING, TALLIES, tables
from hotline_tui.rules.words import Role

SHOWN = {
    "account": ("id", "login", "name", "spelling", "role", "unit_id", "site", "active"),
    "caller": (
        "id", "masked_name", "masked_phone", "masked_workplace", "masked_home_address", "created_at",
    ),
}  # fmt: skip
"""Of these tables a seat reads these columns: neither a password's hash nor what a citizen told of himself (R-13b)."""
OPINION = ("article_id", "version", "helpful", "remark", "said_at")
"""A unit is not told whose opinion it is."""
TOLD = ("name", "phone", "workplace", "home_address")
_AGENT, _OFFICE, _LEADER, _AUTHORITY, _ADMIN = (
    SEATS[role] for role in (Role.AGENT, Role.OFFICE, Role.CITY_LEADER, Role.AUTHORITY, Role.ADMIN)
)
_FRONT = (_AGENT, _OFFICE)
_OF_ORDERS = (*_FRONT, *UNITS, _LEADER, _AUTHORITY)
ADDS = {
    "event": (*SEATS.values(), KEEPER),
    "work_order": _FRONT,
    "caller": _FRONT,
    "order_caller": _FRONT,
    "order_accused": (*_FRONT, _AUTHORITY),
    "assignment": _FRONT,
    "deadline": (*_FRONT, *UNITS),
    "reply": UNITS,
    "request": UNITS,
    "report": (*_FRONT, *UNITS),
    "instruction": (_OFFICE, _LEADER),
    "instructed_unit": (_OFFICE, _LEADER),
    "on_site": (_OFFICE, *UNITS),
    "misconduct": (_OFFICE, _AUTHORITY),
    "callback": _FRONT,
    "claim": _FRONT,
    "presence": _OF_ORDERS,
    "article_use": _FRONT,
    "article_opinion": _FRONT,
    "article": (_OFFICE, *UNITS),
    "article_version": (_OFFICE, *UNITS),
    "article_source": (_OFFICE, *UNITS),
    "calendar_row": (_OFFICE,),
    "noticed_year": (_OFFICE,),
    "report_text": (_OFFICE,),
    "appraisal": (_AUTHORITY,),
    "tally_touch": (*_OF_ORDERS, KEEPER),
    "tally": (KEEPER,),
    "tally_day": (KEEPER,),
    "learned": (KEEPER,),
    "seal": (KEEPER,),
}
"""Who adds rows to a table."""
CHANGES = {
    "work_order": _OF_ORDERS,
    "caller": _FRONT,
    "assignment": (*_FRONT, *UNITS, _AUTHORITY),
    "deadline": _OF_ORDERS,
    "reply": (_OFFICE, *UNITS),
    "request": (*_FRONT, *UNITS),
    "on_site": (_OFFICE, *UNITS),
    "claim": _FRONT,
    "presence": _OF_ORDERS,
    "article_use": _FRONT,
    "article_opinion": _FRONT,
    "article": (_OFFICE, *UNITS),
    "article_version": (_OFFICE,),
    "article_source": (_OFFICE, *UNITS),
    "missed_question": (_OFFICE,),
    "calendar_row": (_OFFICE,),
    "report_text": (_OFFICE,),
}
"""Who changes rows of a table. Nobody an event, a seal, or whom an order accuses."""
_BY_ALL = ("version",)
"""What every event of an order moves, and what is locked to write one."""
_TOLD_OF = ("kind", "topic_id", "region_id", "address", "urgent", "secret", "veiled")
_GIVEN = ("state", "unit_id", "given_back", "reported_at", "instructed_at")
_AGENTS = (
    *_BY_ALL, *_TOLD_OF, *_GIVEN, "route", "first_unit_id", "dispatches", "urges", "verdict", "unreached", "closed_at",
    "archive_reason", "refusal_reason", "refusal_told", "merged_into_id", "article_id", "article_version",
    "answered_online", "answered_at",
)  # fmt: skip
_CALLERS = (*TOLD, *(column for column in SHOWN["caller"] if column.startswith("masked_")))
_ARTICLES = (
    "question", "phrasings", "answer", "basis", "unit_id", "topic_id", "valid_from", "valid_to", "version", "pending",
    "discarded", "state", "spelling", "revision", "changed_at", "changed_by",
)  # fmt: skip
COLUMNS = {
    ("work_order", _AGENT): _AGENTS,
    ("work_order", _OFFICE): (*_AGENTS, "published_at", "returns", "malicious", "referral"),
    **{("work_order", role): (*_BY_ALL, *_GIVEN, "returns") for role in UNITS},
    ("work_order", _LEADER): (*_BY_ALL, "instructed_at"),
    ("work_order", _AUTHORITY): (*_BY_ALL, "urges", "urgent", "secret", "veiled"),
    **{("caller", role): _CALLERS for role in _FRONT},
    **{("article", role): _ARTICLES for role in (_OFFICE, *UNITS)},
    ("article_version", _OFFICE): ("published_at", "published_by"),
    **{("claim", role): ("account_id", "until") for role in _FRONT},
    **{("presence", role): ("until",) for role in _OF_ORDERS},
}
"""Which columns its actions change; of a table that is not named all. What was told, by whom and when, is nobody's."""
REMOVES = {
    "claim": (*_FRONT, _AUTHORITY),
    "presence": _OF_ORDERS,
    "calendar_row": (_OFFICE,),
    "noticed_year": (_OFFICE,),
    "learned": (KEEPER,),
    "tally_touch": (KEEPER,),
    "tally": (KEEPER,),
    "tally_day": (KEEPER,),
}
"""Who takes rows away."""


def reads() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Role, table, and the columns that it reads; none named are all."""
    for role in SEATS.values():
        for table in EVERYBODYS:
            yield role, table, SHOWN.get(table, ())
        for table in ("article", "article_version"):
            yield role, table, ()
        yield role, "article_opinion", OPINION if role in UNITS else ()
    for role in _OF_ORDERS:
        for table in ("work_order", "caller", *OF_AN_ORDER):
            yield role, table, SHOWN.get(table, ())
    for role in (*WHOLE, BOARD):
        yield from ((role, table, ()) for table in TALLIES)
    for role in WHOLE:
        yield from ((role, table, ()) for table in REPORTING)
    yield _ADMIN, "event", ()
    for role in (_OFFICE, _ADMIN):
        yield role, "missed_question", ()
    for role in (_OFFICE, _ADMIN, *UNITS):  # of the administrator no row
        yield role, "article_source", ()
    for table in (*EVERYBODYS, "work_order", *OF_AN_ORDER):
        yield BOARD, table, SHOWN.get(table, ())
    for table in (*tables(), *OWNERS):
        yield KEEPER, table, SHOWN.get(table, ())


def statements() -> Iterator[str]:
    """The GRANTs on tables, beginning with nothing: run again, they take away what is no longer meant."""
    everybody = ", ".join(EVERY)
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {{S}} FROM PUBLIC, {everybody};"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA hotline FROM PUBLIC, {everybody};"
    for role, table, columns in reads():
        yield f"GRANT SELECT{_of(columns)} ON {{S}}.{table} TO {role};"
    for verb, given in (("INSERT", ADDS), ("DELETE", REMOVES)):
        for table, roles in given.items():
            yield f"GRANT {verb} ON {{S}}.{table} TO {', '.join(dict.fromkeys(roles))};"
    for table, roles in CHANGES.items():
        for role in dict.fromkeys(roles):
            yield f"GRANT UPDATE{_of(COLUMNS.get((table, role), ()))} ON {{S}}.{table} TO {role};"
    yield f"GRANT SELECT ON {{S}}.alembic_version TO {', '.join((SEAT, KEEPER, BOARD))};"


def _of(columns: tuple[str, ...]) -> str:
    return f" ({', '.join(columns)})" if columns else ""
