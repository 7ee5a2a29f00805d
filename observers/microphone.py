"""Whether a microphone is in use: what ALSA says of its capture streams.

Sound servers (PipeWire, PulseAudio) open the device when a program records and close it some seconds after
the last one stopped, so it holds for them, too. Bluetooth headsets are no ALSA device: calls there
are missed.
"""

from pathlib import Path

ALSA = Path("/proc/asound")
_RUNS = frozenset({"RUNNING", "PREPARED", "DRAINING", "XRUN"})


def microphone(alsa: Path = ALSA) -> bool | None:
    """Whether anything records now; None where there is no such list (no sound card, a sandbox)."""
    streams = list(alsa.glob("card*/pcm*c/sub*/status"))
    if not streams:
        return None
    return any(_runs(stream) for stream in streams)


def _runs(stream: Path) -> bool:
    try:
        first = stream.read_text(errors="replace").partition("\n")[0].strip()
    except OSError:  # the card was unplugged meanwhile
        return False
    name, _, state = first.partition(":")
    return name == "state" and state.strip() in _RUNS
