"""What ALSA writes into /proc/asound, in a folder of the test: recorded shapes, not a real card."""

from pathlib import Path

import pytest

from observers.microphone import microphone

RUNNING = "state: RUNNING\nowner_pid   : 1287\ntrigger_time: 2047.553\ntstamp      : 2201.120\n"


def stream(alsa: Path, name: str, said: str) -> None:
    folder = alsa / "card0" / name / "sub0"
    folder.mkdir(parents=True)
    (folder / "status").write_text(said)


def test_without_a_sound_card_nobody_can_tell(tmp_path: Path) -> None:
    assert microphone(tmp_path / "asound") is None


@pytest.mark.parametrize(
    ("said", "runs"),
    [
        *((RUNNING, True), ("state: PREPARED\n", True), ("state: XRUN\n", True)),
        *(("closed\n", False), ("state: OPEN\n", False), ("state: SUSPENDED\n", False), ("", False)),
    ],
)
def test_a_capture_stream_that_runs_is_a_microphone_in_use(tmp_path: Path, said: str, runs: bool) -> None:
    stream(tmp_path, "pcm0c", said)
    stream(tmp_path, "pcm1c", "closed\n")
    assert microphone(tmp_path) is runs


def test_music_is_no_microphone(tmp_path: Path) -> None:
    stream(tmp_path, "pcm0p", RUNNING)
    assert microphone(tmp_path) is None
    stream(tmp_path, "pcm0c", "closed\n")
    assert microphone(tmp_path) is False
