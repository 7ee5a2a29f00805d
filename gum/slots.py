"""What of a copied run of words is only the frame around it, and which runs say nothing. Pure.

A model that copies often copies a program's name behind a title, a field's label or the folders before a
file too ("notes.txt - Mousepad", "Title: cattle show"): each makes one more claim of a thing that is known
already. Or it copies nothing else: a label, a shell's prompt, the name of the site, words like "this is".
What is left is still a run of the observed words.
"""

import re
from collections.abc import Mapping

from gum.claims import DATES, PEOPLE, TABLE
from gum.question import holds_together
from gum.text import normal, occurs, words
from gum.types import Observation, Trust

# As windows put the program's name behind the document's. Only where the spaces begin: tried at each of
# 20,000 spaces in a row it takes two seconds.
_BETWEEN = re.compile(r"(?<!\s)\s+[-–—|·]\s+")
_LABEL = re.compile(r"(?P<label>[^\W\d_][^:\n]{0,24}):\s+(?P<value>\S.*)")
_PATH = re.compile(r"(?:file://|~|\.{1,2})?/\S*|[A-Za-z]:\\\S*")
_PROMPT = re.compile(r"[\w-]+@[\w-]+[:~$#]*")  # of a shell: no mail address is without a dot
_NAMES_A_SITE = frozenset({("bought", "shop"), ("holds_role", "org")})
_REPLY = re.compile(
    r"^(?:re|fwd?|aw|wg|tr|rv|rif|res|enc|sv|vs|antw|回复|答复|转发)\s*[:：]\s*", re.IGNORECASE
)
_SUBJECT = re.compile(
    r"^(?:subject|betreff|objet|sujet|asunto|assunto|oggetto|onderwerp|emne|ämne|件名|主题|主旨|тема)\s*[:：]",
    re.IGNORECASE,
)
_NAMES_A_PROGRAM = frozenset({("uses_for", "tool")})


def trimmed(kind: str, slots: Mapping[str, str], observation: Observation) -> dict[str, str] | None:
    """`slots` without what frames them; None when the main slot is nothing but the program's name.

    A name of a program or site that the person wrote themself stays: then it is what they mean.
    """
    found = {name: _trimmed(kind, name, value, observation) for name, value in slots.items()}
    kept = {name: value for name, value in found.items() if value}
    required = TABLE[kind].required if kind in TABLE else tuple(slots)
    return kept if all(kept.get(name) for name in required if name in slots) else None


def _trimmed(kind: str, name: str, value: str, observation: Observation) -> str:
    if _PATH.fullmatch(value.strip()):
        value = _last(value)
    left = _untailed(value, observation.app)
    labelled = _LABEL.fullmatch(left)
    if labelled and _stands_alone(left, observation.text):
        left = labelled["value"]
    left = _last(left) if _PATH.fullmatch(left) else left
    return "" if _says_nothing(kind, name, left, observation) else left


def _says_nothing(kind: str, name: str, value: str, observation: Observation) -> bool:
    if name in DATES:
        return False
    if name in PEOPLE and _is_subject(value, observation):
        return True
    if _PROMPT.fullmatch(value) or _holds_together(value) or _is_label(value, observation.text):
        return True
    if observation.trust is Trust.AUTHORED and occurs(value, observation.text):
        return False
    if (kind, name) in _NAMES_A_PROGRAM:
        return False
    return names_program(value, observation.app) or _names_site(kind, name, value, observation)


def _holds_together(value: str) -> bool:
    """Words like "I am". One such word with a capital may be a name: Will, IT."""
    one = len(value.split()) == 1
    return holds_together(value) and not (one and value != value.casefold())


def _is_label(value: str, text: str) -> bool:
    """Whether it stands in `text` only as the label of a field or the head of a column."""
    said = normal(value)
    heads = [raw for raw in text.split("\n") if normal(re.split("[:：]", raw, maxsplit=1)[0]) == said]
    labels = [raw for raw in heads if re.search("[:：]", raw)]
    return bool(labels) and not any(
        occurs(value, re.split("[:：]", raw, maxsplit=1)[-1] if raw in labels else raw)
        for raw in text.split("\n")
    )


def _is_subject(value: str, observation: Observation) -> bool:
    """Whether it is what a mail is about, and nobody's name: behind "Re:" or as the mail's subject, or with a
    number of an order."""
    value = _BETWEEN.split(value)[0]
    if re.search(r"(?:^| )\d{3,}(?: |$)", normal(value)) and any(map(str.isalpha, value)):
        return True
    titled = _BETWEEN.split(observation.title)[0]
    lines = [raw.strip() for raw in observation.text.split("\n")]
    subjects = [raw for raw in lines if _SUBJECT.match(raw)]
    told = [_REPLY.sub("", titled)] if _REPLY.match(titled) else []
    if not any(occurs(value, raw) for raw in (*told, *subjects)):
        return False
    named = (raw for raw in lines if raw not in subjects and normal(raw) not in normal(observation.title))
    return not any(occurs(value, raw) for raw in named if _names_somebody(raw))


def _names_somebody(line: str) -> bool:
    """Whether a line of a mail may name people: "To: Ann Berg", "Dear Ann,"."""
    return (_LABEL.match(line) is not None and not _REPLY.match(line)) or len(line.split()) <= 3


def _names_site(kind: str, name: str, value: str, observation: Observation) -> bool:
    """Whether it is the name of the site that a browser puts behind every page's title."""
    if observation.url is None or (kind, name) in _NAMES_A_SITE:
        return False
    _, *behind = _BETWEEN.split(_untailed(observation.title, observation.app))
    tails = (" ".join(behind[n:]) for n in range(len(behind)))
    return any(normal(tail) == normal(value) for tail in tails)


def _untailed(value: str, app: str) -> str:
    """`value` without the program's names behind it: "notes.txt - Mousepad"."""
    for cut in reversed(list(_BETWEEN.finditer(value))):
        tail = value[cut.end() :]
        if not names_program(tail, app) and not _begins_name(tail, app):
            break
        value = value[: cut.start()]
    return value.strip()


def _last(path: str) -> str:
    """The name at a path's end."""
    return re.split(r"[/\\]", path.strip().rstrip("/\\"))[-1]


def _stands_alone(line: str, text: str) -> bool:
    """Whether a line of `text` begins with it: then the label is a field's, not part of a sentence."""
    return any(normal(raw).startswith(normal(line)) for raw in text.split("\n"))


def _begins_name(tail: str, app: str) -> bool:
    """Whether it is a program's name that was not copied to its end: "LibreOffice" of LibreOffice Writer."""
    copied = words(tail)
    return bool(copied) and copied == words(re.sub(r"[-_.]", " ", app))[: len(copied)]


def names_program(segment: str, app: str) -> bool:
    """Whether `segment` is the name of the program whose window class is `app`."""
    called, known = words(segment), set(words(re.sub(r"[-_.]", " ", app)))
    if not called or not known:
        return False
    whole = "".join(called) == "".join(words(app.replace("-", "")))
    return whole or (known <= set(called) and len(called) <= 3)
