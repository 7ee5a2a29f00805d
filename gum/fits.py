"""Whether words can be what a slot says they are: no document is a person. Pure.

A language model that slips copies a real run of words into the wrong slot. At simulated desks no claim was
right that took a mail address for anything but a person (36 of 36 wrong) or a document for a person, role or
tool (15 of 15), and few that took one run of words for two things at once (11 of 14 wrong).
"""

import re
from collections.abc import Mapping

from gum.claims import PEOPLE
from gum.text import normal

_MAIL = re.compile(r"[^\s@]+@[^\s@]+")
_DOCUMENT = re.compile(
    r"\S.*\.(?:txt|md|rst|tex|od[tspg]|docx?|xlsx?|pptx?|pdf|rtf|csv|tsv|ipynb)", re.IGNORECASE
)
_NO_DOCUMENT = PEOPLE | {"tool", "role", "org", "shop", "place"}


def fits(slots: Mapping[str, str]) -> bool:
    """Whether each of `slots` can be what its name says."""
    values = [normal(value) for value in slots.values()]
    return len(set(values)) == len(values) and all(_fits(name, value) for name, value in slots.items())


def _fits(name: str, value: str) -> bool:
    if _MAIL.fullmatch(value.strip()):
        return name in PEOPLE
    return name not in _NO_DOCUMENT or not _DOCUMENT.fullmatch(value.strip())
