"""Personal information that is known by its words: plates, mailboxes, rooms, and what a caller told of himself.

All patterns are for folded text (`personal.find`): ASCII digits, capitals, narrow signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from hotline_tui.rules.personal_signs import BETWEEN, UNSEEN, Personal, Span, any_of_it, close, places, run

# -- plates, mailboxes, rooms

_DOTS = ".·•・‧∙⋅"
_PLATE_SIGN = "[0-9A-HJ-NP-Z]"
_PLATE_GAP = f"[\\s\\-_*{_DOTS}{UNSEEN}]{{0,4}}"
_PROVINCE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领]"
_NO_HOUSE = r"(?!\s*(?:[栋幢座楼室门院组#]|单元|组团|号[楼院门0-9]|-[0-9]))"
_SIXTH = f"(?:{_PLATE_SIGN}|(?!{_PLATE_SIGN}){_PLATE_GAP}{_PLATE_SIGN}{_NO_HOUSE})"
"""The sixth sign of an electric car's number; set apart and before a building's word it is the building's: 1栋."""
_PLATE_TEXT = _PLATE_GAP.join(
    (
        _PROVINCE,
        "[A-HJ-Z]",
        *[_PLATE_SIGN] * 4,
        f"(?:{_PLATE_SIGN}{_SIXTH}|[0-9A-HJ-NP-Z挂学警港澳])(?![0-9A-Z])",
    )
)
_PLATE = re.compile(f"(?=({_PLATE_TEXT}))")
_PLATE_WORD = r"(?:车牌|号牌|牌照|车号|军牌|军车)"
_PLATE_NAMED = re.compile(f"{_PLATE_WORD}[^0-9A-Z\\n]{{0,8}}?({_PLATE_TEXT})")
_FIVE = f"{_PLATE_GAP.join(['[0-9]'] * 4)}{_PLATE_GAP}{_PLATE_SIGN}(?![0-9A-Z])"
_FORCES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![0-9A-Z])(W{_PLATE_GAP}J{_PLATE_GAP}{_PROVINCE}{_PLATE_GAP}(?:{_FIVE}|[0-9]{{4}}警))",
        rf"(?<![0-9A-Z])(WJ{_PLATE_GAP}[0-9]{{4}}{_PLATE_SIGN})(?![0-9A-Z])",
        rf"(?<![0-9A-Z])(WJ(?!20[0-9]{{2}})[0-9]{{2}}{_PLATE_GAP}[0-9]{{5}})(?![0-9A-Z])",
        rf"((?:[军空海北沈兰济南广]|(?<![完建组形造构生达])成){_PLATE_GAP}[A-Z]{_PLATE_GAP}[0-9]{{5}})(?![0-9A-Z]|\.[0-9])",
        rf"{_PLATE_WORD}[^0-9A-Z\n]{{0,8}}?([A-Z]{_PLATE_GAP}[A-Z]{_PLATE_GAP}{_FIVE})",
    )
)
"""Armed police and army; two letters and five digits are also a standard's number, so only after a word: GB50180."""
_EMAIL = re.compile(r"([0-9A-Z][0-9A-Z._%+\-]{0,63}\s{0,2}@\s{0,2}[0-9A-Z][0-9A-Z\-]*(?:\s?\.\s?[0-9A-Z\-]+){1,5})")
_APART = f"[0-9](?:[\\s{UNSEEN}]{{0,2}}[0-9]){{2,3}}"
_S = r"[\s\-,、()#]{0,3}"
_CN = "一二三四五六七八九十百〇零"
_N = f"(?:[0-9A-Z甲乙丙丁东西南北]{{1,4}}|[{_CN}]{{1,4}})"
_BUILDING = rf"{_N}{_S}(?:号楼|栋|幢|座|号院|#楼?|组团)"
_MANY = r"\s*(?:[元米年个辆%万亿]|余|多[户人]|平方|平米|公[里斤]|人次|单元)"
"""What makes a number a count, and of less than a hundred also: 3栋12户."""
_FEW = r"\s*(?:[人名户月日天件次亩吨处套台部盏位扇根条棵块层楼时点分]|小时)"
_ROOM = (
    rf"(?!20\d\d[-/.年])(?:(?:[0-9]{{3,4}}|[{_CN}]{{3,5}})(?![0-9]|{_MANY})(?:室|号|房|户)?"
    rf"|(?:[0-9]{{2}}|[{_CN}]{{2}})(?![0-9{_CN}]|{_MANY}|{_FEW})(?:室|号|房)?)"
)
_STAIRS = rf"(?:{_N}{_S}单元|(?:[0-9A-Z甲乙丙丁]{{1,2}}|[{_CN}]{{1,3}})\s?号?门){_S}"
"""In the north a stairwell is 门."""
_FLOOR = rf"(?:{_N}{_S}|[顶底])(?:楼|层){_S}"
_SIDE = r"的?[东西南北中左右]{1,2}[边侧间]?住?户(?![型均口籍])"
_FLAT = rf"(?:{_FLOOR}{_SIDE}|(?:{_FLOOR})?{_ROOM})"
_NO_FLAT = rf"(?:{_MANY}|(?!\s*户主){_FEW}|\s*(?:办|会议|窗|诊|床|教))"
"""After the number of a building by its side: as many, or an office."""
_ROOMS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"({_BUILDING}{_S}(?:{_STAIRS})?{_FLAT})",
        rf"({_N}{_S}单元{_S}{_FLAT})",
        rf"({_FLOOR}{_SIDE})",
        rf"((?<=[区园苑寓村里楼庭府湾庄厦院])\s*[0-9]{{1,2}}\s*门\s*(?=[0-9]{{3}}){_ROOM})",
        rf"([东西南北]{{1,2}}楼{_S}(?!20\d\d[-/.年至])[0-9]{{3,4}}(?![0-9]|{_NO_FLAT})(?:室|号|房)?)",
        rf"((?<![0-9{_CN}])(?:{_APART}|[{_CN}幺]{{3,4}})\s*(?:室(?![内外温])|号?房(?![地屋租产价])))",
        rf"((?<=[路街巷弄道里村苑园寓区])\s*[0-9]{{1,4}}\s*号{_S}(?:{_STAIRS})?{_ROOM})",
        r"((?<![0-9A-Z.\-])[0-9]{1,3}-[0-9]{1,2}-(?!(?:19|20)[0-9]{2})[0-9]{3,4}(?![0-9\-]))",
        r"((?<=[区园苑寓村里楼庭府城湾庄厦])\s*[0-9]{1,3}-(?!(?:19|20)[0-9]{2})[0-9]{3,4}(?![0-9\-年]))",
        rf"((?:家住|住在|住址|户籍地址?)[^。;,、!?\n]{{0,24}}?{_N}\s*(?:号|栋|幢|座|组|室))",
        rf"(门牌(?:号码?)?\s*[:为是]?\s*[0-9]{{1,5}}(?:-[0-9]{{1,4}})?)(?![0-9]|{_MANY}|{_FEW})",
        rf"({_N}组\s*[0-9]{{1,4}}号)",
    )
)


