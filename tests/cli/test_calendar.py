"""`hotline calendar import|add|remove` (R-D3, R-D4)."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from hotline_tui.cli import main
from hotline_tui.models import CalendarRow
from hotline_tui.rules.words import Kind
from hotline_tui.services import calendar
from tests.builders import Town
from tests.cli.conftest import Hotline
from tests.rules.notice.samples import DAYS_OFF, MAKE_UP_DAYS, MODERN

pytestmark = pytest.mark.requirement("R-D3", "R-D4")

SOURCE = "国务院办公厅关于2027年部分节假日安排的通知(国办发明电〔2026〕9号)"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "notices" / "2026.txt"


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    path = tmp_path / "notice.txt"
    path.write_text(MODERN, encoding="utf-8")
    return path


def test_a_notice_is_read_without_a_database(hotline: Hotline, notice: Path) -> None:
    seen = hotline("calendar", "import", str(notice), "--dry-run", "--json").json
    assert seen["days_off"] == sorted(day.isoformat() for day in DAYS_OFF)
    assert seen["make_up_days"] == sorted(day.isoformat() for day in MAKE_UP_DAYS)
    assert (seen["moved_deadlines"], seen["year"], seen["source"]) == (0, 2027, SOURCE)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_the_file_may_be_in_any_of_the_usual_encodings(hotline: Hotline, notice: Path, encoding: str) -> None:
    notice.write_bytes(MODERN.encode(encoding))
    assert len(hotline("calendar", "import", str(notice), "--dry-run", "--json").json["days_off"]) == len(DAYS_OFF)


def test_a_notice_comes_by_standard_input(hotline: Hotline) -> None:
    done = hotline("calendar", "import", "-", "--dry-run", stdin=MODERN)
    assert done.code == 0
    assert "2027 年, 放假 27 天, 调休上班 4 天" in done.out


def test_a_wrong_digit_is_refused_with_its_sentence(hotline: Hotline, notice: Path) -> None:
    notice.write_text(MODERN.replace("10月9日(周六)", "10月8日(周六)"), encoding="utf-8")
    done = hotline("calendar", "import", str(notice), "--dry-run", "--json")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("第12句 '9月26日(周日)、10月8日(周六)上班': 10月8日是周五, 文中写周六")


@pytest.mark.skipif(not SHARED.is_file(), reason="../shared/data is not there")
def test_the_notice_of_2026_as_published(hotline: Hotline) -> None:
    seen = hotline("calendar", "import", str(SHARED), "--dry-run", "--json").json
    assert (len(seen["days_off"]), seen["make_up_days"][0], seen["differences"]) == (33, "2026-01-04", [])


def test_a_notice_is_applied_once_and_taken_back(in_town: Hotline, town: Town, notice: Path) -> None:
    order = town.at("2027-02-03T10:00").assigned()
    inquiry = town.register(kind=Kind.INQUIRY)
    town.assign(inquiry)
    look = in_town("calendar", "import", str(notice), "--dry-run", "--json").json
    assert [each["number"] for each in look["moved"]] == [inquiry.number]
    assert in_town("calendar", "show", "2027", "--json").json["provisional"] is True
    done = in_town("calendar", "import", str(notice), "--yes", "--json").json
    assert (done["moved_deadlines"], done["applied"]) == (1, True)
    assert in_town("calendar", "show", "2027", "--json").json["provisional"] is False
    shown = in_town("order", "show", order.number)
    assert "时限重算" in shown.out
    again = in_town("calendar", "import", str(notice), "--yes", "--json").json
    assert (again["changes"], again["moved_deadlines"]) == (False, 0)
    back = in_town("calendar", "remove", "--source", SOURCE, "--yes", "--json").json
    assert back["moved_deadlines"] == 1
    assert in_town("doctor", "--json").json["sound"] is True


def test_without_a_yes_nothing_is_stored(in_town: Hotline, notice: Path) -> None:
    done = in_town("calendar", "import", str(notice))
    assert done.code == 2
    assert "--yes" in done.err
    assert in_town("calendar", "show", "2027", "--json").json["provisional"] is True


@pytest.mark.parametrize("switch", ["--dry-run", "--yes"])
def test_no_single_day_is_taken_out_of_a_notice(in_town: Hotline, town: Town, notice: Path, switch: str) -> None:
    in_town("calendar", "import", str(notice), "--yes")
    done = in_town("calendar", "remove", "2027-01-01", "--source", SOURCE, switch)
    assert (done.code, done.out) == (1, "")
    assert "通知须整份撤回, 不能只撤回其中的日子(R-D4)" in done.err
    assert SOURCE in {day["source"] for day in in_town("calendar", "show", "2027", "--json").json["days_off"]}


def test_a_regional_day_is_added_with_its_source_and_removed(in_town: Hotline) -> None:
    given = ("2026-11-24", "--name", "肉孜节", "--source", "自治区通知")
    assert in_town("calendar", "add", *given, "--yes").code == 0
    day = {"date": "2026-11-24", "name": "肉孜节", "source": "自治区通知"}
    assert day in in_town("calendar", "show", "2026", "--json").json["days_off"]
    assert in_town("calendar", "remove", "2026-11-24", "--source", "自治区通知", "--yes").code == 0
    assert day not in in_town("calendar", "show", "2026", "--json").json["days_off"]
    assert in_town("calendar", "remove", "--source", "自治区通知", "--yes").code == 1


class Person(io.StringIO):
    """At a terminal; something happens before he says yes."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        super().__init__("y\n")
        self.meanwhile = meanwhile

    def isatty(self) -> bool:
        return True

    def readline(self, size: int | None = -1, /) -> str:
        self.meanwhile()
        return super().readline(-1 if size is None else size)


