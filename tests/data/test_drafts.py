"""R-D1: what is typed is a draft at once, and survives."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from hotline_tui.data.drafts import Draft, DraftBox, DraftWriter
from hotline_tui.errors import StorageError
from hotline_tui.models.columns import new_id

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
