"""Pixels on their way through the store: in as a picture, out as a frame, and what was read from them."""

import io
import zlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gum.types import Frame, Observation, ObservationId
from observers.segment import Segment
from storage.observations import StoredFrame

_PNG = b"\x89PNG"  # what waited to be read when Gumption was updated was stored so until schema 0007
OPAQUE = 255


def encode(frame: Frame) -> bytes:
    """`frame` packed without loss: stretches of equal pixels, then zlib (level 1).

    For 1080p with text and a photograph 21 ms and 0.56 MB, where PNG (level 1) took 65 ms for as much.
    """
    return _packed(frame.pixels)


def encode_before(frame: Frame) -> bytes | None:
    """What the frame's part looked like before, packed as `encode` does; None when it brings none."""
    return _packed(frame.before) if frame.before is not None else None


def decode(stored: StoredFrame) -> Frame:
    """The frame that `encode` and `encode_before` stored. Raises zlib.error for a damaged one."""
    r = stored.region
    before = _unpacked(stored.before, r.width * r.height) if stored.before is not None else None
    pixels = _unpacked(stored.encoded, r.width * r.height)
    return Frame(stored.id, stored.at, stored.display, r, stored.digest, pixels, before)


def _packed(pixels: bytes) -> bytes:
    """A bit a pixel, set where a stretch begins, then each stretch's colour, plane by plane."""
    every = np.frombuffer(pixels, dtype=np.uint32)
    begins = np.ones(every.size, dtype=np.bool_)
    np.not_equal(every[1:], every[:-1], out=begins[1:])
    colours = every[begins].view(np.uint8).reshape(-1, 4)[:, :3].T
    packer = zlib.compressobj(1)
    parts = (packer.compress(np.packbits(begins).tobytes()), packer.compress(colours.tobytes()))
    return b"".join((*parts, packer.flush()))


def _unpacked(packed: bytes, count: int) -> bytes:
    if packed.startswith(_PNG):
        with Image.open(io.BytesIO(packed)) as picture:
            return picture.convert("RGBA").tobytes("raw", "BGRA")
    data = np.frombuffer(zlib.decompress(packed), dtype=np.uint8)
    bits = -(-count // 8)
    begins = np.flatnonzero(np.unpackbits(data[:bits], count=count))
    colours: NDArray[np.uint8] = np.full((len(begins), 4), OPAQUE, dtype=np.uint8)
    colours[:, :3] = data[bits:].reshape(3, -1).T
    return np.repeat(colours.view(np.uint32)[:, 0], np.diff(begins, append=count)).tobytes()


def split(parent: Observation, segments: Sequence[Segment]) -> tuple[Observation, list[Observation]]:
    """What was read from the pixels of `parent`: its first segment as `parent`, the others as new ones.

    Their ids follow from the parent's, so that reading the same pixels twice stores nothing twice.
    """
    if not segments:
        return parent, []
    first = replace(parent, text=segments[0].text, trust=segments[0].trust)
    rest = [
        replace(parent, id=ObservationId(f"{parent.id}-{n}"), text=s.text, trust=s.trust, frame_id=None)
        for n, s in enumerate(segments[1:], start=1)
    ]
    return first, rest
