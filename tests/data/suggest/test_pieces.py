"""The words that speak for a topic or a unit are words: nothing that lies across two of them."""

from __future__ import annotations

from hotline_tui.data.search.tokens import pair
from hotline_tui.data.suggest.pieces import pieces

KNOWN = frozenset(["噪音", "停车", "停车费", "小区", "电动自行车"])


def speaking(*pairs: str) -> dict[int, float]:
    """The first says most."""
    return {pair(*each): 10.0 - at for at, each in enumerate(pairs)}


def test_a_pair_that_lies_across_words_is_none() -> None:
    assert pieces("晚上噪音太大", speaking("音太", "太大")) == ()
    assert pieces("晚上噪音太大", speaking("音太", "噪音"), known=KNOWN) == ("噪音",)
    assert pieces("小区乱收停车费", speaking("区乱", "收停"), known=KNOWN) == ()
    assert pieces("垃圾没人清运", speaking("人清", "垃圾")) == ("垃圾",)


def test_what_is_said_of_every_matter_is_no_reason() -> None:
    assert pieces("家里没水了", speaking("家里", "里没")) == ()
    assert pieces("家里停电了", speaking("停电", "家里", "里停")) == ("停电",)


def test_a_pair_within_a_word_stands_for_all_of_it() -> None:
    assert pieces("小区的停车费涨了", speaking("车费"), known=KNOWN) == ("停车费",)
    assert pieces("楼道里停电动自行车", speaking("动自", "行车"), known=KNOWN) == ("电动自行车",)


def test_pairs_that_overlap_are_one_piece_and_the_strongest_comes_first() -> None:
    told = speaking("拖欠", "欠工", "工资", "老板")
    assert pieces("老板不给钱, 拖欠工资", told) == ("拖欠工资", "老板")
