import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistants import files
from assistants.guard import Folders
from gum.errors import ActionFailed, NotAllowed

LINE = "- [ ] the report"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(before=st.binary(max_size=60) | st.just(LINE.encode()) | st.just(LINE.encode() + b"\n"))
def test_adding_a_line_and_removing_it_leaves_every_byte_as_it_was(tmp_path: Path, before: bytes) -> None:
    file = tmp_path / "todo.md"
    file.write_bytes(before)
    token = files.append_line(str(file), LINE, Folders.under(tmp_path))
    after = file.read_bytes()
    assert after.startswith(before)
    assert after.split(b"\n")[-2] == LINE.encode()
    files.remove_line(str(file), token, Folders.under(tmp_path))
    assert file.read_bytes() == before


def test_a_file_that_was_made_for_the_line_goes_with_it(tmp_path: Path) -> None:
    file, folders = tmp_path / "new" / "todo.md", Folders.under(tmp_path)
    token = files.append_line(str(file), LINE, folders)
    assert file.read_text() == LINE + "\n"
    files.remove_line(str(file), token, folders)
    assert not file.exists()


def test_what_others_added_meanwhile_stays(tmp_path: Path) -> None:
    file, folders = tmp_path / "todo.md", Folders.under(tmp_path)
    file.write_text("- [ ] milk\n")
    token = files.append_line(str(file), LINE, folders)
    file.write_text("# List\n" + file.read_text() + "- [ ] bread\n")
    files.remove_line(str(file), token, folders)
    assert file.read_text() == "# List\n- [ ] milk\n- [ ] bread\n"


@pytest.mark.parametrize("now", ["- [x] the report\n", "", f"{LINE}\nx\n{LINE}\n", f"{LINE}!\n"])
def test_a_line_changed_or_no_longer_certain_is_left_alone(tmp_path: Path, now: str) -> None:
    file, folders = tmp_path / "todo.md", Folders.under(tmp_path)
    file.write_text("something\n")
    token = files.append_line(str(file), LINE, folders)
    file.write_text(now)
    with pytest.raises(ActionFailed):
        files.remove_line(str(file), token, folders)
    assert file.read_text() == now


def test_a_files_mode_survives_the_undo(tmp_path: Path) -> None:
    file, folders = tmp_path / "todo.md", Folders.under(tmp_path)
    file.write_text("x\n")
    file.chmod(0o600)
    files.remove_line(str(file), files.append_line(str(file), LINE, folders), folders)
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(tmp_path.iterdir()) == [file]


def test_nothing_is_ever_overwritten(tmp_path: Path) -> None:
    file, folders = tmp_path / "a.ics", Folders.under(tmp_path)
    file.write_text("mine")
    with pytest.raises(ActionFailed):
        files.create(str(file), b"theirs", folders)
    assert file.read_text() == "mine"


def test_a_made_file_is_deleted_only_while_unchanged(tmp_path: Path) -> None:
    file, folders = tmp_path / "a.ics", Folders.under(tmp_path)
    token = files.create(str(file), b"made", folders)
    file.write_bytes(b"changed")
    with pytest.raises(ActionFailed):
        files.delete(str(file), token, folders)
    file.write_bytes(b"made")
    files.delete(str(file), token, folders)
    assert not file.exists()


def test_links_are_not_followed_even_when_the_check_was_before_them(tmp_path: Path) -> None:
    root, secret = tmp_path / "root", tmp_path / "secret"
    root.mkdir()
    secret.mkdir()
    (secret / "todo.md").write_text("secret\n")
    (root / "todo.md").symlink_to(secret / "todo.md")
    (root / "sub").symlink_to(secret)
    folders = Folders.under(root)
    for path in (root / "todo.md", root / "sub" / "todo.md"):
        with pytest.raises(NotAllowed):
            files.append_line(str(path), LINE, folders)
        with pytest.raises(NotAllowed):
            files.read(str(path), folders)
    with pytest.raises((NotAllowed, ActionFailed)):
        files.create(str(root / "todo.md"), b"x", folders)
    with pytest.raises(NotAllowed):
        files.create(str(root / "sub" / "new.ics"), b"x", folders)
    assert (secret / "todo.md").read_text() == "secret\n"
    assert sorted(p.name for p in secret.iterdir()) == ["todo.md"]


def test_pipes_and_folders_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "folder.md").mkdir()
    for name in ("pipe.md", "folder.md"):
        with pytest.raises((NotAllowed, ActionFailed)):
            files.append_line(str(tmp_path / name), LINE, Folders.under(tmp_path))


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(ActionFailed, match="not there"):
        files.read(str(tmp_path / "gone" / "x"), Folders.under(tmp_path))
    assert not files.exists(str(tmp_path / "gone" / "x"), Folders.under(tmp_path))
