"""The text folder source: notes that the person puts into a folder to be learnt from, as their own words.

Each paragraph is one observation, and its id is a digest of its words: a file that is read again, renamed or
changed elsewhere brings nothing twice, also after a restart, and what was forgotten does not come back with
it (`gum.lasting`). Whatever lies there is taken, also what was put there during a pause, when that is over:
the folder is there for that, and nobody puts something into it unawares.
"""

import os
import re
import time
from collections import deque
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from gum.errors import CaptureUnavailable
from gum.extract.told import NOTES
from gum.lasting import lasting_id
from gum.redact import redacted
from gum.text import broken, clean, normal
from gum.types import Observation, ObservationId, Trust
from observers.base import Source, Supervised, now
from observers.folders import COST, File, shown, walk
from observers.gate import Gate

APP = "text folder"  # what rules and forgetting call it
KINDS = (".txt", ".md", ".markdown", ".text")
LARGEST = 1_000_000  # bytes of a file: a novel
LONGEST = 2_000  # characters of an observation: a page
MOST_PARAGRAPHS = 500  # of a file; where there are more, several make an observation
MOST = 2_000  # entries of the folder that are looked at
LOOK_S = 3.0
REST_S = 10.0  # a file is being written until nothing about it has changed for so long
AT_ONCE, GAP_S = 32, 0.5  # the inbox holds 512 and drops what is more

_BLANK = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
_MARKED = re.compile(r"\s*[>|]")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_WROTE = re.compile(r"(?:wrote|schrieb|a écrit|escribió|ha scritto|escreveu|schreef)\s*:\s*$")
_FROM = re.compile(r"\s*(?:From|Von|De|Da|Van)\s*:", re.IGNORECASE)
_ALSO = re.compile(
    r"\s*(?:To|An|À|Para|A|Aan|Date|Datum|Sent|Subject|Betreff|Objet|Asunto|Oggetto)\s*:", re.IGNORECASE
)
_HEADING = re.compile(r"#{1,6}\s.*|.+\n(?:=+|-+)\s*")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")


