"""Indexing, typing and asking, engine by engine."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter

from bench.knowledge import corpus
from bench.knowledge.corpus import Document, Letter
from bench.knowledge.engines import Absent, Engine
from bench.knowledge.every import OURS
from bench.knowledge.measured import SETS, Measured, Quality, Times
from bench.knowledge.seat import LIMIT, Seat

ENOUGH_SECONDS = 45.0
"""A slow engine is not asked every letter, nor given every narrative: the letters come in no order."""
SEED = 12345

Places = Callable[[type[Engine]], Engine]
Letters = tuple[Sequence[Letter], Sequence[Letter]]
"""With a reply, and without one."""


@contextmanager
def places() -> Generator[Places]:
    """Makes engines in places of their own, a Postgres server among them once the first one needs it."""
    numbers = count()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="hotline-bench-")))
        databases: list[Callable[[str], str]] = []

        def new(kind: type[Engine]) -> Engine:
            name = f"bench_{next(numbers)}"
            place = folder / name
            place.mkdir()
            if not kind.server:
                return kind(place)
            if not databases:
                databases.append(stack.enter_context(_server()))
            return kind(place, databases[0](name))

        yield new


@contextmanager
def _server() -> Generator[Callable[[str], str]]:
    """Makes databases of a server of its own; raises Absent."""
    try:
        import psycopg

        from tests.engines import Run, postgres_binaries, url_of

        postgres_binaries()
    except (ImportError, RuntimeError) as error:
        raise Absent("there is no Postgres") from error

    run = Run.begin()

    def database(name: str) -> str:
        with psycopg.connect(run.postgres("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0'.encode())
        return url_of(run.postgres(name))

    try:
        yield database
    finally:
        run.end()


def measure(
    kinds: Sequence[type[Engine]], held: Sequence[Document], letters: Letters, pairs: int, new: Places
) -> tuple[list[Measured], list[str]]:
    """Each of these engines over these documents, and by so many letters asked for their reply; and what was skipped,
    with why."""
    replied, _ = letters
    measured: dict[type[Engine], Measured] = {}
    skipped: list[str] = []
    with ExitStack() as stack:
        seats: dict[type[Engine], Seat] = {}
        for kind in kinds:
            _say(f"{kind.name}: {len(held):,} documents")
            try:
                engine = new(kind)
                measured[kind] = _made(engine, held, letters)
            except Absent as absent:
                skipped.append(f"skipped: {kind.name}, {absent}")
            else:
                seats[kind] = stack.enter_context(Seat(engine))
        _time(seats, measured, corpus.narratives(replied), [each.title for each in held])
        for kind, seat in seats.items():
            measured[kind].private_mb = seat.private_mb
    for name in SETS:
        for kind, figures in measured.items():
            _say(f"{kind.name}: {name}")
            found = _quality(partial(new, kind), letters, pairs, titled=name == "titled")
            figures.quality[name] = found
            _say(f"  R@1 {found.r1:.3f}, R@5 {found.r5:.3f}, MRR {found.mrr:.3f} of {found.asked}")
    return list(measured.values()), skipped


def _made(engine: Engine, held: Sequence[Document], letters: Letters) -> Measured:
    engine.check()
    measured = Measured(engine.name)
    engine.store(held)
    if engine.hears:
        _tell(engine, [*((each, None) for each in letters[1]), *zip(letters[0], range(len(held)), strict=False)])
    begun = perf_counter()
    engine.index(held)
    measured.index_s = perf_counter() - begun
    engine.open()
    measured.size_mb = engine.size() / 1e6
    engine.close()
    _say(f"  {measured.index_s:.1f} s, {measured.size_mb:.1f} MB")
    return measured


def _time(
    seats: dict[type[Engine], Seat],
    measured: dict[type[Engine], Measured],
    typed: Sequence[Sequence[str]],
    titles: Sequence[str],
) -> None:
    """Each narrative into one engine after the other: a machine that is busy now hinders all of them."""
    short = corpus.short(titles)
    spelled = corpus.spelled(titles)
    for kind, seat in seats.items():
        seat.ask(typed[0][::6], Times())  # what is read from the disk at first is no key
        seat.ask(short, measured[kind].short)
        if kind in OURS:
            seat.ask(spelled, measured[kind].spelled)
    for keys in typed[1:]:
        for kind, seat in seats.items():
            if sum(measured[kind].keys.each) < ENOUGH_SECONDS * 1000:
                seat.ask(keys, measured[kind].keys)


def _quality(new: Callable[[], Engine], letters: Letters, pairs: int, *, titled: bool) -> Quality:
    """Each letter asks for its own reply: another one with the same words is not it.

    An engine that makes use of what was asked before has heard the letters without a reply and half of the others, with
    their replies, and is asked by the other half; then the halves change places. It never heard the letter that asks.
    """
    replied, more = letters
    asked = Random(SEED).sample(range(len(replied)), pairs)
    drawn = set(Random(SEED + 1).sample(range(len(replied)), len(replied) // 2))
    first = new()
    if not first.hears:
        return Quality.of(_places(first, replied, asked, (), titled=titled))
    found: list[int | None] = []
    for engine, half in ((first, drawn), (new(), set(range(len(replied))) - drawn)):
        heard: list[tuple[Letter, int | None]] = [(each, None) for each in more]
        heard += [(each, number) for number, each in enumerate(replied) if number not in half]
        found += _places(engine, replied, [each for each in asked if each in half], heard, titled=titled)
    return Quality.of(found)


def _places(
    engine: Engine,
    replied: Sequence[Letter],
    asked: Sequence[int],
    heard: Sequence[tuple[Letter, int | None]],
    *,
    titled: bool,
) -> list[int | None]:
    """Where the reply of each of these letters comes."""
    held = [Document(each.subject if titled else "", each.reply) for each in replied]
    own = {replied[number].detail for number in asked}
    engine.store(held)
    if heard:
        _tell(engine, [(letter, number) for letter, number in heard if letter.detail not in own])
    engine.index(held)
    engine.open()
    found: list[int | None] = []
    begun = perf_counter()
    for number in asked:
        if found and perf_counter() - begun > ENOUGH_SECONDS:
            break
        letter = replied[number]
        words = letter.detail if titled else f"{letter.subject} {letter.detail}"
        ranked = engine.search(words, LIMIT)
        found.append(ranked.index(number) + 1 if number in ranked else None)
    engine.close()
    return found


def _tell(engine: Engine, heard: Sequence[tuple[Letter, int | None]]) -> None:
    engine.hear([(f"{letter.subject} {letter.detail}", number) for letter, number in heard])


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
