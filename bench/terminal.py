"""Keys, bytes, first paint and memory of the program in a real terminal, beside a bare Textual program."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median

from bench.report import Figure, Report, machine, run
from tests.journeys.centre import Centre
from tests.journeys.terminal import KEYS, Terminal

BARE = Path(__file__).with_name("bare.py")
PROFILES = ("thin", "rich")
QUIET = 0.4
"""Seconds without a byte after which an answer to a key is taken to be complete."""
IDLE_SECONDS = 4.0
PHONE = "13900002211"
QUESTION = "单位拖欠工资怎么办"
MATTER = "小区停车收费没有公示也没有征求业主意见"
BYTES = (
    ("bytes_per_character_phone", "a digit of the telephone number"),
    ("bytes_per_character_narrative", "a character of the narrative"),
    ("bytes_per_move_queue", "a row down in a queue, the order read beside it"),
    ("bytes_per_move_table", "a row down in a table"),
    ("bytes_idle_4_s", "4 seconds without a key"),
)
LETTERS = 40
"""Rows of the queue that the cursor is moved in: two pages of it."""


class Counted:
    """A seat whose keys are counted: characters of a text apart from the keys that have a name."""

    def __init__(self, seat: Terminal) -> None:
        self.seat = seat
        self.keys = 0
        self.characters = 0

    def send(self, *keys: str) -> Terminal:
        """Press keys by name, or type a text."""
        for key in keys:
            if key in KEYS or len(key) == 1:
                self.keys += 1
            else:
                self.characters += len(key)
        return self.seat.send(*keys)


def measure(report: Report) -> None:
    """Everything in turn, each in programs of its own."""
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as folder:
        centre = Centre.found(Path(folder) / "centre")
        _in_turn(
            report, [partial(_keys, report, centre, *job) for job in (("answer", _answer), ("dispatch", _dispatch))]
        )
        _letters(centre)
        _in_turn(report, [partial(_bytes, report, centre, profile) for profile in PROFILES])
        _start(report, centre)
        _in_turn(report, [partial(part, report, centre) for part in (_memory_first, _memory_seat)])
    report.at_most("thin_bytes_per_character_narrative", 150)
    report.at_most("thin_bytes_per_character_phone", 150)
    report.at_most("thin_bytes_per_move_queue", 600)
    report.at_most("thin_bytes_per_move_table", 600)
    report.at_most("thin_bytes_idle_4_s", 0)
    report.at_most("rich_bytes_idle_4_s", 0)
    report.at_most("first_paint_ratio", 1.3)
    for place in ("sign_in", "home", "intake"):
        report.at_most(f"memory_{place}_mb", 70)


def _in_turn(report: Report, parts: Sequence[Callable[[], None]]) -> None:
    """Each by itself; when quick, at once: keys, bytes and memory of a program do not depend on its neighbour."""
    with ThreadPoolExecutor(len(parts) if report.quick else 1) as pool:
        for done in [pool.submit(part) for part in parts]:
            done.result()


# -- keys


def _keys(report: Report, centre: Centre, name: str, call: Callable[[Counted], None]) -> None:
    with centre.seat("agent01") as seat:
        counted = Counted(seat)
        call(counted)
        report.figure(f"{name}_keys", counted.keys)
        report.figure(f"{name}_characters", counted.characters)


def _answer(call: Counted) -> None:
    """A call answered from the knowledge base, from home to the next call."""
    call.send("f2").wait_for("受理登记", "诉求")
    call.send(PHONE, "pagedown", QUESTION).wait_for("> 单位拖欠工资怎么办")
    call.send("f4").wait_for("选一条答复来电人", "工资应当以货币形式按月支付")
    call.send("enter").wait_for("读给来电人", "答复并办结")
    call.send("enter").wait_for("已直接答复")


def _dispatch(call: Counted) -> None:
    """A complaint with every fact that Art. 15 asks for, dispatched to the unit that is suggested."""
    call.send("f2").wait_for("受理登记", "诉求")
    call.send(PHONE, "enter", "王小明", "enter", "3").wait_for("[3投诉]")
    call.send("tcsf").wait_for("> 物业管理/停车收费", "上下键")
    call.send("enter").wait_gone("上下键")
    call.send("xhjd").wait_for("> 城南新区/新河街道", "上下键")
    call.send("enter").wait_gone("上下键")
    call.send("荷花苑3栋", "enter", "新河纺织厂", "enter", "荷花苑3栋501", "pagedown", MATTER).wait_for(MATTER)
    call.send("f5").wait_for("交办: 投诉", "房产管理分局 (建议)")
    call.send("enter").wait_for("已交办房产分局")


# -- bytes


def _letters(centre: Centre) -> None:
    path = centre.home / "letters.csv"
    rows = [f"{n},路灯不亮{n},2026-11-{n % 20 + 1:02} 09:00,文昌路{n}号路灯多日不亮" for n in range(1, LETTERS + 1)]
    path.write_text("\n".join(["编号,主题,时间,内容", *rows]), encoding="utf-8")
    centre.run("import", "letters", str(path))


def _bytes(report: Report, centre: Centre, profile: str) -> None:
    with centre.seat("agent01", env={"HOTLINE_PROFILE": profile, "COLORTERM": "truecolor"}) as seat:
        seat.settle(QUIET)
        seat.send("f2").wait_for("受理登记", "诉求", "个工作日").settle(QUIET)
        report.figure(
            f"{profile}_bytes_per_character_phone", _each(seat, PHONE[: 4 if report.quick else None]), digits=0
        )
        seat.send("pagedown").settle(QUIET)
        report.figure(
            f"{profile}_bytes_per_character_narrative", _each(seat, MATTER[: 12 if report.quick else None]), digits=0
        )
        report.figure(f"{profile}_bytes_idle_4_s", _idle(seat))
        seat.send("f12").wait_for("去处").send("2").wait_for("路灯不亮", f"{LETTERS} 件").settle(QUIET)
        report.figure(f"{profile}_bytes_per_move_queue", _each(seat, ["down"] * (4 if report.quick else 20)), digits=0)
        seat.send("f12").wait_for("去处").send("5").wait_for("路灯不亮").send("tab", "tab", "tab").settle(QUIET)
        report.figure(f"{profile}_bytes_per_move_table", _each(seat, ["down"] * (3 if report.quick else 15)), digits=0)


def _each(seat: Terminal, keys: Sequence[str]) -> float:
    """Bytes for one key, each with all that follows from it (saved draft, answers found, order read)."""
    before = seat.bytes
    for key in keys:
        seat.send(key).settle(QUIET)
    return (seat.bytes - before) / len(keys)


def _idle(seat: Terminal) -> int:
    """Bytes in four seconds without a key, the clock's minute apart: it is waited for first if it is near."""
    _ = seat.settle(1.5)
    if (left := 60 - time.time() % 60) < IDLE_SECONDS + 1:
        seat.settle(left + 1)
    before = seat.bytes
    seat.settle(IDLE_SECONDS)
    return seat.bytes - before