def decoded(data: bytes) -> str | None:
    """The text of a file, by its byte order mark, else UTF-8, else Windows-1252; None when it is no text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\0" in data:
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:  # five bytes mean nothing there
        return data.decode("latin-1")


def paragraphs(text: str) -> list[str]:
    """What blank lines part, none longer than LONGEST; a heading goes with what it stands over. Pure."""
    plain = clean(text.replace("\r\n", "\n").replace("\r", "\n"))
    found: list[str] = []
    heading = ""
    for block in (b.strip() for b in _BLANK.split(_own_words(plain))):
        if not block:
            continue
        if _HEADING.fullmatch(block) and len(heading) + len(block) < LONGEST // 4:
            heading = f"{heading}{block}\n"
            continue
        found += _cut(heading + block)
        heading = ""
    found += _cut(heading.strip())
    return found if len(found) <= MOST_PARAGRAPHS else _packed(found)


def _own_words(text: str) -> str:
    """`text` without what is quoted in it: marked lines, fenced blocks, and a mail that was put in."""
    found: list[str] = []
    fenced = False
    rows = text.split("\n")
    for n, row in enumerate(rows):
        if _FENCE.match(row):
            fenced = not fenced
        elif _WROTE.search(row) or (_FROM.match(row) and any(map(_ALSO.match, rows[n + 1 : n + 5]))):
            break
        elif not fenced and not _MARKED.match(row):
            found.append(row)
    return "\n".join(found)


def _cut(block: str) -> list[str]:
    """`block` in parts of at most LONGEST, at the ends of lines, else of sentences, words, or anywhere."""
    for between, joint in ((re.compile("\n"), "\n"), (_SENTENCE, " "), (re.compile(" "), " ")):
        if len(block) <= LONGEST:
            break
        pieces = between.split(block)
        if max(map(len, pieces)) <= LONGEST:
            return _packed(pieces, joint)
    return [part for at in range(0, len(block), LONGEST) if (part := block[at : at + LONGEST].strip())]


def _packed(pieces: list[str], joint: str = "\n\n") -> list[str]:
    """As few texts of at most LONGEST as hold all `pieces` in their order."""
    made: list[str] = []
    for piece in pieces:
        if made and len(made[-1]) + len(joint) + len(piece) <= LONGEST:
            made[-1] += joint + piece
        else:
            made.append(piece)
    return [text for one in made if (text := one.strip())]


def read(path: Path, text: str, at: datetime) -> list[Observation]:
    """The observations that a file of this text makes, the same paragraph once. Pure.

    Their title is the file's name without its ending: that a note lies here is no sign of work on that file.
    """
    title, url = shown(path.with_suffix("")), path.as_uri()
    return [
        Observation(
            lasting_id(NOTES, normal(redacted(said))),
            NOTES,
            at,
            at,
            APP,
            title,
            broken(said),
            Trust.AUTHORED,
            url,
        )
        for said in dict.fromkeys(paragraphs(text))
    ]


class TextFolder(Source):
    """Reads the text files of a folder. An `observers.base.Observer`."""

    name = NOTES

    def __init__(
        self,
        gate: Gate,
        folder: Path,
        own: Collection[Path] = (),
        look_s: float = LOOK_S,
        rest_s: float = REST_S,
    ) -> None:
        """Nothing in `own` folders is read."""
        self._gate, self._folder, self._own = gate, folder, own
        self._look_s, self._rest_s = look_s, rest_s
        self._worker = Supervised(self.name, self._watch)
        self._moving: dict[Path, tuple[File, float]] = {}  # what it was, and since when
        self._read: dict[Path, File] = {}
        self._told: dict[Path, frozenset[ObservationId]] = {}
        self._waiting: deque[Observation] = deque()

    def _watch(self) -> None:
        while not self._worker.stopping():
            if self._gate.paused():
                self._worker.rest(self._look_s)
                continue
            began = time.monotonic()
            if not self._waiting:
                self._look()
            cost = time.monotonic() - began
            self._tell()
            self._worker.rest(GAP_S if self._waiting else max(self._look_s, cost * COST))

    def _tell(self) -> None:
        for _ in range(min(AT_ONCE, len(self._waiting))):
            taken = self._gate.put(self._waiting[0])
            if self._gate.paused():
                return  # then it was refused, perhaps; after the pause it is told again, with the same id
            self._waiting.popleft()
            if taken:
                self._worker.found()

    def _look(self) -> None:
        """Reads the files that have come to rest, until there is enough to tell."""
        try:
            found = walk(self._folder, self._own, MOST)
        except OSError as error:
            raise CaptureUnavailable(
                "The folder of text files cannot be read",
                f"{error.strerror}. It is set as text_folder under [sources].",
            ) from error
        there = {f.path: f for f in found.files if f.path.suffix.lower() in KINDS}
        for known in (self._moving, self._read, self._told):
            for gone in known.keys() - there.keys():
                del known[gone]
        strange = 0
        for path, file in there.items():
            if self._read.get(path) == file:
                strange += path not in self._told
            elif not self._waiting and self._rests(file):
                strange += not self._take(file)
        wrong = [f"{strange} files are too large or no text" if strange else ""]
        wrong.append("the folder holds more than is looked at" if found.cut else "")
        self._worker.alive("; ".join(filter(None, wrong)))

    def _rests(self, file: File) -> bool:
        moment = time.monotonic()
        before, since = self._moving.get(file.path, (None, moment))
        if before != file:
            since = moment
        self._moving[file.path] = file, since
        return before == file and moment - since >= self._rest_s

    def _take(self, file: File) -> bool:
        """Has what is new in a file told; whether it is text."""
        try:
            text = decoded(_bytes(file)) if file.size <= LARGEST else None
        except OSError:
            text = None
        del self._moving[file.path]
        self._read[file.path] = file
        if text is None:
            return False
        made = read(file.path, text, min(file.arrived, now()))
        told = self._told.get(file.path, frozenset())
        self._told[file.path] = frozenset(o.id for o in made)
        self._waiting.extend(o for o in made if o.id not in told)
        return True


def _bytes(file: File) -> bytes:
    """The content of a file. Raises OSError when there is more of it meanwhile, or it has become a link."""
    with os.fdopen(os.open(file.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as handle:
        data = handle.read(file.size + 1)
    if len(data) != file.size:
        raise OSError("it is being written")
    return data
