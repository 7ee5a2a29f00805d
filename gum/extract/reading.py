"""A topic that keeps coming up in what somebody reads: weak interest, and only when it is plain.

Three different pages, on two different sites, whose titles share the same two or three words: less
is chance, or the name of a site.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

from gum.extract.draft import claim, kept
from gum.receipt import search_query
from gum.text import normal
from gum.types import Draft, Observation, Trust

PAGES, SITES = 3, 2
WORDS = 3  # of a topic, at most
_COMMON_WORDS = (
    "the a an and or of in on at to for with from by is are was how what why when your you my our this "
    "that it as be new best top free official home page login sign news welcome inbox search results "
    "about contact blog shop der die das und oder von in im auf mit für zu den dem ein eine ist wie was "
    "le la les un une des et de du en dans pour sur avec est el los las y con por para del que o os as e "
    "da do em com il lo gli di per che van het een en google chrome chromium mozilla firefox microsoft "
    "edge wikipedia youtube reddit"
)
_COMMON = frozenset(_COMMON_WORDS.split())


def extract(observations: Sequence[Observation]) -> list[Draft]:
    """interested_in drafts from titles of pages that were read."""
    pages: dict[tuple[str, str], Observation] = {}
    for o in sorted(observations, key=lambda o: o.at):
        if o.trust is Trust.READ and o.url and (place := _place(o.url)) and o.title.strip():
            pages.setdefault(place, o)
    shared: dict[str, dict[tuple[str, str], Observation]] = {}
    for place, o in pages.items():
        for term in _terms(o.title):
            shared.setdefault(term, {})[place] = o
    # A run of many words is one title seen at several places (a thread, the mail about it), no topic.
    told = [t for t, p in shared.items() if len(t.split()) > WORDS and len(p) > 1]
    shared = {t: p for t, p in shared.items() if len(t.split()) <= WORDS}
    shared = {t: p for t, p in shared.items() if not any(f" {t} " in f" {title} " for title in told)}
    strong = {t: p for t, p in shared.items() if len(p) >= PAGES and len({host for host, _ in p}) >= SITES}
    longest = [t for t in strong if not any(t != u and f" {t} " in f" {u} " for u in strong)]
    return kept(*(_claim(term, list(strong[term].values())) for term in longest[:3]))


def _claim(term: str, pages: Sequence[Observation]) -> Draft | None:
    why = f"{len(pages)} pages about it were read"
    return claim("interested_in", {"topic": term}, [(o, o.title) for o in pages], 0.4, why)


def _place(url: str) -> tuple[str, str] | None:
    """Site and path of a page; result pages of a search are none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or search_query(url):
        return None
    return ".".join(parts.netloc.lower().split(".")[-2:]), parts.path


def _terms(title: str) -> set[str]:
    """Runs of words of a title, without a common one; those longer than a topic tell titles apart."""
    found = normal(title).split()[:30]
    runs = (found[i : i + n] for n in (2, WORDS, WORDS + 1) for i in range(len(found) - n + 1))
    return {" ".join(run) for run in runs if not _COMMON & set(run) and all(len(w) > 2 for w in run)}