# -- first paint and memory


def _start(report: Report, centre: Centre) -> None:
    """Milliseconds from the start of the process to the words on the screen, in turns."""
    ours: list[float] = []
    bare: list[float] = []
    for _ in range(2 if report.quick else 15):
        ours.append(_paint(centre.terminal, "口令"))
        bare.append(_paint(_bare, "bare"))
    report.figure("first_paint_ms", round(median(ours) * 1e3))
    report.figure("first_paint_bare_ms", round(median(bare) * 1e3))
    ratio = median(ours) / median(bare)
    report.figure("first_paint_ratio", ratio, digits=2)


def _bare() -> Terminal:
    return Terminal([sys.executable, str(BARE)], env={"TEXTUAL_DISABLE_KITTY_KEY": "1"})


def _paint(start: Callable[[], Terminal], word: str) -> float:
    began = time.perf_counter()
    with start() as terminal:
        terminal.wait_until(lambda: word.encode() in terminal.raw, word)
        return time.perf_counter() - began


def _memory_first(report: Report, centre: Centre) -> None:
    with _bare() as terminal:
        terminal.wait_for("bare").settle(1)
        report.figure("memory_bare_mb", _resident(terminal, report), digits=1)
    with centre.terminal() as seat:
        seat.wait_for("口令")
        report.figure("memory_first_paint_mb", _now(seat), digits=1)
        report.figure("memory_sign_in_mb", _resident(seat, report), digits=1)


