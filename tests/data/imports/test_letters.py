"""R-10: letters arrive as files and are imported, never retyped; none is lost without a reason."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from hotline_tui.data.imports.columns import map_columns
from hotline_tui.data.imports.knowledge import KNOWLEDGE_COLUMNS, KnowledgeRow, from_letter, knowledge
from hotline_tui.data.imports.letters import LETTER_COLUMNS, Letter, letters
from hotline_tui.data.imports.rows import BadRow, Row
from hotline_tui.data.imports.tables import open_table
from hotline_tui.data.imports.topics import TOPIC_COLUMNS, TopicRow, topics
from hotline_tui.data.imports.units import UNIT_COLUMNS, UnitRow, units
from hotline_tui.rules.deadlines import SHANGHAI
from hotline_tui.rules.words import Kind

pytestmark = pytest.mark.requirement("R-10")

NOW = datetime(2026, 9, 28, 9, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[3]
REAL = ROOT.parent / "shared" / "data" / "letters"
needs_real_files = pytest.mark.skipif(not REAL.is_dir(), reason=f"the real letters are not at {REAL}")

IDENTITY = {column.field: column.field for column in LETTER_COLUMNS}
GOOD = {"number": "7", "user": "王某", "subject": "路灯", "time": "2019/2/28 11:25:05", "detail": "路灯不亮"}


def letter(**values: str) -> Letter | BadRow:
    (found,) = letters([Row(2, {**GOOD, **values})], IDENTITY, NOW)
    return found


def read(path: Path) -> list[Letter | BadRow]:
    table = open_table(path)
    return list(letters(table, map_columns(table.columns, LETTER_COLUMNS, {}), NOW))


def taken(found: Iterable[Letter | BadRow]) -> list[Letter]:
    return [each for each in found if isinstance(each, Letter)]


def test_a_row_becomes_a_letter_with_clean_fields_and_times_in_utc() -> None:
    found = letter(
        subject=" 路灯\u200b\n不亮 ",
        detail="\n\t\t\t\n\t\t尊敬的领导:\r\n\t  路灯\x1b不亮。\n\n\n\n谢谢\n\t\t",
        reply="已修复",
        reply_time="2019/3/1",
        kind="投诉",
        phone="139 0000 2211",
        region="东城",
    )
    assert isinstance(found, Letter)
    assert (found.row, found.external_number, found.user) == (2, "7", "王某")
    assert found.subject == "路灯 不亮"
    assert found.detail == "尊敬的领导:\n路灯不亮。\n\n谢谢"
    assert found.received_at == datetime(2019, 2, 28, 3, 25, 5, tzinfo=UTC)
    assert found.replied_at == datetime(2019, 2, 28, 16, 0, tzinfo=UTC)
    assert (found.kind, found.reply, found.phone, found.region) == (Kind.COMPLAINT, "已修复", "13900002211", "东城")


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"detail": "\n\t"}, "内容是空的"),
        ({"time": ""}, "来信时间是空的"),
        ({"time": "2/3/2019"}, "来信时间: 年份不在最前"),
        ({"reply_time": "不详"}, "答复时间: 看不懂的时间"),
        ({"detail": "长" * 20_001}, "内容有 20001 个字, 超过 20000 个字的上限"),
        ({"subject": "长" * 201}, "主题有 201 个字"),
        ({"kind": "骂人"}, "没有这个类别: 骂人, 类别只有咨询、求助、投诉、举报、建议、表扬、其他"),
    ],
)
def test_a_row_that_is_no_letter_is_rejected_with_the_reason_and_all_it_held(
    values: dict[str, str], reason: str
) -> None:
    found = letter(**values)
    assert isinstance(found, BadRow)
    assert found.reason.startswith(reason)
    assert found.raw == {**GOOD, **values}


def test_a_letter_needs_no_subject() -> None:
    assert isinstance(letter(subject=""), Letter)


def test_the_same_letter_is_recognised_through_white_space_and_a_later_reply() -> None:
    first = letter()
    again = letter(detail="\n\t\t路灯 不亮\n", time="2019-02-28 11:25:05", reply="已修复", reply_time="2019/3/1")
    assert isinstance(first, Letter)
    assert isinstance(again, Letter)
    assert first.fingerprint == again.fingerprint
    assert len(first.fingerprint) == 64


@pytest.mark.parametrize("field", ["number", "user", "subject", "detail", "time"])
def test_letters_that_differ_are_different_even_under_one_number(field: str) -> None:
    first, second = letter(), letter(**{field: "2020/1/1" if field == "time" else "另一"})
    assert isinstance(first, Letter)
    assert isinstance(second, Letter)
    assert first.fingerprint != second.fingerprint


def test_a_row_that_could_not_be_read_passes_through() -> None:
    broken = BadRow(5, "引号没有成对", {})
    assert list(letters([broken], IDENTITY, NOW)) == [broken]


@needs_real_files
@pytest.mark.parametrize(("name", "count"), [("teddy_reply2816", 2816), ("teddy_hot4326", 4326)])
def test_the_csv_and_the_xlsx_of_the_real_letters_are_the_same_letters_and_none_is_lost(name: str, count: int) -> None:
    from_csv, from_xlsx = read(REAL / f"{name}.csv"), read(REAL / f"{name}.xlsx")
    assert [each for each in (*from_csv, *from_xlsx) if isinstance(each, BadRow)] == []
    prints = [each.fingerprint for each in taken(from_csv)]
    assert len(set(prints)) == count
    assert prints == [each.fingerprint for each in taken(from_xlsx)]
    assert [each.row for each in taken(from_xlsx)] == list(range(2, count + 2))


@needs_real_files
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_no_escape_of_a_workbook_is_left_in_the_texts_of_real_letters(suffix: str) -> None:
    found = taken(read(REAL / f"teddy_reply2816.{suffix}"))
    texts = [text for each in found for text in (each.subject, each.detail, each.reply)]
    assert len(found) == 2816
    assert not [text for text in texts if "_x0" in text or "\r" in text]


@needs_real_files
def test_every_row_of_the_labelled_letters_is_a_letter_or_has_a_reason() -> None:
    found = read(REAL / "teddy_msg_raw_labelled.csv")
    assert len(found) == 3707
    assert {each.reason for each in found if isinstance(each, BadRow)} == {"来信时间是空的"}
    assert len(taken(found)) == 1373
    assert len({each.fingerprint for each in taken(found)}) == 1370, "three stand there with `_x000D_` and without it"


@needs_real_files
def test_the_real_topic_tree_is_read_whole() -> None:
    table = open_table(REAL / "teddy_categories_517.csv")
    found = list(topics(table, map_columns(table.columns, TOPIC_COLUMNS, {})))
    assert len(found) == 517
    assert all(isinstance(each, TopicRow) for each in found)


def test_a_reply_becomes_a_standard_answer_to_its_subject() -> None:
    answered, unanswered = letter(reply="请拨打报修电话。", topic="市政"), letter()
    assert isinstance(answered, Letter)
    assert isinstance(unanswered, Letter)
    assert from_letter(answered) == KnowledgeRow(2, "路灯", (), "请拨打报修电话。", "", "市政", "", None, None)
    assert from_letter(unanswered) is None


def test_standard_answers_keep_their_other_phrasings_basis_and_days() -> None:
    columns = ("问题", "其他问法", "答案", "依据", "生效日期", "失效日期")
    mapping = map_columns(columns, KNOWLEDGE_COLUMNS, {})
    cells = [
        ("怎样报修路灯", "路灯坏了;路灯不亮|路灯坏了", "拨打热线。", "管理办法", "2026年1月1日", "2030-12-31"),
        ("怎样报修路灯", "", "拨打热线。", "", "2026-02-01", "2026-01-01"),
        ("", "", "拨打热线。", "", "", ""),
    ]
    rows = [Row(n, dict(zip(columns, each, strict=True))) for n, each in enumerate(cells, 2)]
    good, reversed_, empty = knowledge(rows, mapping)
    assert good == KnowledgeRow(
        2,
        "怎样报修路灯",
        ("路灯坏了", "路灯不亮"),
        "拨打热线。",
        "",
        "",
        "管理办法",
        date(2026, 1, 1),
        date(2030, 12, 31),
        absent=frozenset({"key", "unit", "topic", "state"}),
    )
    assert isinstance(reversed_, BadRow)
    assert reversed_.reason == "失效日期早于生效日期"
    assert isinstance(empty, BadRow)
    assert empty.reason == "问题是空的"


def test_units_and_topics_are_read_and_an_incomplete_one_has_its_reason() -> None:
    rows = [
        Row(2, {"名称": "东城区城市管理局", "上级单位": "东城区政府", "别名": "城管局;城管"}),
        Row(3, {"名称": " "}),
    ]
    good, bad = units(rows, map_columns(("名称", "上级单位", "别名"), UNIT_COLUMNS, {}))
    assert good == UnitRow(
        2,
        "",
        "东城区城市管理局",
        "",
        "东城区政府",
        "",
        "",
        ("城管局", "城管"),
        frozenset({"key", "short_name", "region", "duties"}),
    )
    assert isinstance(bad, BadRow)
    assert bad.reason == "名称是空的"
    paths = [Row(2, {"l1": "城建", "l2": "照明", "l3": ""}), Row(3, {"l1": "城建", "l2": "", "l3": "路灯"})]
    good, bad = topics(paths, {"l1": "l1", "l2": "l2", "l3": "l3"})
    assert good == TopicRow(2, ("城建", "照明"), "", (), frozenset({"unit", "words"}))
    assert isinstance(bad, BadRow)


MEASURED = """
import resource, sys
from datetime import UTC, datetime
from hotline_tui.data.imports.columns import map_columns
from hotline_tui.data.imports.letters import LETTER_COLUMNS, Letter, letters
from hotline_tui.data.imports.tables import open_table

