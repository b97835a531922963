"""Pictures of every screen: the real program in a pseudo-terminal, on the demonstration city of a fixed day.

`python -m bench.pictures [NAME ...]` writes docs/pictures/NAME-80x24.png and NAME-132x43.png. The clock stands still.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from bench.drawing import Fonts, NoFont, draw, fonts
from hotline_tui.rules.words import Role
from tests.journeys.terminal import NotShown, Terminal

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "docs" / "pictures"
SIZES = ((80, 24), (132, 43))
DAY = date(2026, 11, 24)
NOW = "2026-11-24T14:32:00+08:00"
PATIENCE = 60.0
COMPLAINT = "小区物业从本月起对业主私家车按每天十元收取停车费, 没有公示, 也没有征求业主意见, 要求核查收费依据并退还。"


@dataclass(frozen=True)
class Picture:
    """A screen, who sits there, and the way to it from the home screen."""

    name: str
    role: Role | None
    """None: nobody has signed in."""
    way: Callable[[Terminal], object]


def place(spelling: str, *shown: str) -> Callable[[Terminal], Terminal]:
    """The way through the palette to a place."""

    def go(terminal: Terminal) -> Terminal:
        return terminal.send("ctrl+p").wait_for("输入以筛选").send(spelling).settle().send("enter").wait_for(*shown)

    return go


def intake(terminal: Terminal) -> object:
    """A complaint as it is told: the number that called before, the facts, the narrative."""
    terminal.send("f2").wait_for("受理登记").send("13900002793", "enter").wait_for("件: ")
    terminal.paste("王某某").send("tab", "3")
    for typed in ("tcsf", "xhjd"):
        terminal.send(typed).wait_for("Enter 选定").settle().send("enter")
        terminal.wait_gone("Enter 选定")
    for told in ("某某花园3栋", "某某公司", "某某花园3栋501"):
        terminal.paste(told).send("tab")
    terminal.send("tab")
    return terminal.paste(COMPLAINT).wait_for("标准答案 6 条", "相似工单 4 件").settle(1.0)


def knowledge(terminal: Terminal) -> object:
    """A word, and the first answer."""
    return terminal.send("f3").wait_for("知识库").paste("停车").settle(0.6)


def order(terminal: Terminal) -> object:
    """The most overdue order."""
    return dashboard(terminal).send("f6").wait_for("来电人").settle(0.5)


def dashboard(terminal: Terminal) -> Terminal:
    """The board, as read."""
    return place("dbkb", "超期工单", "今日受理")(terminal)


def search(terminal: Terminal) -> object:
    """Everything overdue."""
    place("cx", "结果")(terminal).send("f4").wait_for("未办结").send("cq").settle().send("enter")
    return terminal.wait_for("状态 超期", "超期 1").settle()


def publication(terminal: Terminal) -> object:
    """A reply, and what would stand on the net."""
    place("shfb", "审核发布", "C0")(terminal)
    return terminal.send("f5").wait_for("F7 遮盖").settle(0.6)


PICTURES = (
    Picture("sign-in", None, lambda terminal: terminal.wait_for("口令")),
    Picture("home", Role.AGENT, lambda terminal: terminal.settle()),
    Picture("intake", Role.AGENT, intake),
    Picture("knowledge", Role.AGENT, knowledge),
    Picture("dispatch", Role.OFFICE, place("pd", "派单", "C0")),
    Picture("order", Role.OFFICE, order),
    Picture("unit", Role.HANDLER, place("cb", "承办", "C0")),
    Picture("review", Role.UNIT_LEADER, place("cb", "承办", "C0")),
    Picture("release", Role.OFFICE, place("shfb", "审核发布", "C0")),
    Picture("publication", Role.OFFICE, publication),
    Picture("instruction", Role.CITY_LEADER, place("ps", "批示", "C0")),
    Picture("calendar", Role.OFFICE, place("rl", "日历", "2026")),
    Picture("statistics", Role.OFFICE, place("tj", "统计")),
    Picture("looks", Role.AUTHORITY, place("ckjl", "查看记录")),
    Picture("callback", Role.AGENT, place("hf", "回访", "C0")),
    Picture("dashboard", Role.OFFICE, dashboard),
    Picture("search", Role.OFFICE, search),
    Picture("help", Role.OFFICE, lambda terminal: dashboard(terminal).send("f1").wait_for("取消筛选").settle()),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Draw all, or those named; 1 when a screen did not come or there is no font."""
    parser = argparse.ArgumentParser(prog="python -m bench.pictures", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="; ".join(picture.name for picture in PICTURES))
    parser.add_argument("--seat", nargs=2, metavar=("HOME", "ACCOUNT"), help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.seat:
        return seat(*options.seat)
    unknown = set(options.names) - {picture.name for picture in PICTURES}
    if unknown:
        parser.error(f"no such picture: {', '.join(sorted(unknown))}")
    try:
        found = fonts()
    except NoFont as error:
        print(error, file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="hotline-pictures-") as folder:
        return draw_all(Path(folder), [p for p in PICTURES if p.name in options.names or not options.names], found)


def draw_all(home: Path, pictures: Sequence[Picture], found: Fonts) -> int:
    """Build the city, then run the program once for each picture."""
    accounts = build(home)
    missing = 0
    for picture in pictures:
        account = str(accounts[picture.role]) if picture.role else "-"
        for columns, rows in SIZES:
            path = OUT / f"{picture.name}-{columns}x{rows}.png"
            command = [sys.executable, "-m", "bench.pictures", "--seat", str(home), account]
            env = {"COLORTERM": "truecolor", "HOTLINE_PROFILE": "rich", "PYTHONPATH": str(ROOT)}
            try:
                with Terminal(command, size=(columns, rows), env=env, cwd=ROOT, deadline=PATIENCE) as terminal:
                    terminal.wait_for("工作台" if picture.role else "口令")
                    picture.way(terminal)
                    terminal.settle(0.5)
                    draw(terminal.screen, path, found)
            except NotShown as error:
                missing += 1
                print(f"{path.name}: {error}", file=sys.stderr)
            else:
                print(path.relative_to(ROOT))
    return 1 if missing else 0


def build(home: Path) -> dict[Role, UUID]:
    """The demonstration city as it stands on the day at the hour."""
    from hotline_tui.services import demo
    from hotline_tui.settings import load

    return demo.build(load({"home": home}, {}), DAY, datetime.fromisoformat(NOW))


def seat(home: str, account: str) -> int:
    """The program itself, its clock standing still."""
    from hotline_tui import app
    from hotline_tui.settings import load

    moment = datetime.fromisoformat(NOW)
    account_id = None if account == "-" else UUID(account)
    return app.run(load({"home": home}, {"HOTLINE_PROFILE": "rich"}), account_id=account_id, clock=lambda: moment)


if __name__ == "__main__":
    sys.exit(main())
