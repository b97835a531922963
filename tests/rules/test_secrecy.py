"""Art. 13: whom a matter may not be sent to, and what is masked."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline_tui.errors import Refused
from hotline_tui.rules.secrecy import (
    check_dispatch,
    mask_name,
    mask_phone,
    mask_text,
    unit_and_above,
    unit_and_below,
)

pytestmark = pytest.mark.requirement("R-13a", "R-13b")

CITY, STREET, COMMUNITY, OTHER = (uuid4() for _ in range(4))
PARENTS: dict[UUID, UUID | None] = {CITY: None, STREET: CITY, COMMUNITY: STREET, OTHER: CITY}


@pytest.mark.parametrize("unit", [STREET, COMMUNITY])
def test_the_accused_unit_and_those_below_it_never_receive_the_matter(unit: UUID) -> None:
    with pytest.raises(Refused, match="第十三条"):
        check_dispatch(unit, {STREET}, PARENTS)


@pytest.mark.parametrize("unit", [CITY, OTHER])
def test_other_units_and_the_superior_may(unit: UUID) -> None:
    check_dispatch(unit, {STREET}, PARENTS)
    check_dispatch(unit, set(), PARENTS)


def test_below_and_above_are_two_sides_of_one_tree() -> None:
    for unit in PARENTS:
        assert unit_and_below(unit, PARENTS) == {other for other in PARENTS if unit in unit_and_above(other, PARENTS)}
    assert unit_and_above(COMMUNITY, PARENTS) == {COMMUNITY, STREET, CITY}


def test_a_circle_of_units_ends() -> None:
    circle: dict[UUID, UUID | None] = {CITY: STREET, STREET: CITY}
    assert unit_and_above(CITY, circle) == {CITY, STREET}


@pytest.mark.parametrize(
    ("phone", "masked"),
    [("13900002211", "139****2211"), ("0990-6221234", "099****1234"), ("6221234", "****34"), ("110", "****"), ("", "")],
)
def test_a_phone_number_is_masked(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked


@given(st.text(min_size=2, max_size=20))
def test_a_masked_name_shows_one_character_at_most(name: str) -> None:
    assert mask_name(name) in ("", name.strip()[:1] + "**")


def test_an_address_shows_only_whether_one_was_told() -> None:
    assert mask_text("某某花园3栋501") == "***"
    assert mask_text(" ") == ""
