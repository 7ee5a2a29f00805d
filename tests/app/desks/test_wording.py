"""The words of the sites, in every language of the interface."""

import re

import pytest

from app.desks.kinds import PAGES
from app.desks.pages import State, label, show
from app.desks.wording import languages, words
from tests.app.desks import sample_site

DESK = sample_site.desk()


def test_the_languages_that_desks_need_are_there() -> None:
    assert {"de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt", "zh"} <= set(languages())


@pytest.mark.parametrize("language", languages())
def test_every_language_has_every_word(language: str) -> None:
    english, there = words("en"), words(language)
    assert set(there) == set(english)
    names, theirs = english["names"], there["names"]
    assert isinstance(names, dict) and isinstance(theirs, dict)
    assert {name for name in theirs if "." not in name} == {name for name in names if "." not in name}
    known = {f"{kind}.{name}" for kind, takes in PAGES.items() for name in (*takes.forms, *takes.buttons)}
    assert {name for name in theirs if "." in name} <= known
    for key, value in english.items():
        assert not isinstance(value, str) or re.findall(r"\{\w+\}", value) == re.findall(
            r"\{\w+\}", str(there[key])
        ), key


def test_other_languages_fall_back() -> None:
    assert label(sample_site.desk(language="fi"), "send") == "Send"
    assert label(sample_site.desk(language="de-CH"), "send") == "Senden"
    assert label(sample_site.desk(language="pt_BR"), "to", "travel.search") == "Para"
    assert label(sample_site.desk(language="ja"), "to", "travel.search") == "到着地"
    with pytest.raises(KeyError):
        label(DESK, "nothing")
    assert '<html lang="pt-BR">' in show(sample_site.desk(language="pt_BR"), "news", State()).html
