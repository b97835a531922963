"""The traps of Chinese text and thin lines, in a real pseudo-terminal."""

from __future__ import annotations

import re
import signal
import sys
from pathlib import Path

import pytest

from tests.journeys.terminal import Terminal

pytestmark = pytest.mark.requirement("R-6a")

ROOT = Path(__file__).resolve().parents[3]
DEMO = [sys.executable, str(Path(__file__).with_name("demo.py"))]
PHRASE = "小区停车费"
FIRST_ORDER = "> C01-20261120-0000"


def demo(profile="thin", **options):
    env = {"HOTLINE_PROFILE": profile, "PYTHONPATH": str(ROOT), **options.pop("env", {})}
    return Terminal(DEMO, env=env, deadline=15, **options)


@pytest.fixture(params=["thin", "rich"])
def terminal(request):
    with demo(request.param) as running:
        yield running.wait_for("在线", FIRST_ORDER)


def to_the_narrative(terminal):
    return terminal.send("tab", "tab")


def test_the_keyboard_protocol_that_garbles_input_methods_is_not_asked_for(terminal):
    assert not re.search(rb"\x1b\[>\d+u", terminal.raw)


@pytest.mark.parametrize("bracketed", [False, True])
def test_a_phrase_of_five_characters_arrives_whole_in_a_one_line_entry(terminal, bracketed):
    terminal.paste(PHRASE, bracketed=bracketed).wait_for(PHRASE)
    assert terminal.line(1).strip() == PHRASE


@pytest.mark.parametrize("bracketed", [False, True])
def test_a_phrase_of_five_characters_arrives_whole_in_the_narrative(terminal, bracketed):
    to_the_narrative(terminal).paste(PHRASE, bracketed=bracketed).wait_for(PHRASE)
    assert terminal.send("f6").wait_for("诉求共 5 字")


def test_a_letter_of_three_thousand_characters_is_pasted_whole(terminal):
    letter = ("业主反映物业收费不公示。" * 24 + "共计十页。请予核查") * 10
    assert len(letter) == 2970
    letter += "\n" + "完" * 29
    to_the_narrative(terminal).paste(letter).wait_for("完" * 29)
    assert terminal.send("f6").wait_for("诉求共 3000 字")


def test_the_input_method_window_opens_at_the_entry_from_the_start(terminal):
    terminal.wait_until(lambda: terminal.cursor == (0, 1), "the cursor at the first entry")


def test_the_input_method_window_stands_right_after_the_last_character(terminal):
    terminal.send(PHRASE[0], PHRASE[1]).wait_until(lambda: terminal.cursor == (4, 1), "the cursor after two characters")
    terminal.send("tab").wait_until(lambda: terminal.cursor == (6, 2), "the cursor after the name")


def test_the_input_method_window_opens_at_the_entry_of_a_dialog(terminal):
    terminal.send("f5").wait_for("选择承办单位")
    column, row = next(
        (line.index("输"), y) for y, line in enumerate(terminal.text().split("\n")) if "输入以筛选" in line
    )
    terminal.wait_until(lambda: terminal.cursor == (column, row), f"the cursor at {column}, {row}")


def test_the_input_method_window_follows_the_narrative(terminal):
    to_the_narrative(terminal).send(PHRASE).wait_until(
        lambda: terminal.cursor == (11, 4), "the cursor in the narrative"
    )


def test_no_sign_is_shown_whose_width_terminals_disagree_on(terminal):
    ambiguous = set("“”…—·①★●→§─│┌┐└┘▁▔▊▎■•")
    for key, shown in (
        ("f1", "列出本页面的按键"),
        ("enter", "在线"),
        ("f5", "建议"),
        ("esc", "在线"),
        ("f8", "告知来电人"),
    ):
        terminal.send(key).wait_for(shown)
        assert not ambiguous & set(terminal.text())


