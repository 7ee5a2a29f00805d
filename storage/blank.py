"""Index files hold vectors and nothing else.

Chroma's HNSW writes the memory it has set aside for elements to come as it got it from the system, so a new
index carries pieces of whatever this process held there before: rows of the decrypted database, in plain
files (seen with chromadb 1.5.9: 167 KB for each new collection of 384 dimensions). Here what no element uses
is overwritten with zeros, each time after the index was written.
"""

import struct
from os import SEEK_CUR
from pathlib import Path

HEADER = struct.Struct("<i4Q")  # version, offset, elements there is room for, elements, bytes of an element
VERSION = 1
LENGTH = 4  # bytes of an element in length.bin
CHUNK = bytes(1 << 20)


def blank_unused(folder: Path) -> None:
    """Overwrites what is set aside for elements to come in every index under `folder`. Raises OSError."""
    for header in folder.glob("*/header.bin"):
        content = header.read_bytes()
        if len(content) < HEADER.size:
            continue
        version, _, _, elements, size = HEADER.unpack_from(content)
        if version == VERSION:
            _blank(header.with_name("data_level0.bin"), elements * size)
            _blank(header.with_name("length.bin"), elements * LENGTH)


def _blank(file: Path, used: int) -> None:
    if not file.exists() or file.stat().st_size <= used:
        return
    with file.open("r+b") as content:
        content.seek(used)
        while chunk := content.read(len(CHUNK)):
            zeros = CHUNK[: len(chunk)]
            if chunk != zeros:
                content.seek(-len(chunk), SEEK_CUR)
                content.write(zeros)
