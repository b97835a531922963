"""The palette: places by characters, full pinyin or initials."""

from __future__ import annotations

import pytest

from hotline_tui.rules.pinyin import spell
from hotline_tui.screens.palette import Palette, items
from hotline_tui.screens.places import PLACES


def first(typed: str) -> str:
    """What Enter would do."""
    places = [(place.id, place.label, place.help, place.spelling) for place in PLACES]
    found = Palette("命令", items(places, [("urge", "催办", "催办光标所在的工单")])).matches(typed)
    return found[0].key if found else ""


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.id)
def test_every_place_is_found_by_its_characters_its_pinyin_and_its_initials(place) -> None:
    initials = "".join(syllable[0] for syllable in spell(place.label).split())
    for typed in (place.label, spell(place.label).replace(" ", ""), initials):
        assert first(typed) == f"go:{place.id}"


def test_what_can_be_done_here_is_found_by_its_characters() -> None:
    assert first("催办") == "act:urge"


def test_the_number_of_an_order_opens_it() -> None:
    assert first("c01202611200031") == "order:C01-20261120-0031"
