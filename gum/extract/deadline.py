"""Deadlines that somebody writes down, with the day they name."""

import re
from collections.abc import Sequence

from gum.dates import deadlines
from gum.extract.draft import claim, kept, local
from gum.extract.mail import is_message
from gum.text import clean, lines
from gum.types import Draft, Observation, Trust

# Quoted mail, speech of somebody in a story, places to fill in of a template, filler text.
_NOT_SAID = re.compile(
    r"^\s*(?:[>|]|[\"“„«「『'‘])|\[(?!\s?[xX]?\])[^\]]*\]|\{\{?|<[a-z ]+>|\bX{2,}\b|_{3,}|lorem ipsum|\bTBD\b"
)
_FICTION = re.compile(
    r"\b(?:novel|short story|fiction|screenplay|template|vorlage|roman|modèle|plantilla|modelo)\b"
    r"|chapter ?\d+ of|once upon a time|es war einmal|il était une fois|érase una vez",
    re.IGNORECASE,
)


def extract(observations: Sequence[Observation], languages: Sequence[str] = ()) -> list[Draft]:
    """has_deadline drafts, valid until the day itself."""
    return [d for o in observations if o.trust is Trust.AUTHORED for d in _of(o, languages)]


def _of(o: Observation, languages: Sequence[str]) -> list[Draft]:
    if _FICTION.search(o.title) or _FICTION.search(o.text[:300]):
        return []
    every = [line for line in lines(o.text) if not _NOT_SAID.search(clean(line))]
    message = is_message(o)
    found = []
    for phrase, task, at in deadlines("\n".join(every), local(o.at), languages, message=message):
        quote = next((line for line in every if phrase in line and task in line), None)
        cited = [(o, quote)] if quote else [(o, line) for line in every if phrase in line or task in line][:2]
        slots = {"task": task, "date": phrase}
        found.append(claim("has_deadline", slots, cited, 0.75, "they wrote this down with a date", at))
    return kept(*found)
