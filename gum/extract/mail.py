"""With whom somebody is in contact: recipient and subject of a mail being written, chat partners.

Of mails received only the sender is taken, and only of those a person wrote by hand: adverts,
newsletters and robots have senders too.
"""

import re
from collections.abc import Sequence

from gum.extract.draft import OWN, claim, kept
from gum.text import clean, lines, normal, tidy
from gum.types import Draft, Observation, Trust

_TO = re.compile(
    r"^(?:to(?: recipients)?|recipients?|an|empfänger(?:/-innen)?|à|destinataires?|para|destinatari[oa]s?"
    r"|destinatário"
    r"|a|aan|geadresseerden?|ontvangers?|til|宛先|收件人|받는사람|кому)\s*[:：]\s*(?P<value>.+)$",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"^(?:from|von|de|expéditeur|remetente|da|mittente|van|差出人|发件人|от)\s*[:：]\s*(?P<value>.+)$",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"^(?:subject|betreff|objet|sujet|asunto|assunto|oggetto|onderwerp|emne|ämne|件名|主题|主旨|тема)\s*[:：]"
    r"\s*(?P<value>.+)$",
    re.IGNORECASE,
)
_REPLY = re.compile(
    r"^(?:(?:re|fwd?|aw|wg|tr|rv|rif|r|i|res|enc|sv|vs|antw|doorst|回复|答复|转发)\s*[:：]\s*)+",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+")
_ROBOT = re.compile(
    r"no-?_?reply|do-?not-?reply|notifications?@|newsletter|mailer|marketing|info@|support@|service@"
    r"|sales@|news@"
    r"|updates?@|alerts?@|billing@|team@|hello@|offers?@|promo|deals?@|security@|admin@|account",
    re.IGNORECASE,
)
_MASS = re.compile(
    r"unsubscribe|abmelden|abbestellen|désabonner|désinscrire|darse de baja|cancelar (?:a )?inscrição"
    r"|disiscriviti"
    r"|afmelden|配信停止|退订|view (?:this|in) (?:email|your browser)"
    r"|verify your (?:account|password|identity)"
    r"|account (?:has been |is |will be )?(?:suspended|limited|locked)|you(?:'ve| have) won|winner|lottery"
    r"|urgent action"
    r"|click (?:here|below)|limited time|act now|% off|gift card|wire transfer|konto (?:wurde )?gesperrt",
    re.IGNORECASE,
)
_CHATS = (  # title shapes of chats between two people
    re.compile(r"^(?:[*!]\s*)?(?:\(\d+\)\s*)?(?P<person>[^|()#]+?) \(DM\)(?: - .*)?$"),
    re.compile(
        r"^(?:\(\d+\)\s*)?(?:Chat|Unterhaltung|Conversation) \| (?P<person>[^|,]+?) \| "
        r"(?:.*\| )?Microsoft Teams"
    ),
)


def extract(observations: Sequence[Observation]) -> list[Draft]:
    """communicating_with drafts."""
    found: list[Draft] = []
    for o in observations:
        if o.trust is Trust.AUTHORED:
            found += _writing(o)
        if o.trust in OWN:
            found += _chatting(o)
        elif o.trust is Trust.RECEIVED:
            found += _received(o)
    return found


def is_message(o: Observation) -> bool:
    """Whether text is a mail to somebody: recipients, and a subject or an address."""
    every = lines(o.text)
    to = _first(_TO, every)
    return to is not None and (_first(_SUBJECT, every) is not None or _ADDRESS.search(to[1]) is not None)


def _writing(o: Observation) -> list[Draft]:
    """A form with recipients and a subject, or with an address as recipient."""
    every = lines(o.text)
    to = _first(_TO, every)
    subject = _first(_SUBJECT, every)
    if to is None or not is_message(o):
        return []  # "To: Oslo" alone is a journey
    topic = tidy(_REPLY.sub("", subject[1])) if subject else ""
    found = []
    for person in _people(to[1])[:5]:
        cited = [(o, to[0])] + ([(o, subject[0])] if subject and topic else [])
        found.append(
            claim("communicating_with", {"person": person, "topic": topic}, cited, 0.8, "a message to them "
            "was being written")
        )  # fmt: skip
    return kept(*found)


def _chatting(o: Observation) -> list[Draft]:
    for shape in _CHATS:
        if (match := shape.match(o.title)) and _is_person(match["person"]):
            return kept(
                claim(
                    "communicating_with",
                    {"person": match["person"]},
                    [(o, o.title)],
                    0.65,
                    "a chat with them was open",
                )
            )
    return []


def _received(o: Observation) -> list[Draft]:
    """The sender of a mail from one person to another."""
    every = lines(o.text)
    sender = _first(_FROM, every)
    if sender is None or _ROBOT.search(sender[1]) or _MASS.search(o.text) or not _ADDRESS.search(sender[1]):
        return []
    people = _people(sender[1])
    if len(people) != 1 or "@" in people[0]:
        return []  # robots have no names
    slots = {"person": people[0]}
    return kept(claim("communicating_with", slots, [(o, sender[0])], 0.5, "a message from them was read"))


def _first(pattern: re.Pattern[str], every: Sequence[str]) -> tuple[str, str] | None:
    """The first line that matches, whole, and its value."""
    for line in every:
        if match := pattern.match(line):
            return line, match["value"].strip()
    return None


def _people(value: str) -> list[str]:
    """Names, or addresses where there is no name, of a recipient line."""
    found = []
    for piece in re.split(r"[;、]|,(?!\s*(?:jr|dr|phd)\b)", clean(value)):
        name = tidy(_ADDRESS.sub("", piece))
        address = _ADDRESS.search(piece)
        if name and _is_person(name):
            found.append(name)
        elif address and not name and not _ROBOT.search(address[0]):
            found.append(address[0])
    return list(dict.fromkeys(found))


_NOBODY = re.compile(
    r"undisclosed|recipients?|everyone|all|team|list|me|myself|you|ich|moi|mich", re.IGNORECASE
)


def _is_person(name: str) -> bool:
    """Looks like a name: one to five words of letters, not a word still being typed."""
    name = tidy(name)
    parts = normal(name).split()
    if not 1 <= len(parts) <= 5 or len(name) > 60 or any(c.isdigit() for c in name) or "@" in name:
        return False
    if _NOBODY.fullmatch(name):
        return False
    cased = any(c.isupper() for c in name)
    return (cased and len(name) >= 3) or (not name.isascii() and not any(c.islower() for c in name))
