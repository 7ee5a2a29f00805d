import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observers.folders import File, folder_of, left_out, passed_over, shown, walk

DOCUMENTS = (
    "thesis.tex",
    "Report final (2).odt",
    "budget.xlsx",
    "notes",
    "photo.jpeg",
    "план.docx",
    "a~b.txt",
)
OTHERS = (
    *(
        ".hidden",
        "notes.txt~",
        "#notes#",
        "~$report.docx",
        "x.tmp",
        "x.swp",
        "file.pdf.part",
        "film.crdownload",
    ),
    *(
        "old.bak",
        "daemon.log",
        "mod.pyc",
        "thesis.aux",
        "Passwords.kdbx",
        "id_ed25519",
        "id_rsa.pub",
        "server.PEM",
    ),
    *("Thumbs.db", "store.db-wal", "lib.o", ".~lock.report.odt#"),
)


def put(path: Path, text: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def names(found: tuple[File, ...]) -> list[str]:
    return sorted(f.path.name for f in found)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_told(name: str) -> None:
    assert not left_out(name)
    assert not passed_over(Path("/home/anna/Documents") / name)


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_document_is_left_out(name: str) -> None:
    assert left_out(name)


@pytest.mark.parametrize(
    "path",
    [
        *("/home/anna/.config/x.txt", "/home/anna/.local/share/Trash/files/x.odt", "/tmp/x.odt"),
        *("/home/anna/src/node_modules/x/readme.md", "/home/anna/Cache/x.png", "/home/anna/../bert/x.txt"),
        "/var/tmp/x.odt",
    ],
)
def test_a_file_in_a_place_of_programs_is_passed_over(path: str) -> None:
    assert passed_over(Path(path))


def test_a_stick_and_a_shared_folder_are_places_of_people() -> None:
    assert not passed_over(Path("/run/media/anna/STICK/x.odt"))


def test_a_walk_finds_files_near_and_far_and_follows_no_links(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    put(outside / "secret.txt")
    put(inside / "a.txt")
    put(inside / "b/c/deep.txt")
    put(inside / ".git/config.txt")
    put(inside / "b/x.tmp")
    put(inside / "own/data.txt")
    (inside / "link").symlink_to(outside)
    (inside / "link.txt").symlink_to(outside / "secret.txt")
    os.mkfifo(inside / "pipe.txt")
    found = walk(inside, own=[inside / "own"])
    assert (names(found.files), found.cut) == (["a.txt", "deep.txt"], False)


def test_a_walk_is_bounded_in_number_and_depth_and_takes_the_nearest_first(tmp_path: Path) -> None:
    for n in range(5):
        put(tmp_path / f"d/d/d/{n}.txt")
    put(tmp_path / "near.txt")
    found = walk(tmp_path, most=5)
    assert found.cut
    assert "near.txt" in names(found.files)
    assert names(walk(tmp_path, deepest=2).files) == ["near.txt"]


def test_a_folder_that_is_not_there_is_the_callers_matter(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        walk(tmp_path / "gone")


def test_a_file_says_when_it_was_saved_and_when_it_came(tmp_path: Path) -> None:
    old = put(tmp_path / "old.txt")
    os.utime(old, (1e9, 1e9))
    [found] = walk(tmp_path).files
    assert found.saved == datetime.fromtimestamp(1e9, UTC)
    assert found.arrived > found.saved


@given(st.binary(min_size=1, max_size=60).filter(lambda b: b"/" not in b and b"\0" not in b and b != b"."))
def test_any_name_on_a_disk_can_be_shown_and_addressed(name: bytes) -> None:
    path = Path("/home/anna") / os.fsdecode(name)
    shown(path).encode()
    path.as_uri().encode()
    passed_over(path)


@pytest.mark.parametrize("at", [2**70, -(2**70)])
def test_a_mad_time_is_a_time(at: int) -> None:
    assert File(Path("/x"), 0, at, at).saved.tzinfo is UTC


def test_a_setting_names_a_folder_from_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/anna")
    assert [str(folder_of(f)) for f in ("~/Notes", "Notes", "/srv/notes", "~nobody-here/x")] == [
        *("/home/anna/Notes", "/home/anna/Notes", "/srv/notes", "/home/anna/~nobody-here/x")
    ]
