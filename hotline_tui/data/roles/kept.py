"""What a seat may not change of a row though it may change its column: by what the row was before.

A policy sees a row before or after and never both; a trigger sees both. It asks for the role that the seat took, and
holds the owner from nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hotline_tui.data.roles.names import SEATS, UNITS
from hotline_tui.rules.words import Role

FUNCTION = """
CREATE OR REPLACE FUNCTION hotline.kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_temp AS $$
BEGIN
    RAISE insufficient_privilege USING MESSAGE = format('%s: not from what this row was', TG_NAME);
END $$;
"""
_TOLD = ("kind", "topic_id", "region_id", "address")
"""What a classification says, while the order waits for its first step."""
_FLAGS = ("secret", "urgent", "veiled")
"""They fall by a classification alone; later they only rise (Art. 11(4), 13)."""
_TEXT = ("question", "answer", "basis", "valid_from", "valid_to", "version")
"""What is given to callers: of an answer that is no draft only the office puts another in its place."""


def triggers() -> Iterator[str]:
    """The statements that make them."""
    seats, front, units = (_are(roles) for roles in (SEATS.values(), (SEATS[Role.AGENT], SEATS[Role.OFFICE]), UNITS))
    falls = " OR ".join(f"OLD.{flag} AND NOT NEW.{flag}" for flag in _FLAGS)
    yield from _trigger(
        "work_order",
        f"{seats} AND NOT (OLD.state = 'received' AND {front}) AND ({_differ(_TOLD)} OR {falls})",
    )
    yield from _trigger(
        "article",
        f"{units} AND (OLD.state <> 'draft' AND {_differ(_TEXT)} OR NEW.state <> OLD.state AND NEW.state <> 'expired')",
    )


def _trigger(table: str, when: str) -> Iterator[str]:
    name = f"hotline_{table}_kept"
    yield f"DROP TRIGGER IF EXISTS {name} ON {{S}}.{table};"
    yield (
        f"CREATE TRIGGER {name} BEFORE UPDATE ON {{S}}.{table} FOR EACH ROW WHEN ({when})"
        " EXECUTE FUNCTION hotline.kept();"
    )


def _are(roles: Iterable[str]) -> str:
    return "current_user IN ({})".format(", ".join(f"'{role}'" for role in roles))


def _differ(columns: tuple[str, ...]) -> str:
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return f"({old}) IS DISTINCT FROM ({new})"