def _memory_seat(report: Report, centre: Centre) -> None:
    with centre.seat("agent01") as seat:
        seat.settle(1)
        report.figure("memory_home_mb", _resident(seat, report), digits=1)
        seat.send("f2").wait_for("受理登记", "诉求").send(PHONE, "pagedown", MATTER).wait_for(MATTER).settle(1.5)
        report.figure("memory_intake_mb", _resident(seat, report), digits=1)


def _now(terminal: Terminal) -> float:
    """Megabytes resident at this moment."""
    status = Path(f"/proc/{terminal.pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def _resident(terminal: Terminal, report: Report) -> float:
    """The same once it no longer grows: what is imported behind the screen is there."""
    sizes: list[float] = []
    while len(sizes) < 4 or max(sizes[-4:]) - min(sizes[-4:]) > 0.5:
        terminal.settle(0.5 if report.quick else 1.0)
        sizes.append(_now(terminal))
    return sizes[-1]


# -- the page


def document(report: Report) -> str:
    """The figures as docs/terminal.md has them."""
    figures = report.figures
    lines = [
        "# Keys, bytes, first paint and memory",
        "",
        "Printed by `python -m bench.terminal --write docs/terminal.md`, which drives the program in a pseudo-terminal",
        f"of 80 x 24 on SQLite: {machine()}.",
        "",
        "## Keys pressed, from the home screen to the next call",
        "",
        "| job | keys | characters of the text |",
        "|---|---:|---:|",
        f"| a call answered from the knowledge base | {figures['answer_keys']} | {figures['answer_characters']} |",
        f"| a complaint dispatched (Art. 15) | {figures['dispatch_keys']} | {figures['dispatch_characters']} |",
        "",
        "Keys are function keys, Enter, page keys and digits. The characters are what the caller tells, and four",
        "initials each for the topic and the street.",
        "",
        "## Bytes written to the terminal",
        "",
        "| for | thin | rich |",
        "|---|---:|---:|",
        *(f"| {what} | {_shown(figures, 'thin', name)} | {_shown(figures, 'rich', name)} |" for name, what in BYTES),
        "",
        "A character carries all that follows from it: the saved draft, the answers found, the orders like it.",
        "",
        "## First paint and memory, beside a Textual program of one line (`bench/bare.py`)",
        "",
        "| | this program | bare |",
        "|---|---:|---:|",
        f"| first paint, ms | {figures['first_paint_ms']:,} | {figures['first_paint_bare_ms']:,} |",
        f"| resident at first paint, MB | {figures['memory_first_paint_mb']} | {figures['memory_bare_mb']} |",
        f"| sign-in, the database open, MB | {figures['memory_sign_in_mb']} | |",
        f"| home, MB | {figures['memory_home_mb']} | |",
        f"| intake, MB | {figures['memory_intake_mb']} | |",
        "",
        f"First paint takes {figures['first_paint_ratio']} times as long as the bare program's: medians, run in turns.",
        "",
        "## Goals",
        "",
        "| figure | goal | value | met |",
        "|---|---|---:|---|",
        *(
            f"| {goal['figure']} | {goal['goal'].replace('<=', 'at most')} | {goal['value']:,} | {_met(goal['ok'])} |"
            for goal in report.goals
        ),
        "",
    ]
    return "\n".join(lines)


def _shown(figures: dict[str, Figure], profile: str, name: str) -> str:
    return f"{figures[f'{profile}_{name}']:,}"


def _met(ok: bool) -> str:
    return "yes" if ok else "**no**"


if __name__ == "__main__":
    sys.exit(run("terminal", measure, document=document))
