"""The number that people speak."""

from __future__ import annotations

from datetime import date

import pytest

from hotline_tui.rules.numbers import dialled, normalise, spoken, unusual


def test_a_number_says_site_day_and_count() -> None:
    assert spoken("C01", date(2026, 11, 22), 42) == "C01-20261122-0042"
    assert spoken("C01", date(2026, 11, 22), 12345) == "C01-20261122-12345"


@pytest.mark.parametrize("typed", ["C01-20261122-0042", "c01-20261122-0042", " c01202611220042 ", "C01 20261122 0042"])
def test_a_number_is_understood_as_people_type_it(typed: str) -> None:
    assert normalise(typed) == "C01-20261122-0042"


@pytest.mark.parametrize("typed", ["", "0042", "停车", "C01-2026-42", "13900002211", "'; drop table"])
def test_other_text_is_no_number(typed: str) -> None:
    assert normalise(typed) is None


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("139 0000 2211", "13900002211"),
        ("１３９00002211", "13900002211"),
        (" 0990-622 1234 ", "09906221234"),
        ("(0990)6221234", "09906221234"),
        ("+86 139-0000-2211", "+8613900002211"),
        ("wang@example.cn", "wang@example.cn"),
        ("微信 wang99", "微信 wang99"),
        ("", ""),
    ],
)
def test_a_telephone_number_is_kept_as_one_dials_it(told: str, kept: str) -> None:
    assert dialled(told) == kept


USUAL = (
    "13900002211 +8613900002211 62345678 6234567 010-62345678 0990-6234567 "
    "12345 10086 110 95588 4008001234 张三转告 +85212345678 0085212345678"
)


@pytest.mark.parametrize("number", ["", "139 0000 2211", *USUAL.split()])
def test_numbers_as_china_has_them_and_other_ways_of_contact_are_not_remarked_on(number: str) -> None:
    assert not unusual(number)


@pytest.mark.parametrize("number", ["1390000221", "139000022111", "12900002211", "623456", "123456789", "040012345"])
def test_a_number_of_another_length_is_worth_asking_again(number: str) -> None:
    assert unusual(number)
