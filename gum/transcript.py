"""What a batch shows, worded in two parts: what the person did, and what stood on the screen.

GUM asks a vision model for both, from up to ten frames (section 5.1 and appendix E). Here both follow from
what the observers know for certain: whose words a text is, which window was chosen, and for how long. So
having looked at something is never worded as having done it, and the same batch always reads the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from gum.grammar import Source, row
from gum.roles import gate, search_query
from gum.text import clean, lines
from gum.types import Observation, Trust

MOST_ACTIONS = 10  # the latest; GUM looks at the last ten unique frames
LONGEST_TITLE = 60  # characters of a window's title: it is copied in full with the content
MOST_WORDS = (
    150  # of all actions together, letters in scripts without spaces: a small model's prompt is short
)
MINUTE = timedelta(minutes=1)
WINDOW = "window"

WHOSE = {
    Trust.AUTHORED: "written by the person",
    Trust.ACTED_ON: "chosen by the person",
    Trust.RECEIVED: "received by the person",
}
SEEN = "only seen by the person"

_DID = {
    Trust.AUTHORED: "wrote",
    Trust.ACTED_ON: "acted",
    Trust.RECEIVED: "had a message from somebody else on screen",
    Trust.READ: "had text on screen",
}


@dataclass(frozen=True, slots=True)
class Action:
    """One thing the person did, and for how long; `lines` counts what they wrote or what they acted on."""

    did: str
    app: str
    title: str
    start: timedelta  # since the first observation of the batch
    lasted: timedelta
    lines: int = 0


def actions(observations: Iterable[Observation]) -> list[Action]:
    """What was done, oldest first, at most MOST_ACTIONS, the latest; the same again counts as going on.

    Adverts, notices and text that speaks to an assistant are left out (`gum.roles.gate`).
    """
    seen = [kept for o in sorted(observations, key=lambda o: (o.at, o.id)) if (kept := gate(o)) is not None]
    made: list[Action] = []
    for o in seen:
        own = o.trust in (Trust.AUTHORED, Trust.ACTED_ON) and o.source != WINDOW
        one = Action(
            _did(o),
            _one_line(o.app) or "an unknown program",
            _one_line(o.title),
            o.at - seen[0].at,
            max(timedelta(), o.until - o.at),
            len(lines(o.text)) if own else 0,
        )
        last = made[-1] if made else None
        if last is not None and (last.did, last.app, last.title) == (one.did, one.app, one.title):
            end = max(last.start + last.lasted, one.start + one.lasted)
            made[-1] = replace(last, lasted=end - last.start, lines=max(last.lines, one.lines))
        else:
            made.append(one)
    return made[-MOST_ACTIONS:]


def _did(o: Observation) -> str:
    if search_query(o.url) is not None:
        return "searched"
    return "went to a window" if o.source == WINDOW else _DID[o.trust]


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())[:LONGEST_TITLE].strip()


def told(done: Sequence[Action]) -> list[str]:
    """One line an action, e.g. "+3 min, in mousepad “notes.txt”: wrote, 4 lines, for 2 min".

    Only the latest, as many as have MOST_WORDS together.
    """
    made: list[str] = []
    left = MOST_WORDS
    for line in reversed([_line(action) for action in done]):
        left -= len(row(line, MOST_WORDS).pieces)
        if left < 0:
            break
        made.append(line)
    return made[::-1]


def _line(action: Action) -> str:
    titled = f" “{action.title}”" if action.title else ""
    facts = [action.did]
    if action.lines:
        facts.append("1 line" if action.lines == 1 else f"{action.lines} lines")
    if action.lasted >= MINUTE:
        facts.append(f"for {action.lasted // MINUTE} min")
    return f"+{action.start // MINUTE} min, in {action.app}{titled}: {', '.join(facts)}"


def content(cited: Sequence[Source]) -> list[str]:
    """The numbered pieces that may be cited, each with whose words it is."""
    parts: list[str] = []
    for source in cited:
        seen = source.observation
        whose = WHOSE.get(seen.trust, SEEN)
        parts.append(f"[{source.number}] {whose}, in {_one_line(seen.app) or 'an unknown program'}:")
        parts.extend(row.join(0, len(row.pieces)) for row in source.rows)
        parts.extend(f"searched for: {row.text}" for row in source.query)
    return parts
