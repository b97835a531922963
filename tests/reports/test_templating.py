"""Templates: the figures in the words of published documents, and a mistake with its file and line."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from hotline_tui.errors import ExitCode, UsageError
from hotline_tui.reports.documents import text
from hotline_tui.reports.documents.model import Document, Heading, Paragraph, Table
from hotline_tui.reports.figures import Figures, Part, Written
from hotline_tui.reports.templating import Templates, names, shipped
from hotline_tui.rules.words import Report
from tests.reports.figured import KINDS, TOPICS, nothing, of, the_bulletin, the_report


def document(figures: Figures, folder: Path | None = None) -> Document:
    return Templates(folder or Path("none")).document(figures)


def said(figures: Figures, folder: Path | None = None) -> str:
    """All of it on one line."""
    return re.sub(r"\s", "", text.render(document(figures, folder), 10_000))


@pytest.mark.requirement("R-11.7")
def test_the_quarterly_report_says_every_figure_of_the_report() -> None:
    told = said(the_report())
    for phrase in (
        "2017年第三季度",
        "共受理工单2505件",
        "其中：求助类1264件、投诉类1217件、咨询类24件。",
        "受理市长信箱268件，答复256件，网上公开40件",
        "一是违章建设问题756件，二是公共服务问题567件，三是物业管理问题336件，四是市政建设问题279件，五是环保问题159件，",
        "六是公共治安问题123件，七是劳动社保问题96件，八是工商管理问题57件，九是其它各类问题132件。",
        "8月份“12345”工单严重超期14件，其中新河街道10件、工商分局3件、房产分局1件；市长信箱严重超期2件，其中安环办2件。",
        "按时办结率95.65%",
        "满意率90.00%",
        "城南新区12345政府服务热线办公室",
        "2017年9月25日",
    ):
        assert phrase in told
    assert not re.search("[79]月份", told)


@pytest.mark.requirement("R-11.8")
def test_the_bulletin_says_what_a_city_published() -> None:
    told = said(the_bulletin())
    for phrase in (
        "共转派工单4567件，按期签收率99.89%，办结率100.00%，按期办结率99.89%，满意率96.00%",
        "投诉3751件占比82.13%",
        "表扬298件占比6.53%",
        "工单数量较多的单位是：甲区1100件（同比上升10.00%）、乙区855件（同比下降5.00%）。",
        "按时办结率较低的单位是：甲区99.90%。",
        "满意率较低的单位是：乙区90.00%。",
        "住房保障类793件，占比17.36%，环比上升13.29%，同比下降0.88%，其中物业管理390件、房屋建设226件。",
    ):
        assert phrase in told


@pytest.mark.parametrize("report", Report)
def test_of_a_period_of_nothing_it_is_said_that_there_is_nothing(report: Report) -> None:
    told = said(nothing(report))
    assert "没有受理" in told
    assert "无数据" in told
    assert not re.search(r"None|nan|0\.00%|一、$|[：；，、]。|：、", told)


@pytest.mark.parametrize("report", Report)
def test_each_rate_stands_beside_its_parts_its_formula_and_the_choices(report: Report) -> None:
    annexes = document(replace(the_report(), report=report)).annexes
    table = next(block for block in annexes[-1].blocks if isinstance(block, Table))
    assert (
        "按时办结率",
        "95.65%",
        "2200",
        "2300",
        "无数据",
        "无数据",
        "在时限内办结的件数 / 时限在期内的件数",
    ) in table.rows
    notes = "".join(block.text for block in annexes[-1].blocks if isinstance(block, Paragraph))
    assert "满意率中基本满意计为满意。" in notes
    heads = [block for block in annexes[-1].blocks if isinstance(block, Table)][-1]
    assert heads.rows == (("C01", "1234", "ab" * 32),)


def test_what_the_office_writes_is_markdown_under_its_own_heading() -> None:
    blocks = document(the_report()).blocks
    headings = [block.text for block in blocks if isinstance(block, Heading)]
    assert headings[-3:] == ["五、存在的主要问题", "（一）拖拉现象", "六、下一步工作"]
    assert "存在的主要问题" not in said(replace(the_report(), written=Written()))


def test_names_that_look_like_markup_are_names() -> None:
    evil = "# **办**|<b>&amp;{{ issuer }}\n| 1 |"
    part = Part(of("", received=1, dispatched=1, serious=1), KINDS, TOPICS, units=(of(evil, dispatched=1, serious=1),))
    made = document(replace(the_report(), report=Report.BULLETIN, all=part, issuer=evil))
    plain = evil.replace("\n", " ")
    assert (made.front.mark, made.front.signature) == (plain, plain)
    tables = [block for annex in made.annexes for block in annex.blocks if isinstance(block, Table)]
    assert tables[0].rows[0][1] == plain
    assert f"{plain}1件" in "".join(block.text for block in made.blocks if isinstance(block, Paragraph))


def test_an_offices_own_template_goes_before_the_programs(tmp_path: Path) -> None:
    (tmp_path / "quarterly.md.j2").write_text(
        '{% include "front.md.j2" %}\n# 自拟\n\n受理{{ hotline.total.counts.accepted }}件', "utf-8"
    )
    assert "自拟" in said(the_report(), tmp_path)
    assert "受理2505件" in said(the_report(), tmp_path)
    (tmp_path / "front.md.j2").write_text("---\n发文机关标志: 某办\n---\n", encoding="utf-8")
    assert document(the_report(), tmp_path).front.mark == "某办"


TITLE = "# 题\n\n"


@pytest.mark.parametrize(
    ("source", "line", "sentence"),
    [
        (f"{TITLE}{{{{ hotlin.total }}}}", 3, "没有 hotlin 这个名称"),
        (f"{TITLE}{{{{ hotline.totl }}}}", 3, "没有 totl 这一项"),
        (f"{TITLE}{{{{ hotline.total.counts.acepted }}}}", 3, "没有 acepted 这一项"),
        (f"{TITLE}{{{{ hotline.total | percnt }}}}", 3, "没有 percnt 这个过滤器"),
        (f"{TITLE}\n{{% fr x in y %}}", 4, "没有 fr 这个标签"),
        (f"{TITLE}{{% for kind in hotline.kinds %}}\n甲", 4, "有标签没有结束"),
        (f"{TITLE}{{{{ issuer", 3, "写法不对"),
        (f"{TITLE}{{{{ 1 / 0 }}}}", 3, "写法不对"),
        (f"{TITLE}{{{{ hotline.kinds | some('nonsense') }}}}", 3, "写法不对"),
        (f"{TITLE}{{{{ issuer.__class__.__mro__ }}}}", 3, "写法不对"),
        (f"{TITLE}{{{{ hotline | percent }}}}", 3, "写法不对"),
        ("正文", 1, "正文之前没有标题"),
        ("{# 注 #}\n{% for n in [1, 2] %}\n{% endfor %}\n正文", 4, "正文之前没有标题"),
        (f"{TITLE}{{% for kind in hotline.kinds %}}\n甲\n\n{{% endfor %}}\n###### 深", 7, "标题最多 4 层"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(tmp_path: Path, source: str, line: int, sentence: str) -> None:
    path = tmp_path / "quarterly.md.j2"
    path.write_text(source, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        document(the_report(), tmp_path)
    assert caught.value.exit_code is ExitCode.USAGE
    assert str(caught.value).startswith(f"模板 {path} 第 {line} 行有误: {sentence}")
    assert "\n" not in str(caught.value)


def test_a_mistake_in_what_is_included_is_told_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "front.md.j2"
    for source, line in (("---\n发文: 甲\n---\n", 2), ("---\n\n发文字号: {{ nobody }}\n---\n", 3), ("{% if %}", 1)):
        path.write_text(source, encoding="utf-8")
        with pytest.raises(UsageError, match=f"模板 {re.escape(str(path))} 第 {line} 行有误"):
            document(the_report(), tmp_path)


def test_a_template_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "quarterly.md.j2").write_bytes("# 题".encode("gb18030"))
    with pytest.raises(UsageError, match="读不了: 须为 UTF-8 编码"):
        document(the_report(), tmp_path)


def test_a_template_reaches_nothing_but_its_figures(tmp_path: Path) -> None:
    for source in ("{% include '/etc/passwd' %}", "{% include '../x' %}", "{{ hotline.kinds.append(1) }}"):
        (tmp_path / "quarterly.md.j2").write_text(TITLE + source, encoding="utf-8")
        with pytest.raises(UsageError, match="第 3 行有误"):
            document(the_report(), tmp_path)


def test_no_figure_stands_in_a_template() -> None:
    for name in names():
        words = re.sub(r"\{[{%#].*?[#%}]\}", "", shipped(name), flags=re.DOTALL)
        assert set(re.findall(r"\d+", words)) <= {"12345"}, name


def test_every_template_is_there() -> None:
    for name in names():
        assert shipped(name).startswith("{# ")
