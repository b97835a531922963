"""Writes docs/guide/keys.md from the screens' own tables of actions: `.venv/bin/python docs/make_keys.py`."""
# ruff: noqa: INP001 - a script beside the documents, not a package

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from hotline_tui import screens
from hotline_tui.rules.words import Role
from hotline_tui.screens.actions import ScreenAction, key_name
from hotline_tui.screens.base import BACK, HELP, HotlineScreen
from hotline_tui.screens.classify_form import ClassifyForm
from hotline_tui.screens.earlier import EarlierOrders
from hotline_tui.screens.palette import Palette
from hotline_tui.screens.places import PLACES, places_for
from hotline_tui.screens.refusal import RefusalModal
from hotline_tui.screens.ways_out import UnitPicker
from hotline_tui.screens.widgets.help import EVERYWHERE
from hotline_tui.screens.widgets.modals import Confirm, HotlineModal, Notice
from hotline_tui.screens.widgets.picker import Picker

PAGE = Path(__file__).parent / "guide" / "keys.md"
TITLES = {
    "sign_in": "登录",
    "home": "工作台",
    "intake": "受理登记",
    "dispatch": "派单",
    "order": "工单",
    "unit": "承办",
    "reply": "拟写回复",
    "promise": "承诺",
    "review": "审核回复",
    "release": "审核发布",
    "publication": "网上公开",
    "callback": "回访",
    "call": "一次回访",
    "dashboard": "督办看板",
    "statistics": "统计",
    "statistics_orders": "统计的明细",
    "search": "查询",
    "knowledge": "知识库",
    "article_form": "标准答案的新增和修订",
    "versions": "标准答案的版本",
    "missed": "缺答的问题",
    "lock": "锁定",
}
"""Modules in the order of the work; the others follow by name, under their own titles."""
BOXES: dict[str, type[HotlineModal[Any]]] = {
    "选择": Picker,
    "选承办单位": UnitPicker,
    "命令(Ctrl+P)": Palette,
    "分类": ClassifyForm,
    "来电历史和相似工单": EarlierOrders,
    "不予受理": RefusalModal,
    "确认": Confirm,
    "提示": Notice,
}
HEAD = """\
# 按键一览

本页由 `docs/make_keys.py` 按程序中的按键表生成, 请勿手工修改。

底行显示当前能用的键。不能用的键显示较淡, 按下时说明原因和依据的条文。在任何页面按 F1, 都列出该页面的按键。
可打印的键(如 / 和 P)大小写、全角半角都可以; 光标在输入框中时, 它们是输入的文字。
"""


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """The whole page."""
    return "\n".join((HEAD, *_everywhere(), *_places(), *_screens(), *_boxes()))


def screens_in_order() -> list[type[HotlineScreen]]:
    """Every screen that has actions, in the order of the work."""
    for module in pkgutil.iter_modules(screens.__path__):
        importlib.import_module(f"{screens.__name__}.{module.name}")
    found = {screen for screen in _below(HotlineScreen) if screen.__dict__.get("ACTIONS")}
    return sorted(found, key=lambda screen: (*_place(_module(screen)), screen.__name__))


def _below(screen: type[HotlineScreen]) -> Iterator[type[HotlineScreen]]:
    for each in screen.__subclasses__():
        if each.__module__.startswith(f"{screens.__name__}."):
            yield each
            yield from _below(each)


def _place(module: str) -> tuple[int, str]:
    known = list(TITLES)
    return (known.index(module) if module in known else len(known), module)


def _everywhere() -> Iterator[str]:
    """What every screen has, once."""
    yield "## 各页面通用\n"
    own = [(_keys(action), f"{action.label}: {action.help}") for action in (HELP, BACK)]
    yield from _table(("按键", "作用"), [*own, *EVERYWHERE])


def _places() -> Iterator[str]:
    """The numbers of the home screen: they differ by role."""
    roles = [role for role in Role if places_for(role)]
    yield "## 工作台的编号\n"
    yield "在工作台按数字打开去处。编号因岗位而不同, 空白为该岗位不使用。\n"
    rows = []
    for place in PLACES:
        numbers = {role: [each.id for each in places_for(role)] for role in roles}
        told = [str((numbers[role].index(place.id) + 1) % 10) if place.id in numbers[role] else "" for role in roles]
        rows.append((place.label, *told, place.help))
    yield from _table(("去处", *(role.label for role in roles), "做什么"), rows)


def _screens() -> Iterator[str]:
    """Each screen's own keys."""
    for screen in screens_in_order():
        yield f"## {TITLES.get(_module(screen), screen.TITLE_TEXT)}\n"
        rows = [(_keys(action), action.label, action.help) for action in screen.ACTIONS]
        yield from _table(("按键", "名称", "作用"), rows)


def _boxes() -> Iterator[str]:
    """What the boxes say in their last line."""
    yield "## 对话框\n"
    yield "对话框的末行写明它的按键。写理由的对话框: 一行的按 Enter 确定, 多行的按 F4 确定, Esc 取消。\n"
    yield from _table(("对话框", "按键"), [(name, re.sub(" {2,}", "; ", box.KEYS)) for name, box in BOXES.items()])


def _module(screen: type[HotlineScreen]) -> str:
    return screen.__module__.rpartition(".")[2]


def _keys(action: ScreenAction) -> str:
    return "、".join(key_name(key) for key in action.key.split(","))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for cells in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
    yield ""


if __name__ == "__main__":
    main()