def _is_plate(found: str) -> bool:
    """With a digit or a dot after its letter: 新ASSETS is no plate, 皖A·ABCDE is one."""
    return any(sign.isdigit() for sign in found[2:]) or bool(re.match(rf"..\s?[{_DOTS}]", found))


def everywhere(text: str) -> Iterator[tuple[Personal, Span]]:
    """Everything else than numbers that is known by its shape alone."""
    yield from places(Personal.EMAIL, _EMAIL, any_of_it, text)
    yield from places(Personal.PLATE, _PLATE, _is_plate, text)
    yield from places(Personal.PLATE, _PLATE_NAMED, any_of_it, text)
    for pattern in _FORCES:
        yield from places(Personal.PLATE, pattern, any_of_it, text)
    for pattern in _ROOMS:
        yield from places(Personal.ROOM, pattern, any_of_it, text)


# -- what the order's callers told of themselves

_NO_NAME = re.compile(
    "匿名|不详|.?(?:先生|女士|小姐|同志|老师|师傅|同学|大爷|大妈|阿姨|居民|市民|群众|业主|网友)|.{0,2}[某X*]+.{0,2}|.{2}(?:先生|女士|小姐)"
)
_NO_WORKPLACE = re.compile("无.*|个体.{0,3}|自由职业者?|退休.{0,2}|务农|农民|学生|待业|不详|某+")
_COMPANY = re.compile("(?:.{2,8}?(?:自治区|[省市区县]))?(.{2,}?)(?:股份|有限责任|有限|集团|公司|总|分)*(?:公司|集团)?")
_LEAST = 4
_WINDOW = 5


def of_caller(text: str, name: str, phone: str, workplace: str, home: str) -> Iterator[Span]:
    """Where a caller's own data stand: the whole name, the number, the workplace or its own name, the address or a
    piece of it with a house number."""
    if not _NO_NAME.fullmatch(name.strip()):
        yield from _told(text, name, least=2)
    yield from number(text, phone)
    if not _NO_WORKPLACE.fullmatch(workplace.strip()):
        yield from _told(text, workplace)
        core = _COMPANY.fullmatch(close(workplace))
        yield from _told(text, core[1] if core else "")
    yield from _told(text, home)
    for piece in _pieces(close(home)):
        yield from _told(text, piece)


def number(text: str, phone: str) -> Iterator[Span]:
    """A caller's telephone number with or without its area code; another way of contact as it was told."""
    digits = re.sub(r"\D", "", phone)
    if re.sub(rf"[{BETWEEN}+\d]", "", phone):
        yield from _told(text, phone)
    for each in {digits.removeprefix("86"), re.sub("^0(?:10|2[0-57-9]|[3-9][0-9]{2})", "", digits)}:
        if len(each) > 6:
            yield from _told(text, each)


def _pieces(address: str) -> Iterator[str]:
    """Pieces of an address that hold a number and words: 花园3栋5."""
    for start in range(len(address) - _WINDOW + 1):
        piece = address[start : start + _WINDOW]
        if 0 < sum(sign.isdigit() for sign in piece) < _WINDOW - 1:
            yield piece


def _told(text: str, fact: str, least: int = _LEAST) -> Iterator[Span]:
    bare = close(fact)
    if len(bare) >= least:
        yield from (match.span() for match in _spelled(bare).finditer(text))


@lru_cache(maxsize=512)
def _spelled(fact: str) -> re.Pattern[str]:
    return re.compile(run(*map(re.escape, fact)))
