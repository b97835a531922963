"""docx: the numbers of GB/T 9704-2012, read back from the file; and the pages, where a word processor is at hand."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document as Word
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from hotline_tui.reports.documents import markdown
from hotline_tui.reports.documents.model import Document
from hotline_tui.reports.templating import Templates
from hotline_tui.reports.word.writer import balanced, write
from tests.reports.figured import of, the_report

AT = datetime(2026, 10, 8, 1, tzinfo=UTC)
HALF_A_POINT = 6350
FRONT = """---
发文机关标志: 城南新区12345政府服务热线办公室文件
发文字号: 城南热线办〔2026〕9号
主送机关: 各街道办事处
发文机关署名: 城南新区12345政府服务热线办公室
成文日期: 2026年10月8日
附注: 此件公开发布
抄送机关: 区委办公室
印发机关: 城南新区12345政府服务热线办公室
印发日期: 2026年10月8日
---
"""
BODY = """# 工作情况通报

正文**重点**。

## 甲

### 乙

#### 丙

##### 丁

| 单位 | 件数 |
| :-- | --: |
| 房产 | 1 |
"""


def opened(document: Document) -> Word:
    return docx.Document(BytesIO(write(document, AT, "某办")))


@pytest.fixture(scope="module")
def word() -> Word:
    return opened(markdown.read(FRONT + BODY))


def text_of(word: Word, style: str) -> list[str]:
    return [each.text for each in word.paragraphs if each.style is not None and each.style.name == style]


def test_the_page_is_a4_with_the_margins_of_the_standard(word: Word) -> None:
    (page,) = word.sections
    given = (
        page.page_width,
        page.page_height,
        page.top_margin,
        page.left_margin,
        page.bottom_margin,
        page.right_margin,
    )
    for length, millimetres in zip(given, (210, 297, 37, 28, 35, 26), strict=True):
        assert abs((length or 0) - Mm(millimetres)) < HALF_A_POINT
    assert (page.page_width or 0) - (page.left_margin or 0) - (page.right_margin or 0) == pytest.approx(
        Mm(156), abs=HALF_A_POINT
    )
    assert (page.page_height or 0) - (page.top_margin or 0) - (page.bottom_margin or 0) == pytest.approx(
        Mm(225), abs=HALF_A_POINT
    )
    assert word.settings.element.find(qn("w:mirrorMargins")) is not None


def test_the_grid_has_22_lines_of_28_signs_that_fill_the_type_area(word: Word) -> None:
    grid = word.sections[0]._sectPr.find(qn("w:docGrid"))
    assert grid is not None
    assert grid.get(qn("w:type")) == "linesAndChars"
    line, sign = int(grid.get(qn("w:linePitch"))) / 20, 16 + int(grid.get(qn("w:charSpace"))) / 4096
    assert 22 * line <= Mm(225).pt < 22.2 * line
    assert 28 * sign <= Mm(156).pt < 28.1 * sign


@pytest.mark.parametrize(
    ("style", "font", "size"),
    [
        ("发文机关标志", "方正小标宋简体", 22),
        ("Title", "方正小标宋简体", 22),
        ("公文正文", "仿宋_GB2312", 16),
        ("发文字号", "仿宋_GB2312", 16),
        ("主送机关", "仿宋_GB2312", 16),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
        ("Heading 3", "仿宋_GB2312", 16),
        ("Heading 4", "仿宋_GB2312", 16),
        ("附件", "黑体", 16),
        ("版记", "仿宋_GB2312", 14),
        ("页码", "宋体", 14),
    ],
)
def test_each_element_has_its_type_and_size(word: Word, style: str, font: str, size: float) -> None:
    made: Any = word.styles[style]
    names = made.element.find(qn("w:rPr")).find(qn("w:rFonts"))
    assert {names.get(qn(f"w:{each}")) for each in ("ascii", "hAnsi", "eastAsia")} == {font}
    assert made.font.size == Pt(size)
    assert not made.font.bold


def test_what_stands_in_for_a_font_that_is_not_there_is_named(word: Word) -> None:
    parts = word.part.package.iter_parts() if word.part.package else ()
    table = next(each for each in parts if each.partname == "/word/fontTable.xml")
    assert '<w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋"/>' in table.blob.decode()


def test_paragraphs_begin_two_signs_in_and_headings_are_numbered(word: Word) -> None:
    shape = word.styles["公文正文"].element.find(qn("w:pPr")).find(qn("w:ind"))
    assert (shape.get(qn("w:firstLineChars")), shape.get(qn("w:firstLine"))) == ("200", "640")
    assert [text_of(word, f"Heading {level}") for level in (1, 2, 3, 4)] == [
        ["一、甲"],
        ["（一）乙"],
        ["1.丙"],
        ["（1）丁"],
    ]
    (body,) = (each for each in word.paragraphs if each.text == "正文重点。")
    assert [run.bold for run in body.runs] == [None, True, None]


def test_the_mark_is_red_35_mm_down_on_one_line_and_a_red_rule_stands_under_the_number(word: Word) -> None:
    (mark,) = (each for each in word.paragraphs if each.style is not None and each.style.name == "发文机关标志")
    assert mark.style is not None
    assert mark.style.font.color.rgb == RGBColor(255, 0, 0)
    assert mark.style.paragraph_format.space_before == pytest.approx(Mm(35), abs=HALF_A_POINT)
    size = mark.runs[0].font.size
    assert size is not None
    assert size.pt * 17.5 < Mm(156).pt < size.pt * 20.5
    (number,) = (each for each in word.paragraphs if each.text == "城南热线办〔2026〕9号")
    rule = number._p.find(f".//{qn('w:pBdr')}/{qn('w:bottom')}")
    assert rule is not None
    assert (rule.get(qn("w:color")), int(rule.get(qn("w:space")))) == ("FF0000", round(Mm(4).pt))


def test_who_signs_stands_at_the_right_of_the_number() -> None:
    front = FRONT.replace("---\n发文机关标志", "---\n签发人: 张某\n发文机关标志")
    (line,) = text_of(opened(markdown.read(front + BODY)), "发文字号")
    assert line == "\t城南热线办〔2026〕9号\t签发人：张某"


def test_the_date_stands_four_signs_in_and_the_issuer_over_its_middle() -> None:
    for name in ("某办", "城南新区12345政府服务热线办公室"):
        made = opened(
            markdown.read(
                FRONT.replace("发文机关署名: 城南新区12345政府服务热线办公室", f"发文机关署名: {name}") + BODY
            )
        )
        signed, dated = (each for each in made.paragraphs if each.style is not None and each.style.name == "署名和日期")
        assert (signed.text, dated.text) == (name, "2026年10月8日")
        wide = {"某办": 2, "城南新区12345政府服务热线办公室": 15.5}[name]
        middles = [
            (each.paragraph_format.right_indent or Pt(0)).pt / (Mm(156).pt / 28) + half
            for each, half in ((signed, wide / 2), (dated, 6.5 / 2))
        ]
        assert middles[0] == pytest.approx(middles[1], abs=0.1)
        assert middles[0] >= 4 + 6.5 / 2 - 0.1


def test_page_numbers_stand_between_dashes_at_the_outer_edge(word: Word) -> None:
    assert word.settings.odd_and_even_pages_header_footer
    page = word.sections[0]
    for footer, side in ((page.footer, "right"), (page.even_page_footer, "left")):
        (line,) = footer.paragraphs
        assert line.text == "— 1 —"
        assert [each.text for each in line._p.iter(qn("w:instrText"))] == ["PAGE"]
        assert line.alignment is not None
        assert line.alignment.name.lower() == side
    # The middle of a line of 14 points, its dashes, 7 mm under the type area.
    assert (page.footer_distance or 0) + Pt(7) == pytest.approx(Mm(35 - 7), abs=HALF_A_POINT)


def test_annexes_begin_on_pages_of_their_own_and_are_told_of_after_the_text() -> None:
    made = opened(markdown.read(FRONT + BODY + "\n# 情况表\n\n甲\n\n# 说明\n\n乙\n"))
    assert text_of(made, "附件说明")[-2:] != []
    told = [each.text for each in made.paragraphs if each.text]
    assert told.index("附件：1. 情况表") < told.index("2. 说明") < told.index("2026年10月8日") < told.index("附件1")
    labels = [each for each in made.paragraphs if each.style is not None and each.style.name == "附件"]
    assert [(each.text, each.paragraph_format.page_break_before) for each in labels] == [
        ("附件1", True),
        ("附件2", True),
    ]


def test_the_head_of_a_table_is_repeated_and_no_row_is_parted(word: Word) -> None:
    table = word.tables[0]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["单位", "件数"], ["房产", "1"]]
    assert [row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in table.rows] == [True, False]
    assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in table.rows)


def test_a_table_too_wide_for_the_page_lies_on_its_side() -> None:
    columns = [f"很长的列名之{number}号" for number in range(12)]
    wide = f"# 宽表\n\n| {' | '.join(columns)} |\n|{' - |' * 12}\n| {' | '.join(['不能折断的内容'] * 12)} |\n"
    made = opened(markdown.read(FRONT + BODY + wide))
    upright, lying, last = made.sections
    assert (lying.page_width, lying.page_height) == (upright.page_height, upright.page_width)
    assert last.page_width == upright.page_width
    assert len(made.tables) == 3


def test_a_long_title_is_parted_into_lines_of_about_one_length() -> None:
    assert balanced("通报", 20) == ["通报"]
    assert balanced("城南新区12345政府服务热线 2026年9月工作情况通报", 20) == [
        "城南新区12345政府服务热线",
        "2026年9月工作情况通报",
    ]
    lines = balanced("关于城南新区十二三四五政府服务热线二零二六年九月份工作情况的通报", 20)
    assert len(lines) == 2
    assert abs(len(lines[0]) - len(lines[1])) <= 2
    assert (
        "12345" in "\n".join(balanced("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午12345未申酉戌亥", 20)).split("\n")[0] + "12345"
    )


def test_text_that_looks_like_markup_is_text() -> None:
    evil = "<w:p>&amp;</w:p>"
    made = opened(markdown.read(f"# {markdown.literal(evil)}\n\n| 甲 |\n| - |\n| {markdown.literal(evil)} |\n"))
    assert text_of(made, "Title") == [evil]
    assert made.tables[0].rows[1].cells[0].text == evil


@pytest.fixture(scope="module")
def two_hundred() -> Document:
    figures = the_report()
    units = tuple(
        of(f"城南新区第{number}街道办事处", dispatched=number, due=number, on_time=number) for number in range(1, 201)
    )
    return Templates(Path("none")).document(replace(figures, all=replace(figures.all, units=units)))


def test_two_hundred_units_are_all_in_the_annex(two_hundred: Document) -> None:
    table = max(opened(two_hundred).tables, key=lambda each: len(each.rows))
    assert len(table.rows) == 201


def converted(document: Document, folder: Path) -> list[str]:
    """The text of each page of its PDF."""
    if not (shutil.which("soffice") and shutil.which("pdftotext")):
        pytest.skip("no word processor: soffice and pdftotext are not installed")
    (folder / "a.docx").write_bytes(write(document, AT))
    command = [
        "soffice",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        "pdf",
        "a.docx",
    ]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=100)
    told = subprocess.run(
        ["pdftotext", "-layout", "a.pdf", "-"], cwd=folder, check=True, capture_output=True, text=True
    )
    return told.stdout.split("\f")[:-1]


def test_a_word_processor_lays_22_lines_of_28_signs_on_a_page(tmp_path: Path) -> None:
    pages = converted(markdown.read(f"# 题\n\n{'国' * 28 * 22 * 3}"), tmp_path)
    full = [line.strip().replace(" ", "") for line in pages[1].splitlines() if "国" in line]
    assert [len(line) for line in full] == [28] * 22
    assert "— 2 —" in " ".join(pages[1].split()) or "—2—" in pages[1]


def test_a_word_processor_repeats_the_head_of_the_annex_on_each_of_its_pages(
    two_hundred: Document, tmp_path: Path
) -> None:
    pages = converted(two_hundred, tmp_path)
    annex = [page for page in pages if "第200街道" in page.replace(" ", "") or "第5街道" in page.replace(" ", "")]
    assert len(annex) == 2
    assert all("承办单位" in page for page in annex)
    assert sum("承办单位" in page and "街道" in page for page in pages) >= 5
    whole = "".join("".join(page.split()) for page in pages)
    assert "求助类1264件、投诉类1217件、咨询类24件" in whole
