"""Reading a desk from its folder. Whatever is wrong is said with its line and what was expected."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from app.desks import tables
from app.desks.checks import LEAST, MOST, check, twice
from app.desks.kinds import EVERYWHERE, PAGES, STEPS
from app.desks.places import Malformed, line, places
from app.desks.places import Path as Place
from app.desks.types import (
    Busy,
    Decoy,
    DecoyKind,
    Desk,
    Do,
    Fact,
    Page,
    Persona,
    Secret,
    SecretKind,
    Session,
    Step,
    Want,
)
from gum.errors import GumptionError

NAME = "desk.toml"
MAX_FILE = 1_000_000  # bytes of desk.toml: some hundred pages of text
MAX_ASSET = 4_000_000  # bytes of one asset
MAX_FOLDER = 32_000_000  # bytes of all of them, so that thousands of desks fit on a disk
MAX_FILES = 500

_WHERE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")
_LANGUAGE = re.compile(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
_HOST = re.compile(r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")
_Table = Mapping[str, object]


class DeskInvalid(GumptionError):
    """A desk's folder cannot be understood. The title is "FOLDER/desk.toml:LINE: what is wrong"."""


def load(folder: Path) -> Desk:
    """The desk of a folder; its id is the folder's name, its times are in UTC. Raises DeskInvalid."""
    folder = folder.resolve()
    text = _text(folder)
    try:
        data = tomllib.loads(text)
        found = places(text)
    except tomllib.TOMLDecodeError as error:
        where = _WHERE.search(str(error))
        number = int(where[1]) if where and where[1] else max(1, len(text.splitlines()))
        raise _invalid(folder, number, _WHERE.sub("", str(error)), "Expected valid TOML 1.0.") from error
    except RecursionError as error:
        raise _invalid(folder, 1, "lists or tables are nested too deeply", "Expected a desk.") from error
    try:
        _weigh(folder)
        desk = _desk(data, folder)
        wrong = check(desk)
    except Malformed as error:
        wrong = [error]
    if not wrong:
        return desk
    first = min(wrong, key=lambda one: line(found, one.path))
    raise _invalid(folder, line(found, first.path), first.what, first.expected) from first


def load_all(path: Path) -> list[Desk]:
    """The desk of a folder, or the desks of the folders in it by name; hidden ones are left out.

    Raises DeskInvalid: also for a folder among them that is no desk, which would be missed in silence.
    """
    if (path / NAME).is_file():
        return [load(path)]
    try:
        folders = sorted(
            one for one in path.iterdir() if one.is_dir() and not one.name.startswith((".", "_"))
        )
    except OSError as error:
        raise DeskInvalid(f"{path}: {error.strerror}", f"Expected a folder with a {NAME}.") from error
    if not folders:
        raise DeskInvalid(f"{path}: there is no desk here", f"Expected a {NAME}, or folders that have one.")
    return [load(one) for one in folders]


def _invalid(folder: Path, number: int, what: str, expected: str) -> DeskInvalid:
    return DeskInvalid(f"{folder.name}/{NAME}:{number}: {what}", expected)


def _text(folder: Path) -> str:
    """What stands in the file."""
    file = folder / NAME
    try:
        size = file.stat().st_size
        raw = file.read_bytes() if size <= MAX_FILE else b""
    except OSError as error:
        raise DeskInvalid(
            f"{folder.name}/{NAME}: {error.strerror}", f"Expected a readable file at {file}."
        ) from error
    if size > MAX_FILE:
        raise _invalid(folder, 1, f"the file has {size} bytes", f"Expected at most {MAX_FILE}.")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        number = raw.count(b"\n", 0, error.start) + 1
        raise _invalid(folder, number, "this is not UTF-8", "Expected a text file saved as UTF-8.") from error


def _weigh(folder: Path) -> None:
    """Raises Malformed when the folder is larger than a desk may be."""
    total = count = 0
    for file in folder.rglob("*"):
        if file.is_symlink() or not file.is_file():
            continue
        count += 1
        size = file.stat().st_size
        total += size
        if size > MAX_ASSET:
            raise Malformed(
                (), f"{file.relative_to(folder)} has {size} bytes", f"Expected at most {MAX_ASSET} in a file."
            )
        if total > MAX_FOLDER or count > MAX_FILES:
            raise Malformed(
                (),
                "the folder is too large",
                f"Expected at most {MAX_FILES} files of {MAX_FOLDER} bytes together.",
            )


