"""The n-th working day: our table beside `holidays`' own get_nth_working_day, the same questions in the same run."""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import date, timedelta
from statistics import median
from time import perf_counter

from bench.report import Report, run

FIRST, LAST = date(2007, 1, 1), date(2026, 12, 31)
LIMITS = (3, 5, 10)
QUESTIONS = 3_000
RATIO = 15


def measure(report: Report) -> None:
    """Time both on the limits of Art. 11(2) over twenty years, in turns, and the building of the table."""
    import holidays

    from hotline_tui.rules.calendar import WorkingCalendar

    peer = holidays.country_holidays("CN", years=range(FIRST.year - 1, LAST.year + 3))
    ours = WorkingCalendar()
    draw = random.Random(12345)
    span = (LAST - FIRST).days
    questions = [(FIRST + timedelta(days=draw.randint(0, span)), draw.choice(LIMITS)) for _ in range(QUESTIONS)]
    if [ours.after(*question) for question in questions] != [
        peer.get_nth_working_day(*question) for question in questions
    ]:
        raise AssertionError("the two calendars differ: nothing to compare")

    our_times: list[float] = []
    peer_times: list[float] = []
    for _ in range(5 if report.quick else 25):
        start = perf_counter()
        for day, n in questions:
            _ = peer.get_nth_working_day(day, n)
        between = perf_counter()
        for day, n in questions:
            _ = ours.after(day, n)
        our_times.append(perf_counter() - between)
        peer_times.append(between - start)

    report.figure("questions", QUESTIONS)
    report.figure("ours_us_each", median(our_times) / QUESTIONS * 1e6)
    report.figure("holidays_us_each", median(peer_times) / QUESTIONS * 1e6)
    report.figure("ratio", median(theirs / mine for theirs, mine in zip(peer_times, our_times, strict=True)), digits=1)
    report.figure("table_20_years_ms", median(_build() for _ in range(5)) * 1e3, digits=1)
    starts = 3 if report.quick else 7
    report.figure("first_answer_ms", round(median(_fresh(OURS) for _ in range(starts)) * 1e3))
    report.figure("first_answer_holidays_ms", round(median(_fresh(PEER) for _ in range(starts)) * 1e3))
    report.at_least("ratio", RATIO)


OURS = "from hotline_tui.rules.calendar import WorkingCalendar as C; C().after(date(2026, 9, 28), 5)"
PEER = "import holidays as h; h.country_holidays('CN').get_nth_working_day(date(2026, 9, 28), 5)"


def _build() -> float:
    """Seconds to build the table of twenty years, the library being loaded."""
    from hotline_tui.rules.calendar import WorkingCalendar

    start = perf_counter()
    _ = WorkingCalendar().within(FIRST, LAST)
    return perf_counter() - start


def _fresh(ask: str) -> float:
    """Seconds from the import to the first answer in a new interpreter, its own start not counted."""
    program = f"from time import perf_counter as p; from datetime import date; s = p(); {ask}; print(p() - s)"
    answer = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    return float(answer.stdout)


if __name__ == "__main__":
    sys.exit(run("calendar", measure))
