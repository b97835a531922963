"""A small application of the shared widgets, for tests in a pseudo-terminal: `python demo.py`."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Event

from hotline_tui.rules.pinyin import spell
from hotline_tui.screens.actions import ScreenAction
from hotline_tui.screens.base import HotlineScreen
from hotline_tui.screens.shell import HotlineShell
from hotline_tui.screens.widgets.entry import HotlineInput, Narrative
from hotline_tui.screens.widgets.lines import Rule, StatusFacts
from hotline_tui.screens.widgets.modals import Ask
from hotline_tui.screens.widgets.picker import Picker, PickItem
from hotline_tui.screens.widgets.row_list import Column, Row, RowList

NOON = datetime(2026, 11, 22, 6, 32, tzinfo=UTC)
UNITS = ("房产分局", "新河街道", "工商分局", "市场监管局", "发展改革局", "安环办", "住房和城乡建设局", "重庆路派出所")
COLUMNS = (
    Column("编号", 17),
    Column("类别", 4),
    Column("诉求", 0),
    Column("承办单位", 12),
    Column("时限", 16),
)


def order_row(number: int, standing: str = "剩 2 个工作日") -> Row:
    cells = (f"C01-20261120-{number:04}", "投诉", f"某某花园{number}栋停车收费没有公示", UNITS[number % 5], standing)
    return Row(f"order-{number}", cells)


class DemoScreen(HotlineScreen):
    TITLE_TEXT = "受理登记"
    ACTIONS = (
        ScreenAction("f4", "answer", "直接答复", "用标准答案当场答复来电人, 工单办结"),
        ScreenAction("f5", "assign", "交办", "选择承办单位, 按类别起算时限"),
        ScreenAction("f8", "refuse", "不予受理", "说明理由后不予受理"),
        ScreenAction("f6", "count", "字数", "数一数诉求的字数"),
        ScreenAction("f7", "assign_late", "再交办", "先读单位, 再选择"),
        ScreenAction("p", "pause", "暂停", "暂停刷新"),
    )
    DEFAULT_CSS = "DemoScreen Narrative { height: 5; }"

    def compose_body(self):
        yield HotlineInput(placeholder="电话", id="phone")
        yield HotlineInput("王某某", id="name")
        yield Rule("诉求")
        yield Narrative(id="narrative")
        yield Rule("相似工单", "F7 并案")
        yield RowList(COLUMNS, empty="没有工单, 按 F2 登记一件", id="orders")

    def on_mount(self):
        self.query_one(RowList).show([order_row(number) for number in range(60)])

    def why_not(self, action_id):
        return "须先核实姓名和电话(第十五条)" if action_id == "answer" else None

    def do_assign(self):
        items = [PickItem(unit, unit, f"在办 {len(unit)}", spell(unit)) for unit in UNITS]
        self.app.push_screen(
            Picker("选择承办单位", items, suggested=("安环办",), detail=lambda key: f"{key}: 应办 11-27 18:00"),
            lambda key: self.flash(f"已选 {key}"),
        )

    def do_assign_late(self):
        self.work_read(lambda: Event().wait(0.4), lambda _: self.do_assign(), opens=True)

    def do_refuse(self):
        self.app.push_screen(
            Ask("不予受理", "理由将告知来电人", must="须写明理由(第八条)", long=True),
            lambda reason: self.flash(f"理由: {reason}"),
        )

    def on_row_list_chosen(self, event):
        self.flash(f"打开 {event.key}")

    def do_count(self):
        self.flash(f"诉求共 {len(self.query_one(Narrative).text)} 字")

    def do_pause(self):
        self.flash("已暂停")


class DemoApp(HotlineShell):
    def on_mount(self):
        self.status_facts = StatusFacts("坐席03", "城南热线", "呼叫前台", waiting=6, due_soon=4, overdue=2)
        self.push_screen(DemoScreen())


if __name__ == "__main__":
    DemoApp(clock=lambda: NOON).run_in_terminal()