def _desk(data: _Table, folder: Path) -> Desk:
    parts = ("about", "seed", "persona", "facts", "decoys", "secrets", "wants", "busy", "pages", "sessions")
    tables.known(data, parts, (), "a desk")
    persona = _persona(tables.table(tables.needed(data, "persona", (), "the desk"), ("persona",)))
    zone = persona.zone
    tables.needed(data, "facts", (), "the desk")
    tables.needed(data, "sessions", (), "the desk")
    return Desk(
        id=folder.name,
        about=tables.text(tables.needed(data, "about", (), "the desk"), ("about",)),
        persona=persona,
        facts=tuple(_fact(one, zone, place) for one, place in _each(data, "facts")),
        decoys=tuple(_decoy(one, place) for one, place in _each(data, "decoys")),
        secrets=tuple(_secret(one, place) for one, place in _each(data, "secrets")),
        wants=tuple(_want(one, zone, place) for one, place in _each(data, "wants")),
        busy=tuple(_busy(one, zone, place) for one, place in _each(data, "busy")),
        pages=_pages(data, folder),
        sessions=tuple(_session(one, zone, place) for one, place in _each(data, "sessions")),
        seed=tables.whole(data["seed"], ("seed",), 0, 2**63 - 1) if "seed" in data else 0,
        folder=folder,
    )


def _each(data: _Table, key: str, path: Place = ()) -> Iterator[tuple[_Table, Place]]:
    place = (*path, key)
    for i, one in enumerate(tables.subtables(data.get(key, []), place)):
        yield one, (*place, i)


def _persona(data: _Table) -> Persona:
    path, what = ("persona",), "the persona"
    tables.known(data, ("name", "occupation", "age", "languages", "zone"), path, what)
    languages = tables.texts(tables.needed(data, "languages", path, what), (*path, "languages"), some=True)
    for i, language in enumerate(languages):
        if not _LANGUAGE.match(language):
            raise Malformed(
                (*path, "languages", i), f'"{language}" is no language', 'Expected one like "en" or "pt-BR".'
            )
    return Persona(
        name=_text_of(data, "name", path, what),
        occupation=_text_of(data, "occupation", path, what),
        age=tables.whole(tables.needed(data, "age", path, what), (*path, "age"), 1, 120),
        languages=languages,
        zone=_zone(_text_of(data, "zone", path, what)),
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError) as error:  # unknown; not a name at all; a folder of zones
        raise Malformed(
            ("persona", "zone"), f'there is no time zone "{name}"', 'Expected a name like "Europe/Berlin".'
        ) from error


def _fact(data: _Table, zone: ZoneInfo, path: Place) -> Fact:
    what = "a fact"
    known = ("id", "text", "type", "slots", "begins", "ends", "also", "forbidden", "negative", "half_life")
    tables.known(data, (*known, "evidence", "minor", "replaces"), path, what)
    slots = tables.table(tables.needed(data, "slots", path, what), (*path, "slots"))
    return Fact(
        id=_id(data, path, what),
        text=_text_of(data, "text", path, what),
        type=_text_of(data, "type", path, what),
        slots={
            name: tables.texts(options, (*path, "slots", name), some=True) for name, options in slots.items()
        },
        begins=_moment(data, "begins", zone, path, what, dates=True),
        ends=_moment(data, "ends", zone, path, what, dates=True) if "ends" in data else None,
        also=_texts(data, "also", path),
        forbidden=_texts(data, "forbidden", path),
        negative=tables.flag(data.get("negative", False), (*path, "negative")),
        half_life=tables.text(data.get("half_life", "weeks"), (*path, "half_life")),
        evidence=_texts(data, "evidence", path),
        minor=tables.flag(data.get("minor", False), (*path, "minor")),
        replaces=tables.text(data["replaces"], (*path, "replaces")) if "replaces" in data else None,
    )


def _decoy(data: _Table, path: Place) -> Decoy:
    what = "a decoy"
    tables.known(data, ("id", "kind", "text", "words", "steps"), path, what)
    place = (*path, "words")
    groups = tables.needed(data, "words", path, what)
    if not isinstance(groups, list):
        raise Malformed(place, "words is not a list", 'Expected groups of words: [["cruise", "Madeira"]].')
    return Decoy(
        id=_id(data, path, what),
        kind=tables.choice(
            DecoyKind, tables.needed(data, "kind", path, what), (*path, "kind"), "kind of decoy"
        ),
        text=_text_of(data, "text", path, what),
        words=tuple(tables.texts(group, (*place, i), some=True) for i, group in enumerate(groups)),
        steps=_texts(data, "steps", path),
    )


def _secret(data: _Table, path: Place) -> Secret:
    what = "a secret"
    tables.known(data, ("text", "kind", "steps"), path, what)
    return Secret(
        text=_text_of(data, "text", path, what),
        kind=tables.choice(
            SecretKind, tables.needed(data, "kind", path, what), (*path, "kind"), "kind of secret"
        ),
        steps=_texts(data, "steps", path),
    )


