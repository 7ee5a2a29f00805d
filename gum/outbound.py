"""The door of this machine: what may leave it, under which names, and how the answer comes back. Pure.

A text for somebody else (a model server that is not on this machine, later a chat assistant) passes the audit
line by line, for that recipient; lines that may not go are left out. Other people's names, addresses and
telephone numbers become pseudonyms, which are undone in the answer. What cannot be judged does not leave.
"""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from gum.audit import Asker, Entry, Exemption, Outcome, Question, Stage, judge, weighed
from gum.errors import AnswerUnusable, NotAllowed
from gum.people import Masked, Person, mask
from gum.ports import Decoder, Prompt
from gum.text import MAX_TEXT, clean

LEFT_OUT = "[held back]"


@dataclass(frozen=True, slots=True)
class Door:
    """What has to be known to let something out."""

    people: Sequence[Person] = ()
    allowed: Collection[Exemption] = frozenset()
    asker: Asker | None = None
    known: Sequence[str] = ()  # claims about the person, for the model that is asked


@dataclass(frozen=True, slots=True)
class Leaving:
    """A text as it may leave, and the instructions before it; `held`: the decisions on what may not."""

    instructions: str
    masked: Masked
    held: tuple[Entry, ...] = ()

    @property
    def text(self) -> str:
        return self.masked.text


def leaving(text: str, recipient: str, door: Door, instructions: str = "") -> Leaving:
    """`text` as `recipient` may have it, under pseudonyms. `recipient`: in the person's words.

    `instructions` are our own words around it, so no model is asked about them; they share its pseudonyms.
    Raises Refused when nothing of it may leave, or it is longer than what is looked at.
    """
    first, before = _passed(instructions, recipient, replace(door, asker=None))
    second, held = _passed(text, recipient, door)
    whole = mask(f"{first}{_MARK}{second}", door.people)
    first, _, second = whole.text.partition(_MARK)
    return Leaving(first, Masked(second, whole.back), (*before, *held))


_MARK = "\n\0\n"  # in no clean text


def _passed(text: str, recipient: str, door: Door) -> tuple[str, tuple[Entry, ...]]:
    """What of `text` may leave, with the names still in it, and what may not."""
    if len(text) > MAX_TEXT:
        raise Refused("A text is too long to be checked before it leaves", "It was not sent.")
    names = frozenset(p.name for p in door.people)
    held: list[Entry] = []
    lines = []
    for line in clean(text).split("\n"):
        q = Question(Stage.LEAVE, line, recipient)
        decision = judge(q, names, door.allowed)
        if decision.outcome is Outcome.ALLOW:
            lines.append(line)
        else:
            held.append(Entry(q, decision))
            lines.append(LEFT_OUT)
    left = "\n".join(lines)
    if left.strip():  # once more as a whole: what is spread over lines, and what only a model sees
        q = Question(Stage.LEAVE, left, recipient)
        decision = weighed(q, judge(q, names, door.allowed), door.asker, door.known, door.allowed)
        if decision.outcome is not Outcome.ALLOW:
            raise _private(recipient, (*held, Entry(q, decision)))
    if held and not any(line.strip() and line != LEFT_OUT for line in lines):
        raise _private(recipient, tuple(held))
    return left, tuple(held)


class Refused(NotAllowed, AnswerUnusable):
    """A text may not leave; `held` says why. For whoever asks a model, that has no usable answer then."""

    def __init__(self, title: str, hint: str, held: tuple[Entry, ...] = ()) -> None:
        super().__init__(title, hint)
        self.held = held


def _private(recipient: str, held: tuple[Entry, ...]) -> Refused:
    return Refused(
        f"Something private was not sent to {recipient}",
        held[-1].decision.reason + " `gumption audit` lists it, and can allow it from then on.",
        held,
    )


class GuardedDecoder:
    """A `gum.ports.Decoder` behind the door: nothing gets to `inner` that may not leave."""

    takes_grammar = False  # a grammar holds the words of the screen

    def __init__(
        self,
        inner: Decoder,
        recipient: str,
        door: Callable[[str], Door],
        log: Callable[[str, Sequence[Entry]], None],
    ) -> None:
        """`door`: what has to be known to let a text out; `log` is told the text and what was held back."""
        self._inner, self._recipient, self._door, self._log = inner, recipient, door, log

    @property
    def name(self) -> str:
        return self._inner.name

    def complete(self, prompt: Prompt) -> str:
        """The answer, with the real names. Raises Refused, and what the inner one raises."""
        whole = f"{prompt.system}\n{prompt.user}"
        door = self._door(whole)
        held: list[Entry] = []
        try:
            return self._send(prompt, door, held)
        except Refused as refused:
            held += refused.held
            raise
        finally:
            self._log(whole, held)

    def _send(self, prompt: Prompt, door: Door, held: list[Entry]) -> str:
        left = leaving(prompt.user, self._recipient, door, prompt.system)
        held += left.held
        form = json.dumps(dict(prompt.schema), ensure_ascii=False) if prompt.schema is not None else ""
        if mask(form, door.people).back:
            raise Refused("The form of an answer names somebody", f"It was not sent to {self._recipient}.")
        safe = replace(prompt, system=left.instructions, user=left.text, grammar=None)
        return left.masked.restored(self._inner.complete(safe))
