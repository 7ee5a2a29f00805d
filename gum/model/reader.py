"""Reads text from a changed region of the screen with RapidOCR (PP-OCRv6 small).

Recognition is nine tenths of the cost (about 0.06 s of one core a line), so a line that was seen before,
anywhere on the screen, is looked up instead: its crop is made independent of where the detector put its
edges (`gum.model.crop`), and hashed.
"""

import hashlib
import logging
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gum.errors import ModelFileCorrupt
from gum.model.crop import settled, trimmed
from gum.model.gate import translated
from gum.model.manifest import Manifest
from gum.model.sources import installed
from gum.types import Frame, Line, Region

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]
    """Height, width, 3; blue, green, red."""

NAME = "pp-ocrv6-small"
DETECTOR_SIDE = 960  # text of 14 px is still found at half size: a tile is at most twice this
TILE = 2 * DETECTOR_SIDE
OVERLAP = 64  # of two tiles, one above the other: a line up to this height is whole in one of them
MIN_SCORE = 0.6
CACHE_LINES = 4096


@dataclass(frozen=True, slots=True)
class Tile:
    """A part of an image that the detector sees at once; a line belongs to it if its middle is in keep."""

    left: int
    top: int
    right: int
    bottom: int
    keep_from: int
    keep_to: int


class RapidReader:
    """A `gum.ports.Reader`. Loads its models when made (about 2 s); not thread-safe.

    `recognised` counts the lines that cost a recognition, `remembered` those that were looked up.
    """

    name = NAME

    def __init__(self, threads: int = 1, cache_lines: int = CACHE_LINES) -> None:
        """Raises ModelFileMissing, ModelFileCorrupt, ModelUnavailable."""
        detector, recogniser = (_bundled(file) for file in ("det", "rec"))
        params: dict[str, object] = {
            "Global.use_cls": False,
            "Global.log_level": "error",
            "Global.use_preprocess_img": False,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.limit_type": "max",
            "Det.limit_side_len": DETECTOR_SIDE,
            # Naming the files keeps RapidOCR from looking for others on the network.
            "Det.model_path": detector,
            "Rec.model_path": recogniser,
        }
        with translated("The text reader could not be loaded"):
            from rapidocr import RapidOCR

            self._engine = RapidOCR(params=params)
        logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)  # "nothing found" is no warning
        self._lines: OrderedDict[bytes, tuple[str, float]] = OrderedDict()
        self._cache_lines = cache_lines
        self.recognised = self.remembered = 0

    def read(self, frame: Frame, region: Region | None = None) -> list[Line]:
        """Lines inside `region` (screen pixels), top to bottom, unsure ones left out.

        Raises ModelUnavailable. A region outside the frame has no lines.
        """
        inside = frame.region if region is None else frame.region.intersect(region)
        if inside is None:
            return []
        image = pixels_of(frame, inside)
        boxes = [box for tile in tiles(*image.shape[1::-1]) for box in self._detect(image, tile)]
        crops = [trimmed(image[settled(image, box)]) for box in boxes]
        lines = [
            Line(
                text,
                Region(box.left + inside.left, box.top + inside.top, box.width, box.height),
                score,
            )
            for box, (text, score) in zip(boxes, self._recognise(crops), strict=True)
            if score >= MIN_SCORE and text.strip()
        ]
        return reading_order(lines)

    def _detect(self, image: "Pixels", tile: Tile) -> list[Region]:
        import numpy as np

        part = np.ascontiguousarray(image[tile.top : tile.bottom, tile.left : tile.right])
        with translated("The text reader failed"):
            quads = self._quads(part)
        boxes = []
        for quad in quads:
            left, top = np.floor(quad.min(axis=0)).astype(int).tolist()
            right, bottom = np.ceil(quad.max(axis=0)).astype(int).tolist()
            left, right = max(0, left) + tile.left, min(part.shape[1], right) + tile.left
            top, bottom = max(0, top) + tile.top, min(part.shape[0], bottom) + tile.top
            if right - left > 2 and bottom - top > 4 and tile.keep_from <= (top + bottom) / 2 < tile.keep_to:
                boxes.append(Region(left, top, right - left, bottom - top))
        return boxes

    def _quads(self, part: "Pixels") -> "Sequence[NDArray[np.float32]]":
        """Corners (4, 2) of each line in the pixels of `part`."""
        import numpy as np
        from rapidocr.main import RapidOCRError
        from rapidocr.utils.process_img import map_boxes_to_original

        record: dict[str, dict[str, float]] = {"preprocess": {"ratio_h": 1.0, "ratio_w": 1.0}}
        try:
            _, found = self._engine.detect_and_crop(part, record)
        except RapidOCRError:  # its way of saying that there is no text
            return []
        if found.boxes is None:
            return []
        boxes = map_boxes_to_original(found.boxes, record, part.shape[0], part.shape[1])
        return [np.asarray(box, dtype=np.float32) for box in boxes]

    def _recognise(self, crops: "Sequence[Pixels]") -> list[tuple[str, float]]:
        keys = [_key(crop) for crop in crops]
        new = {key: crop for key, crop in zip(keys, crops, strict=True) if key not in self._lines}
        if new:
            with translated("The text reader failed"):
                answer = self._engine.recognize_txt(list(new.values()))
            texts = zip(answer.txts or (), answer.scores, strict=True)
            for key, (text, score) in zip(new, texts, strict=True):
                self._lines[key] = (str(text), float(score))
        self.recognised += len(new)
        self.remembered += len(keys) - len(new)
        read = [self._lines[key] for key in keys]
        for key in keys:
            self._lines.move_to_end(key)
        while len(self._lines) > self._cache_lines:
            self._lines.popitem(last=False)
        return read