@pytest.mark.parametrize("overtaken", [False, True], ids=["as seen", "overtaken"])
@pytest.mark.parametrize("command", ["add", "remove", "import"])
@pytest.mark.usefixtures("in_town")
def test_what_was_shown_before_the_yes_is_what_is_stored(
    town: Town,
    notice: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    command: str,
    overtaken: bool,
) -> None:
    day, of_the_year = [date(2026, 11, 24)], [date(2027, 2, 14)]
    town.assigned(kind=Kind.INQUIRY)
    if command == "remove":
        calendar.add_days(town.office, day, "肉孜节", "自治区通知")
    args = {
        "add": ["2026-11-24", "--name", "肉孜节", "--source", "自治区通知"],
        "remove": ["--source", "自治区通知"],
        "import": [str(notice)],
    }[command]

    def meanwhile() -> None:
        if overtaken:
            calendar.add_days(town.office, of_the_year if command == "import" else day, "停工", "指挥部通告")

    monkeypatch.setattr("sys.stdin", Person(meanwhile))
    code = main(["calendar", command, *args])
    told = capsys.readouterr().err
    with town.store.read() as session:
        stored = {row.source for row in session.exec(select(CalendarRow)).all()}
    if overtaken:
        assert code == 1
        assert "预览之后日历或时限有变动, 请重新核对" in told
        assert stored == {"指挥部通告"} | ({"自治区通知"} if command == "remove" else set())
    else:
        assert code == 0
        assert stored == {"add": {"自治区通知"}, "remove": set(), "import": {SOURCE}}[command]


def test_a_yes_given_beforehand_asks_for_no_preview(in_town: Hotline, town: Town) -> None:
    calendar.add_days(town.office, [date(2026, 11, 24)], "停工", "指挥部通告")
    given = ("2026-11-24", "--name", "肉孜节", "--source", "自治区通知", "--yes")
    assert in_town("calendar", "add", *given).code == 0


def test_a_file_that_is_no_text_is_one_sentence(hotline: Hotline, notice: Path) -> None:
    notice.write_bytes(bytes(range(128, 256)) * 9)
    done = hotline("calendar", "import", str(notice), "--dry-run")
    assert (done.code, done.out) == (2, "")
    assert hotline("calendar", "import", "没有", "--dry-run").code == 2
