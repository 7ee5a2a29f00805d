"""How a program is let in by a code: it asks, the person reads six digits off their screen and types them.

Typing the code is the consent; what is asked for stands beside it. So what reaches further than a card can
make plain, sensitive claims and real names, is not given by a code alone: the person switches it on.
A pure machine over a clock, called on one thread. A code has one chance in a million; a pairing ends with the
third wrong one, and after nine within an hour none is begun for the rest of it, so that somebody who tries at
once, day and night, gets in with less than one chance in four thousand a day.
"""

import hmac
import secrets
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from gum import tokens
from gum.errors import NotAllowed, NotFound
from gum.grants import Scope, narrowed
from gum.ports import Clock
from gum.types import new_id

OPEN = 3
LASTS = timedelta(minutes=5)
TRIES = 3
MOST_WRONG = 9
WITHIN = timedelta(hours=1)


class Busy(NotAllowed):
    """Too many pairings are open, or too many codes were wrong; `after_s`: seconds until it may go better."""

    def __init__(self, title: str, hint: str, after_s: int) -> None:
        super().__init__(title, hint)
        self.after_s = after_s


class Refused(NotAllowed):
    """No such pairing, ended, or not this code: nobody is told which."""

    def __init__(self) -> None:
        super().__init__("That is not the code", "Or it has ended. Ask the person to begin once more.")


@dataclass(frozen=True, slots=True)
class Pairing:
    """A program that waits for its code. `given` is what it gets: as asked, without what needs a switch."""

    id: str
    name: str
    asked: Scope
    given: Scope
    code: str = field(repr=False)
    secret_hash: bytes = field(repr=False)
    expires_at: datetime
    until: datetime | None = None
    wrong: int = 0


class Pairings:
    """Those that wait."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: dict[str, Pairing] = {}
        self._wrong: deque[datetime] = deque()

    def begin(self, name: str, asked: Scope, until: datetime | None) -> tuple[Pairing, str]:
        """A pairing and the secret that only whoever began it knows. Raises Busy."""
        now = self._clock.now()
        waiting = self.waiting()
        while self._wrong and self._wrong[0] <= now - WITHIN:
            self._wrong.popleft()
        if len(self._wrong) >= MOST_WRONG:
            raise Busy(
                "Too many wrong codes were tried",
                "Try again in an hour, or let the assistant in with `gumption clients add`.",
                _seconds(self._wrong[0] + WITHIN - now),
            )
        if len(waiting) >= OPEN:
            first = min(each.expires_at for each in waiting)
            raise Busy("Several assistants wait already", "Answer those first.", _seconds(first - now))
        secret = secrets.token_urlsafe(tokens.SECRET_BYTES)
        made = Pairing(
            id=new_id(),
            name=name,
            asked=asked,
            given=replace(asked, sensitive=False, real_names=False),
            code=f"{secrets.randbelow(10**6):06d}",
            secret_hash=tokens.hash_of(secret),
            expires_at=now + LASTS,
            until=until,
        )
        self._open[made.id] = made
        return made, secret

    def waiting(self) -> list[Pairing]:
        """Those that are still open, the oldest first."""
        now = self._clock.now()
        for key, each in list(self._open.items()):
            # Later than it could end: the clock was set back, and it would never end.
            if not now < each.expires_at <= now + LASTS:
                del self._open[key]
        return list(self._open.values())

    def choose(self, id_: str, scope: Scope | None, until: datetime | None) -> Pairing:
        """What the person gives of what was asked, and until when. Raises NotFound."""
        found = self._found(id_)
        given = found.given if scope is None else narrowed(found.asked, scope)
        self._open[id_] = replace(found, given=given, until=until)
        return self._open[id_]

    def refuse(self, id_: str) -> Pairing:
        """The person said no. Raises NotFound."""
        return self._open.pop(self._found(id_).id)

    def finish(self, id_: str, secret: str, code: str) -> Pairing:
        """The one whose code it was; it is not open any more. Raises Refused.

        Without the right secret no try is used up: who only saw the id cannot end somebody else's pairing.
        """
        found = next((each for each in self.waiting() if each.id == id_), None)
        ours = tokens.fits(found.secret_hash if found is not None else tokens.DUMMY, secret)
        right = hmac.compare_digest((found.code if found is not None else "").encode(), code.encode())
        if found is None or not ours:
            raise Refused
        if not right:
            self._wrong.append(self._clock.now())
            self._open[id_] = replace(found, wrong=found.wrong + 1)
            if found.wrong + 1 >= TRIES:
                del self._open[id_]
            raise Refused
        return self._open.pop(id_)

    def _found(self, id_: str) -> Pairing:
        for each in self.waiting():
            if each.id == id_:
                return each
        raise NotFound("That assistant does not wait any more", "It was let in, or its code has ended.")


def _seconds(left: timedelta) -> int:
    return max(1, round(left.total_seconds()))
