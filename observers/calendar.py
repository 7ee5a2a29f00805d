"""The calendar source: what is coming in the calendars that the settings name, and whether a meeting goes on.

Nothing is remembered but what the gate lets through: after a restart all is read again, and what is the same
has the same id, which the store has already. CalDAV accounts come and go while it runs (`use`).
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, tzinfo

from gum.errors import CaptureUnavailable
from gum.login import Login, Standing
from gum.types import Observation, ObservationId
from gum.zone import HERE
from observers import agenda, ics
from observers.account import Account
from observers.base import Source, Supervised, now
from observers.gate import Gate
from observers.subscription import Subscription, subscription

log = logging.getLogger(__name__)

LOOK_S = 60.0
PAUSED_S = 2.0
SOON_S = 10.0  # when there is more to tell than goes on at once
AT_ONCE = 50  # the inbox holds 512 finds of all sources together
WORDINGS = 3  # of one occasion in DAY_S: some programs count down in the title
DAY_S = 86_400.0
REFUSED_S = 3600.0  # until what the rules refused is offered anew: they may have changed

_Which = tuple[str, str]  # the uid of an event, and which occasion of it


class Calendars(Source):
    """Tells of what is coming in calendars. An `observers.base.Observer`.

    `named` are paths and addresses, as in the settings. `clock` tells the present, `here` is the zone of the
    desk.
    """

    name = agenda.APP

    def __init__(
        self,
        named: Sequence[str],
        gate: Gate,
        clock: Callable[[], datetime] = now,
        here: tzinfo = HERE,
    ) -> None:
        self._gate, self._clock, self._here = gate, clock, here
        self._worker = Supervised(self.name, self._watch)
        self._kept: tuple[Subscription, ...] = tuple(
            subscription(one, self._today, here, self._worker.stopping) for one in dict.fromkeys(named)
        )
        self._logins: tuple[Login, ...] = ()
        self._accounts: tuple[Account, ...] = ()
        self._occasions: tuple[agenda.Occasion, ...] = ()
        self._rests: dict[ObservationId, float] = {}  # what went on or was refused, and until when
        self._told: dict[_Which, list[float]] = {}  # when it was told in what words, for the last DAY_S
        self._complained: set[str] = set()

    def busy(self, at: datetime) -> bool:
        """Whether a meeting goes on, as far as the calendars are known. Returns at once, from any thread."""
        return agenda.going_on(self._occasions, at)

    def use(self, logins: Sequence[Login]) -> None:
        """These CalDAV accounts beside what is named, from the next look on."""
        self._logins = tuple(logins)

    def standings(self) -> Mapping[str, Standing]:
        """What is known of each account, by the id of its login."""
        return {account.login.id: account.standing for account in self._accounts}

    def _today(self) -> date:
        return self._clock().astimezone(self._here).date()

    def _watch(self) -> None:
        while not self._worker.stopping():
            self._worker.rest(self._look())

    def _look(self) -> float:
        """One look at all calendars; the seconds until the next. Raises when none can be read."""
        before = {account.login: account for account in self._accounts}
        self._accounts = tuple(before.get(login) or self._account(login) for login in self._logins)
        if self._gate.paused():
            return PAUSED_S
        read: tuple[Subscription | Account, ...] = (*self._kept, *self._accounts)
        for each in read:
            if self._worker.stopping():
                return 0.0
            each.refresh()
        # One that was removed meanwhile is told of no more.
        self._accounts = tuple(account for account in self._accounts if account.login in self._logins)
        read = (*self._kept, *self._accounts)
        known = [kept.calendar for kept in self._kept if kept.calendar is not None]
        known += [calendar for account in self._accounts for calendar in account.calendars]
        more = self._tell(known)
        troubles = [each.trouble for each in read if each.trouble is not None]
        if troubles and not known:
            self._complained = {trouble.title for trouble in troubles}  # Supervised tells of them
            raise CaptureUnavailable(troubles[0].title, troubles[0].hint)
        self._complain(troubles)
        lost = sum(calendar.lost for calendar in known)
        unread = [f"{lost} of its events or files cannot be read"] if lost else []
        self._worker.alive("; ".join([*dict.fromkeys(t.title for t in troubles), *unread]))
        return SOON_S if more else LOOK_S

    def _account(self, login: Login) -> Account:
        def stopping() -> bool:
            return self._worker.stopping() or login not in self._logins

        return Account(login, self._today, self._here, stopping)

    def _tell(self, known: Sequence[ics.Calendar]) -> bool:
        """Hands on what is new in them; whether there is more of it."""
        at, moment = self._clock(), time.monotonic()
        every: list[agenda.Occasion] = []
        wanted: dict[ObservationId, tuple[_Which, Observation]] = {}
        for calendar in known:
            found = agenda.coming(calendar.events, at, self._here)
            every += found
            for occasion in agenda.worth_telling(found):
                told = agenda.observation(occasion, at, self._here, calendar.owner)
                wanted.setdefault(told.id, ((occasion.event.uid, occasion.place), told))
        self._occasions = tuple(every)
        self._rests = {key: until for key, until in self._rests.items() if key in wanted and until > moment}
        self._told = {which: self._lately(which, moment) for which, _ in wanted.values()}
        fresh = [each for key, each in wanted.items() if key not in self._rests]
        for which, told in fresh[:AT_ONCE]:
            lately = self._told[which]
            if len(lately) >= WORDINGS:
                self._rests[told.id] = lately[0] + DAY_S
                continue
            let = self._gate.put(told)
            if let:
                lately.append(moment)
                self._worker.found()
            elif self._gate.paused():
                break
            self._rests[told.id] = float("inf") if let else moment + REFUSED_S
        return len(fresh) > AT_ONCE

    def _lately(self, which: _Which, moment: float) -> list[float]:
        return [told for told in self._told.get(which, ()) if moment - told < DAY_S]

    def _complain(self, troubles: Sequence[CaptureUnavailable]) -> None:
        """Each trouble once, while it lasts."""
        for trouble in troubles:
            if trouble.title not in self._complained:
                log.warning("%s: %s. %s", self.name, trouble.title, trouble.hint)
        if self._complained and not troubles:
            log.info("%s: all calendars can be read again", self.name)
        self._complained = {trouble.title for trouble in troubles}
