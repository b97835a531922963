"""网上公开: the public answers as a JSON Feed and as a table for spreadsheets; the same answers give the same bytes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from hotline_tui.rules.deadlines import SHANGHAI

if TYPE_CHECKING:
    from datetime import datetime

    from hotline_tui.data.queries.publication import PublicAnswer

VERSION = "https://jsonfeed.org/version/1.1"
HEAD = ("编号", "类别", "诉求分类", "标题", "承办单位", "答复", "收到日期", "公开日期")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def feed(answers: Iterable[PublicAnswer], title: str) -> bytes:
    """JSON Feed 1.1, UTF-8, the newest first."""
    items = [_item(each) for each in answers]
    whole = {"version": VERSION, "title": title, "language": "zh-CN", "items": items[::-1]}
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode()


def table(answers: Iterable[PublicAnswer]) -> bytes:
    """CSV with a byte order mark, by which Excel knows UTF-8; the first released first."""
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(HEAD)
    for each in answers:
        cells = (each.number, each.kind.label, each.topic, each.title, each.unit, each.text)
        lines.writerow([*map(_cell, cells), _day(each.received_at), _day(each.released_at)])
    return text.getvalue().encode("utf-8-sig")


def _item(answer: PublicAnswer) -> dict[str, Any]:
    return {
        "id": f"{answer.number}/{answer.position}",
        "title": answer.title,
        "content_text": answer.text,
        "date_published": answer.released_at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "authors": [{"name": answer.unit}],
        "tags": [answer.kind.label, *filter(None, [answer.topic])],
        "_hotline": {
            "number": answer.number,
            "kind": answer.kind.value,
            "topic": answer.topic,
            "unit": answer.unit,
            "received": _day(answer.received_at),
        },
    }


def _cell(text: str) -> str:
    """What a spreadsheet would take for a formula begins with an apostrophe."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _day(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d}"
