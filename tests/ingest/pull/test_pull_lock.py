"""One pull at a time: by a file of its own, which stays, and which no link leads elsewhere."""

from pathlib import Path

import pytest

from graph.errors import BusyError, InputError
from ingest.pull.pull_lock import pull_lock


def test_the_file_is_made_and_stays(tmp_path: Path) -> None:
    file = tmp_path / "new" / "log.lock"
    for _ in range(2):
        with pull_lock(file, "it"):
            assert file.read_bytes() == b""
            with pytest.raises(BusyError, match="it is under way"), pull_lock(file, "it"):
                pass
        assert file.exists(), "who waits for it would lock another one"


def test_a_link_in_its_place_leads_nowhere(tmp_path: Path) -> None:
    file = tmp_path / "log.lock"
    for target in (tmp_path / "mine", tmp_path / "nothing"):
        (tmp_path / "mine").write_text("mine")
        file.unlink(missing_ok=True)
        file.symlink_to(target)
        with (
            pytest.raises(InputError, match=r"(?s)can't be kept.*log\.lock.* symbolic links"),
            pull_lock(file, "it"),
        ):
            pass
    assert (tmp_path / "mine").read_text() == "mine"
    assert not (tmp_path / "nothing").exists()
