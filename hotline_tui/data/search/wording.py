"""What callers and offices call one thing: 没水 and 停水.

Only where little was told: a long text says the same in several ways by itself.
"""

from __future__ import annotations

import re

_WAYS = (
    ("停水", "没水", "没有水", "断水", "缺水"),
    ("停电", "没电", "没有电", "断电"),
    ("停气", "没燃气", "没有燃气", "没天然气", "没有天然气", "没煤气", "没有煤气"),
    ("供暖", "供热", "暖气"),
    ("清运", "清理", "清走", "清除"),
    ("清扫", "打扫"),
    ("噪声", "噪音"),
    ("臭味", "异味", "恶臭", "臭气"),
    ("漏水", "渗水", "渗漏"),
    ("积水", "内涝", "淹水"),
    ("不亮", "没亮", "没有亮"),
    ("违停", "乱停车", "乱停放", "违章停车"),
    ("占道", "占路", "占用道路"),
    ("电动车", "电瓶车", "电动自行车"),
    ("红绿灯", "信号灯"),
    ("欠薪", "欠工资", "拖欠工资", "拖欠薪资", "不发工资", "没发工资"),
)
"""The first of each stands for all."""
_OTHER_WORD = "(?![平准果源泥梯话动视脑费信])"
"""没有水平, 没有电话."""
_HEADS = {way: ways[0] for ways in _WAYS for way in ways}
_OTHERS = {way: tuple(other for other in ways if other != way) for ways in _WAYS for way in ways}
_WAY = re.compile(
    "|".join(
        f"{way}{_OTHER_WORD}" if way[-1] in "水电" else way for way in sorted(_HEADS, key=lambda way: (-len(way), way))
    )
)


def as_one(text: str) -> str:
    """The text with each thing called by one word."""
    return _WAY.sub(lambda found: _HEADS[found.group()], text)


def otherwise(text: str) -> str:
    """The other words for what it names, by blanks; empty where there are none."""
    named = dict.fromkeys(_WAY.findall(text))
    return " ".join(other for way in named for other in _OTHERS[way])
