"""Numbers that tell of a person, known by length, range and check digit: telephone, identity and bank cards.

All patterns are for folded text (`personal.find`): ASCII digits, capitals, narrow signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise

from hotline_tui.rules.personal_signs import UNSEEN, Check, Personal, Span, any_of_it, digits, places, run

Rule = tuple[Personal, re.Pattern[str], Check]

_AREA = run("0", f"(?:{run('1', '0')}|{run('2', '[0-57-9]')}|{run('[3-9]', r'[0-9]', r'[0-9]')})")
_LOCAL = run("[2-9]", f"(?:{digits(7)}|{digits(6)})")
_MOBILE = run("1", "[3-9]", digits(9))
_SUM = re.compile(r"\d{1,3}(,\d{3})+")
_TIME = re.compile(r"(?<![\d:])(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?![\d:])")
_PROVINCES = frozenset(
    [*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83]
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _is_phone(number: str) -> bool:
    """Neither a sum in thousands, nor a list such as 1、3、5、7、9、11、13、15, nor hours such as 13:30-18:30, 400."""
    groups = [int(each) for each in re.split(r"\D+", number)]
    rising = len(groups) > 4 and groups[-1] < 100 and all(a < b for a, b in pairwise(groups))
    return not (rising or _SUM.fullmatch(number) or _TIME.search(number))


def _is_card_18(number: str) -> bool:
    """By province, birthday and check digit (GB 11643)."""
    bare = _bare(number)
    rest = sum(int(digit) * weight for digit, weight in zip(bare[:17], _WEIGHTS, strict=True)) % 11
    return _is_card_with_a_slip(number) and "10X98765432"[rest] == bare[17]


def _is_card_with_a_slip(number: str) -> bool:
    """By province and birthday: one wrong digit elsewhere still tells of the person."""
    bare = _bare(number)
    return int(bare[:2]) in _PROVINCES and _is_day(bare[6:14])


def _is_card_15(number: str) -> bool:
    """By province and birthday: those of before 1999 have no check digit."""
    bare = _bare(number)
    return int(bare[:2]) in _PROVINCES and _is_day(f"19{bare[6:12]}")


def _is_bank_card(number: str) -> bool:
    """By Luhn's sum."""
    back = [int(digit) for digit in reversed(_bare(number))]
    return (sum(back[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in back[1::2])) % 10 == 0


def _is_account(number: str) -> bool:
    """Not a telephone number."""
    return not _NO_ACCOUNT.fullmatch(number)


def _bare(number: str) -> str:
    return re.sub("[^0-9X]", "", number)


def _is_day(written: str) -> bool:
    try:
        return 1880 < date(int(written[:4]), int(written[4:6]), int(written[6:])).year < 2100
    except ValueError:
        return False


def _numbers(before: str, behind: str) -> tuple[Rule, ...]:
    """The rules for numbers, each standing between these; looked ahead, so that none hides another."""

    def rule(kind: Personal, number: str, check: Check) -> Rule:
        return kind, re.compile(f"{before}(?=({number}){behind})"), check

    return (
        rule(Personal.ID_CARD, run("[1-8]", digits(14)), _is_card_15),
        *(rule(Personal.BANK_CARD, run("[3-9]", digits(many - 1)), _is_bank_card) for many in (19, 18, 17, 16)),
        (Personal.PHONE, re.compile(f"{before}(?:(?:00)?86)?(?=({_MOBILE}){behind})"), _is_phone),
        rule(Personal.PHONE, run(_AREA, _LOCAL), _is_phone),
    )


_WRITTEN = _numbers(r"(?<!\d)", r"(?!\d)")
_DICTATED = _numbers("", "")
_18 = run("[1-8]", digits(16), "[0-9X]")
_CARD_18: Rule = (Personal.ID_CARD, re.compile(f"(?=({_18}))"), _is_card_18)
"""Province, birthday and check digit together are no accident, whatever digits it touches."""
_CARD_ALONE: Rule = (Personal.ID_CARD, re.compile(rf"(?<!\d)(?=({_18})(?!\d))"), _is_card_with_a_slip)


# -- numbers that touch other digits: 1391234123413812345678, 工号001213812345678, 138123456782026年

_DAY = r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_ONE_MOBILE = r"1[3-9]\d[ \-]?\d{4}[ \-]?\d{4}"
_ONE_LANDLINE = r"0(?:10|2[0-57-9]|[3-9]\d\d){}[2-9](?:\d{{7}}|\d{{6}})"
_MORE = f"(?:{_ONE_MOBILE}|{_ONE_LANDLINE.format('-?')})"
_NO_SUM = r"(?!\d|\.\d|\s*[元万亿%])"
_HYPHENED = _ONE_LANDLINE.format("-")
_NUMBERS = rf"{_ONE_MOBILE}{_MORE}*|{_HYPHENED}{_MORE}*|{_ONE_LANDLINE.format('')}{_MORE}+"
_BEHIND = rf"{_NO_SUM}|(?:19|20)\d\d(?=[年./\-])|{_DAY}{_NO_SUM}"
_TOGETHER = tuple(
    re.compile(rf"(?<!\d)(?<!\d\.){pattern}")
    for pattern in (
        rf"(?:{_DAY}|\d{{0,4}}?)({_NUMBERS})(?:{_BEHIND})",
        rf"((?:{_ONE_MOBILE}|{_HYPHENED})+)\d{{1,4}}{_NO_SUM}",
    )
)
"""A few digits or a day before or behind; anything longer is a number of another kind."""
_AFTER_WORD = re.compile(r"(?:电话|手机|座机|拨打|致电|回电|联系方式|TEL|PHONE|微信)[^\d\n]{0,8}\d*?(1[3-9]\d{9})")
_ADDRESS_OF_PAGE = re.compile(r"(?:HTTPS?://|WWW\.)[!-~]*")


# -- numbers that are known by the word before them

_WITHOUT_AREA = re.compile(
    rf"(?:电话|座机|手机|拨打|致电|传真|来电|号码|联系方式|TEL|PHONE)[^\d\n]{{0,8}}({_LOCAL})(?!\d)"
)
"""Seven or eight digits alone may be anything, after these words they are a telephone number."""
_NAMED: tuple[Rule, ...] = (
    (
        Personal.ID_CARD,
        re.compile(rf"(?:身份证|居民证)[^\d\n]{{0,8}}({run(digits(17), '[0-9X]')})(?!\d)"),
        any_of_it,
    ),
    (
        Personal.BANK_CARD,
        re.compile(
            r"(?:卡号|(?:银行|信用|储蓄|借记)卡)[^\d\n]{0,8}"
            rf"({'|'.join(digits(many) for many in (19, 18, 17, 16))})(?!\d)"
        ),
        any_of_it,
    ),
)
"""Also with a slip in a digit."""
_NO_ACCOUNT_WORD = "电话|热线|手机|传真|拨打|致电|咨询|流水|编号|单号|文号"
_UP_TO = rf"(?:(?!{_NO_ACCOUNT_WORD})[^\d。;!?]){{0,8}}"
_JOINED = rf"(?:[\s\-‐‑‒–—―−_{UNSEEN}]{{0,3}}\d)"
_BEGINS = r"(?!(?:19|20)\d\d[\-/.年])\d"
_ENDS = r"(?!\d|\.\d|\s*(?:[元亿%年]|万[元亿余多]))"
_ACCOUNTS = (
    re.compile(rf"(?:[账帐]\s{{0,4}}[号户]|存折){_UP_TO}({_BEGINS}{_JOINED}{{9,21}}){_ENDS}"),
    re.compile(
        rf"(?:银行|[工农中建交招商支分]行|开户行|邮储|邮政|信用社|农信社?){_UP_TO}({_BEGINS}{_JOINED}{{15,21}}){_ENDS}"
    ),
)
"""An account has no check digit, and a card's may be mistyped: known by the word or the bank before it."""
_NO_ACCOUNT = re.compile(rf"{_ONE_MOBILE}|0\d{{2,3}}[\- ]\d{{7,8}}|[48]00[\- ]\d{{3,4}}[\- ]\d{{3,4}}")
_NO_LANDLINE = re.compile(
    r"(?<![\d\-/.])(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:[12]\d|3[01]|0?[1-9])(?![\d\-/.])"  # a day
    r"|(?<![0-9A-Z])[A-Z][0-9A-Z]{1,7}-20\d{6}-\d{4,6}(?!\d)"  # an order's number
)


def written(text: str) -> Iterator[tuple[Personal, Span]]:
    """Every number in a text whose numerals are left as they are."""
    yield from places(*_CARD_ALONE, text)
    cards = list(places(*_CARD_18, text))
    yield from cards
    yield from _beside_cards(text)
    if cards:
        yield from _beside_cards(_without(text, cards))


def _beside_cards(text: str) -> Iterator[tuple[Personal, Span]]:
    without = _blanked(_NO_LANDLINE, text)
    for rule in _WRITTEN:
        yield from places(*rule, without if rule is _WRITTEN[-1] else text)
    for rule in _NAMED:
        yield from places(*rule, text)
    yield from places(Personal.PHONE, _WITHOUT_AREA, _is_phone, text)
    yield from places(Personal.PHONE, _AFTER_WORD, any_of_it, text)
    without = _blanked(_ADDRESS_OF_PAGE, without)
    for pattern in _ACCOUNTS:
        yield from places(Personal.BANK_CARD, pattern, _is_account, without)
    for pattern in _TOGETHER:
        yield from places(Personal.PHONE, pattern, any_of_it, without)


def dictated(text: str) -> Iterator[tuple[Personal, Span]]:
    """Numbers in a text whose numerals have become digits; they may stand next to other numerals."""
    for rule in (_CARD_18, *_DICTATED):
        yield from places(*rule, text)


def _without(text: str, found: Iterable[tuple[Personal, Span]]) -> str:
    """What touches a card is looked at as if the card were not there."""
    signs = list(text)
    for _, (start, end) in found:
        signs[start:end] = "\0" * (end - start)
    return "".join(signs)


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda found: "\0" * len(found[0]), text)
