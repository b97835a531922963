"""The limit: the statements that services sent, recorded once, and sent again by psycopg alone with fresh keys."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import monotonic, perf_counter
from typing import Any
from uuid import UUID, uuid4

import psycopg
import sqlalchemy as sa
from psycopg.types.json import Json, Jsonb
from sqlalchemy import event

from bench.seats.working import Over, Told
from hotline_tui.models.columns import new_id
from hotline_tui.rules.numbers import spoken

_ORDER = "INSERT INTO work_order"
_NUMBER = "INSERT INTO number_series"
_PHONE = re.compile(r"139\d{8}")
Keys = dict[str, str]
"""What stood in the recorded life, to what stands in this one."""


@dataclass(frozen=True)
class Step:
    """A statement, or the end of a transaction."""

    statement: str
    fixed: dict[str, Any] = field(default_factory=dict[str, Any])
    keys: dict[str, UUID] = field(default_factory=dict[str, UUID])
    """Parameters that are keys, or may be."""
    texts: dict[str, str] = field(default_factory=dict[str, str])
    """Parameters that hold keys, or may."""


@dataclass
class Recorded:
    """Actions in turn, each with its steps, and what is fresh in each life."""

    actions: list[tuple[str, list[Step]]] = field(default_factory=list[tuple[str, list[Step]]])
    fresh: set[str] = field(default_factory=set[str])
    """Keys, telephone numbers and the number of the order."""
    known: frozenset[str] = frozenset()
    number: str = ""
    """Of the order, as it is spoken."""
    orders: tuple[str, ...] = ()
    """The orders that it is about."""


class Recorder:
    """Listens to an engine while services work on it."""

    def __init__(self, engine: sa.Engine, known: Iterable[object]) -> None:
        self.recorded = Recorded(known=frozenset(map(str, known)))
        # Another tells of commits, a few times a second.
        self._thread = threading.current_thread()
        event.listen(engine, "before_cursor_execute", self._statement)
        event.listen(engine, "commit", lambda _connection: self._add(Step("COMMIT")))
        event.listen(engine, "rollback", lambda _connection: self._add(Step("ROLLBACK")))

    def __call__(self, name: str, job: Callable[[], Any]) -> Any:
        """Do an action, recording it."""
        self.recorded.actions.append((name, []))
        result = job()
        if result is None:
            raise RuntimeError(f"nothing to {name}")
        return result

    def _add(self, step: Step) -> None:
        if self.recorded.actions and threading.current_thread() is self._thread:
            self.recorded.actions[-1][1].append(step)

    def _statement(self, _c: Any, _cursor: Any, statement: str, given: Any, _context: Any, many: bool) -> None:
        for parameters in given if many else (given,):
            self._one(statement, parameters)

    def _one(self, statement: str, parameters: dict[str, Any]) -> None:
        step = Step(statement)
        for name, value in parameters.items():
            if isinstance(value, UUID):
                step.keys[name] = value
                if statement.startswith(_ORDER) and name == "id":
                    self.recorded.orders = (str(value),)
                if statement.startswith("INSERT") and str(value) not in self.recorded.known:
                    self.recorded.fresh.add(str(value))
            elif isinstance(value, Json | Jsonb):
                step.texts[name] = json.dumps(value.obj, ensure_ascii=False)
            elif isinstance(value, str):
                step.texts[name] = value
                if statement.startswith(_ORDER) and name == "number":
                    self.recorded.fresh.add(value)
                    self.recorded.number = value
                if _PHONE.fullmatch(value):
                    self.recorded.fresh.add(value)
            else:
                step.fixed[name] = value
        self._add(step)


class Replay:
    """Sends what was recorded on one connection, by one seat."""

    def __init__(self, address: str, recorded: Recorded, seat: Keys, told: Told) -> None:
        self._connection = psycopg.connect(address, prepare_threshold=None)
        self._recorded = recorded
        self._seat = seat
        """The recorded accounts and unit to this seat's own."""
        self._told = told
        holds = re.compile("|".join(map(re.escape, sorted({*recorded.fresh, *seat}))))
        self._actions = [(name, [_sorted_out(step, holds) for step in steps]) for name, steps in recorded.actions]
        self._holds = holds

    def life(self, ends: float, actions: Iterable[str] = (), keys: Keys | None = None) -> Keys:
        """All actions, or these, with keys of its own or with given ones; raises Over. Returns the keys."""
        keys = keys or self._keys()
        wanted = set(actions)
        for name, steps in self._actions:
            if wanted and name not in wanted:
                continue
            if monotonic() >= ends:
                raise Over
            began = perf_counter()
            for step in steps:
                self._send(step, keys)
            self._told.times[name].append(perf_counter() - began)
        return keys

    def close(self) -> None:
        """At the end."""
        self._connection.close()

    def _keys(self) -> Keys:
        fresh = {
            old: f"139{uuid4().int % 10**8:08}" if _PHONE.fullmatch(old) else str(new_id())
            for old in self._recorded.fresh
        }
        return {**self._seat, **fresh}

    def _send(self, step: Step, keys: Keys) -> None:
        if step.statement == "COMMIT":
            self._connection.commit()
            return
        if step.statement == "ROLLBACK":
            self._connection.rollback()
            return
        parameters = dict(step.fixed)
        for name, key in step.keys.items():
            parameters[name] = UUID(keys[str(key)])
        for name, text in step.texts.items():
            parameters[name] = self._holds.sub(lambda found: keys[found[0]], text)
        cursor = self._connection.execute(step.statement.encode(), parameters)
        rows = cursor.fetchall() if cursor.description else []
        if step.statement.startswith(_NUMBER):
            keys[self._recorded.number] = spoken(parameters["site"], parameters["day"], rows[0][0])


def _sorted_out(step: Step, holds: re.Pattern[str]) -> Step:
    """What need not be looked at each time goes to the fixed parameters."""
    keys = {name: key for name, key in step.keys.items() if holds.fullmatch(str(key))}
    texts = {name: text for name, text in step.texts.items() if holds.search(text)}
    rest = {**step.keys, **step.texts}
    fixed = {name: value for name, value in rest.items() if name not in keys and name not in texts}
    return Step(step.statement, {**step.fixed, **fixed}, keys, texts)
