"""What an input method commits and what is pasted arrives whole, down to the database."""

from __future__ import annotations

import pytest
from sqlmodel import select

from hotline_tui.models import WorkOrder
from tests.journeys.centre import Centre
from tests.journeys.terminal import Terminal

pytestmark = pytest.mark.requirement("R-6a")

PHRASE = "小区停车费"
LETTER = ("业主反映物业收费不公示。" * 24 + "共计十页。请予核查") * 10 + "\n" + "完" * 29
"""3,000 characters in two paragraphs, and not one that occurs only once."""


HOSTILE = "楼道\x1b[31m照明\x1b坏了\x1b]0;x\x07一个月, 请\x1b[2J尽快维修"
"""With a colour, a lone escape, a window title and an order to wipe the screen."""
HARMLESS = "楼道[31m照明坏了]0;x一个月, 请[2J尽快维修"


def test_a_paste_with_escape_characters_arrives_whole_and_in_order(centre: Centre) -> None:
    with centre.seat("agent01") as seat:
        seat.send("f2").wait_for("受理登记", "诉求").send("13900002211", "pagedown")
        seat.paste(HOSTILE).wait_for("尽快维修")
        seat.send("ctrl+t", "tab").paste("王\r\n小明\x1b[0m").wait_for("王 小明[0m")
        register(seat, 1)
    assert narratives(centre) == [HARMLESS]


def register(seat: Terminal, number: int) -> None:
    """Report it for instruction: the way out that needs no choice but the topic."""
    seat.send("f6").wait_for("请先选诉求分类").send("tcsf").wait_for("> 物业管理/停车收费", "上下键")
    seat.send("enter").wait_gone("上下键").send("f6").wait_for("批办: 提请")
    seat.send("单位不明", "enter").wait_for(f"-{number:04} 已提请批示")


def narratives(centre: Centre) -> list[str]:
    with centre.reading() as session:
        return list(session.exec(select(WorkOrder.narrative)))


@pytest.mark.parametrize("bracketed", [False, True], ids=["typed", "pasted"])
def test_a_phrase_and_a_letter_arrive_whole_in_the_narrative_and_in_the_database(
    centre: Centre, bracketed: bool
) -> None:
    assert len(PHRASE) == 5
    assert len(LETTER) == 3000
    with centre.seat("agent01") as seat:
        seat.send("f2").wait_for("受理登记", "诉求").send("13900002211", "pagedown")
        seat.paste(PHRASE, bracketed=bracketed).wait_for(PHRASE)
        register(seat, 1)
        seat.send("13900002211", "pagedown")
        # A line end within brackets is the terminal's carriage return; typed it is Enter.
        seat.paste(LETTER.replace("\n", "\r"), bracketed=bracketed).wait_for("完" * 29)
        register(seat, 2)
    assert sorted(narratives(centre), key=len) == [PHRASE, LETTER]