def test_a_typed_character_costs_at_most_150_bytes_and_a_move_600_on_a_thin_line():
    with demo("thin") as terminal:
        terminal.wait_for("在线", FIRST_ORDER).settle()
        before = terminal.bytes
        for character in "13900002211":
            terminal.send(character).settle()
        assert (terminal.bytes - before) / 11 <= 150
        to_the_narrative(terminal).settle()
        before = terminal.bytes
        for character in PHRASE:
            terminal.send(character).settle()
        assert (terminal.bytes - before) / 5 <= 150
        terminal.send("tab").settle()
        before = terminal.bytes
        for _ in range(15):
            terminal.send("down").settle()
        assert (terminal.bytes - before) / 15 <= 600


def test_nothing_is_written_while_nobody_does_anything(terminal):
    terminal.settle()
    before = terminal.bytes
    terminal.settle(quiet=1.2)
    assert terminal.bytes == before


@pytest.mark.parametrize("signum", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_to_end_ends_the_program_at_once(terminal, signum):
    assert terminal.kill(signum).wait_exit() == 128 + signum


def test_a_terminal_that_is_told_to_end_is_left_as_it_was(terminal):
    terminal.kill(signal.SIGTERM).wait_exit()
    assert bytes(terminal.raw).endswith(b"\x1b[?1049l\x1b[?25h")


def test_a_closed_terminal_leaves_no_orphan(terminal):
    assert terminal.hang_up() == 128 + signal.SIGHUP


def test_keys_typed_ahead_land_where_they_would_if_typed_slowly(terminal):
    terminal.paste("\t\t三个字\x1b[15~xhj\r\x1b[17~", bracketed=False).wait_for("诉求共 3 字")
    assert terminal.line(1) == "电话"
    terminal.send("f5").wait_for("选择承办单位").paste("xhj\r", bracketed=False).wait_for("已选 新河街道")


def test_keys_typed_before_a_form_has_read_what_it_offers_are_its_own(terminal):
    terminal.paste("\x1b[18~xhj\r", bracketed=False).wait_for("已选 新河街道")
    assert terminal.line(1).strip() == "电话"


def test_a_window_too_small_says_so_and_nothing_is_lost_when_it_grows(terminal):
    terminal.send(PHRASE).wait_for(PHRASE)
    terminal.resize(40, 10).wait_for("窗口太小", "80 列 24 行")
    terminal.send("x", "f5").settle()
    terminal.resize(132, 43).wait_for(PHRASE, "在线")
    assert "选择承办单位" not in terminal.text()
    terminal.send("一").wait_for(PHRASE + "一")


def test_a_window_too_small_from_the_start_says_so():
    with demo(size=(40, 10)) as terminal:
        terminal.wait_for("窗口太小").resize(80, 24).wait_for("在线", FIRST_ORDER)


def test_without_colour_no_colour_is_written_and_everything_is_said_in_words():
    with demo("rich", env={"NO_COLOR": "1"}) as terminal:
        terminal.wait_for("超期 2", FIRST_ORDER)
        codes = {code for found in re.findall(rb"\x1b\[([\d;]*)m", terminal.raw) for code in found.split(b";")}
        assert not codes & {b"38", b"48", *(str(n).encode() for n in (*range(31, 38), *range(41, 48), *range(90, 108)))}


@pytest.mark.parametrize("term", ["linux", "vt220", "screen", "xterm-256color"])
def test_old_terminals_show_the_same_words(term):
    env = {"HOTLINE_PROFILE": ""} if term != "xterm-256color" else {}
    with demo(term=term, env=env) as terminal:
        terminal.wait_for("受理登记", "F5 交办", "在线", FIRST_ORDER)
        assert b"?1000h" not in terminal.raw


def test_a_repaint_heals_a_screen_that_another_program_wrote_on(terminal):
    terminal.settle()
    terminal._screen.reset()
    assert "在线" not in terminal.text()
    terminal.send("ctrl+l").wait_for("在线", FIRST_ORDER).send("f5").wait_for("选择承办单位").settle()
    terminal._screen.reset()
    terminal.send("ctrl+l").wait_for("选择承办单位", "在线")
