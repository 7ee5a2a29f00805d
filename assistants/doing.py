"""Whether the person is already doing, or has done, what would be offered. Pure.

GUM's users were offered what they were just finishing (GUM section 8.4). Words are compared in
normal form; a wrong "yes" costs one offer, which comes again when the moment has passed.
"""

import re
from urllib.parse import parse_qsl, urlsplit

from assistants.words import covers
from gum.text import lines, occurs
from gum.types import Moment, Trust

_DONE = re.compile(
    r"^\s*[-*+]\s*\[[xX]\]"
    r"|\b(done|finished|completed?|submitted|handed in|sent|paid|booked|booking confirmed|confirmed|cancelled"
    r"|canceled|solved|fixed|passed|erledigt|abgegeben|bezahlt|gebucht|terminé|envoyé|réservé|payé)\b",
    re.IGNORECASE,
)
_NOT_DONE = re.compile(
    r"\b(not|n't|isn't|to be|until|will|must|should|please|need|nicht|noch|pas|bitte)\b|\?|\[ \]",
    re.IGNORECASE,
)
_PLANNER = re.compile(r"\b(calendar|kalender|calendrier|agenda|to-?do|tasks?)\b|\.ics\b", re.IGNORECASE)


def working_on(moment: Moment, task: str) -> bool:
    """Typing in a document whose title names the task. A web page that names it is only about it."""
    return moment.activity == "typing" and moment.url is None and covers(moment.title, task)


def looking_up(moment: Moment, thing: str) -> bool:
    """A page about it, or a search for it, is in front."""
    if moment.url is None:
        return False
    asked = " ".join(value for _, value in parse_qsl(urlsplit(moment.url).query))
    return covers(asked, thing) or covers(moment.title, thing)


def planned(moment: Moment, what: str) -> bool:
    """A calendar or a to-do list is in front, and names it."""
    if not _PLANNER.search(f"{moment.app} {moment.title}"):
        return False
    return covers(moment.title, what) or any(
        occurs(what, o.text) for o in moment.recent if o.title == moment.title
    )


def finished(moment: Moment, what: str) -> bool:
    """One of the person's own recent lines names it together with a word like "submitted"."""
    own = (o for o in moment.recent if o.trust in (Trust.AUTHORED, Trust.ACTED_ON))
    for observation in own:
        for line in lines(observation.text):
            if _DONE.search(line) and not _NOT_DONE.search(line) and occurs(what, line):
                return True
    return False
