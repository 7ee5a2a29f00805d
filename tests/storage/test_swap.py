import os
from pathlib import Path

import pytest

from storage import swap


def test_a_file_takes_the_place_of_another_whose_blocks_are_blanked(tmp_path: Path) -> None:
    old, new, link = tmp_path / "old", tmp_path / "new", tmp_path / "link"
    old.write_bytes(b"secret" * 300_000)
    os.link(old, link)  # still shows the blocks of the old file when its name is gone
    new.write_bytes(b"fresh")
    swap.replace(new, old)
    assert old.read_bytes() == b"fresh"
    assert not new.exists()
    assert link.read_bytes() == bytes(1_800_000)


def test_where_nothing_was_it_is_a_rename(tmp_path: Path) -> None:
    (tmp_path / "new").write_bytes(b"fresh")
    swap.replace(tmp_path / "new", tmp_path / "old")
    assert (tmp_path / "old").read_bytes() == b"fresh"


def test_what_is_removed_is_blanked_and_nothing_to_remove_is_no_error(tmp_path: Path) -> None:
    old, link = tmp_path / "old", tmp_path / "link"
    old.write_bytes(b"secret")
    os.link(old, link)
    swap.remove(old)
    swap.remove(old)
    assert not old.exists()
    assert link.read_bytes() == bytes(6)


def test_text_is_written_for_the_person_alone_and_leaves_no_part_behind(tmp_path: Path) -> None:
    file = tmp_path / "note"
    swap.write(file, "one\n")
    swap.write(file, "two\n")
    assert file.read_text() == "two\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_a_new_file_never_takes_the_place_of_one_that_is_there(tmp_path: Path) -> None:
    file = tmp_path / "note"
    swap.write_new(file, "one\n")
    with pytest.raises(FileExistsError):
        swap.write_new(file, "two\n")
    assert file.read_text() == "one\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_system_without_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object) -> None:
        raise PermissionError(1, "no links here")

    monkeypatch.setattr(os, "link", refuses)
    swap.write_new(tmp_path / "note", "one\n")
    assert (tmp_path / "note").read_text() == "one\n"
    with pytest.raises(FileExistsError):
        swap.write_new(tmp_path / "note", "two\n")
