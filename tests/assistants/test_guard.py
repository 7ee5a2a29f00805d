from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistants import guard
from assistants.guard import Folders
from gum.errors import NotAllowed


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org",
        "http://127.0.0.1:8000/a?q=b%20c#d",
        "https://[::1]:8/x",
        "https://bücher.example/",
        "https://example.org/a@b?mail=c@d",
    ],
)
def test_plain_web_pages_may_be_opened(address: str) -> None:
    assert guard.web_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript://example.org/%0aalert(1)",
        "data:text/html,<script>",
        "file:///etc/passwd",
        "ftp://example.org/",
        "vbscript:x",
        "view-source:https://example.org",
        "chrome://settings",
        "https://user:secret@example.org/",
        "https://user@example.org/",
        "https://example.org\\@evil.example/",
        "https://exam\nple.org/",
        "https:// example.org/",
        "https://example.org/\u202egpj.exe",
        "https:///path",
        "https://",
        "//example.org",
        "--proxy-server=evil",
        "https://-evil.example/",
        "https://example.org:99999/",
        "https:example.org",
        "",
        "https://example.org/" + "a" * 3000,
    ],
)
def test_anything_else_is_refused(address: str) -> None:
    with pytest.raises(NotAllowed):
        guard.web_address(address)


@given(st.text())
def test_whatever_is_let_through_is_http_without_blanks(address: str) -> None:
    try:
        guard.web_address(address)
    except NotAllowed:
        return
    assert address.lower().startswith(("http://", "https://"))
    assert not any(c.isspace() for c in address)


@given(st.text())
def test_any_words_can_be_searched_for(words: str) -> None:
    address = Folders.under(Path("/home/a")).search_for(words[:100])
    assert guard.web_address(address) == address


def test_paths_below_an_allowed_folder_are_let_through_whether_or_not_they_exist(tmp_path: Path) -> None:
    folders = Folders.under(tmp_path)
    for name in ("todo.md", "a/b c/d.ics", "..hidden", "ünïcode.txt"):
        assert guard.local_path(str(tmp_path / name), folders) == tmp_path / name


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "{root}/../other/x",
        "{root}/a/../../x",
        "{root}",
        "{root}x/todo.md",
        "todo.md",
        "~/todo.md",
        "{root}/a\nb",
        "{root}/a\x00b",
        "{root}/txt.\u202efdp",
        "",
        "file://{root}/a",
    ],
)
def test_paths_outside_or_disguised_are_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(NotAllowed):
        guard.local_path(path.format(root=tmp_path), Folders.under(tmp_path))


def test_links_on_the_way_are_refused(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (root / "folder").symlink_to(outside)
    (root / "file.md").symlink_to(outside / "x.md")
    for name in ("folder/x.md", "file.md"):
        with pytest.raises(NotAllowed):
            guard.local_path(str(root / name), Folders.under(root))


def test_an_allowed_folder_may_itself_be_reached_by_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "documents").symlink_to(tmp_path / "real")
    folders = Folders.under(tmp_path / "documents")
    assert guard.local_path(str(tmp_path / "documents" / "a.md"), folders) == tmp_path / "real" / "a.md"


@pytest.mark.parametrize("name", ["a.sh", "a.DESKTOP", "page.html", "x.py", "x.AppImage", "pic.svg"])
def test_what_could_run_when_opened_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotAllowed):
        guard.openable(str(tmp_path / name), Folders.under(tmp_path))


def test_programs_and_folders_are_not_opened_as_files(tmp_path: Path) -> None:
    (tmp_path / "tool").write_text("#!/bin/sh")
    (tmp_path / "tool").chmod(0o755)
    (tmp_path / "folder").mkdir()
    for name in ("tool", "folder"):
        with pytest.raises(NotAllowed):
            guard.openable(str(tmp_path / name), Folders.under(tmp_path))


def test_only_listed_programs_are_started(tmp_path: Path) -> None:
    folders = Folders((tmp_path,), tmp_path / "t", tmp_path, programs=(Path("/usr/bin/mousepad"),))
    assert guard.startable("/usr/bin/mousepad", folders) == Path("/usr/bin/mousepad")
    for path in ("/bin/sh", "/usr/bin/../bin/mousepad", "mousepad"):
        with pytest.raises(NotAllowed):
            guard.startable(path, folders)


@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("password text", "PIN"),
        ("entry", "Password"),
        ("entry", "Mot de passe"),
        ("push button", "Send"),
        ("", "x"),
    ],
)
def test_secrets_and_buttons_take_no_text(role: str, name: str) -> None:
    with pytest.raises(NotAllowed):
        guard.text_field(role, name)


def test_ordinary_fields_take_text() -> None:
    assert guard.text_field("entry", "Subject") == "entry"
