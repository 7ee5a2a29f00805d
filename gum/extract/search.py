"""What somebody keeps searching for.

One search says little; the same words again, or mostly the same, say interest, and trouble when they
ask how to mend something. Words come from the address of a result page or from a search field; a page
that merely stays open, or is seen again at once, is one search.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import unquote_plus, urlsplit

from gum.extract.draft import OWN, claim, kept
from gum.receipt import search_query
from gum.text import lines, normal, overlap, tidy, words
from gum.types import Draft, Observation, Trust

ALIKE = 0.5  # share of words two searches must have in common: "fix git rebase" and "git rebase conflict"
AGAIN = timedelta(seconds=20)  # the same words, sooner than this, are a reload
TYPING = timedelta(minutes=2)  # so long words that go on with those before them are one search
LATER = timedelta(minutes=10)  # and later than this a new search, whatever was seen between

_FIELD = re.compile(
    r"^(?:search|search query|search the web|suche|suchen|recherche|rechercher|buscar|búsqueda|pesquisar"
    r"|cerca|zoeken"
    r"|検索|搜索)(?: [\w ]{1,20})?\s*[:：]\s*(?P<query>.+)$",
    re.IGNORECASE,
)
_PLACES_WORDS = (
    "facebook youtube gmail google amazon twitter instagram reddit whatsapp netflix linkedin github login "
    "weather wetter météo tiempo maps translate outlook news bing ebay wikipedia calculator"
)
_PLACES = frozenset(_PLACES_WORDS.split())
_TROUBLE = re.compile(
    r"\b(?:how (?:to|do|can)|why (?:does|is|do|won|isn|doesn)|error|exception|traceback|fail(?:s|ed|ing"
    r"|ure)?|fix|crash\w*"
    r"|not working|doesn t work|won t|cannot|can t|broken|undefined|problem|issue|segfault|fehler|geht nicht"
    r"|funktioniert nicht|wie (?:kann|man)|erreur|ne (?:marche|fonctionne) pas|comment|no funciona|cómo|como"
    r"|não funciona|errore|non funziona|come si|werkt niet|foutmelding)\b"
    r"|エラー|できない|方法|报错|错误|怎么",
    re.IGNORECASE,
)
_LEARN = (
    re.compile(
        r"^(?:learn(?:ing)?|study|lernen|apprendre|aprender|imparare"
        r"|leren)(?: (?:how )?to(?: use)?)? (?P<subject>.+?)"
        r"(?: (?:online|free|fast|for beginners|tutorial|course))*$",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?P<subject>.+?) (?:tutorials?|courses?|for beginners|beginners? guide|lessons?|basics"
        r"|exercises|crash course"
        r"|lernen|kurs|für anfänger|tutoriel|cours|débutant|curso|para principiantes|corso|cursus|入門|教程"
        r"|入门)\b.*$",
        re.IGNORECASE,
    ),
    re.compile(
        r"^(?:tutorials?|courses?|introduction|intro|kurs|cours|curso|corso) (?:on|for|in|to|de|di"
        r"|en) (?P<subject>.+)$",
        re.IGNORECASE,
    ),
)


class _Search(NamedTuple):
    observation: Observation
    query: str
    quote: str


def extract(observations: Sequence[Observation]) -> list[Draft]:
    """learning drafts from one search that says so; interested_in and struggling_with ones from two."""
    searches = _searches(observations)
    found: list[Draft | None] = []
    for group in _groups(searches):
        subject = _subject(group)
        cited = [(s.observation, s.quote) for s in group]
        if subject:
            found.append(
                claim("learning", {"subject": subject}, cited, 0.5, "they searched for ways to learn it")
            )
        elif len(group) >= 2:
            shortest = min((s.query for s in group), key=lambda q: (len(words(q)), q))
            trouble = all(_TROUBLE.search(normal(s.query)) for s in group)
            kind, slot = ("struggling_with", "thing") if trouble else ("interested_in", "topic")
            why = f"they searched for it {len(group)} times"
            found.append(claim(kind, {slot: tidy(shortest)}, cited, 0.6, why))
    return kept(*found)


def _searches(observations: Sequence[Observation]) -> list[_Search]:
    """One entry a search, oldest first."""
    made: list[_Search] = []
    elsewhere: set[str] = set()  # searches since which another page was seen
    for o in sorted(observations, key=lambda o: (o.at, o.id)):
        own = _query(o)
        if own is None:
            if o.url and not search_query(o.url):
                elsewhere.update(normal(s.query) for s in made)
            continue
        now = normal(own.query)
        if made and _typing(made[-1], own):
            made[-1] = own
            continue
        last = next((s for s in reversed(made) if normal(s.query) == now), None)
        since = o.at - last.observation.at if last else LATER
        # A page that stays open is one search: it only counts again after something else, or much later.
        if last is None or since >= LATER or (since >= AGAIN and now in elsewhere):
            made.append(own)
        elsewhere.update(normal(s.query) for s in made)
        elsewhere.discard(now)
    return made


def _typing(before: _Search, now: _Search) -> bool:
    """Whether the one before is this one seen while it was still being typed."""
    begun, whole = normal(before.query), normal(now.query)
    soon = now.observation.at - before.observation.at <= TYPING
    return soon and begun != whole and whole.startswith(begun)


def _query(o: Observation) -> _Search | None:
    """The search an observation shows, with the piece of it that says so."""
    query = search_query(o.url)
    if query and o.url and o.trust in (*OWN, Trust.READ):
        raw = next(
            (p for p in re.split(r"[?&#]", o.url) if unquote_plus(p.partition("=")[2]).strip() == query), ""
        )
        quote = query if query in o.title or query in o.text else raw.partition("=")[2]
    else:
        query, quote = _typed(o)
    if not query or not quote or not _telling(query):
        return None
    return _Search(o, query, quote)


def _typed(o: Observation) -> tuple[str, str]:
    """What was typed into a search field, and its line."""
    if o.trust is Trust.AUTHORED:
        for line in lines(o.text):
            if match := _FIELD.match(line):
                return tidy(match["query"]), line
    return "", ""


def _telling(query: str) -> bool:
    """Whether a search says anything: not a site's name or address, not a single short word."""
    found = words(query)
    if not found or urlsplit(query).scheme or re.fullmatch(r"\S+\.[a-z]{2,6}(?:/\S*)?", query.strip()):
        return False
    return not _PLACES.issuperset(found) and len(normal(query)) >= 4 and len(query) <= 120


def _groups(searches: Sequence[_Search]) -> list[list[_Search]]:
    """Searches that share most of their words with the first of their group."""
    groups: list[list[_Search]] = []
    for search in searches:
        home = next((g for g in groups if overlap(g[0].query, search.query) >= ALIKE), None)
        if home is None:
            groups.append([search])
        else:
            home.append(search)
    return groups


def _subject(group: Sequence[_Search]) -> str:
    for search in group:
        for shape in _LEARN:
            if match := shape.match(search.query.strip()):
                return tidy(match["subject"])
    return ""
