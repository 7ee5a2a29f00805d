"""The stocks of words that blocks draw from: one folder of TOML files a language, and what all share."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, cast

from app.desks.generate.parts import Country, Stock

FOLDER = Path(__file__).parent / "stocks"
T = TypeVar("T")

PARTS = ("life", "phrases", "decoys")  # of each language, merged; "jobs" stand apart


@cache
def of(language: str) -> Stock:
    """Everything but the jobs in a language: lists of the life, phrases by name, decoys."""
    found: dict[str, Any] = {}
    for part in PARTS:
        found |= _read(FOLDER / language / f"{part}.toml")
    return MappingProxyType(found)


@cache
def jobs(language: str) -> tuple[Stock, ...]:
    return tuple(_read(FOLDER / language / "jobs.toml")["job"])


@cache
def names() -> Stock:
    """Given and family names by stock."""
    return MappingProxyType(_read(FOLDER / "names.toml"))


@cache
def countries() -> tuple[Country, ...]:
    return tuple(
        Country(
            code=code,
            language=one["language"],
            zones=tuple(one["zones"]),
            towns=tuple(one["towns"]),
            names=tuple(one["names"]),
            money=one["money"],
            comma=one.get("comma", False),
            month_first=one.get("month_first", False),
            scale=one.get("scale", 1),
        )
        for code, one in _read(FOLDER / "countries.toml").items()
    )


def languages() -> list[str]:
    """The languages there are stocks for, English first: most desks are in it."""
    found = sorted(path.parent.name for path in FOLDER.glob("*/jobs.toml"))
    return sorted(found, key=lambda language: language != "en")


def fill(value: T, words: Mapping[str, str]) -> T:
    """`value` with every {town}, {client}, ... in it filled in, however deep. Other braces stay."""
    return cast(T, _filled(value, words))


def _filled(value: object, words: Mapping[str, str]) -> object:
    if isinstance(value, str):
        for name, word in words.items():
            value = value.replace(f"{{{name}}}", word)
        return value
    if isinstance(value, list):
        return [_filled(one, words) for one in value]
    if isinstance(value, dict):
        return {key: _filled(one, words) for key, one in value.items()}
    return value


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
