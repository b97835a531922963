"""R-14: `hotline publish` writes what the office made public, and nothing personal."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from hotline_tui.rules.personal import Personal
from hotline_tui.rules.words import OrderState, Release
from hotline_tui.services import intake, release
from tests.builders import Built, Town
from tests.cli.conftest import Hotline

pytestmark = pytest.mark.requirement("R-14")


OFFICE_PHONE = (Personal.PHONE, "0990-6234567")


def public(town: Town, text: str = "已责令退费", reason: str = "", title: str = "", **told: Any) -> Built:
    order = town.replied(**told)
    release.release(
        town.office,
        order.order_id,
        Release.PUBLIC,
        text=text,
        title=title,
        cleared=[OFFICE_PHONE],
        clear_reason=reason,
    )
    town.later(minutes=1)
    return order


def test_a_directory_gets_a_json_feed_and_a_table(in_town: Hotline, town: Town, tmp_path: Path) -> None:
    first = public(town, subject="某某物业乱收费", title="停车收费的答复")
    second = public(town, text="第一行\n第二行, 含逗号")
    town.bring(OrderState.ARCHIVED)
    done = in_town("publish", "--out", str(tmp_path / "web" / "answers"), "--json")
    assert done.code == 0, done.err
    folder = tmp_path / "web" / "answers"
    assert done.json == {
        "read": 2,
        "published": 2,
        "left_out": [],
        "files": [str(folder / "feed.json"), str(folder / "answers.csv")],
    }
    feed = json.loads((folder / "feed.json").read_text(encoding="utf-8"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    newest, oldest = feed["items"]
    assert (newest["id"], newest["title"]) == (f"{second.number}/1", "停车收费")
    assert oldest == {
        "id": f"{first.number}/1",
        "title": "停车收费的答复",
        "content_text": "已责令退费",
        "date_published": "2026-11-20T09:12:00+08:00",
        "authors": [{"name": "城南新区房产管理分局"}],
        "tags": ["投诉", "物业管理/停车收费"],
        "_hotline": {
            "number": first.number,
            "kind": "complaint",
            "topic": "物业管理/停车收费",
            "unit": "城南新区房产管理分局",
            "received": "2026-11-20",
        },
    }
    raw = (folder / "answers.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    head, one, two = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    assert head[3] == "标题"
    assert one == [
        first.number, "投诉", "物业管理/停车收费", "停车收费的答复", "城南新区房产管理分局", "已责令退费",
        "2026-11-20", "2026-11-20",
    ]  # fmt: skip
    assert two[5] == "第一行\n第二行, 含逗号"


def test_nothing_of_the_citizens_is_in_it(in_town: Hotline, town: Town, tmp_path: Path) -> None:
    public(town, subject="王小明反映友谊路停车乱象", narrative="我家某某花园3栋501被多收费, 回电13900002211")
    done = in_town("publish", "--out", str(tmp_path))
    written = "".join((tmp_path / name).read_text(encoding="utf-8") for name in ("feed.json", "answers.csv"))
    for fact in ("王小明", "13900002211", "某某公司", "某某花园", "多收费", "停车乱象", "9002211"):
        assert fact not in written + done.out + done.err


def test_what_hits_and_was_not_cleared_is_left_out_and_told(in_town: Hotline, town: Town, tmp_path: Path) -> None:
    held = public(town, text="赵大强所反映的已办结, 详询0990-6234567", reason="对外公布的办公电话")
    other = town.register(name="赵大强", phone="13700001234")
    intake.merge(town.agent, other.order_id, held.number)
    cleared = public(town, text="详询0990-6234567", reason="对外公布的办公电话")
    done = in_town("publish", "--out", str(tmp_path / "a.json"), "--json")
    assert done.code == 0
    assert done.json["left_out"] == [{"number": held.number, "found": {"caller": 1}}]
    assert f"未导出 {held.number}: 文字中有来电人信息 1 处" in done.err
    items = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["items"]
    assert [each["_hotline"]["number"] for each in items] == [cleared.number]
    assert "赵大强" not in done.out + done.err


def test_a_period_is_of_days_of_release(in_town: Hotline, town: Town, tmp_path: Path) -> None:
    first = public(town)
    town.at("2026-11-23 00:00")
    second = public(town)
    for period, numbers in (
        (("--to", "2026-11-22"), [first.number]),
        (("--from", "2026-11-23", "--to", "2026-11-23"), [second.number]),
        (("--from", "2026-11-24"), []),
    ):
        path = tmp_path / "feed.json"
        assert in_town("publish", "--out", str(path), *period).code == 0
        items = json.loads(path.read_text(encoding="utf-8"))["items"]
        assert [each["_hotline"]["number"] for each in items] == numbers


def test_written_twice_it_is_the_same_file_untouched(in_town: Hotline, town: Town, tmp_path: Path) -> None:
    public(town)
    in_town("publish", "--out", str(tmp_path))
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir() if path.is_file()}
    in_town("publish", "--out", str(tmp_path))
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir() if path.is_file()} == before


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    in_town: Hotline, town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "web"
    public(town)
    in_town("publish", "--out", str(folder))
    before = (folder / "feed.json").read_bytes()
    public(town)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    done = in_town("publish", "--out", str(folder))
    assert done.code == 3
    assert (folder / "feed.json").read_bytes() == before
    assert sorted(path.name for path in folder.iterdir()) == ["answers.csv", "feed.json"]


def test_what_a_spreadsheet_would_calculate_is_text(in_town: Hotline, town: Town, tmp_path: Path) -> None:
    public(town, text='=HYPERLINK("x")')
    in_town("publish", "--out", str(tmp_path / "a.csv"))
    rows = list(csv.reader(io.StringIO((tmp_path / "a.csv").read_text(encoding="utf-8-sig"), newline="")))
    assert rows[1][5] == '\'=HYPERLINK("x")'


def test_another_kind_of_file_is_refused(in_town: Hotline, tmp_path: Path) -> None:
    done = in_town("publish", "--out", str(tmp_path / "a.docx"))
    assert (done.code, (tmp_path / "a.docx").exists()) == (2, False)
    assert "请以 .json 或 .csv 结尾" in done.err
    assert in_town("publish").code == 2
