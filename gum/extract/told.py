"""What the person says of themself to Gumption, in so many words: "I prefer tea over coffee".

Only what was typed into Gumption itself, or put into the folder of the person's own notes, is read like this
(its `source` is one of SOURCES): there "I" is the person. In a mail or a novel it may be anybody. Plain
English statements; denials are left alone.
"""

import re
from collections.abc import Sequence

from gum.denial import somebody_elses
from gum.extract.draft import claim, kept
from gum.text import lines
from gum.types import Draft, Observation, Trust

TOLD, FEEDBACK, NOTES = "told", "feedback", "text_folder"
SOURCES = frozenset({TOLD, FEEDBACK, NOTES})
SURE = 0.9  # of the extractor that it understood; whether it is so the person knows best

# A dot inside a word belongs to it ("thesis.tex"); a comma, "and", "but" and a full stop end a statement.
_CLAUSE = re.compile(r"[,;!?\n]|\.(?=\s|$)|\b(?:and|but|because|so that)\b", re.IGNORECASE)
_DENIED = re.compile(
    r"\bnot\b|n['’]t\b|\b(?:never|no longer|no more|used to|hardly|stopped|if)\b", re.IGNORECASE
)
_AM = r"I(?:\s+am|['’]m)(?:\s+(?:also|now|currently))?"
_I = r"I(?:\s+(?:also|now|currently|mostly|usually|always|really))?"
# What is done stands with "to" itself ("listening to jazz"), and so does what it goes for ("to write to Al");
# some words only look like something done.
_NOUN = "(?:even|morn|noth|someth|everyth|anyth|th|cloth|pudd|spr|str|k|r|w)ing"
_DOING = rf"(?:to\s|(?!{_NOUN}\b)\w+ing\b)"
_GOES_WITH_TO = (
    "(?:listen|go|talk|speak|writ|travell?|mov|com|return|sing|danc|driv|cycl|stick|mail|belong|play)ing"
)
_PREFERS = (
    r"(?P<thing>.+?)\s+(?:over|rather than)\s+(?P<over>.+)",
    rf"(?P<thing>(?!{_GOES_WITH_TO})\w+ing)\s+to\s+(?P<over>\w+ing\b.*)",
    rf"(?P<thing>(?!{_DOING}).+?)\s+to\s+(?P<over>(?!(?:be|have|go)\b).+)",
    r"(?P<thing>.+)",
)
_KIN = "(?:grand)?(?:mother|father|parent|mum|mom|dad|son|daughter|wife|husband|friend|uncle|aunt)"
# An employer has a name or an article: "nurse in training" and "mother of two" tell of none.
_ORG = (
    r"(?:at(?!\s+(?:heart|home|night|work|sea|large|present|times|the moment)\b)"
    r"|(?:in|of|with|for)(?=\s+(?:(?:the|an?|my|our)\s|(?-i:[^\W\d_a-z]))))\s+(?P<org>.+)"
)
_SAYS = tuple(
    (kind, re.compile(rf"^\W*{pattern}\s*$", re.IGNORECASE))
    for kind, pattern in (
        *(("prefers", rf"{_I} prefer\s+{what}") for what in _PREFERS),
        ("learning", rf"(?:{_AM} (?:learning|studying)|{_I} (?:learn|study))\s+(?P<subject>.+)"),
        ("uses_for", rf"{_I} use\s+(?P<tool>.+?)\s+(?:for|to)\s+(?P<purpose>.+)"),
        (
            "preparing_for",
            rf"(?:{_AM} preparing|{_I} prepare)\s+for\s+(?P<event>.+?)(?:\s+on\s+(?P<date>.+))?",
        ),
        ("waiting_for", rf"(?:{_AM} waiting|{_I} wait)\s+for\s+(?P<thing>.+?)(?:\s+from\s+(?P<from>.+))?"),
        (
            "plans_to_go",
            rf"(?:{_AM} (?:travelling|traveling|flying)|{_I} (?:travel|fly|plan to (?:go|travel|fly)))"
            r"\s+to\s+(?P<place>.+?)(?:\s+on\s+(?P<date>.+))?",
        ),
        ("working_on", rf"(?:{_AM} (?:working on|writing)|{_I} work on)\s+(?P<thing>.+)"),
        ("struggling_with", rf"(?:{_AM} struggling|{_I} struggle)\s+with\s+(?P<thing>.+)"),
        ("interested_in", rf"(?:{_AM} interested in|{_I} (?:like|love|enjoy))\s+(?P<topic>.+)"),
        (
            "holds_role",
            rf"(?:{_AM}|{_I} work as)\s+(?:an?|the)\s+(?P<role>{_KIN}\s+of\s.+|.+?)(?:\s+{_ORG})?",
        ),
    )
)
_NO_ROLE = re.compile(r"^(?:bit|little|lot|few|big|huge|fan|kind|sort|person|early|night)\b", re.IGNORECASE)


def extract(observations: Sequence[Observation]) -> list[Draft]:
    """Drafts of plain statements in the first person, one a clause."""
    own = [o for o in observations if o.source in SOURCES and o.trust is Trust.AUTHORED]
    said = ((o, line) for o in own for line in lines(o.text) if not somebody_elses(line))
    return kept(*(_of(o, line, part) for o, line in said for part in _CLAUSE.split(line)))


def _of(o: Observation, line: str, clause: str) -> Draft | None:
    said = clause.strip()
    if _DENIED.search(said):
        return None
    for kind, pattern in _SAYS:
        match = pattern.match(said)
        if match is None:
            continue
        slots = {name: value.strip() for name, value in match.groupdict().items() if value}
        if kind == "holds_role" and _NO_ROLE.match(slots["role"]):
            return None
        return claim(kind, slots, [(o, said)], SURE, "they said so themself")
    return None