def _want(data: _Table, zone: ZoneInfo, path: Place) -> Want:
    what = "a want"
    tables.known(data, ("id", "kind", "text", "begins", "ends", "benefit", "cost_false", "fact"), path, what)
    return Want(
        id=_id(data, path, what),
        kind=_text_of(data, "kind", path, what),
        text=_text_of(data, "text", path, what),
        begins=_moment(data, "begins", zone, path, what),
        ends=_moment(data, "ends", zone, path, what),
        benefit=tables.number(tables.needed(data, "benefit", path, what), (*path, "benefit"), LEAST, MOST),
        cost_false=tables.number(
            tables.needed(data, "cost_false", path, what), (*path, "cost_false"), LEAST, MOST
        ),
        fact=tables.text(data["fact"], (*path, "fact")) if "fact" in data else None,
    )


def _busy(data: _Table, zone: ZoneInfo, path: Place) -> Busy:
    what = "a busy time"
    tables.known(data, ("begins", "ends", "why"), path, what)
    return Busy(
        begins=_moment(data, "begins", zone, path, what),
        ends=_moment(data, "ends", zone, path, what),
        why=_text_of(data, "why", path, what),
    )


def _pages(data: _Table, folder: Path) -> dict[str, Page]:
    found: dict[str, Page] = {}
    for one, path in _each(data, "pages"):
        page = _page(one, folder, path)
        if page.id in found:
            raise twice(page.id, path)
        found[page.id] = page
    return found


def _page(data: _Table, folder: Path, path: Place) -> Page:
    kind = _text_of(data, "kind", path, "a page")
    if kind not in PAGES:
        raise Malformed((*path, "kind"), f'there is no page kind "{kind}"', tables.nearest(kind, PAGES))
    rest = {key: value for key, value in data.items() if key not in ("id", "kind", "asset")}
    takes = {**PAGES[kind].fields, **EVERYWHERE}
    fields = tables.fields(rest, takes, path, f"a page of kind {kind}")
    host = fields.get("host")
    if isinstance(host, str) and not _HOST.match(host):
        raise Malformed((*path, "host"), f'"{host}" is no host', 'Expected a name like "garden.test".')
    asset = _asset(data["asset"], folder, (*path, "asset")) if "asset" in data else None
    return Page(_id(data, path, "a page"), kind, fields, asset)


def _asset(value: object, folder: Path, path: Place) -> Path:
    """A text file of the desk's folder."""
    name = tables.text(value, path)
    file = (folder / name).resolve()
    if not file.is_relative_to(folder):
        raise Malformed(path, f'"{name}" lies outside the desk', "Expected a file of the desk's own folder.")
    try:
        file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Malformed(path, f'"{name}" cannot be read', f"Expected a file in UTF-8 at {file}.") from error
    return file


def _session(data: _Table, zone: ZoneInfo, path: Place) -> Session:
    what = "a session"
    tables.known(data, ("begins", "steps"), path, what)
    tables.needed(data, "steps", path, what)
    begins = _moment(data, "begins", zone, path, what)
    return Session(begins, tuple(_step(one, zone, place) for one, place in _each(data, "steps", path)))


def _step(data: _Table, zone: ZoneInfo, path: Place) -> Step:
    """A step without an id is called after its session and its place there, both from 1: "s1.12"."""
    do = tables.choice(Do, tables.needed(data, "do", path, "a step"), (*path, "do"), "step that does")
    rest = {key: value for key, value in data.items() if key not in ("id", "do", "at")}
    number, place = path[1], path[3]
    assert isinstance(number, int)
    assert isinstance(place, int)
    return Step(
        id=_id(data, path, "a step") if "id" in data else f"s{number + 1}.{place + 1}",
        do=do,
        fields=tables.fields(rest, STEPS[do], path, f'a step that does "{do}"'),
        at=_moment(data, "at", zone, path, "a step") if "at" in data else None,
    )


def _id(data: _Table, path: Place, what: str) -> str:
    return tables.identifier(tables.needed(data, "id", path, what), (*path, "id"))


def _text_of(data: _Table, key: str, path: Place, what: str) -> str:
    return tables.text(tables.needed(data, key, path, what), (*path, key))


def _texts(data: _Table, key: str, path: Place) -> tuple[str, ...]:
    return tables.texts(data.get(key, []), (*path, key))


def _moment(
    data: _Table, key: str, zone: ZoneInfo, path: Place, what: str, *, dates: bool = False
) -> datetime:
    return tables.moment(tables.needed(data, key, path, what), (*path, key), zone, dates=dates)
