"""By what personal information is known in a text: numbers by length, range and check digit, rooms by their words.

All patterns are for folded text (`personal.find`): ASCII digits, capitals, narrow signs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from itertools import pairwise

from hotline_tui.rules.words import Word

Span = tuple[int, int]
Check = Callable[[str], bool]


class Personal(Word):
    """个人信息的种类; of two at one place the first tells more."""

    CALLER = "caller", "来电人信息"
    ID_CARD = "id_card", "身份证号"
    BANK_CARD = "bank_card", "银行卡号"
    PHONE = "phone", "电话号码"
    PLATE = "plate", "车牌号"
    EMAIL = "email", "电子邮箱"
    ROOM = "room", "门牌住址"


# -- numbers, however their digits are set apart

_BETWEEN = "\\s\\-‐‑‒–—―−_.·•,、*/|()\u00ad\u200b-\u200f\u2060\ufe0f\u20e3\ufeff"
_GAP = f"[{_BETWEEN}]{{0,4}}"


def _run(*each: str) -> str:
    return _GAP.join(each)


def _digits(many: int) -> str:
    return _run(*[r"\d"] * many)


_AREA = _run("0", f"(?:{_run('1', '0')}|{_run('2', '[0-57-9]')}|{_run('[3-9]', r'[0-9]', r'[0-9]')})")
_LOCAL = _run("[2-9]", f"(?:{_digits(7)}|{_digits(6)})")
_MOBILE = _run("1", "[3-9]", _digits(9))
_SUM = re.compile(r"\d{1,3}(,\d{3})+")
_PROVINCES = frozenset(
    [*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83]
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _is_phone(number: str) -> bool:
    """Neither a sum in thousands nor a list such as 1、3、5、7、9、11、13、15."""
    groups = [int(each) for each in re.split(r"\D+", number)]
    return not (len(groups) > 4 and all(a < b for a, b in pairwise(groups))) and not _SUM.fullmatch(number)


def _is_card_18(number: str) -> bool:
    """By province, birthday and check digit (GB 11643)."""
    digits = _bare(number)
    rest = sum(int(digit) * weight for digit, weight in zip(digits[:17], _WEIGHTS, strict=True)) % 11
    return int(digits[:2]) in _PROVINCES and _is_day(digits[6:14]) and "10X98765432"[rest] == digits[17]


def _is_card_15(number: str) -> bool:
    """By province and birthday: those of before 1999 have no check digit."""
    digits = _bare(number)
    return int(digits[:2]) in _PROVINCES and _is_day(f"19{digits[6:12]}")


def _is_bank_card(number: str) -> bool:
    """By Luhn's sum."""
    digits = [int(digit) for digit in reversed(_bare(number))]
    return (sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])) % 10 == 0


def _bare(number: str) -> str:
    return re.sub("[^0-9X]", "", number)


def _is_day(digits: str) -> bool:
    try:
        return 1880 < date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year < 2100
    except ValueError:
        return False


def _any(_found: str) -> bool:
    return True


Rule = tuple[Personal, re.Pattern[str], Check]


def _numbers(before: str, behind: str) -> tuple[Rule, ...]:
    """The rules for numbers, each standing between these; looked ahead, so that none hides another."""

    def rule(kind: Personal, number: str, check: Check) -> Rule:
        return kind, re.compile(f"{before}(?=({number}){behind})"), check

    return (
        rule(Personal.ID_CARD, _run("[1-8]", _digits(16), r"[\dX]"), _is_card_18),
        rule(Personal.ID_CARD, _run("[1-8]", _digits(14)), _is_card_15),
        *(rule(Personal.BANK_CARD, _run("[3-9]", _digits(many - 1)), _is_bank_card) for many in (19, 18, 17, 16)),
        (Personal.PHONE, re.compile(f"{before}(?:(?:00)?86)?(?=({_MOBILE}){behind})"), _is_phone),
        rule(Personal.PHONE, _run(_AREA, _LOCAL), _is_phone),
    )


_WRITTEN = _numbers(r"(?<!\d)", r"(?!\d)")
_DICTATED = _numbers("", "")
_WITHOUT_AREA = re.compile(
    rf"(?:电话|座机|手机|拨打|致电|传真|来电|号码|联系方式|TEL|PHONE)[^\d\n]{{0,8}}({_LOCAL})(?!\d)"
)
"""Seven or eight digits alone may be anything, after these words they are a telephone number."""
_NO_LANDLINE = re.compile(
    r"(?<![\d\-/.])(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:[12]\d|3[01]|0?[1-9])(?![\d\-/.])"  # a day
    r"|(?<![0-9A-Z])[A-Z][0-9A-Z]{1,7}-20\d{6}-\d{4,6}(?!\d)"  # an order's number
)


# -- plates, mailboxes, rooms