def _key(crop: "Pixels") -> bytes:
    return hashlib.blake2b(crop.tobytes(), digest_size=16, key=str(crop.shape).encode()).digest()


def _bundled(kind: str) -> str:
    """The path of a file that came with RapidOCR. Raises ModelFileCorrupt."""
    name = f"PP-OCRv6_{kind}_small.onnx"
    file = Manifest.load().model("reader").file(name)
    path = installed(file.bundled) if file.bundled else None
    if path is None or path.stat().st_size != file.size:
        raise ModelFileCorrupt(
            f"The text reader's file {name} is missing or not the known one",
            "Install the pinned version again: `pip install --force-reinstall rapidocr`.",
        )
    return str(path)


def pixels_of(frame: Frame, inside: Region) -> "Pixels":
    """The part `inside` (screen pixels, within the frame) as an array. Raises ValueError for a torn frame."""
    import numpy as np

    whole = np.frombuffer(frame.pixels, dtype=np.uint8)
    whole = whole.reshape(frame.region.height, frame.region.width, 4)
    left, top = inside.left - frame.region.left, inside.top - frame.region.top
    return whole[top : top + inside.height, left : left + inside.width, :3]


def tiles(width: int, height: int) -> list[Tile]:
    """Cuts an image into tiles of at most TILE pixels a side, so that the detector's side stays small.

    Tiles overlap downwards. A line that crosses from one tile into the next to its right is read in
    two pieces; that takes a screen wider than TILE.
    """
    cut = []
    step = TILE - OVERLAP
    tops = [0, *range(step, height - OVERLAP, step)]
    for top in tops:
        keep_from = top + OVERLAP // 2 if top else 0
        keep_to = top + TILE - OVERLAP // 2 if top != tops[-1] else height
        for left in range(0, width, TILE):
            right = min(width, left + TILE)
            cut.append(Tile(left, top, right, min(height, top + TILE), keep_from, keep_to))
    return cut


def reading_order(lines: Sequence[Line]) -> list[Line]:
    """Rows from top to bottom, each from left to right. Lines are in one row if their middles are close."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (_middle(line), line.region.left)):
        first = rows[-1][0] if rows else None
        if first and _middle(line) - _middle(first) < 0.5 * min(first.region.height, line.region.height):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.region.left)]


def _middle(line: Line) -> float:
    return line.region.top + line.region.height / 2