table = open_table(sys.argv[1])
rows = letters(table, map_columns(table.columns, LETTER_COLUMNS, {}), datetime(2026, 9, 28, tzinfo=UTC))
next(rows)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
count = 1 + sum(isinstance(each, Letter) for each in rows)
print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_a_hundred_thousand_letters_are_read_in_the_memory_of_a_few(tmp_path: Path) -> None:
    path = tmp_path / "大.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("编号,时间,内容\n")
        file.writelines(f"{n},2019/2/28 11:25:05,第{n}封:{'路灯不亮' * 20}\n" for n in range(100_000))
    assert path.stat().st_size > 20_000_000
    done = subprocess.run([sys.executable, "-c", MEASURED, path], cwd=ROOT, capture_output=True, text=True, check=True)
    count, kilobytes = map(int, done.stdout.split())
    assert count == 100_000
    assert kilobytes < 8_000


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "jsonl"])
def test_a_time_is_read_from_every_kind_of_cell(tmp_path: Path, suffix: str) -> None:
    written = ["2026-9-8", "2026/9/8 7:05", "2026年9月8日", 46273, 46273.25]
    path = tmp_path / f"letters.{suffix}"
    if suffix == "xlsx":
        book = Workbook()
        assert book.active is not None
        for row in (["时间", "内容"], *([time, "路灯"] for time in (*written, date(2026, 9, 8)))):
            book.active.append(row)
        book.save(path)
    elif suffix == "jsonl":
        path.write_text("\n".join(json.dumps({"时间": time, "内容": "路灯"}) for time in written), "utf-8")
    else:
        path.write_text("\n".join(["时间,内容", *(f"{time},路灯" for time in written)]), "utf-8")
    times = [each.received_at.astimezone(SHANGHAI) for each in taken(read(path))]
    assert [f"{time:%m-%d %H:%M}" for time in times[:5]] == [
        "09-08 00:00", "09-08 07:05", "09-08 00:00", "09-08 00:00", "09-08 06:00"
    ]  # fmt: skip
    assert [f"{time:%m-%d %H:%M}" for time in times[5:]] == (["09-08 00:00"] if suffix == "xlsx" else [])
