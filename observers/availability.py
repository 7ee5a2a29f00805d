"""May the person be spoken to now? Decided from facts; pure. What cannot be told is no reason either way.

`app.offers` asks before every card: in a call, while presenting or sharing, in full screen, in do-not-disturb
and behind a locked screen it waits; in the middle of typing it is put off for some seconds.
"""

from dataclasses import dataclass

from gum.types import WindowInfo

_PRESENTERS = ("slide show", "slideshow", "presentation", "pdfpc", "pympress", "impress")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the person and their desktop. None: nobody can tell."""

    typing: bool | None = None
    full_screen: bool | None = None
    microphone: bool | None = None
    meeting: bool = False  # by the calendars that are observed
    presenting: bool | None = None
    sharing: bool | None = None
    do_not_disturb: bool | None = None
    locked: bool = False
    idle_s: float | None = None


@dataclass(frozen=True, slots=True)
class Availability:
    """`because`: what speaks against a card, the weightiest first; empty when nothing does.

    `typing_now` only puts it off. `unknown`: what could not be told. `idle_s` None: that, too.
    """

    because: tuple[str, ...] = ()
    typing_now: bool = False
    unknown: tuple[str, ...] = ()
    idle_s: float | None = None

    @property
    def quiet(self) -> bool:
        """Whether no card may come up."""
        return bool(self.because)

    @property
    def reason(self) -> str:
        """One sentence for the person; empty when they may be spoken to."""
        if self.because:
            return f"{self.because[0]}."
        return "You are typing." if self.typing_now else ""


def availability(facts: Facts) -> Availability:
    """What speaks against a card, by `facts`.

    A calendar's meeting alone does not: it is only a plan, and makes the moment less open
    (`assistants.moment`); with a microphone in use it is a call.
    """
    because = {
        "The screen is locked": facts.locked,
        "You asked the desktop not to disturb you": facts.do_not_disturb,
        "You are presenting": facts.presenting,
        "The screen is being shared or recorded": facts.sharing,
        "You are in a meeting": facts.microphone and facts.meeting,
        "A microphone is in use: you seem to be in a call": facts.microphone and not facts.meeting,
        "A window fills the whole screen": facts.full_screen and not facts.presenting,
    }
    unknown = {
        "typing": facts.typing,
        "full screen": facts.full_screen,
        "calls": facts.microphone,
        "presenting": facts.presenting,
        "sharing": facts.sharing,
        "do not disturb": facts.do_not_disturb,
        "idle": facts.idle_s,
    }
    return Availability(
        because=tuple(reason for reason, holds in because.items() if holds),
        typing_now=bool(facts.typing),
        unknown=tuple(name for name, known in unknown.items() if known is None),
        idle_s=facts.idle_s,
    )


def presents(front: WindowInfo | None) -> bool | None:
    """Whether the window in front is a presentation that fills the screen; None: there is none."""
    if front is None:
        return None
    about = f"{front.app} {front.title}".casefold()
    return front.full_screen and any(word in about for word in _PRESENTERS)
