"""What an input method commits and what is pasted arrives whole, down to the database."""

from __future__ import annotations

import pytest
from sqlmodel import select

from hotline_tui.models import WorkOrder
from tests.journeys.centre import Centre
from tests.journeys.terminal import Terminal

PHRASE = "小区停车费"
LETTER = ("业主反映物业收费不公示。" * 24 + "共计十页。请予核查") * 10 + "\n" + "完" * 29
"""3,000 characters in two paragraphs, and not one that occurs only once."""


def register(seat: Terminal, number: int) -> None:
    """Report it for instruction: the shortest way out that needs no choice."""
    seat.send("f6").wait_for("呈报批示").send("单位不明", "enter").wait_for(f"-{number:04} 已呈报批示")


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
