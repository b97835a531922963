"""Nothing typed is lost: killed, hung up, locked (R-D1)."""

from __future__ import annotations

import signal
from typing import Any

import pytest

from tests.journeys.centre import PASSWORD, Centre
from tests.journeys.terminal import Terminal

pytestmark = pytest.mark.requirement("R-D1")

MATTER = "小区停车收费没有公示"
FILLED = {
    "phone": "13900007788",
    "name": "王小明",
    "kind": "complaint",
    "urgent": True,
    "secret": False,
    "address": "荷花苑3栋",
    "workplace": "新河纺织厂",
    "home_address": "荷花苑3栋501",
    "narrative": MATTER,
}


def fill_in(seat: Terminal) -> Terminal:
    """A complaint with every fact, in the order of the form."""
    seat.send("f2").wait_for("受理登记", "诉求")
    seat.send("13900007788", "tab", "王小明", "tab", "3").wait_for("[3投诉]")
    seat.send("停车收费").wait_for("诉求分类", "物业管理/停车收费").send("enter").wait_gone("上下键")
    seat.send("xhjd").wait_for("> 城南新区/新河街道").send("enter").wait_gone("上下键")
    seat.send("荷花苑3栋", "tab", "新河纺织厂", "tab", "荷花苑3栋501").wait_for("住址:有")
    seat.send("pageup", "tab", "tab", "tab", "space").wait_for("紧急[X]")
    return seat.send("pagedown", MATTER).wait_for(MATTER)


def kept(centre: Centre, seat: Terminal) -> dict[str, Any]:
    """The draft, once it holds what has been typed so far."""

    def written() -> bool:
        return any(fields.get("narrative", "").startswith(MATTER) for fields in centre.drafts("agent01"))

    seat.wait_until(written, "the draft to be on disk")
    [fields] = centre.drafts("agent01")
    return fields


def test_a_program_killed_in_the_middle_of_typing_has_the_draft_at_its_next_start(centre: Centre) -> None:
    with centre.seat("agent01") as seat:
        before = kept(centre, fill_in(seat))
        seat.send("请核查").kill(signal.SIGKILL)
        assert seat.wait_exit() == -signal.SIGKILL
    assert {name: before[name] for name in FILLED} == FILLED
    assert len(before["topic"]) == len(before["region"]) == 1
    with centre.seat("agent01") as seat:
        seat.wait_for("受理登记", MATTER).send("tab", "enter")
        seat.wait_for(
            "13900007788", "王小明", "[3投诉]", "紧急[X]", "物业管理/停车收费", "新河街道", "荷花苑3栋501", MATTER
        )
        seat.send("pagedown", "请退费").wait_for("请退费")
        seat.wait_until(lambda: "请退费" in centre.drafts("agent01")[0]["narrative"], "the draft to be saved again")
    [after] = centre.drafts("agent01")
    assert after["narrative"] in (f"{MATTER}请退费", f"{MATTER}请核查请退费")
    assert {**after, "narrative": MATTER} == before


def test_a_terminal_that_is_closed_ends_the_program_and_keeps_the_draft(centre: Centre) -> None:
    with centre.seat("agent01") as seat:
        before = kept(centre, fill_in(seat))
        assert seat.hang_up() == 128 + signal.SIGHUP
    assert centre.drafts("agent01") == [before]


def test_a_locked_seat_hides_the_work_and_keeps_it(centre: Centre) -> None:
    with centre.seat("agent01") as seat:
        fill_in(seat).send("f9").wait_for("已存为草稿").send("esc").wait_for("去处", MATTER)
        seat.send("f9").wait_for("屏幕已锁定")
        assert MATTER not in seat.text()
        seat.send("不对的口令", "enter").wait_for("账号或口令不对")
        seat.send("f2", "esc", "ctrl+p").send("f1").wait_for("列出本页面的按键").send("esc").wait_for("屏幕已锁定")
        seat.send(PASSWORD, "enter").wait_for("去处", MATTER)
    [fields] = centre.drafts("agent01")
    assert {name: fields[name] for name in FILLED} == FILLED
