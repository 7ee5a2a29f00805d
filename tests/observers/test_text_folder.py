import codecs
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.extract.told import NOTES
from gum.lasting import lasts
from gum.propose import StructureDrafter, propose
from gum.types import Effect, Observation, Rule, RuleId, Trust
from observers import text_folder
from observers.gate import Gate
from observers.text_folder import LONGEST, MOST_PARAGRAPHS, TextFolder, decoded, paragraphs, read
from tests.builders import NOON
from tests.observers.recorder import Recorder, wait_for

WORDS = "Grüße, “quoted” – naïve café"


@pytest.mark.parametrize(
    "data",
    [
        WORDS.encode(),
        codecs.BOM_UTF8 + WORDS.encode(),
        codecs.BOM_UTF16_LE + WORDS.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + WORDS.encode("utf-16-be"),
        WORDS.encode("cp1252"),
    ],
)
def test_a_text_is_read_in_the_encodings_that_people_have(data: bytes) -> None:
    assert decoded(data) == WORDS


def test_what_is_no_text_is_none_and_any_other_bytes_are_some_text() -> None:
    assert decoded(b"\x7fELF\x00\x01") is None
    assert decoded("Gr\u00fc\u00dfe \x81".encode("latin-1")) == "Gr\u00fc\u00dfe \x81"


@given(st.binary(max_size=200))
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    text = decoded(data)
    assert text is None or read(Path("/notes/a.txt"), text, NOON) is not None


def test_paragraphs_are_told_one_by_one_and_a_heading_with_what_it_stands_over() -> None:
    text = "# Plans\r\n\r\n## Spring\r\n\r\nI am learning Spanish.\r\nEvery day.\r\n \t\r\n"
    text += "Tea\n===\n\nGreen.\n\n\n# End"
    assert paragraphs(text) == [
        "# Plans\n## Spring\nI am learning Spanish.\nEvery day.",
        "Tea\n===\nGreen.",
        "# End",
    ]
    assert paragraphs(" \n\n\t\n") == paragraphs("") == []


@given(st.text(max_size=500), st.integers(1, 30))
def test_no_part_is_empty_or_too_long(text: str, times: int) -> None:
    parts = paragraphs("\n\n".join([text] * times) + text * times)
    assert all(0 < len(part) <= LONGEST for part in parts)


@pytest.mark.parametrize("joint", ["\n", ". ", " ", "\n\n"])
def test_a_long_text_is_cut_where_it_may_be(joint: str) -> None:
    said = [f"word{n}" for n in range(3000)]
    parts = paragraphs(joint.join(said))
    assert max(map(len, parts)) <= LONGEST
    assert " ".join(" ".join(parts).replace(".", "").split()) == " ".join(said)


def test_very_many_paragraphs_share_observations() -> None:
    parts = paragraphs("\n\n".join(f"line {n}" for n in range(5000)))
    assert len(parts) < MOST_PARAGRAPHS
    assert "line 4999" in parts[-1]


def test_a_change_of_one_paragraph_leaves_the_others_what_they_were() -> None:
    before = read(Path("/n/a.md"), "One.\n\nTwo.\n\nThree.", NOON)
    after = read(Path("/n/renamed.md"), "Zero.\n\nOne.\n\nTwo, changed.\n\nThree.\n\nThree.", NOON)
    kept = {o.id for o in before} & {o.id for o in after}
    assert [o.text for o in after if o.id not in kept] == ["Zero.", "Two, changed."]
    assert all(lasts(o.id) for o in after)


def test_a_note_is_the_persons_own_words_and_learnt_from_as_such() -> None:
    long = "Notes of this week. " * 30 + "I am learning Spanish."
    [seen] = read(Path("/n/a.md"), long, NOON)
    assert (seen.trust, seen.title, seen.url, seen.source) == (
        Trust.AUTHORED,
        "a",
        "file:///n/a.md",
        NOTES,
    )
    drafts = propose([seen], [], [], StructureDrafter()).drafts
    assert [(d.type, dict(d.slots)) for d in drafts] == [("learning", {"subject": "Spanish"})]


# the source


