"""The shared widgets, one sentence each."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

import pytest
from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.binding import Binding
from textual.widgets import Static

from hotline_tui.errors import NotAllowed, StorageError
from hotline_tui.screens import base
from hotline_tui.screens.actions import ScreenAction, key_name, with_twins
from hotline_tui.screens.base import HotlineScreen
from hotline_tui.screens.profile import Profile
from hotline_tui.screens.widgets.display import fit, lines_of
from hotline_tui.screens.widgets.entry import HotlineInput, Narrative
from hotline_tui.screens.widgets.help import Help
from hotline_tui.screens.widgets.lines import ActionBar, Line, Link, StatusFacts, StatusLine, rule
from hotline_tui.screens.widgets.modals import Ask, Confirm, Notice
from hotline_tui.screens.widgets.pages import Pages, Para, wrapped
from hotline_tui.screens.widgets.picker import Picker, PickItem
from hotline_tui.screens.widgets.row_list import KEEP, Row, RowList
from tests.screens.widgets.demo import NOON, DemoApp, DemoScreen, order_row

HOSTILE = [
    "[red]王某",
    "[/foo]",
    "\x1b[2J\x1b[H清屏",
    "\u202e某王\u202d",
    "长" * 100_000,
    "👨\u200d👩\u200d👧一家",
    "第一行\n第二行\r\t\x00",
    "👍🏽\ufe0f",
]


@pytest.fixture(params=list(Profile))
async def pilot(request):
    app = DemoApp(request.param, clock=lambda: NOON)
    async with app.run_test(size=(80, 24)) as running:
        await running.pause()
        yield running


@pytest.fixture
def demo(pilot):
    return pilot.app.screen


def rows_of(pilot):
    return pilot.app.screen.query_one(RowList)


def status_of(pilot):
    return pilot.app.screen.query_one(StatusLine).joined(80).plain


def picture(widget):
    return [widget.render_line(y).text for y in range(widget.size.height)]


# -- text of citizens


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("width", [1, 2, 7, 40])
def test_hostile_text_fills_its_cells_exactly_and_holds_nothing_that_drives_a_terminal(text, width):
    for shown in (fit(text, width), fit(Text(text, style="bold"), width)):
        assert cell_len(shown.plain) == width
        assert shown.plain.isprintable()


def test_what_was_cut_off_is_marked():
    assert fit("物业收费没有公示", 10).plain == "物业收费.."


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_in_a_list_a_title_a_notice_and_an_entry_is_shown_as_it_is_written(pilot, text):
    rows_of(pilot).show([Row("1", (text, text, Text(text), text, text))])
    pilot.app.screen.set_title(text, text)
    entry = pilot.app.screen.query_one("#phone", HotlineInput)
    entry.value = text
    pilot.app.screen.flash(text)
    await pilot.pause()
    assert entry.value.isprintable()
    for line in picture(rows_of(pilot)):
        assert cell_len(line) == 80
        assert line.isprintable()
    pilot.app.push_screen(Notice(text, text))
    await pilot.pause()
    reading = pilot.app.screen.query_one("#reading", Pages)
    assert "".join(reading.plain.split()) == "".join(lines_of(text).split())
    assert "\x1b" not in reading.plain


# -- entries


async def test_a_pasted_letter_of_several_lines_becomes_one_line_in_an_entry_and_nothing_is_lost(pilot, demo):
    pilot.app.post_message(events.Paste("第一行\r\n第二行\x1b[2J"))
    await pilot.pause()
    assert demo.query_one("#phone", HotlineInput).value == "第一行 第二行[2J"


async def test_a_wide_blank_from_the_input_method_is_a_blank(pilot, demo):
    for key in ("a", "\u3000", "b", "tab", "tab", "甲", "\u3000", "乙"):
        pilot.app.post_message(events.Key(key, None))
    await pilot.pause()
    assert demo.query_one("#phone", HotlineInput).value == "a b"
    assert demo.query_one(Narrative).text == "甲 乙"


async def test_no_entry_blinks(demo):
    assert not any(entry.cursor_blink for entry in demo.query(HotlineInput))
    assert not demo.query_one(Narrative).cursor_blink


async def test_chinese_text_fills_its_lines_and_no_line_begins_with_a_full_stop(pilot, demo):
    narrative = demo.query_one(Narrative)
    narrative.load_text("编号 " + "中" * 36 + "。" + "文" * 10)
    await pilot.pause()
    lines = [line.rstrip() for line in picture(narrative) if line.strip()]
    assert lines[0].strip().startswith("编号 中中")
    assert not any(line.strip().startswith("。") for line in lines)


async def test_a_password_is_shown_as_asterisks(pilot):
    pilot.app.push_screen(Ask("口令", password=True))
    await pilot.pause()
    await pilot.press(*"secret")
    entry = pilot.app.screen.query_one(HotlineInput)
    assert picture(entry)[0].strip() == "******"


# -- list


async def test_a_list_keeps_its_cursor_on_the_same_order_when_orders_come_and_go(pilot):
    rows = rows_of(pilot)
    rows.move_to("order-7")
    rows.show([order_row(number) for number in (90, 91, 7, 8)])
    assert rows.key == "order-7"
    rows.show([order_row(number) for number in (90, 91, 8)])
    assert rows.key == "order-8"
    rows.show([])
    assert rows.key is None


async def test_an_empty_list_says_what_to_press(pilot):
    rows_of(pilot).show([])
    assert "没有工单, 按 F2 登记一件" in "".join(picture(rows_of(pilot)))


async def test_a_changed_row_is_all_that_is_painted_again(pilot, monkeypatch):
    rows = rows_of(pilot)
    painted = []
    monkeypatch.setattr(rows, "refresh", lambda *regions, **_: painted.extend(regions or ["all"]))
    changed = [order_row(number, "超期 1 日" if number == 3 else "剩 2 个工作日") for number in range(60)]
    rows.show(changed)
    assert [(region.y, region.height) for region in painted] == [(4, 1)]
    painted.clear()
    rows.show(changed)
    assert painted == []


async def test_a_move_paints_two_lines(pilot, monkeypatch):
    rows = rows_of(pilot)
    painted = []
    monkeypatch.setattr(rows, "refresh", lambda *regions, **_: painted.extend(regions or ["all"]))
    rows.action_move(1)
    assert [region.height for region in painted] == [1, 1]


class PagedScreen(DemoScreen):
    ACTIONS = ()

    def on_row_list_wanted(self, event):
        first = int(event.key.split("-")[1])
        after = event.edge == "after"
        numbers = range(first + 1, min(1000, first + 51)) if after else range(max(0, first - 50), first)
        more = numbers.stop < 1000 if after else numbers.start > 0
        event.rows.extend([order_row(number) for number in numbers], event.edge, more=more)


async def test_a_long_list_comes_page_by_page_and_never_holds_more_than_some_hundred_rows():
    app = DemoApp(Profile.THIN, clock=lambda: NOON)
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PagedScreen())
        await pilot.pause()
        rows = app.screen.query_one(RowList)
        rows.show([order_row(number) for number in range(50)], more=True)
        for _ in range(20):
            rows.action_edge(1)
            await pilot.pause()
            assert len(rows.rows) <= KEEP
        assert rows.key is not None
        assert int(rows.key.split("-")[1]) > 600
        for _ in range(20):
            rows.action_edge(-1)
            await pilot.pause()
            assert len(rows.rows) <= KEEP
        assert rows.key == "order-0"
        keys = [row.key for row in rows.rows]
        assert keys == [f"order-{number}" for number in range(len(keys))]


async def test_enter_chooses_the_row_under_the_cursor(pilot):
    rows_of(pilot).focus()
    await pilot.press("down", "down", "enter")
    assert "打开 order-2" in status_of(pilot)


async def test_the_cursor_is_marked_by_a_sign_and_not_by_colour_alone(pilot):
    assert [line for line in picture(rows_of(pilot)) if line.startswith("> ")] == [picture(rows_of(pilot))[1]]


async def test_numbers_stand_at_the_right_of_their_column(pilot):
    await pilot.press("f5")
    assert picture(rows_of(pilot))[1].endswith("   在办 4")


# -- lines, actions, help


async def test_the_status_line_tells_connection_counts_desk_and_time_in_shanghai(pilot):
    assert status_of(pilot).split() == [
        "在线",
        "待派",
        "6",
        "临期",
        "4",
        "超期",
        "2",
        "坐席03",
        "城南热线",
        "呼叫前台",
        "14:32",
    ]
    pilot.app.set_status(StatusFacts("坐席03", link=Link.AWAY, unsent=3, overdue=1))
    assert status_of(pilot).split() == ["离线,", "正在重新连接", "未上报", "3", "超期", "1", "坐席03", "14:32"]


async def test_an_action_that_is_closed_stays_in_sight_and_answers_with_the_article(pilot):
    bar = pilot.app.screen.query_one(ActionBar)
    assert "F4 直接答复" in bar.joined(80).plain
    await pilot.press("f4")
    assert "须先核实姓名和电话(第十五条)" in status_of(pilot)


async def test_help_lists_every_action_with_its_sentence_and_the_reason_of_a_closed_one(pilot):
    await pilot.press("f1")
    assert isinstance(pilot.app.screen, Help)
    text = "".join(pilot.app.screen.query_one("#reading", Pages).plain.split())
    for action in DemoScreen.all_actions():
        for key in action.key.split(","):
            assert key_name(key) in text
        assert "".join(action.help.split()) in text
    assert "现在不能:须先核实姓名和电话(第十五条)" in text
    await pilot.press("escape")
    assert isinstance(pilot.app.screen, DemoScreen)


async def test_help_hangs_its_wrapped_lines_and_says_that_there_is_more(pilot):
    long = ScreenAction("f4", "long", "直接答复", "选一条标准答案当场答复来电人, " * 4)
    pilot.app.push_screen(Help("试", [long] * 12))
    await pilot.pause()
    reading = pilot.app.screen.query_one("#reading", Pages)
    first, second, *_ = reading.plain.split("\n")
    assert first.startswith(" F4 ")
    assert cell_len(first[: first.index("直接答复")]) == cell_len(second[: len(second) - len(second.lstrip())])
    assert "更多: 下 " in picture(reading)[0]
    await pilot.press("end")
    assert "更多: 上 " in picture(reading)[0]


async def test_a_box_leaves_no_single_characters_of_the_page_beside_it(pilot):
    pilot.app.push_screen(Notice("提示", "已记录"))
    await pilot.pause()
    assert pilot.app.screen.query_one("#box").region.width == 80


@pytest.mark.parametrize("key", ["p", "P", "ｐ", "Ｐ"])
async def test_a_letter_works_with_the_input_method_on_too(pilot, key):
    rows_of(pilot).focus()
    await pilot.press(key)
    assert "已暂停" in status_of(pilot)


def test_twins_of_signs_and_digits_are_bound():
    assert "fullwidth_solidus" in with_twins("slash")
    assert "３" in with_twins("3")
    assert "fullwidth_question_mark" in with_twins("question_mark")
    assert with_twins("f4,ctrl+f") == ["f4", "ctrl+f"]


def test_keys_are_named_as_on_the_keyboard():
    assert [key_name(key) for key in ("f4", "escape", "slash", "ctrl+f", "p")] == ["F4", "Esc", "/", "Ctrl+F", "P"]


def test_a_rule_fills_the_line_whatever_it_says():
    assert cell_len(rule("相似工单", 80, "F7 并案")) == 80
    assert rule("", 5) == "-----"


async def test_a_narrative_leaves_the_function_keys_to_the_screen(pilot, demo):
    await pilot.press("tab", "tab", "甲", "f6")
    assert "诉求共 1 字" in status_of(pilot)
    assert demo.query_one(Narrative).selection.is_empty


# -- quiet while somebody types


async def test_a_tick_is_held_while_an_entry_has_the_focus_until_the_next_key(pilot, demo):
    ran = []
    demo.hold("tick", lambda: ran.append("first"))
    demo.hold("tick", lambda: ran.append("second"))
    assert ran == []
    await pilot.press("1")
    assert ran == ["second"]


async def test_a_held_tick_comes_when_the_focus_leaves_and_runs_at_once_elsewhere(pilot, demo):
    ran = []
    demo.hold("tick", lambda: ran.append("held"))
    await pilot.press("tab", "tab", "tab")
    assert ran == ["held"]
    demo.hold("tick", lambda: ran.append("at once"))
    assert ran == ["held", "at once"]


async def test_the_held_end_of_a_sentence_leaves_a_newer_sentence_alone(pilot, demo, monkeypatch):
    with monkeypatch.context() as at_once:
        at_once.setattr(base, "FLASH_SECONDS", 0.001)
        demo.flash("记录没有存上")
        while "flash" not in demo._held:
            await pilot.pause()
    demo.flash("不予受理, 已记录")
    await pilot.press("1")
    assert "不予受理, 已记录" in status_of(pilot)


async def test_the_minute_changes_the_clock(pilot, demo):
    rows_of(pilot).focus()
    await pilot.pause()
    pilot.app.clock = lambda: datetime(2026, 11, 22, 6, 33, tzinfo=UTC)
    demo.tick_minute()
    assert status_of(pilot).rstrip().endswith("14:33")


# -- dialogs


async def test_a_picker_takes_the_first_match_of_initials_on_enter(pilot):
    await pilot.press("f5", *"xhjd", "enter")
    assert "已选 新河街道" in status_of(pilot)


async def test_a_picker_puts_the_suggestion_on_top_and_tells_about_the_row_under_the_cursor(pilot):
    await pilot.press("f5")
    assert isinstance(pilot.app.screen, Picker)
    assert picture(rows_of(pilot))[0].startswith("> 安环办 (建议)")
    detail = pilot.app.screen.query_one("#detail", Static)
    assert str(detail.content) == "安环办: 应办 11-27 18:00"
    await pilot.press("down")
    assert str(detail.content) == "房产分局: 应办 11-27 18:00"
    await pilot.press("enter")
    assert "已选 房产分局" in status_of(pilot)


async def test_a_picker_with_more_than_its_box_holds_says_how_many(pilot):
    items = [PickItem(str(number), f"单位{number}") for number in range(25)]
    pilot.app.push_screen(Picker("单位", items))
    await pilot.pause()
    heading = pilot.app.screen.query_one("#heading", Line)
    assert heading.right == "更多: 下 15 项"
    await pilot.press("end", "pagedown", "pagedown")
    assert "上" in heading.right
    await pilot.press(*"24")
    await pilot.pause()
    assert heading.right == ""


async def test_escape_leaves_a_picker_without_a_choice(pilot):
    await pilot.press("f5", "x", "escape")
    assert "已选 None" in status_of(pilot)


async def test_nothing_is_taken_when_nothing_matches(pilot):
    await pilot.press("f5", *"qqq", "enter")
    assert isinstance(pilot.app.screen, Picker)
    assert "没有符合的" in "".join(picture(rows_of(pilot)))


async def test_a_reason_that_must_be_written_is_asked_for_again(pilot):
    await pilot.press("f8", "f4")
    assert isinstance(pilot.app.screen, Ask)
    assert str(pilot.app.screen.query_one("#complaint", Static).content) == "须写明理由(第八条)"
    await pilot.press("重", "复", "f4")
    assert "理由: 重复" in status_of(pilot)


@pytest.mark.parametrize(("key", "answer"), [("enter", True), ("escape", False)])
async def test_a_question_is_answered_by_enter_or_escape(pilot, key, answer):
    answers = []
    pilot.app.push_screen(Confirm("归档", "归档后不能再改, 确定归档?"), answers.append)
    await pilot.press(key)
    assert answers == [answer]


# -- work in the background


async def settled(pilot):
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def test_an_answer_overtaken_by_a_later_question_is_dropped(pilot, demo):
    shown, late = [], threading.Event()
    demo.work_read(lambda: late.wait(10) and "old", shown.append, lane="history")
    demo.work_read(lambda: "new", shown.append, lane="history")
    late.set()
    await settled(pilot)
    assert shown == ["new"]


async def test_two_lanes_do_not_disturb_each_other(pilot, demo):
    shown = []
    demo.work_read(lambda: "history", shown.append, lane="history")
    demo.work_read(lambda: "answers", shown.append, lane="answers")
    await settled(pilot)
    assert sorted(shown) == ["answers", "history"]


async def test_a_read_that_was_to_open_a_form_and_failed_gives_the_keys_back(pilot, demo):
    def refuse():
        raise NotAllowed("现为办理中", "第十一条")

    demo.work_read(refuse, print, opens=True)
    await pilot.press("7")
    await settled(pilot)
    assert demo.query_one("#phone", HotlineInput).value == "7"


async def test_pressed_twice_it_is_saved_once(pilot, demo):
    saved, gate = [], threading.Event()
    assert demo.work_write(lambda: gate.wait(10), saved.append)
    assert not demo.work_write(lambda: True, saved.append)
    assert "正在保存" in status_of(pilot)
    gate.set()
    await settled(pilot)
    assert saved == [True]
    assert demo.work_write(lambda: True, saved.append)
    await settled(pilot)


async def test_a_refusal_is_said_on_the_status_line_and_a_storage_failure_in_a_box(pilot, demo):
    def refuse():
        raise NotAllowed("不能交办已归档的工单", "第十一条")

    def fail():
        raise StorageError("数据库连接不上")

    demo.work_write(refuse, print)
    await settled(pilot)
    assert "不能交办已归档的工单(第十一条)" in status_of(pilot)
    demo.work_read(fail, print)
    await settled(pilot)
    assert isinstance(pilot.app.screen, Notice)


def test_a_screen_action_is_one_row_for_footer_palette_help_and_documentation():
    class Another(HotlineScreen):
        ACTIONS = (ScreenAction("f4", "urge", "催办", "催促承办单位"),)

    assert [action.id for action in Another.all_actions()] == ["urge", "help", "back"]
    assert {binding.key for binding in Binding.make_bindings(Another.BINDINGS)} == {"f4", "f1", "escape", "f12"}


def test_a_text_of_any_length_is_wrapped_in_a_moment():
    began = time.process_time()
    assert len(list(wrapped(Para("长" * 100_000), 79))) == 2565
    assert time.process_time() - began < 5
