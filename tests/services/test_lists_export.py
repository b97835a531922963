"""区域 and 地名 as files: the imports take them back without a change, here and elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlmodel import select

from hotline_tui.data.exports import tables
from hotline_tui.data.imports.places import PlaceRow
from hotline_tui.data.imports.regions import RegionRow
from hotline_tui.errors import NotAllowed, StorageError, UsageError
from hotline_tui.models import Place, Region, Unit
from hotline_tui.services import lists_export
from hotline_tui.services.lists import PLACES, REGIONS, ListFile, import_list
from hotline_tui.services.lists_export import export_list
from hotline_tui.services.places import save_places
from hotline_tui.services.region_tree import tree_of
from hotline_tui.services.regions import save_regions
from tests.builders import Town
from tests.engines import OWNERS

pytestmark = OWNERS

KINDS = (".csv", ".xlsx", ".jsonl")
IMPORTS: tuple[ListFile[Any], ...] = (REGIONS, PLACES)


def tree(town: Town) -> None:
    """Two communities of one name, two streets of one path, a name that a spreadsheet would reckon."""
    rows = [
        RegionRow(2, "01", "甲区"),
        RegionRow(3, "", "甲区/和平社区"),
        RegionRow(4, "", "乙区/和平社区"),
        RegionRow(5, "s1", "丙街道", "01"),
        RegionRow(6, "=1+1", "-9号社区", "s1"),
    ]
    save_regions(town.office, rows)
    with town.store.write() as session:
        above = session.exec(select(Region).where(Region.key == "01")).one()
        session.add(Region(key="s2", name="丙街道", parent_id=above.id))
        session.commit()
    places = [
        PlaceRow(2, "=东风路", ("@东风", "老东风路"), "甲区/和平社区", "房产分局"),
        PlaceRow(3, "东风路", (), "s1", ""),
        PlaceRow(4, "东风路", (), "s2", ""),
    ]
    assert save_places(town.office, places).created == len(places)


def stored(town: Town) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    with town.store.read() as session:
        regions = tree_of(session)
        key = {each.id: each.key for each in regions}
        return sorted((each.key, regions.path(each)) for each in regions), sorted(
            (each.name, each.aliases, key[each.region_id], str(each.unit_id)) for each in session.exec(select(Place))
        )


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_exported_is_taken_back_without_a_change(town: Town, tmp_path: Path, kind: str) -> None:
    tree(town)
    before = stored(town)
    files = tmp_path / f"regions{kind}", tmp_path / f"places{kind}"
    assert export_list(town.office, files[0], lists_export.REGIONS) == len(before[0])
    assert export_list(town.admin, files[1], lists_export.PLACES) == len(before[1])
    for file, what in zip(files, IMPORTS, strict=True):
        result = import_list(town.admin, file, {}, what, rejects_dir=tmp_path)
        assert (result.created, result.rejected, result.unused_columns) == (0, 0, ())
    assert stored(town) == before
    with town.store.write() as session:
        session.execute(update(Unit).values(region_id=None))
        session.execute(delete(Place))
        session.execute(update(Region).values(parent_id=None))
        session.execute(delete(Region))
        session.commit()
    for file, what in zip(files, IMPORTS, strict=True):
        assert import_list(town.admin, file, {}, what, rejects_dir=tmp_path).rejected == 0
    assert stored(town) == before


def test_nothing_is_written_over_without_a_word_and_nothing_half(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").mkdir()
    file = tmp_path / "out" / "regions.csv"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match=r"文件已存在.*--force"):
        export_list(town.office, file, lists_export.REGIONS)
    with pytest.raises(UsageError, match="不认识的文件类型"):
        export_list(town.office, tmp_path / "regions.pdf", lists_export.REGIONS)

    def full(_text: str, **_how: bool) -> str:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(tables, "guarded", full)
        with pytest.raises(StorageError):
            export_list(town.office, file, lists_export.REGIONS, force=True)
    assert [path.read_text(encoding="utf-8") for path in file.parent.iterdir()] == ["mine"]
    assert export_list(town.office, file, lists_export.REGIONS, force=True) == 1


@pytest.mark.parametrize("login", ["agent", "handler", "leader", "city_leader", "authority"])
def test_only_the_office_and_the_administrator_export_lists(town: Town, tmp_path: Path, login: str) -> None:
    for kind in (lists_export.REGIONS, lists_export.PLACES):
        with pytest.raises(NotAllowed, match="由热线办、系统管理员进行"):
            export_list(town.desks[login], tmp_path / "x.csv", kind)
