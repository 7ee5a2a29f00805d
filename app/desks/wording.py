"""The words of the sites' own dress and of their forms, by interface language. Read from `site/words`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

WORDS = Path(__file__).parent / "site" / "words"
FALLBACK = "en"


def languages() -> list[str]:
    """The languages there are words for."""
    return sorted(path.stem for path in WORDS.glob("*.toml"))


@cache
def words(language: str) -> Mapping[str, object]:
    """Texts by key in a language ("de", "pt-BR"), else in English; `headlines` a list, `names` a table."""
    first = language.lower().replace("_", "-").partition("-")[0]
    path = WORDS / f"{first if first in languages() else FALLBACK}.toml"
    return MappingProxyType(tomllib.loads(path.read_text(encoding="utf-8")))


def name_of(language: str, name: str, kind: str = "") -> str:
    """What a form or button is called on pages of `kind`. Raises KeyError for an unknown name."""
    names = words(language)["names"]
    assert isinstance(names, dict)
    return str(names.get(f"{kind}.{name}") or names[name])
