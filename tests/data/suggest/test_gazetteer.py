"""Place names in a text: the longest, in one pass, as a person would find them."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from hotline_tui.data.queries.picks import RegionChoice
from hotline_tui.data.search.tokens import as_written, folded
from hotline_tui.data.suggest.gazetteer import Gazetteer
from hotline_tui.data.suggest.whereabouts import Whereabouts
from hotline_tui.models.columns import new_id

SIGNS = st.text("东西南北路街1a ，", max_size=12)


def named(gazetteer: Gazetteer, text: str) -> list[str]:
    return [each.name for each in gazetteer.find(text)]


def test_of_two_names_the_longer_one_is_meant() -> None:
    gazetteer = Gazetteer([("东风", 0), ("东风路", 1), ("东风路小区", 2), ("小区路", 3)])
    assert named(gazetteer, "我住东风路小区路口, 东风路上很吵") == ["东风路小区", "东风路"]


def test_a_name_in_other_writing_is_the_same_and_none_goes_across_a_stop() -> None:
    gazetteer = Gazetteer([("湖濱·雅居A区", 0)])
    assert named(gazetteer, "湖滨雅居ａ区门口") == ["湖滨雅居a区"]
    assert named(gazetteer, "湖滨, 雅居A区") == []


def test_a_number_or_a_word_of_letters_is_not_cut() -> None:
    gazetteer = Gazetteer([("5号院", 0), ("A1", 1)])
    assert named(gazetteer, "15号院") == []
    assert named(gazetteer, "在5号院") == ["5号院"]
    assert named(gazetteer, "A12栋") == []


def test_several_places_bear_one_name() -> None:
    assert [each.places for each in Gazetteer([("解放路", 1), ("解放路", 2)]).find("解放路")] == [(1, 2)]


@given(st.lists(SIGNS, max_size=8), SIGNS, SIGNS)
def test_it_finds_what_a_search_sign_by_sign_finds(names: list[str], before: str, after: str) -> None:
    from hotline_tui.data.search.tokens import runs

    plain = {"".join(runs(name)) for name in names} - {""}
    plain = {name for name in plain if len(name) > 1}
    text = before + "".join(names[:1]) + after
    found: dict[str, None] = {}
    for run in runs(text):
        at = 0
        while at < len(run):
            fits = [
                name
                for name in plain
                if run.startswith(name, at)
                and not any(
                    0 < edge < len(run) and run[edge - 1].isascii() and run[edge].isascii()
                    for edge in (at, at + len(name))
                )
            ]
            if fits:
                found[max(fits, key=len)] = None
            at += max(map(len, fits), default=1)
    assert named(Gazetteer((name, at) for at, name in enumerate(names)), text) == list(found)


# -- which region they name


def region(name: str, parent: RegionChoice | None = None) -> RegionChoice:
    path = f"{parent.path}/{name}" if parent else name
    return RegionChoice(new_id(), name, name, "", parent.id if parent else None, path)


CITY = region("星城市")
NORTH, SOUTH = region("开福区", CITY), region("天心区", CITY)
STREET, OTHER = region("东风路街道", NORTH), region("坡子街街道", SOUTH)
COMMUNITY = region("和平社区", STREET)
REGIONS = (CITY, NORTH, SOUTH, STREET, OTHER, COMMUNITY)


def where(
    text: str, *places: tuple[str, RegionChoice], address: str = "", regions: Sequence[RegionChoice] = REGIONS
) -> tuple[str, tuple[str, ...]] | None:
    rows = [SimpleNamespace(name=name, aliases="", region_id=of.id, unit_id=None) for name, of in places]
    found = Whereabouts(regions, rows).where(text, address)
    return None if found is None else (next(each.name for each in regions if each.id == found.region_id), found.names)


def test_a_place_names_its_region_and_a_region_is_known_by_its_short_name() -> None:
    assert where("锦绣花园旁边很吵", ("锦绣花园", COMMUNITY)) == ("和平社区", ("锦绣花园",))
    assert where("东风路上路灯不亮") == ("东风路街道", ("东风路",))


def test_a_word_of_two_signs_in_a_narrative_says_nothing_by_itself_but_in_the_address_it_does() -> None:
    assert where("希望和平解决") is None
    assert where("很吵", address="和平3栋") == ("和平社区", ("和平",))
    assert where("东风路和平社区") == ("和平社区", ("和平社区", "东风路"))


def test_a_name_that_two_regions_have_is_told_apart_by_another_name_or_not_at_all() -> None:
    twice = (("解放路", COMMUNITY), ("解放路", OTHER))
    assert where("解放路坏了", *twice) is None
    assert where("天心区解放路坏了", *twice) == ("坡子街街道", ("天心区", "解放路"))
    assert where("解放路坏了", ("解放路", COMMUNITY), ("解放路", STREET)) == ("和平社区", ("解放路",))


def test_where_the_list_has_no_city_a_district_is_a_place_though_streets_lie_in_it() -> None:
    first, second = region("开福区"), region("天心区")
    streets = region("东风路街道", first), region("浏阳河街道", first), region("坡子街街道", second)
    districts = (first, second, *streets)
    assert where("开福区有人乱停车", regions=districts) == ("开福区", ("开福区",))
    assert where("东风路街道和浏阳河街道都停水", regions=districts) == ("开福区", ("东风路街道", "浏阳河街道"))
    assert where("东风路街道和坡子街街道都停水", regions=districts) is None


def test_the_only_region_of_a_list_is_a_place() -> None:
    assert where("开福区有人乱停车", regions=(alone := region("开福区"),)) == (alone.name, (alone.name,))


def test_the_city_as_a_whole_is_no_place_and_odd_text_names_none() -> None:
    assert where("星城市的天气") is None
    for text in ("", "???", "😀😀", "a" * 5000, "' OR 1=1 --"):
        assert where(text, address=text) is None


def test_a_name_is_told_in_the_signs_of_the_letter() -> None:
    assert where("Ａ1区停水", ("A1区", COMMUNITY)) == ("和平社区", ("Ａ1区",))
    assert where("A1区停水", ("a1区", COMMUNITY)) == ("和平社区", ("A1区",))
    assert where("㎡錦繡花園停水", ("锦绣花园", COMMUNITY)) == ("和平社区", ("錦繡花園",))


@given(st.text(max_size=30), st.integers(0, 30), st.integers(1, 6))
def test_a_piece_of_a_folded_text_is_found_in_the_text(text: str, at: int, length: int) -> None:
    piece = "".join(map(folded, text))[at : at + length]
    written = as_written(piece, text)
    assert piece in "".join(map(folded, written))
    assert written in text or written == piece
