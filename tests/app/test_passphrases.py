import io
import os
from pathlib import Path

import pytest

from app import passphrases
from gum.errors import NotAllowed, StoreLocked

SAID = "correct horse battery"


def kept(folder: Path, content: bytes, mode: int = 0o600) -> Path:
    file = folder / "said"
    file.write_bytes(content)
    file.chmod(mode)
    return file


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    "content", [b"correct horse battery", b"correct horse battery\n", b"correct horse battery\r\nmore\n"]
)
def test_the_first_line_of_the_named_file_is_the_passphrase(tmp_path: Path, content: bytes) -> None:
    file = kept(tmp_path, content)
    assert passphrases.from_file(file) == SAID
    assert passphrases.named({passphrases.FILE: str(file)}) == SAID
    assert passphrases.named({}) is None


@pytest.mark.parametrize(
    ("content", "mode"), [(b"", 0o600), (b"\n", 0o600), (b"\xff\xfe", 0o600), (b"x", 0o640), (b"x", 0o604)]
)
def test_a_file_that_is_empty_garbage_or_open_to_others_is_refused(
    tmp_path: Path, content: bytes, mode: int
) -> None:
    with pytest.raises(StoreLocked) as error:
        passphrases.from_file(kept(tmp_path, content, mode))
    assert error.value.hint
    with pytest.raises(StoreLocked):
        passphrases.from_file(tmp_path / "missing")


def test_a_pipe_will_do(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.write(write, SAID.encode() + b"\n")
    os.close(write)
    assert passphrases.from_file(Path(f"/dev/fd/{read}")) == SAID
    os.close(read)


def test_without_a_terminal_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(SAID))
    monkeypatch.delenv(passphrases.FILE, raising=False)
    assert passphrases.given() is None
    with pytest.raises(NotAllowed):
        passphrases.new(None)


def test_in_a_terminal_a_new_one_is_typed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Terminal())
    typed = [SAID, SAID]
    monkeypatch.setattr("getpass.getpass", lambda _: typed.pop(0))
    assert passphrases.new(None) == SAID
    for first, second in ((SAID, SAID + "x"), ("short", "short")):
        typed = [first, second]
        with pytest.raises(NotAllowed):
            passphrases.new(None)


def test_a_new_one_from_a_file_is_held_to_the_same_length(tmp_path: Path) -> None:
    assert passphrases.new(kept(tmp_path, SAID.encode())) == SAID
    with pytest.raises(NotAllowed):
        passphrases.new(kept(tmp_path, b"short"))
