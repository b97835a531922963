"""R-D1: what is typed is a draft at once, and survives."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import Queue
from uuid import UUID

import pytest

from hotline_tui.data.drafts import LEFT_OVER_SECONDS, Draft, DraftBox, DraftWriter
from hotline_tui.errors import StorageError
from hotline_tui.models.columns import new_id
from tests.media import small_disk

pytestmark = pytest.mark.requirement("R-D1")

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def draft(text: str = "停水三天", login: str = "agent03", at: datetime = NOON, draft_id: UUID | None = None) -> Draft:
    return Draft(draft_id or new_id(), login, "intake", at, None, {"narrative": text, "urgent": True})


def test_a_saved_draft_comes_back_as_it_was(tmp_path: Path) -> None:
    box = DraftBox(tmp_path / "drafts")
    saved = draft("第一行\n第二行 [red] \u202e")
    box.save(saved)
    assert box.of("agent03") == [saved]


def test_drafts_are_newest_first_and_each_persons_own(tmp_path: Path) -> None:
    box = DraftBox(tmp_path)
    older, newer, other = draft(), draft(at=NOON + timedelta(minutes=1)), draft(login="agent01")
    for each in (newer, other, older):
        box.save(each)
    assert box.of("agent03") == [newer, older]
    assert box.of("agent03", "reply") == []


def test_a_draft_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    box = DraftBox(tmp_path / "drafts")
    box.save(draft())
    (file,) = box.folder.glob("*.json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(box.folder.stat().st_mode) == 0o700


def test_a_discarded_draft_is_gone(tmp_path: Path) -> None:
    box = DraftBox(tmp_path)
    saved = draft()
    box.save(saved)
    box.discard(saved.id)
    box.discard(saved.id)
    assert box.of("agent03") == []


def test_a_damaged_file_hides_no_other_draft(tmp_path: Path) -> None:
    box = DraftBox(tmp_path)
    saved = draft()
    box.save(saved)
    (tmp_path / f"{new_id()}.json").write_text('{"id": "half', encoding="utf-8")
    assert box.of("agent03") == [saved]


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "drafts").write_text("a file stands where the folder should be")
    with pytest.raises(StorageError, match="草稿没有存上"):
        DraftBox(tmp_path / "drafts").save(draft())


def test_of_many_changes_the_newest_is_on_disk_after_flush(tmp_path: Path) -> None:
    box = DraftBox(tmp_path)
    writer = DraftWriter(box)
    first = draft("")
    for length in range(200):
        writer.put(replace(first, fields={"narrative": "字" * length}))
    writer.flush()
    assert box.of("agent03")[0].fields == {"narrative": "字" * 199}
    writer.discard(first.id)
    writer.close()
    assert box.of("agent03") == []


def test_the_writer_says_what_became_of_a_draft(tmp_path: Path) -> None:
    (tmp_path / "drafts").write_text("in the way")
    outcomes: list[object] = []
    writer = DraftWriter(DraftBox(tmp_path / "drafts"), outcomes.append)
    writer.put(draft())
    writer.close()
    assert [type(outcome) for outcome in outcomes] == [StorageError]


def test_what_could_not_be_written_is_kept_and_written_as_soon_as_it_can_be(tmp_path: Path) -> None:
    way = tmp_path / "drafts"
    way.write_text("in the way")
    outcomes: Queue[object] = Queue()
    writer = DraftWriter(DraftBox(way), outcomes.put, retry_seconds=0.01)
    typed = draft()
    writer.put(typed)
    assert isinstance(outcomes.get(timeout=10), StorageError)
    assert "没有存上" in str(writer.failure(typed.id))
    assert (writer.get(typed.id), writer.of("agent03"), writer.of("agent01")) == (typed, [typed], [])
    assert writer.unsaved
    way.unlink()
    assert outcomes.get(timeout=10) == typed, "of a further try in vain nothing is said"
    writer.flush()
    assert (writer.failure(), writer.unsaved) == (None, False)
    writer.close()
    assert DraftBox(way).of("agent03") == [typed]


def test_what_could_not_be_written_is_tried_with_every_other_save_and_at_the_end(tmp_path: Path) -> None:
    way = tmp_path / "drafts"
    way.write_text("in the way")
    writer = DraftWriter(DraftBox(way), retry_seconds=3600)
    first, second, third = draft("一"), draft("二"), draft("三")
    writer.put(first)
    writer.flush()
    way.unlink()
    writer.put(second)
    writer.flush()
    assert {each.id for each in DraftBox(way).of("agent03")} == {first.id, second.id}
    (way / f"{third.id}.new").mkdir()
    writer.put(third)
    writer.flush()
    assert writer.failure(third.id) is not None
    (way / f"{third.id}.new").rmdir()
    writer.close()
    assert DraftBox(way).get(third.id) == third


def test_what_was_thrown_away_is_not_written_later(tmp_path: Path) -> None:
    way = tmp_path / "drafts"
    way.write_text("in the way")
    writer = DraftWriter(DraftBox(way), retry_seconds=0.01)
    typed = draft()
    writer.put(typed)
    writer.flush()
    writer.discard(typed.id)
    assert (writer.get(typed.id), writer.of("agent03"), writer.failure(), writer.unsaved) == (None, [], None, False)
    way.unlink()
    writer.close()
    assert DraftBox(way).of("agent03") == []


def test_a_full_disk_leaves_the_last_draft_that_fitted_and_nothing_beside_it(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 64) as disk:
        box = DraftBox(disk.folder / "drafts")
        saved = draft()
        box.save(saved)
        disk.fill()
        with pytest.raises(StorageError, match="磁盘已满"):
            box.save(replace(saved, fields={"narrative": "停水四天"}))
        assert box.get(saved.id) == saved
        assert [file.name for file in box.folder.iterdir()] == [f"{saved.id}.json"]


def test_what_killed_programs_left_half_written_is_removed_and_what_others_write_now_is_not(tmp_path: Path) -> None:
    left, now = tmp_path / f"{new_id()}.new", tmp_path / f"{new_id()}.new"
    for each in (left, now):
        each.touch()
    long_ago = time.time() - LEFT_OVER_SECONDS - 60
    os.utime(left, (long_ago, long_ago))
    DraftWriter(DraftBox(tmp_path)).close()
    assert (left.exists(), now.exists()) == (False, True)


def test_a_flushed_draft_survives_kill_9(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.data.test_drafts import draft;"
        "from hotline_tui.data.drafts import DraftBox, DraftWriter;"
        "w = DraftWriter(DraftBox(Path(sys.argv[1]))); w.put(draft('说到一半')); w.flush();"
        "print('saved', flush=True); sys.stdin.read()"
    )
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"saved\n"
        process.send_signal(signal.SIGKILL)
    assert DraftBox(tmp_path).of("agent03")[0].fields["narrative"] == "说到一半"
