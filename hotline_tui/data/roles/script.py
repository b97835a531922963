"""The whole of it as one SQL script, which may be run again: after an upgrade, and when a right is to go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cache

from hotline_tui.data.queries.orders import MAY_ASK_BY_PHONE
from hotline_tui.data.roles import door, grants, kept, passages, policies, sitting
from hotline_tui.data.roles.names import EVERY, LOGINS, OPEN, PREFIX, SEAT, SEATS, UNITS, WHOLE
from hotline_tui.data.roles.seat import version
from hotline_tui.rules import missed
from hotline_tui.rules.patience import FREE_FAILURES, LANES, LONGEST_WAIT, MEMORY_KIB, PASSES
from hotline_tui.rules.secrecy import MAY_UNMASK
from hotline_tui.rules.words import Role

PASSWORDS = """\
-- 登录角色没有口令, 登录不了。运行以后由数据库管理员在 psql 中逐个设定, 口令不写在脚本里:
--   \\password hotline_seat
--   \\password hotline_keeper
--   \\password hotline_board
"""


def script(schema: str) -> str:
    """What `hotline db roles` prints, for tables in this schema."""
    return f"-- hotline db roles\n{PASSWORDS}BEGIN;\n\n{marked(schema)}\nCOMMIT;\n"


def marked(schema: str) -> str:
    """The statements, to be run in one transaction by the owner of the tables, with the mark of their version."""
    return f"{body(schema)}\nCOMMENT ON SCHEMA hotline IS '{version(schema)}';\n"


@cache
def body(schema: str) -> str:
    """The statements themselves."""
    return "\n".join(_fill(each, schema) for each in _templates())


def _templates() -> Iterator[str]:
    yield from _roles()
    yield "CREATE SCHEMA IF NOT EXISTS hotline;"
    yield "REVOKE ALL ON SCHEMA hotline FROM PUBLIC;\nREVOKE CREATE ON SCHEMA {S} FROM PUBLIC;"
    yield sitting.TABLES + door.TABLES + passages.TABLES
    yield sitting.FUNCTIONS + kept.FUNCTION
    yield policies.VIEWS
    yield door.FUNCTIONS
    yield passages.FUNCTIONS
    yield _ROOM
    everybody = ", ".join(EVERY)
    yield f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA hotline FROM PUBLIC, {everybody};"
    yield f"GRANT USAGE ON SCHEMA {{S}}, hotline TO {everybody};"
    yield "\n".join(grants.statements())
    yield _calls(door.OF_THE_DOOR, (SEAT,))
    yield _calls((*sitting.OF_A_SEAT, *door.OF_A_SEAT, *passages.OF_A_SEAT), tuple(SEATS.values()))
    yield "\n".join(
        f"GRANT SELECT ON hotline.{view} TO {', '.join(roles)};" for view, roles in policies.READ_BY.items()
    )
    yield _AWAY
    for table in policies.tables():
        yield f"ALTER TABLE {{S}}.{table} ENABLE ROW LEVEL SECURITY;"
    for table, role, seen in policies.policies():
        yield from _policies(table, role, seen)
    yield from kept.triggers()


def _roles() -> Iterator[str]:
    for role in EVERY:
        login = "LOGIN NOINHERIT" if role in LOGINS else "NOLOGIN"
        yield (
            f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}') THEN "
            f"CREATE ROLE {role} {login}; END IF; END $$;"
        )
    for role in SEATS.values():
        yield (
            f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_auth_members m WHERE m.roleid = '{role}'::regrole "
            f"AND m.member = '{SEAT}'::regrole) THEN GRANT {role} TO {SEAT}; END IF; END $$;"
        )


_ROOM = """
DO $$ BEGIN
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO {LOGINS}', current_database());
END $$;"""
_AWAY = """
DO $$ DECLARE old record; BEGIN
    FOR old IN SELECT schemaname, tablename, policyname FROM pg_policies
        WHERE schemaname = '{S}' AND policyname LIKE '{PREFIX}%' LOOP
        EXECUTE format('DROP POLICY %I ON %I.%I', old.policyname, old.schemaname, old.tablename);
    END LOOP;
