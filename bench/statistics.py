"""What the figures of a month and of the whole history by month cost, beside the plain SQL of the same numbers.

`python -m bench.statistics [--orders N ...] [--engine sqlite|postgres]`. A city is made for each size as by
`bench.dashboard` and thrown away. The month is the one before: all of it is over. What a bulletin asks for is every
count as a whole and by kind, topic, channel, region and unit, of the month, of the one before and of the same a year
earlier. Beside it stands one month alone, of just the counts that the plain SQL asks; both must give the same numbers.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

from sqlmodel import Session

from bench.dashboard import ENGINES, LITE_OR_SERVED, short, timed
from bench.report import Report, parser_of, told
from hotline_tui.data import tally
from hotline_tui.data.queries.statistics import by_month, counts
from hotline_tui.rules.deadlines import midnight, shanghai_day
from hotline_tui.rules.figures import Counts
from hotline_tui.rules.periods import Period
from hotline_tui.rules.words import Dimension, Measure, Span
from hotline_tui.services.clock import reckoning_now
from hotline_tui.services.desk import Desk

SIZES, QUICK = (10_000, 1_000_000, 10_000_000), (10_000,)
MONTH_MS, HISTORY_MS = 1000, 500
BY = (Dimension.TOTAL, Dimension.KIND, Dimension.TOPIC, Dimension.CHANNEL, Dimension.REGION, Dimension.UNIT)
OWED = """duty IN ('reply', 'promise') AND void_at IS NULL AND unit_id IS NOT NULL
    AND due_at >= {since} AND due_at < {until} AND due_at <= {now}"""
MONTH = f"""
SELECT kind, topic_id, region_id, channel, COUNT(*), SUM(CASE WHEN state <> 'refused' THEN 1 ELSE 0 END),
    SUM(CASE WHEN route = 'direct' AND state <> 'refused' THEN 1 ELSE 0 END) FROM work_order
    WHERE received_at >= {{since}} AND received_at < {{until}} GROUP BY 1, 2, 3, 4;
SELECT COUNT(*) FROM work_order WHERE answered_at >= {{since}} AND answered_at < {{until}};
SELECT COUNT(*) FROM work_order WHERE published_at >= {{since}} AND published_at < {{until}};
SELECT o.kind, o.topic_id, o.region_id, o.channel, a.unit_id, COUNT(*),
    SUM(CASE WHEN {{signed}} = {{sent}} THEN 1 ELSE 0 END), SUM(CASE WHEN returned_at IS NOT NULL THEN 1 ELSE 0 END),
    SUM(CASE WHEN returned_at IS NOT NULL AND return_late THEN 1 ELSE 0 END), SUM(CASE WHEN again THEN 1 ELSE 0 END)
    FROM assignment a JOIN work_order o ON o.id = a.order_id
    WHERE dispatched_at >= {{since}} AND dispatched_at < {{until}} GROUP BY 1, 2, 3, 4, 5;
SELECT o.kind, o.topic_id, o.region_id, o.channel, d.unit_id, COUNT(*),
    SUM(CASE WHEN met_at <= due_at THEN 1 ELSE 0 END), COUNT(met_at)
    FROM deadline d JOIN work_order o ON o.id = d.order_id WHERE {OWED.replace("unit_id", "d.unit_id")}
    GROUP BY 1, 2, 3, 4, 5;
SELECT o.kind, o.topic_id, o.region_id, o.channel, c.unit_id, c.verdict, COUNT(*)
    FROM callback c JOIN work_order o ON o.id = c.order_id WHERE called_at >= {{since}} AND called_at < {{until}}
    GROUP BY 1, 2, 3, 4, 5, 6
"""
HISTORY = f"""
SELECT {{received}}, COUNT(*), SUM(CASE WHEN state <> 'refused' THEN 1 ELSE 0 END),
    SUM(CASE WHEN route = 'direct' AND state <> 'refused' THEN 1 ELSE 0 END) FROM work_order GROUP BY 1;
SELECT {{answered}}, COUNT(*) FROM work_order WHERE answered_at IS NOT NULL GROUP BY 1;
SELECT {{published}}, COUNT(*) FROM work_order WHERE published_at IS NOT NULL GROUP BY 1;
SELECT {{sent_month}}, COUNT(*), SUM(CASE WHEN {{signed}} = {{sent}} THEN 1 ELSE 0 END), COUNT(returned_at),
    SUM(CASE WHEN returned_at IS NOT NULL AND return_late THEN 1 ELSE 0 END), SUM(CASE WHEN again THEN 1 ELSE 0 END)
    FROM assignment GROUP BY 1;
SELECT {{due}}, COUNT(*), SUM(CASE WHEN met_at <= due_at THEN 1 ELSE 0 END), COUNT(met_at) FROM deadline
    WHERE {OWED} GROUP BY 1;
