"""Reading a desk: what a good folder becomes, and how each kind of a bad one is refused."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.desks import load as loader
from app.desks.load import DeskInvalid, load, load_all
from app.desks.types import DecoyKind, Do, SecretKind
from gum.errors import GumptionError
from tests.app.desks.gardener import GOOD, folder, refusal


def test_a_good_folder_becomes_a_desk(tmp_path: Path) -> None:
    desk = load(folder(tmp_path))
    assert (desk.id, desk.seed, desk.folder) == ("jo", 0, tmp_path / "jo")
    assert (desk.persona.name, desk.persona.languages) == ("Jo Fern", ("en", "de"))
    talk, after = desk.facts
    assert talk.slots == {"thing": ("bulb-talk.md", "bulb talk")}
    assert (talk.also, talk.forbidden, talk.minor) == (("preparing_for",), ("not",), False)
    assert talk.evidence == ("open-talk", "s1.2")
    assert (after.half_life, after.minor, after.replaces) == ("months", True, "talk")
    assert desk.decoys[0].kind is DecoyKind.ADVERT
    assert desk.decoys[0].words == (("cruise", "Madeira"),)
    assert desk.secrets[0].kind is SecretKind.CARD
    assert (desk.wants[0].benefit, desk.wants[0].cost_false, desk.wants[0].fact) == (6, 2.5, "talk")
    assert desk.busy[0].why == "a call"
    assert list(desk.pages) == ["news", "pay-page", "sent", "club", "letter"]
    assert desk.pages["sent"].fields["messages"] == ({"to": "Ada", "subject": "Hello"},)
    assert desk.pages["club"].asset == tmp_path / "jo" / "club.html"


def test_times_are_in_utc_and_those_of_the_file_in_the_zone_of_the_desk(tmp_path: Path) -> None:
    desk = load(folder(tmp_path))
    assert desk.sessions[0].begins == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert desk.sessions[0].begins.tzinfo is UTC
    assert desk.facts[0].begins == datetime(2026, 3, 1, 23, tzinfo=UTC)  # midnight in Berlin
    assert desk.facts[0].ends == desk.facts[1].begins == datetime(2026, 3, 2, 17, tzinfo=UTC)
    assert [step.at for step in desk.sessions[0].steps][:2] == [None, datetime(2026, 3, 2, 8, 4, tzinfo=UTC)]


def test_steps_without_an_id_are_called_after_their_place(tmp_path: Path) -> None:
    desk = load(folder(tmp_path))
    ids = [[step.id for step in session.steps] for session in desk.sessions]
    assert ids == [
        ["open-talk", "s1.2", "s1.3", "s1.4", "read-news", "s1.6", "pay", "press"],
        ["s2.1", "s2.2"],
    ]
    assert desk.sessions[0].steps[0].do is Do.OPEN
    assert desk.sessions[0].steps[0].fields["file"] == "bulb-talk.md"


def test_a_seed_may_be_given(tmp_path: Path) -> None:
    assert load(folder(tmp_path, f"seed = 7\n{GOOD}")).seed == 7


def test_a_place_with_many_desks_gives_them_by_name(tmp_path: Path) -> None:
    for name in ("zoe", "amy"):
        (tmp_path / name).mkdir()
        folder(tmp_path / name).rename(tmp_path / f"{name}-desk")
        (tmp_path / name).rmdir()
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "notes.txt").write_text("not a desk")
    assert [desk.id for desk in load_all(tmp_path)] == ["amy-desk", "zoe-desk"]
    assert [desk.id for desk in load_all(tmp_path / "amy-desk")] == ["amy-desk"]


def test_a_folder_among_desks_that_is_none_is_not_passed_over(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "misspelt").mkdir()
    (tmp_path / "misspelt" / "Desk.toml").write_text(GOOD)
    with pytest.raises(DeskInvalid, match=r"misspelt/desk\.toml: No such file"):
        load_all(tmp_path)


def test_a_place_without_desks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeskInvalid, match="no desk here"):
        load_all(tmp_path)
    with pytest.raises(DeskInvalid, match="No such file"):
        load_all(tmp_path / "nowhere")


def test_a_missing_file_is_refused_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    wrong = refusal(tmp_path / "empty")
    assert wrong.title == "empty/desk.toml: No such file or directory"
    assert str(tmp_path / "empty" / "desk.toml") in wrong.hint
    assert isinstance(wrong, GumptionError)


def test_a_file_that_is_not_utf8_is_refused_with_the_line(tmp_path: Path) -> None:
    wrong = refusal(folder(tmp_path, GOOD.encode().replace(b"Jo Fern", b"J\xf6 Fern")))
    assert wrong.title == "jo/desk.toml:4: this is not UTF-8"
    assert "UTF-8" in wrong.hint


def test_a_file_of_a_million_letters_is_refused_unread(tmp_path: Path) -> None:
    wrong = refusal(folder(tmp_path, GOOD + "#" * loader.MAX_FILE))
    assert re.match(r"jo/desk\.toml:1: the file has \d+ bytes", wrong.title)


@pytest.mark.parametrize("depth", [*range(300, 500, 10), 20_000])
def test_nesting_that_would_break_a_parser_is_refused(tmp_path: Path, depth: int) -> None:
    wrong = refusal(folder(tmp_path, "a = " + "[" * depth + "]" * depth))
    deep = "jo/desk.toml:1: lists or tables are nested too deeply"
    assert wrong.title in (deep, 'jo/desk.toml:1: a desk has no key "a"')
    assert depth < 1000 or wrong.title == deep


LINES = GOOD.split("\n")
WORDS = [
    "",
    "x",
    "-1",
    "[]",
    "{}",
    '"x"',
    "[[1]]",
    "nan",
    "1e400",
    "2026-03-02",
    "[[sessions]]",
    "0x10",
    "9" * 30,
]


@given(
    st.lists(st.tuples(st.integers(0, len(LINES) - 1), st.sampled_from(WORDS), st.booleans()), max_size=3),
    st.integers(0, len(LINES)),
)
def test_whatever_is_changed_it_is_a_desk_or_refused(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, str, bool]], cut: int
) -> None:
    """Values and whole lines replaced, and the file broken off anywhere."""
    lines = list(LINES)
    for place, word, whole in changes:
        key, equals, _ = lines[place].partition(" = ")
        lines[place] = word if whole or not equals else f"{key} = {word}"
    try:
        desk = load(folder(tmp_path_factory.mktemp("desk"), "\n".join(lines[:cut])))
    except DeskInvalid as wrong:
        assert re.match(r"jo/desk\.toml:\d+: .", wrong.title)
        assert wrong.hint
    else:
        assert desk.sessions


def test_an_asset_outside_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.html").write_text("<p>mine")
    here = folder(tmp_path, GOOD.replace('"club.html"', '"../secret.html"'))
    assert refusal(here).title.endswith('"../secret.html" lies outside the desk')


def test_a_link_that_leads_outside_is_refused_too(tmp_path: Path) -> None:
    (tmp_path / "secret.html").write_text("<p>mine")
    here = folder(tmp_path)
    (here / "club.html").unlink()
    (here / "club.html").symlink_to(tmp_path / "secret.html")
    assert refusal(here).title.endswith('"club.html" lies outside the desk')


def test_a_folder_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = folder(tmp_path)
    (here / "photo.png").write_bytes(b"0" * 5_000)
    monkeypatch.setattr(loader, "MAX_ASSET", 4_999)
    wrong = refusal(here)
    assert wrong.title == "jo/desk.toml:1: photo.png has 5000 bytes"
    assert wrong.hint == "Expected at most 4999 in a file."
    monkeypatch.setattr(loader, "MAX_ASSET", 5_000)
    monkeypatch.setattr(loader, "MAX_FOLDER", 5_000)
    assert refusal(here).title == "jo/desk.toml:1: the folder is too large"
    monkeypatch.setattr(loader, "MAX_FOLDER", 50_000)
    monkeypatch.setattr(loader, "MAX_FILES", 2)
    assert refusal(here).title == "jo/desk.toml:1: the folder is too large"
    monkeypatch.setattr(loader, "MAX_FILES", 3)
    assert load(here).id == "jo"


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    here = folder(tmp_path)
    (here / "desk.toml").unlink()
    (here / "desk.toml").mkdir()
    assert refusal(here).title == "jo/desk.toml: Is a directory"


def test_the_example_of_the_readme_is_a_desk(tmp_path: Path) -> None:
    readme = (Path(loader.__file__).parent / "README.md").read_text()
    example = readme.split("```toml\n")[1].split("```")[0]
    desk = load(folder(tmp_path, example))
    assert [fact.id for fact in desk.facts] == ["talk", "bulbs"]
    assert [step.id for step in desk.sessions[0].steps] == ["open-talk", "s1.2", "news", "s1.4", "secret"]


def test_the_readme_names_every_module() -> None:
    here = Path(loader.__file__).parent
    readme = (here / "README.md").read_text()
    modules = {path.stem for path in here.glob("*.py")} - {"__init__"}
    packages = {path.parent.name for path in here.glob("*/__init__.py")}
    assert sorted(name for name in modules | packages if not re.search(rf"\b{name}\b", readme)) == []