END $$;"""


_READ = {(role, table) for role, table, _ in grants.reads()}


def _policies(table: str, role: str, seen: str) -> Iterator[str]:
    """Of one table for one role, as far as it may read or write it."""
    on = f"ON {{S}}.{table}"
    if (role, table) in _READ:
        # Of what concerns no order a seat sees its own: it asks for it where its commit was never answered.
        own = ""
        if table == "event" and role in SEATS.values():
            own = f" OR ({policies.sits(role)} AND order_id IS NULL AND {_OWN_DEED})"
        at_once = policies.at_once(table, role)
        shown = f"({at_once}) OR ({seen})" if at_once else f"{seen}{own}"
        yield f"CREATE POLICY {role}_sees {on} FOR SELECT TO {role} USING ({shown});"
    adds, changes = _written(table, role, seen)
    if role in grants.ADDS.get(table, ()):
        yield f"CREATE POLICY {role}_adds {on} FOR INSERT TO {role} WITH CHECK ({adds});"
    if role in grants.CHANGES.get(table, ()):
        # A claim that ran out is taken over, in one's own name.
        before = f"{seen} AND ({_OWN} OR {_ENDED})" if table == "claim" and role not in LOGINS else changes
        yield f"CREATE POLICY {role}_changes {on} FOR UPDATE TO {role} USING ({before}) WITH CHECK ({changes});"
    if role in grants.REMOVES.get(table, ()):
        yield f"CREATE POLICY {role}_removes {on} FOR DELETE TO {role} USING ({_taken_away(table, role, seen)});"


_OWN_DEED = "actor_id = (SELECT hotline.account())"


def _written(table: str, role: str, seen: str) -> tuple[str, str]:
    """Which rows are added and changed: those that are seen, but for what is written in one's own name or unit."""
    if role in LOGINS:
        return "true" if table != "event" else "order_id IS NULL AND actor_id IS NULL", seen
    here = policies.sits(role)
    of_unit = f"{here} AND unit_id = ANY ((SELECT hotline.unit_ids())::uuid[])"
    match table:
        case "event":
            return f"{_OWN_DEED} AND (order_id IS NULL OR ({seen}))", seen
        case "caller":
            return here, f"{seen} AND {_WAITS}"
        case "claim" | "presence":
            own = f"{seen} AND {_OWN}"
            return own, own
        case "work_order":
            return f"{here} AND registered_by = (SELECT hotline.account())", seen
        case "article" if role in UNITS:
            return f"{of_unit} AND state = 'draft'", of_unit
        case "article_version" if role in UNITS:
            own = f"{here} AND {policies.own_article(table)} AND published_at IS NULL"
            return own, own
        case "article_opinion":
            return f"{here} AND {_OWN}", seen
        case _:
            return seen, seen


_OWN = "account_id = (SELECT hotline.account())"
_ENDED = "until < (SELECT hotline.moment())"
_WAITS = (
    "EXISTS (SELECT 1 FROM order_caller oc JOIN work_order o ON o.id = oc.order_id"
    " WHERE oc.caller_id = caller.id AND o.state = 'received')"
)
"""What a caller tells later is taken down while one of his orders is being classified."""


def _taken_away(table: str, role: str, seen: str) -> str:
    """Which rows are removed: of who is at an order one's own, and those whose time is over."""
    if role in LOGINS or table not in ("claim", "presence"):
        return seen
    ends = f"{_OWN} OR {_ENDED}"
    if table == "claim" and role in WHOLE:  # who makes an order secret takes it from whoever has it
        ends += " OR EXISTS (SELECT 1 FROM work_order o WHERE o.id = claim.order_id AND o.secret)"
    return f"{seen} AND ({ends})"


def _calls(functions: tuple[str, ...], roles: tuple[str, ...]) -> str:
    return "\n".join(f"GRANT EXECUTE ON FUNCTION hotline.{each} TO {', '.join(roles)};" for each in functions)


def _fill(template: str, schema: str) -> str:
    told = {
        "S": schema,
        "PREFIX": PREFIX,
        "LOGINS": ", ".join(LOGINS),
        "WHOLE": _posts(WHOLE),
        "OPEN": _posts(OPEN),
        "UNITS": _posts(UNITS),
        "BY_PHONE": _posts(tuple(SEATS[role] for role in Role if role in MAY_ASK_BY_PHONE)),
        "UNMASK": _posts(tuple(SEATS[role] for role in Role if role in MAY_UNMASK)),
        "HOURS": str(sitting.HOURS),
        "LEEWAY": str(sitting.LEEWAY),
        "FREE": str(FREE_FAILURES),
        "LONGEST": str(LONGEST_WAIT // timedelta(seconds=1)),
        "SHAPE": f"$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$",
        "SIGNS": str(missed.LONGEST),
        "KEPT": str(missed.KEPT.days),
        "MOST": str(missed.MOST),
    }
    return re.sub(r"\{([A-Z_]+)\}", lambda found: told[found[1]], template)


def _posts(roles: tuple[str, ...]) -> str:
    return ", ".join(f"'{role.removeprefix(PREFIX)}'" for role in roles)