class Desk:
    """A folder and a source that reads it; a new one is what a restart makes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.seen = folder, Recorder()
        self.paused, self.rules = threading.Event(), list[Rule]()
        self.sources: list[TextFolder] = []

    def start(self, rest_s: float = 0.2) -> TextFolder:
        gate = Gate(self.seen, lambda: self.rules, self.paused.is_set)
        self.sources.append(TextFolder(gate, self.folder, [self.folder / "own"], look_s=0.05, rest_s=rest_s))
        self.sources[-1].start()
        return self.sources[-1]

    def put(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def texts(self) -> list[str]:
        return sorted(o.text for o in self.seen.observations)

    def told(self, *texts: str) -> bool:
        return wait_for(lambda: self.texts() == sorted(texts), 20)

    def stop(self) -> None:
        for source in self.sources:
            source.stop()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "notes")
    made.folder.mkdir()
    yield made
    made.stop()


def test_text_files_are_taken_once_and_again_when_they_change(desk: Desk) -> None:
    desk.put("a.txt", "One.\n\nTwo.")
    desk.put("deep/b.MD", "Three.")
    for name in ("c.pdf", ".hidden.txt", "d.txt~", "own/data.txt"):
        desk.put(name, "never")
    (desk.folder / "link.txt").symlink_to(desk.put("target.pdf", "never"))
    source = desk.start()
    assert desk.told("One.", "Two.", "Three.")
    before = len(desk.seen._every)
    desk.put("a.txt", "One.\n\nTwo and a half.")
    assert desk.told("One.", "Two.", "Two and a half.", "Three.")
    assert len(desk.seen._every) == before + 1
    assert source.health().state == "running"


def test_after_a_restart_the_same_words_have_the_same_ids_and_times(desk: Desk) -> None:
    desk.put("a.txt", "One.\n\nTwo.")
    desk.start()
    assert desk.told("One.", "Two.")
    before = desk.seen.observations
    desk.stop()
    desk.start()
    assert wait_for(lambda: len(desk.seen._every) == 4, 20)
    assert sorted(desk.seen.observations, key=lambda o: o.id) == sorted(before, key=lambda o: o.id)


def test_a_half_written_file_waits_until_it_rests(desk: Desk) -> None:
    desk.start(rest_s=1.0)
    with (desk.folder / "a.txt").open("w") as file:
        for n in range(8):
            file.write(f"part {n} ")
            file.flush()
            threading.Event().wait(0.2)
    assert desk.told("".join(f"part {n} " for n in range(8)).strip())
    assert len(desk.seen._every) == 1


def test_what_is_too_large_or_no_text_shows_and_the_others_go_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_folder, "LARGEST", 1000)
    desk.put("large.txt", "x" * 1001)
    desk.put("strange.txt", b"MZ\0\0")
    desk.put("fine.txt", "Fine.")
    source = desk.start()
    assert desk.told("Fine.")
    assert wait_for(lambda: source.health().detail == "2 files are too large or no text", 20)
    desk.put("large.txt", "Smaller.")
    assert desk.told("Fine.", "Smaller.")


def test_the_rules_hold_and_a_refused_note_stays_out(desk: Desk) -> None:
    desk.rules.append(Rule(RuleId("r"), "no diary", Effect.DROP, title="diary*"))
    desk.put("Diary.txt", "Dear diary.")
    desk.put("a.txt", "One.")
    desk.start()
    assert desk.told("One.")
    assert wait_for(lambda: [e.rule_id for e in desk.seen.exclusions] == ["r"], 20)


def test_notes_wait_for_the_end_of_a_pause(desk: Desk) -> None:
    desk.paused.set()
    desk.put("a.txt", "One.")
    desk.start()
    assert not wait_for(lambda: desk.seen.observations, 1)
    desk.paused.clear()
    assert desk.told("One.")


def test_a_folder_that_is_not_there_says_so_and_is_read_when_it_comes(tmp_path: Path) -> None:
    late = Desk(tmp_path / "late")
    source = late.start()
    try:
        assert wait_for(lambda: source.health().state == "unavailable", 20)
        assert "text_folder" in source.health().hint
        late.put("a.txt", "One.")
        assert late.told("One.")
        assert source.health().state == "running"
    finally:
        late.stop()


def test_much_is_told_in_portions_that_the_inbox_can_hold(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_folder, "GAP_S", 0.05)
    said = [f"Paragraph {n}." for n in range(3 * text_folder.AT_ONCE)]
    desk.put("a.txt", "\n\n".join(said))
    desk.start()
    assert desk.told(*said)
    assert {o.title for o in desk.seen.observations} == {"a"}


def test_a_file_copied_with_its_old_time_counts_as_put_there_now(desk: Desk) -> None:
    os.utime(desk.put("a.txt", "One."), (1e9, 1e9))
    desk.start()
    assert desk.told("One.")
    [seen] = desk.seen.observations
    assert isinstance(seen, Observation)
    assert seen.at.year > 2001


def test_what_somebody_else_wrote_is_left_out_of_a_note() -> None:
    note = """I like jazz.

> I love sushi
| I love golf

```
I love opera
```

So do my friends.

On Monday, Ben wrote:
I love tennis
"""
    assert paragraphs(note) == ["I like jazz.", "So do my friends."]
    mail = "My notes.\n\nFrom: Ben\nTo: me\nSubject: hello\n\nI am a pilot at Lufthansa"
    assert paragraphs(mail) == ["My notes."]
    assert paragraphs("From: Berlin\nby train") == ["From: Berlin\nby train"]


def test_case_spaces_and_secrets_make_no_other_note() -> None:
    def id_of(text: str) -> str:
        [found] = read(Path("/n/a.txt"), text, NOON)
        return found.id

    assert id_of("I like  Jazz") == id_of("i like jazz")
    assert id_of("my PIN: 4711") == id_of("my PIN: 4712")  # nobody can try out which it was