_PLATE_SIGN = "[0-9A-HJ-NP-Z]"
_PLATE = re.compile(
    "(?=("
    + _run(
        "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领]",
        "[A-HJ-Z]",
        f"(?:{_run(*[_PLATE_SIGN] * 6)}|{_run(*[_PLATE_SIGN] * 4, '[0-9A-HJ-NP-Z挂学警港澳]')})(?![0-9A-Z])",
    )
    + "))"
)
_EMAIL = re.compile(r"([0-9A-Z][0-9A-Z._%+\-]*\s{0,2}@\s{0,2}[0-9A-Z][0-9A-Z\-]*(?:\s?\.\s?[0-9A-Z\-]+){1,5})")
_S = r"[\s\-,、()#]{0,3}"
_CN = "一二三四五六七八九十百〇零"
_N = f"(?:[0-9A-Z甲乙丙丁东西南北]{{1,4}}|[{_CN}]{{1,4}})"
_BUILDING = rf"{_N}{_S}(?:号楼|栋|幢|座|号院|#楼?|组团)"
_MANY = r"\s*(?:[元米年个辆%万亿]|余|多[户人]|平方|平米|公[里斤]|人次|单元)"
"""What makes a number a count, and of less than a hundred also: 3栋12户."""
_FEW = r"\s*(?:[人名户月日天件次亩吨处套台部盏位扇根条棵块层楼时点分])"
_ROOM = (
    rf"(?!20\d\d[-/.年])(?:(?:[0-9]{{3,4}}|[{_CN}]{{3,5}})(?![0-9]|{_MANY})(?:室|号|房|户)?"
    rf"|(?:[0-9]{{2}}|[{_CN}]{{2}})(?![0-9{_CN}]|{_MANY}|{_FEW})(?:室|号|房)?)"
)
_ROOMS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"({_BUILDING}{_S}(?:{_N}{_S}单元{_S})?(?:{_N}{_S}(?:楼|层){_S})?{_ROOM})",
        rf"({_N}{_S}单元{_S}{_ROOM})",
        rf"((?<![0-9{_CN}])(?:[0-9]{{3,4}}|[{_CN}幺]{{3,4}})\s*(?:室(?![内外温])|号?房(?![地屋租产价])))",
        rf"((?<=[路街巷弄道里村苑园寓区])\s*[0-9]{{1,4}}\s*号{_S}{_ROOM})",
        r"((?<![0-9A-Z.\-])[0-9]{1,3}-[0-9]{1,2}-(?!(?:19|20)[0-9]{2})[0-9]{3,4}(?![0-9\-]))",
        r"((?<=[区园苑寓村里楼庭府城湾庄厦])\s*[0-9]{1,3}-(?!(?:19|20)[0-9]{2})[0-9]{3,4}(?![0-9\-年]))",
        rf"((?:家住|住在|住址|户籍地址?)[^。;,、!?\n]{{0,24}}?{_N}\s*(?:号|栋|幢|座|组|室))",
        rf"(门牌(?:号码?)?\s*[:为是]?\s*[0-9]{{1,5}}(?:-[0-9]{{1,4}})?)(?![0-9]|{_MANY}|{_FEW})",
        rf"({_N}组\s*[0-9]{{1,4}}号)",
    )
)


def _is_plate(found: str) -> bool:
    """With a digit after its letter: 新ASSETS is no plate."""
    return any(sign.isdigit() for sign in found[2:])


def everywhere(text: str) -> Iterator[tuple[Personal, Span]]:
    """Everything that is known by its shape alone, in a text whose numerals are left as they are."""
    without = _NO_LANDLINE.sub(lambda found: "\0" * len(found[0]), text)
    for kind, pattern, check in _WRITTEN:
        yield from _found(kind, pattern, check, without if pattern is _WRITTEN[-1][1] else text)
    yield from _found(Personal.PHONE, _WITHOUT_AREA, _is_phone, text)
    yield from _found(Personal.EMAIL, _EMAIL, _any, text)
    yield from _found(Personal.PLATE, _PLATE, _is_plate, text)
    for pattern in _ROOMS:
        yield from _found(Personal.ROOM, pattern, _any, text)


def dictated(text: str) -> Iterator[tuple[Personal, Span]]:
    """Numbers in a text whose numerals have become digits; they may stand next to other numerals."""
    for kind, pattern, check in _DICTATED:
        yield from _found(kind, pattern, check, text)


def _found(kind: Personal, pattern: re.Pattern[str], check: Check, text: str) -> Iterator[tuple[Personal, Span]]:
    return ((kind, match.span(1)) for match in pattern.finditer(text) if check(match[1]))


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
        core = _COMPANY.fullmatch(_close(workplace))
        yield from _told(text, core[1] if core else "")
    yield from _told(text, home)
    for piece in _pieces(_close(home)):
        yield from _told(text, piece)


def number(text: str, phone: str) -> Iterator[Span]:
    """A caller's telephone number with or without its area code; another way of contact as it was told."""
    digits = re.sub(r"\D", "", phone)
    if re.sub(rf"[{_BETWEEN}+\d]", "", phone):
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
    close = _close(fact)
    if len(close) >= least:
        yield from (match.span() for match in _spelled(close).finditer(text))


def _close(fact: str) -> str:
    return re.sub(f"[{_BETWEEN}]", "", fact)


@lru_cache(maxsize=512)
def _spelled(fact: str) -> re.Pattern[str]:
    return re.compile(
        _run(*map(re.escape, fact)) if fact.isdigit() else r"[\s\-_·•*\u200b]{0,3}".join(map(re.escape, fact))
    )
