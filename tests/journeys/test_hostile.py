"""Text meant to break the screen, and terminals that can do little: everything is shown harmlessly and in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlmodel import select

from hotline_tui.models import Caller, WorkOrder
from tests.journeys.centre import Centre
from tests.journeys.terminal import Terminal

pytestmark = pytest.mark.requirement("R-6a")

MARKUP = "[red]停车[/foo]费"
CONTROLS = f"{MARKUP}\x1b[2J\u202e收费"
FAMILY = "王\U0001f468\u200d\U0001f469\u200d\U0001f467明"
LONG = "长" * 100_000


def is_unharmed(seat: Terminal, since: int = 0) -> bool:
    """Whether nothing that the text told the terminal to do was passed on to it."""
    written = bytes(seat.raw[since:])
    return b"\x1b[2J" not in written and "\u202e".encode() not in written


def test_a_callers_words_do_nothing_on_intake_order_and_search(centre: Centre) -> None:
    with centre.seat("agent01") as seat:
        since = seat.bytes
        seat.send("f2").wait_for("受理登记", "诉求").send("13900002211", "tab").paste(FAMILY).wait_for("明")
        seat.send("pagedown").paste(CONTROLS).wait_for(MARKUP, "[2J", "收费", "受理登记", "在线")
        seat.send("f6").wait_for("请先选诉求分类").send("tcsf").wait_for("> 物业管理/停车收费", "上下键")
        seat.send("enter").wait_gone("上下键").send("f6").wait_for("批办: 提请")
        seat.send("单位不明", "enter").wait_for("-0001 已提请批示")
        seat.send("f12").wait_for("去处").send("5").wait_for("结果 1 件", "[red]停")
        seat.send("tab", "tab", "[red]停车", "tab", "enter").wait_for("办理过程", MARKUP, "139****2211", "在线")
        seat.send("f9").wait_for("请写明理由").send("核对姓名", "enter").wait_for("已记录本次查看", "13900002211")
        assert is_unharmed(seat, since)
    with centre.reading() as session:
        narrative = session.exec(select(WorkOrder.narrative)).one()
        name = session.exec(select(Caller.name)).one()
    assert narrative == f"{MARKUP}[2J收费"
    assert name.startswith("王")
    assert name.endswith("明")


def test_a_letters_words_do_nothing_either(centre: Centre, tmp_path: Path) -> None:
    file = tmp_path / "来信.jsonl"
    file.write_text(
        f'{{"编号": "1", "留言用户": "{FAMILY}", "主题": "{MARKUP}\\u001b[2J\\u202e", '
        f'"时间": "2026-11-20 09:00", "内容": "[bold]{MARKUP}\\u001b[2J\\u0007\\u202e{"长" * 15_000}完"}}\n',
        encoding="utf-8",
    )
    assert centre.json("import", "letters", str(file))["created"] == 1
    with centre.seat("agent01", env={"HOTLINE_PROFILE": "rich"}) as seat:
        since = seat.bytes
        seat.send("2").wait_for("派单", MARKUP, "[bold][red]", "在线").send("enter").wait_for("办理过程", "[bold]")
        seat.send("end").wait_for("完")
        assert is_unharmed(seat, since)
    listed = centre.run("order", "list")
    assert MARKUP in listed
    assert "\x1b" not in listed


def test_a_line_of_a_hundred_thousand_characters_is_kept_and_shown(centre: Centre) -> None:
    with centre.seat("agent01") as seat:
        seat.send("f2").wait_for("受理登记", "诉求").send("13900002211", "pagedown")
        seat.paste(LONG).wait_for("长" * 20, "受理登记", "在线").send("完").wait_for("完")
        seat.wait_until(lambda: centre.drafts("agent01")[0]["narrative"] == f"{LONG}完", "the draft to be on disk")
        seat.send("f12").wait_for("去处", "长长长")


def test_a_window_too_small_says_so_and_the_work_is_there_when_it_grows(centre: Centre) -> None:
    with centre.seat("agent01") as seat:
        seat.send("f2").wait_for("受理登记", "诉求").send("pagedown", MARKUP).wait_for(MARKUP)
        seat.resize(40, 10).wait_for("窗口太小", "80 列 24 行")
        seat.resize(132, 43).wait_for("受理登记", MARKUP, "在线")
        seat.send("完").wait_for(f"{MARKUP}完")


@pytest.mark.parametrize("outside", [{"NO_COLOR": "1"}, {"TERM": "linux"}, {"TERM": "vt220", "NO_COLOR": "1"}])
def test_poor_terminals_say_everything_in_words(centre: Centre, outside: dict[str, str]) -> None:
    env = {"HOTLINE_PROFILE": "", **outside}
    with centre.seat("agent01", env=env, term=outside.get("TERM", "xterm-256color")) as seat:
        seat.send("f2").wait_for("受理登记", "诉求").send("f5").wait_for("诉求内容为空", "F5-交办")
        colours = {code for found in re.findall(rb"\x1b\[([\d;]*)m", bytes(seat.raw)) for code in found.split(b";")}
        if "NO_COLOR" in outside:
            assert not colours & {b"38", b"48", *(str(n).encode() for n in (*range(31, 38), *range(41, 48)))}
        assert not re.search(rb"\x1b\[(38|48);2;", bytes(seat.raw))
        assert b"?1000h" not in seat.raw
