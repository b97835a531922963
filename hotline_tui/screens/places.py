"""The places of the program: what home lists by number, F2 and F3 open, and the palette finds."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from hotline_tui.rules.words import Role
from hotline_tui.screens.base import HotlineScreen

_FRONT = frozenset({Role.AGENT, Role.OFFICE})
_UNIT = frozenset({Role.HANDLER, Role.UNIT_LEADER})
_ALL = frozenset(Role) - {Role.ADMIN}


@dataclass(frozen=True)
class Place:
    """A screen that can be gone to."""

    id: str
    label: str
    help: str
    """One sentence: what is done there."""
    spelling: str
    """Of the label, as `rules.pinyin.match` takes it."""
    roles: frozenset[Role]
    screen: str
    """`module:class` under `hotline_tui.screens`, imported when first opened."""

    def make(self, **options: Any) -> HotlineScreen:
        """A new screen."""
        module, _, name = self.screen.partition(":")
        screen: HotlineScreen = getattr(import_module(f"hotline_tui.screens.{module}"), name)(**options)
        return screen


PLACES = (
    Place("intake", "受理", "登记来电, 直接答复、交办、批办或不予受理", "shou li", _FRONT, "intake:IntakeScreen"),
    Place("dispatch", "派单", "待派的来信、退件和重办件", "pai dan", _FRONT, "dispatch:DispatchScreen"),
    Place(
        "instruction",
        "批示",
        "呈报领导、批示、按批示交办; 单位的申请",
        "pi shi",
        frozenset({Role.OFFICE, Role.CITY_LEADER}),
        "instruction:InstructionScreen",
    ),
    Place("unit", "承办", "本单位的工单: 签收、退件、回复、审核", "cheng ban", _UNIT, "unit:UnitScreen"),
    Place(
        "release",
        "审核发布",
        "单位的回复, 单独回复或网上公开",
        "shen he fa bu",
        frozenset({Role.OFFICE}),
        "release:ReleaseScreen",
    ),
    Place("callback", "回访", "回访来电人, 归档; 不满意的复查", "hui fang", _FRONT, "callback:CallbackScreen"),
    Place(
        "dashboard",
        "督办看板",
        "临期、超期、严重超期, 按单位, 即时更新",
        "du ban kan ban",
        _ALL,
        "dashboard:DashboardScreen",
    ),
    Place(
        "statistics",
        "统计",
        "任意时段按类别、单位等统计, 看走势、明细, 导出",
        "tong ji",
        frozenset({Role.OFFICE, Role.CITY_LEADER, Role.AUTHORITY}),
        "statistics:StatisticsScreen",
    ),
    Place("search", "查询", "按编号、电话、词语、时间、单位、状态查工单", "cha xun", _ALL, "search:SearchScreen"),
    Place("knowledge", "知识库", "标准答案: 查找、阅读、修订", "zhi shi ku", _ALL, "knowledge:KnowledgeScreen"),
    Place("calendar", "日历", "工作日、放假和调休, 每天的依据", "ri li", frozenset(Role), "calendar:CalendarScreen"),
    Place(
        "looks",
        "查看记录",
        "谁在何时、因何查看过来电人的信息",
        "cha kan ji lu",
        frozenset({Role.OFFICE, Role.AUTHORITY}),
        "looks:LooksScreen",
    ),
)

BY_ID = {place.id: place for place in PLACES}


def places_for(role: Role) -> tuple[Place, ...]:
    """The places open to a role, in the order home numbers them."""
    return tuple(place for place in PLACES if role in place.roles)


def why_no_place(role: Role, place_id: str) -> str | None:
    """Why a role does not use a place, with the article where there is one; None if it does."""
    place = BY_ID[place_id]
    if role in place.roles:
        return None
    return f"{role.label}不受理来电(第十一条(一))" if place_id == "intake" else f"{role.label}不使用{place.label}"
