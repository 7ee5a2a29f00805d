"""The stocks of all languages have the same shape, and what stands in them can be used."""

import re
from string import Formatter

import pytest

from app.desks.generate import stocks
from app.desks.generate.blocks import decoys
from app.desks.generate.dates import NAMES

OTHERS = [language for language in stocks.languages() if language != "en"]
FILLED = {"town", "client", "year", "me", "name", "other"}  # every text may have these


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_languages_english_first_and_all_with_dates_and_countries() -> None:
    assert stocks.languages()[0] == "en"
    assert {"de", "fr", "es", "ja"} <= set(stocks.languages())
    for language in stocks.languages():
        assert language in NAMES
        assert any(one.language == language for one in stocks.countries())


@pytest.mark.parametrize("language", OTHERS)
def test_every_phrase_is_there_with_the_same_slots(language: str) -> None:
    english, here = stocks.of("en")["phrases"], stocks.of(language)["phrases"]
    assert set(here) == set(english)
    for name, wordings in here.items():
        assert wordings
        allowed = set().union(*(slots(text) for text in english[name])) | FILLED
        for text in wordings:
            assert slots(text) <= allowed, (language, name, text)


@pytest.mark.parametrize("language", stocks.languages())
def test_what_must_be_said_is_said_in_every_wording(language: str) -> None:
    """A fact's words must be in whichever wording is drawn."""
    needed = {
        "deadline.mail": {"task", "date"},
        "deadline.promise": {"task", "date"},
        "deadline.note": {"task", "date"},
        "deadline.office": {"task", "date"},
        "deadline.moved": {"task", "date"},
        "deadline.event": {"task"},
        "work.tell": {"thing"},
        "prepare.tell": {"event", "date"},
        "taste.tell": {"a", "b"},
        "taste.changed": {"a", "b"},
        "taste.letter": {"a", "b"},
        "tool.tell": {"tool", "purpose"},
        "tool.wiki": {"tool", "purpose"},
        "tool.letter": {"tool", "purpose"},
        "trip.tell": {"place", "date"},
        "trip.list": {"place", "date"},
        "wait.tell": {"thing", "who"},
        "role.letter": {"role", "org"},
        "role.hello": {"role", "org"},
        "order.mail": {"item"},
        "expenses.line": {"item", "shop"},
        "review.tell": {"item", "shop"},
        "teacher.reply": {"subject"},
        "trouble.ask": {"thing", "title"},
        "trouble.writing": {"part", "thing"},
    }
    for name, must in needed.items():
        for text in stocks.of(language)["phrases"][name]:
            assert must <= slots(text), (language, name, text)


@pytest.mark.parametrize("language", OTHERS)
def test_every_list_is_there_with_the_same_columns(language: str) -> None:
    english, here = stocks.of("en"), stocks.of(language)
    assert set(here) == set(english)
    for name, value in here.items():
        if isinstance(value, list) and isinstance(value[0], dict):
            columns = {frozenset(one) for one in english[name]}
            for one in value:
                assert frozenset(one) in columns, (language, name, one)


@pytest.mark.parametrize("language", stocks.languages())
def test_jobs_have_everything(language: str) -> None:
    jobs = stocks.jobs(language)
    assert len(jobs) >= (16 if language == "en" else 5)
    for job in jobs:
        assert len(job["projects"]) >= 2
        assert len(job["tasks"]) >= 4
        assert len(job["events"]) >= 3
        assert len(job["tools"]) >= 2
        assert len(job["troubles"]) >= 2
        assert job["courses"]
        assert job["roles"]
        assert job["orgs"]
        if job["terminal"]:
            assert any("command" in one for one in job["tools"])
            assert any("command" in one for one in job["troubles"])
            assert all(one["commits"] for one in job["projects"])
        for one in job["projects"]:
            assert len(one["lines"]) >= 4
            assert one["file"].endswith(".odt") or job["writes"] == "editor" or "." in one["file"]


def test_jobs_differ_in_what_they_use() -> None:
    jobs = stocks.jobs("en")
    for part in ("team", "wiki", "forum"):
        assert len({job[part] for job in jobs}) == len(jobs), part
    tools = [one["tool"] for job in jobs for one in job["tools"]]
    assert len(set(tools)) > 0.8 * len(tools)


@pytest.mark.parametrize("language", stocks.languages())
def test_decoys_are_about_things_nobody_here_has(language: str) -> None:
    stock = stocks.of(language)
    life = repr([value for name, value in stock.items() if name not in _DECOYS]) + repr(stocks.jobs(language))
    for name in _DECOYS:
        for one in stock[name]:
            if "words" not in one:
                continue
            text = " ".join(str(value) for key, value in one.items() if key != "words").casefold()
            assert any(all(_in(word, text) for word in group) for group in one["words"]), one
            for group in one["words"]:
                assert not all(_in(word, life.casefold()) for word in group), (language, group)


_DECOYS = ("adverts", "spam", "phishing", "others", "sarcasm", "injections", "private")


def _in(word: str, text: str) -> bool:
    plain = re.sub(r"[^\w]+", " ", word.casefold())
    folded = re.sub(r"[^\w]+", " ", text)
    return plain in folded if not plain.isascii() else f" {plain} " in f" {folded} "


@pytest.mark.parametrize("language", stocks.languages())
def test_injections_speak_to_the_assistant_and_secrets_stand_in_private_pages(language: str) -> None:
    words = "assist|ai\\b|ki-|ia\\b|system|アシスタント|aiへ|language model|asist|助"
    for one in stocks.of(language)["injections"]:
        assert re.search(words, one["text"], re.IGNORECASE) or "helpers" in one["text"], one
    for one in stocks.of(language)["private"]:
        assert one["secret"] in one["title"] + one["body"], one
    assert decoys.BLOCKS


def test_fill_reaches_everything_and_leaves_other_braces() -> None:
    value = {"a": ["{town} x", {"b": "{other}"}], "n": 3}
    assert stocks.fill(value, {"town": "Oban"}) == {"a": ["Oban x", {"b": "{other}"}], "n": 3}


def test_names_suffice_for_a_desk() -> None:
    for one in stocks.countries():
        pools = [stocks.names()[name] for name in set(one.names)]
        assert len({given for pool in pools for given in pool["given"]}) >= 8
        assert len({family for pool in pools for family in pool["family"]}) >= 7
    assert len(stocks.names()["ja"]["given"]) >= 20  # strangers there too have names in that script
    assert len(stocks.names()["ja"]["family"]) >= 20
