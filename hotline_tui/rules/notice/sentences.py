"""A pasted notice as sentences: one spelling of signs, digits and characters, the original kept for quoting."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from hotline_tui.errors import UsageError
from hotline_tui.rules.text import clean

_QUOTED = 60
_LONGEST = 20_000
_TRADITIONAL = str.maketrans(
    "國務辦廳關於節補調連週號農曆歷發電勞動慶個為將長門與後開學時間區縣員會職單結業際經現兩該從總計應須閏臘親園實報處無戰勝紀雙換內遲歲陽壩適",
    "国务办厅关于节补调连周号农历历发电劳动庆个为将长门与后开学时间区县员会职单结业际经现两该从总计应须闰腊亲园实报处无战胜纪双换内迟岁阳坝适",
)
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("-－—–―‐‑−─━~～〜∼", "-"),
        **dict.fromkeys("“”„‟«»「」『』＂", '"'),
        **dict.fromkeys("‘’′", "'"),
        **dict.fromkeys("〔［【〖", "["),
        **dict.fromkeys("〕］】〗", "]"),
        "﹑": "、",
        "､": "、",
        "｡": "。",
        "﹒": ".",
        "○": "〇",
        "Ｏ": "〇",
        "◯": "〇",
    }
)
_NUMBER = "[一二三四五六七八九十]"
_HEADING = re.compile(rf"(?:\(({_NUMBER}+|\d{{1,2}})\)、?|({_NUMBER}+)、|(\d{{1,2}})(?:[、)]|\.(?!\d)))")
_HEADING_AHEAD = re.compile(rf"(?:\({_NUMBER}+\)|{_NUMBER}+、|\d{{1,2}}[、.)])(?=\D)")
_TITLE = re.compile(r"^[^。;]*?(?:的)?通知(?!如下)")
_PAPER = re.compile(r"[^\d。:]{0,12}\[\d+\](?:第)?\d+号")
_ADDRESSEES = re.compile(r"^(?:各省|各市|各州|各区|各县|各地|各部|省|市|国务院各|有关)[^。:]*:")
_SIGNATURE = re.compile(
    r"(?:[^\d。]{0,30}?(?:国务院办公厅|国务院|人民政府(?:办公厅|办公室)?))?"
    r"(?P<date>(?:\d{4}|[〇零一二三四五六七八九]{4})年(?:\d{1,2}|[一二三四五六七八九十]{1,3})月"
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,4})日)(?:印发|发布)?(?P<after>\([^()\d]*\))?$"
)
_AUTHORITY = re.compile(r"(?:国务院办公厅|国务院|[^。]{0,20}人民政府(?:办公厅|办公室)?)(?:\([^()\d]*\))?$")
_END = re.compile("[。;!?]|\n")


class NoticeError(UsageError):
    """The text is not a notice, or contradicts itself; says which sentence and why."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence between full stops; `plain` is what is read, `written` what is quoted."""

    number: int
    plain: str
    written: str
    heading: str = ""
    """Its number as written (三, 3), where it begins a paragraph that has one."""

    def error(self, why: str) -> NoticeError:
        """The refusal that quotes this sentence."""
        shown = self.written if len(self.written) <= _QUOTED else f"{self.written[:_QUOTED]}.."
        return NoticeError(f"第{self.number}句 '{shown}': {why}")


@dataclass(frozen=True, slots=True)
class Paper:
    """The parts of a notice; each empty or None where the text has not got it."""

    title: Sentence | None
    paper_number: str
    """文号."""
    body: tuple[Sentence, ...]
    signature: Sentence | None
    """The date of issue at the end, in `plain`."""


def paper(text: str) -> Paper:
    """Take a notice apart; raises NoticeError where there is nothing."""
    if len(text) > _LONGEST:
        raise NoticeError("文字太长, 不是一份放假通知, 请只粘贴通知全文")
    plain, written = _one_spelling(text)
    if not plain.strip("\n"):
        raise NoticeError("没有内容, 请粘贴通知全文")
    numbered = _Numbered(plain, written)
    title, begin = None, 0
    found = _TITLE.match(plain)
    if found and ("关于" in found.group() or "安排" in found.group()) and len(found.group()) <= 100:
        title, begin = numbered.take(0, found.end()), found.end()
    end, signature = len(plain.rstrip("\n。")), None
    tail = _SIGNATURE.search(plain, begin, end)
    if tail:
        signature = (tail.start("date"), tail.end("date"))
        end = tail.start()
    signer = _AUTHORITY.search(plain, max(begin, plain.rfind("。", begin, end) + 1), len(plain[:end].rstrip("\n")))
    if signer:
        end = signer.start()
    number = _PAPER.search(plain, begin, begin + 60)
    if number and "。" not in plain[begin : number.start()]:
        paper_number = written[number.start() : number.end()].strip("\n()（）")
        begin = number.end() + (plain[number.end() : number.end() + 1] == ")")
    else:
        paper_number = ""
    body = tuple(_body(plain, numbered, begin, end))
    return Paper(title, paper_number, body, numbered.take(*signature) if signature else None)


class _Numbered:
    """Hands out sentences with running numbers."""

    def __init__(self, plain: str, written: str) -> None:
        self._plain, self._written, self._number = plain, written, 0

    def take(self, begin: int, end: int, heading: str = "", body_begin: int | None = None) -> Sentence:
        self._number += 1
        plain = self._plain[begin if body_begin is None else body_begin : end]
        return Sentence(self._number, plain, self._written[begin:end], heading)


def _body(plain: str, numbered: _Numbered, begin: int, end: int) -> list[Sentence]:
    sentences: list[Sentence] = []
    addressees = _ADDRESSEES.match(plain[begin:end].lstrip("\n"))
    if addressees:
        begin += len(plain[begin:end]) - len(plain[begin:end].lstrip("\n")) + addressees.end()
    while begin < end:
        stop = _END.search(plain, begin, end)
        finish = stop.start() if stop else end
        if finish > begin:
            heading = _HEADING.match(plain, begin, finish)
            mark = next(filter(None, heading.groups()), "") if heading else ""
            sentences.append(numbered.take(begin, finish, mark, heading.end() if heading else None))
        begin = finish + 1
    return sentences


def _one_spelling(text: str) -> tuple[str, str]:
    """The text in one spelling and as written, sign by sign alike; a line end only where a paragraph begins."""
    lines = [re.sub(r"\s+", "", line) for line in clean(text).split("\n")]
    written = "\n".join(lines).strip("\n")
    plain = "".join(map(_plain, written))
    kept = [index for index, sign in enumerate(plain) if sign != "\n" or _parts(plain, index)]
    return "".join(plain[index] for index in kept), "".join(written[index] for index in kept)


def _plain(sign: str) -> str:
    """One sign; letters small, so that none is taken for the mark of a date."""
    if sign == "\n":
        return sign
    sign = sign.translate(_SIGNS)
    folded = unicodedata.normalize("NFKC", sign)
    sign = (folded if len(folded) == 1 else sign).translate(_SIGNS).translate(_TRADITIONAL)
    return sign.lower() if len(sign.lower()) == 1 else sign


def _parts(plain: str, index: int) -> bool:
    """Whether the line end at `index` parts paragraphs, and is not where a pasted line was broken."""
    rest = plain[index + 1 :].lstrip("\n")
    return plain[index + 1 : index + 2] == "\n" or _HEADING_AHEAD.match(rest) is not None