SELECT {{called}}, verdict, COUNT(*) FROM callback GROUP BY 1, 2
"""
"""The same numbers as somebody would ask for them who knows nothing of the program."""
DAYS = {"signed": "signed_at", "sent": "dispatched_at"}
MONTHS = {
    "received": "received_at", "answered": "answered_at", "published": "published_at", "sent_month": "dispatched_at",
    "due": "due_at", "called": "called_at",
}  # fmt: skip
KEPT_ALWAYS = tuple(measure for measure in Measure if measure is not Measure.SERIOUS)
COUNTED = (
    (Measure.RECEIVED, Measure.ACCEPTED, Measure.DIRECT),
    (Measure.ANSWERED,),
    (Measure.PUBLISHED,),
    (Measure.DISPATCHED, Measure.SIGNED, Measure.RETURNED, Measure.RETURNED_LATE, Measure.REDISPATCHED),
    (Measure.DUE, Measure.ON_TIME, Measure.COMPLETED),
    (Measure.CALLED,),
)
"""What the last columns of each plain statement say."""


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 1 when a goal is missed."""
    parser = parser_of("statistics", __doc__)
    parser.add_argument("--orders", type=int, action="append", metavar="N", help="cities of this many orders only")
    parser.add_argument("--engine", choices=ENGINES, action="append", help="only this one")
    options = parser.parse_args(argv)
    report = Report("statistics", quick=options.quick)
    for engine in options.engine or ENGINES:
        with tempfile.TemporaryDirectory(prefix="hotline-bench-") as folder, ExitStack() as stack:
            place = LITE_OR_SERVED[engine](Path(folder), stack)
            for orders in options.orders or (QUICK if options.quick else SIZES):
                _measure(report, f"{engine}_{short(orders)}", place.city(orders))
    return told(report, as_json=options.json)


def _measure(report: Report, name: str, desk: Desk) -> None:
    today = shanghai_day(desk.clock())
    month = Period.of(Span.MONTH, today).before()
    begins = tally.beginning(desk.store, desk.clock())
    history = Period.between(begins, today)

    def of_month(session: Session) -> object:
        reckoning = reckoning_now(desk, session)
        periods = month, month.before(), month.year_before()
        return [counts(session, desk.viewer, reckoning, period, by) for period in periods for by in BY]

    def alone(session: Session) -> dict[Measure, int]:
        reckoning = reckoning_now(desk, session)
        found = [counts(session, desk.viewer, reckoning, month, by, measures=KEPT_ALWAYS) for by in BY]
        return {measure: found[0][""][measure] for measure in KEPT_ALWAYS}

    def of_history(session: Session) -> list[tuple[Period, dict[str, Counts]]]:
        return by_month(session, desk.viewer, reckoning_now(desk, session), history, measures=KEPT_ALWAYS)

    def note(what: str, taken: tuple[float, float]) -> float:
        report.figure(f"{name}_{what}_ms", taken[0], 1)
        report.figure(f"{name}_{what}_cpu_ms", taken[1], 1)
        return taken[0]

    note("month_from_rows", timed(desk, of_month, 1))
    begun = perf_counter()
    days = tally.fold(desk.store, desk.clock(), begins)
    report.figure(f"{name}_fold_ms_a_day", (perf_counter() - begun) * 1000 / max(days, 1), 1)
    report.figure(f"{name}_days", days)
    note("month", timed(desk, of_month))
    whole = note("history", timed(desk, of_history))
    note("history_by_unit", timed(desk, lambda s: _by_unit(s, desk, history), 3))
    one = note("month_alone", timed(desk, alone))
    with desk.store.read() as session:
        told_ = alone(session), _summed(of_history(session))
    for what, ours, words, (first, last), mine in (
        ("month", one, MONTH, (month.first, month.last), told_[0]),
        ("history", whole, HISTORY, (begins, today), told_[1]),
    ):
        plain = _plain(desk, words, first, last)
        by_hand = note(f"{what}_plain_sql", timed(desk, plain, 1))
        report.figure(f"{name}_{what}_plain_ratio", by_hand / ours, 1)
        with desk.store.read() as session:
            differing = [measure.value for measure, many in plain(session).items() if mine.get(measure, 0) != many]
        report.figure(f"{name}_{what}_differing", len(differing))
        report.at_most(f"{name}_{what}_differing", 0)
    report.at_most(f"{name}_month_ms", MONTH_MS)
    report.at_most(f"{name}_history_ms", HISTORY_MS)
    desk.store.dispose()


def _by_unit(session: Session, desk: Desk, history: Period) -> object:
    measures = (Measure.DUE, Measure.ON_TIME)
    return by_month(session, desk.viewer, reckoning_now(desk, session), history, Dimension.UNIT, measures=measures)


def _summed(months: list[tuple[Period, dict[str, Counts]]]) -> dict[Measure, int]:
    whole: Counter[Measure] = Counter()
    for _, found in months:
        whole.update(found.get("", {}))
    return dict(whole)


def _plain(desk: Desk, words: str, first: date, last: date) -> Callable[[Session], dict[Measure, int]]:
    """Every plain statement in turn, and what all their rows say together."""
    lite = desk.store.is_sqlite
    ends = {"since": midnight(first), "until": midnight(last + timedelta(days=1)), "now": desk.clock()}
    told_ = {name: f"'{at.strftime('%Y-%m-%d %H:%M:%S.%f') if lite else at.isoformat()}'" for name, at in ends.items()}
    told_ |= {
        name: f"date({column}, '+8 hours')" if lite else f"CAST(timezone('Asia/Shanghai', {column}) AS date)"
        for name, column in DAYS.items()
    }
    told_ |= {
        name: f"strftime('%Y-%m', {column}, '+8 hours')"
        if lite
        else f"to_char(timezone('Asia/Shanghai', {column}), 'YYYY-MM')"
        for name, column in MONTHS.items()
    }

    def ask(session: Session) -> dict[Measure, int]:
        whole: Counter[Measure] = Counter()
        for statement, measures in zip(words.format(**told_).split(";"), COUNTED, strict=True):
            for row in session.connection().exec_driver_sql(statement).fetchall():
                for measure, many in zip(measures, row[-len(measures) :], strict=True):
                    whole[measure] += many or 0
        return dict(whole)

    return ask


if __name__ == "__main__":
    sys.exit(main())
