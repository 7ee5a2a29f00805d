"""Simulated users of an assistant: hidden wishes, patience and a mood, made of a desk and a seed. Pure.

What a user wants is in the desk (`wants`); how much they want it, what bothers them and when they have had
enough is drawn from the seed and never shown to an assistant. Every draw is a hash of desk, seed, time and
subject, so that the same offer at the same time in the same mood meets the same reaction (components.md C12).

Utility is that of GUM section 4.3.2 with the truth known, so that p is 0 or 1: an offer that meets a want
brings its benefit B, any other one costs C_FP, a want that nobody met costs C_FN. A useless offer costs the
same whether it is dismissed, ignored, taken by mistake and undone, or found in a pile by one who had left.
Hence showing more of what is wanted and less of what is not never brings less; `regret` is what is missing
to the best there can be.
"""

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from app.desks.match import occurs
from app.desks.remarks import remarks
from app.desks.types import Desk, Sight, Want
from gum.claims import TABLE
from gum.types import Suggestion, Trust, Verdict

# What a desk's want may be called, and the kind in which assistants.suggest offers it.
KINDS: Mapping[str, str] = {"deadline": "remind", "struggle": "find"}

IN_BUSY, IN_TYPING, FREE = 0.05, 0.15, 0.8  # interruptibility, as assistants.moment measures it
BUSY = 3.0  # a false alarm costs (1 + BUSY) times as much where interruptibility is 0; assistants.interrupt
COST_FALSE = 3.0  # of a kind the desk has no want of; assistants.suggest
CALMER = 0.7  # what is left of annoyance after something useful
TASTE = 1.5  # hidden utilities lie between 1 / TASTE and TASTE times what the desk says
IDEAL = "ideal:"  # begins the subjects of the oracle's offers
TOGETHER = timedelta(minutes=10)  # sights nearer than this are one stay at the desk


@dataclass(frozen=True, slots=True)
class Span:
    """From `begins` until before `ends`."""

    begins: datetime
    ends: datetime

    def __contains__(self, at: datetime) -> bool:
        return self.begins <= at < self.ends


@dataclass(frozen=True, slots=True)
class Hands:
    """When the person is there, and when they type. Where nobody knows, they are always there."""

    there: tuple[Span, ...] | None = None
    typing: tuple[Span, ...] = ()


def hands(sights: Sequence[Sight]) -> Hands:
    """What the sights of a played desk tell of the person's hands."""
    there: list[Span] = []
    typing = []
    for sight in sights:
        seen = sight.observation
        begins = seen.at if seen is not None else sight.at
        if there and begins - there[-1].ends <= TOGETHER:
            there[-1] = Span(there[-1].begins, max(there[-1].ends, sight.at))
        else:
            there.append(Span(begins, max(begins, sight.at)))
        if seen is not None and seen.trust is Trust.AUTHORED:
            typing.append(Span(seen.at, seen.until))
    return Hands(tuple(there), tuple(typing))


@dataclass(frozen=True, slots=True)
class User:
    """A person and their hidden nature. Made by `user`; change a trait with `dataclasses.replace`."""

    desk: Desk
    seed: int
    hands: Hands
    patience: float  # so much annoyance, in units of cost, and they leave for the day
    calms: timedelta  # annoyance halves in this time
    keen: float  # chance that a fresh and free person takes a welcome offer
    careless: float  # chance that a useless one is taken, and undone
    talks: float  # chance of a remark on a useless one
    mistakes: float  # chance that a question is answered wrongly (`app.desks.answers`)


def user(desk: Desk, seed: int = 0, hands: Hands | None = None) -> User:
    """A user of a desk. Same desk and seed, same user."""
    chance = random.Random(f"user/{desk.id}/{seed}")
    return User(
        desk=desk,
        seed=seed,
        hands=hands or Hands(),
        patience=chance.uniform(15, 60),  # of cost: five false alarms of 3, or twenty
        calms=timedelta(minutes=chance.uniform(30, 240)),
        keen=chance.uniform(0.7, 0.98),
        careless=chance.uniform(0.0, 0.1),
        talks=chance.uniform(0.05, 0.4),
        mistakes=chance.uniform(0.0, 0.15),
    )


@dataclass(frozen=True, slots=True)
class Offer:
    """What the user is shown. `subject` tells offers apart; `text` says what it is about."""

    subject: str
    kind: str
    text: str
    at: datetime


def offered(suggestion: Suggestion, at: datetime) -> Offer:
    """A suggestion of the product as an offer shown at a time."""
    return Offer(suggestion.id, suggestion.kind, suggestion.text, at)


@dataclass(frozen=True, slots=True)
class Mood:
    """How the user is by now. `gone`: until when they have left."""

    annoyance: float = 0.0
    at: datetime | None = None
    gone: datetime | None = None
    served: tuple[str, ...] = ()  # wants


FRESH = Mood()


@dataclass(frozen=True, slots=True)
class Reaction:
    """What the user did, and the truth behind it, which no assistant may see: `cause` and `want`.

    `cause` is "useful", or why not: "tired" or "unwilling" of a welcome offer; of a useless one "timing" (it
    is wanted, but they are busy), "repeat" (they have it already), "early", "late" or "topic"; "gone" or
    "away" where nobody saw it. `undone`: how long afterwards it was taken back.
    """

    verdict: Verdict
    utility: float
    cause: str
    want: str | None = None
    undone: timedelta | None = None
    words: str = ""
    left: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a log: an offer, what came of it, and the mood afterwards."""

    offer: Offer
    reaction: Reaction
    mood: Mood


# --- hidden nature --------------------------------------------------------------------------------


def draw(who: User, what: str, *about: object) -> float:
    """A number 0..1 that only desk, seed and `about` decide."""
    told = (one.astimezone(UTC).isoformat() if isinstance(one, datetime) else str(one) for one in about)
    return random.Random("/".join((who.desk.id, str(who.seed), what, *told))).random()


def _taste(who: User, what: str, about: str) -> float:
    return float(TASTE ** (2 * draw(who, what, about) - 1))


def kind_of(want: Want) -> str:
    """The kind in which it is offered."""
    return KINDS.get(want.kind, want.kind)


def benefit(who: User, want: Want) -> float:
    """B: what meeting the want is worth, by the desk and by hidden tastes for its kind and its topic."""
    topic = want.fact or want.id
    return want.benefit * _taste(who, "kind", kind_of(want)) * _taste(who, "topic", topic)


def cost_missed(who: User, want: Want) -> float:
    """C_FN: what it costs that nobody met the want, from a fifth to four fifths of its benefit."""
    return benefit(who, want) * (0.2 + 0.6 * draw(who, "need", want.id))


def cost_false(who: User, kind: str, at: datetime) -> float:
    """C_FP: of a useless offer of a kind at a time; dearer where it disturbs."""
    said = [want.cost_false for want in who.desk.wants if kind_of(want) == kind]
    usual = sum(said) / len(said) if said else COST_FALSE
    return usual * _taste(who, "bother", kind) * (1 + BUSY * (1 - interruptibility(who, at)))


def there(who: User, at: datetime) -> bool:
    """Whether they are at the desk."""
    return who.hands.there is None or any(at in span for span in who.hands.there)


def busy(who: User, at: datetime) -> bool:
    return any(b.begins <= at < b.ends for b in who.desk.busy)


def interruptibility(who: User, at: datetime) -> float:
    """0 (do not disturb) .. 1."""
    if busy(who, at):
        return IN_BUSY
    return IN_TYPING if any(at in span for span in who.hands.typing) else FREE


def willingness(who: User, annoyance: float, free: float) -> float:
    """How likely a welcome offer is taken, 0..1: less when annoyed, less in the middle of something."""
    return float(who.keen * (0.5 + 0.5 * free) * 2.0 ** -(annoyance / who.patience))


def _takes(who: User, want: Want, annoyance: float, at: datetime) -> bool:
    # Of the want alone, not of the time: to offer it again and again is no new throw of the dice.
    return draw(who, "takes", want.id) < willingness(who, annoyance, interruptibility(who, at))


def _speaks_of(who: User, want: Want, text: str) -> bool:
    """Whether words are about what is wanted: they name what the want's fact is mainly about."""
    about = next((fact for fact in who.desk.facts if fact.id == want.fact), None)
    if about is None or not about.slots:
        return True
    main = TABLE[about.type].main if about.type in TABLE else ""
    options = about.slots.get(main) or next(iter(about.slots.values()))
    return any(occurs(option, text) for option in options)


# --- reactions ------------------------------------------------------------------------------------


def calmed(who: User, mood: Mood, at: datetime) -> Mood:
    """The mood some time later."""
    since = at - mood.at if mood.at is not None else timedelta()
    faded = mood.annoyance * 2.0 ** -(max(timedelta(), since) / who.calms)
    return replace(mood, annoyance=faded, at=at, gone=mood.gone if mood.gone and at < mood.gone else None)


def react(who: User, mood: Mood, offer: Offer) -> tuple[Reaction, Mood]:
    """What the user does with an offer, and the mood afterwards. Offers come in the order of time."""
    mood = calmed(who, mood, offer.at)
    if not there(who, offer.at):
        return Reaction(Verdict.IGNORE, 0.0, "away"), mood
    fitting = [w for w in who.desk.wants if kind_of(w) == offer.kind and _speaks_of(who, w, offer.text)]
    open_now = [w for w in fitting if w.begins <= offer.at < w.ends and w.id not in mood.served]
    if open_now and not busy(who, offer.at):
        return _welcome(who, mood, offer, max(open_now, key=lambda w: (benefit(who, w), w.id)))
    return _useless(who, mood, offer, _why(offer, fitting, open_now, mood))


def _why(offer: Offer, fitting: Sequence[Want], open_now: Sequence[Want], mood: Mood) -> str:
    if open_now:
        return "timing"
    if any(w.id in mood.served for w in fitting):
        return "repeat"
    if any(offer.at < w.begins for w in fitting):
        return "early"
    return "late" if fitting else "topic"


def _welcome(who: User, mood: Mood, offer: Offer, want: Want) -> tuple[Reaction, Mood]:
    """It is wanted now. Not to take it costs nothing and annoys nobody."""
    if mood.gone:
        return Reaction(Verdict.IGNORE, 0.0, "gone", want.id), mood
    if _takes(who, want, mood.annoyance, offer.at):
        thanks = (
            _remark(who, offer, "useful") if draw(who, "thanks", offer.at, want.id) < who.talks / 4 else ""
        )
        happy = replace(mood, annoyance=mood.annoyance * CALMER, served=(*mood.served, want.id))
        return Reaction(Verdict.ACCEPT, benefit(who, want), "useful", want.id, words=thanks), happy
    cause = "tired" if _takes(who, want, 0.0, offer.at) else "unwilling"
    waves_off = draw(who, "waves off", offer.at, offer.subject) < 0.5
    return Reaction(Verdict.DISMISS if waves_off else Verdict.IGNORE, 0.0, cause, want.id), mood


def _useless(who: User, mood: Mood, offer: Offer, cause: str) -> tuple[Reaction, Mood]:
    """It is no help now: it costs and annoys, and may be the last straw."""
    cost = cost_false(who, offer.kind, offer.at)
    annoyed = replace(mood, annoyance=mood.annoyance + cost)
    if mood.gone:
        return Reaction(Verdict.IGNORE, -cost, "gone"), annoyed
    about = (offer.at, offer.subject)
    if annoyed.annoyance >= who.patience:
        words = _remark(who, offer, "enough")
        return Reaction(Verdict.NEVER, -cost, cause, words=words, left=True), replace(
            annoyed, gone=_midnight(who, offer.at)
        )
    if draw(who, "careless", *about) < who.careless:
        undone = timedelta(seconds=round(5 + 115 * draw(who, "undone", *about)))
        return Reaction(Verdict.ACCEPT, -cost, cause, undone=undone), annoyed
    words = _remark(who, offer, cause) if draw(who, "talks", *about) < who.talks else ""
    firm = 0.3 + 0.7 * annoyed.annoyance / who.patience
    verdict = Verdict.DISMISS if words or draw(who, "dismisses", *about) < firm else Verdict.IGNORE
    return Reaction(verdict, -cost, cause, words=words), annoyed


def _midnight(who: User, at: datetime) -> datetime:
    """When the next day begins for the person."""
    local = at.astimezone(who.desk.persona.zone)
    return (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def _remark(who: User, offer: Offer, cause: str) -> str:
    said = remarks(who.desk.persona.languages, cause)
    return said[int(draw(who, "words", offer.at, offer.subject) * len(said))]


# --- logs -----------------------------------------------------------------------------------------


def live(who: User, offers: Iterable[Offer], mood: Mood = FRESH) -> tuple[Entry, ...]:
    """What comes of offers, in the order of time. Same user, same offers, same log."""
    log = []
    for offer in sorted(offers, key=lambda o: (o.at, o.subject)):
        reaction, mood = react(who, mood, offer)
        log.append(Entry(offer, reaction, mood))
    return tuple(log)


def utility(log: Sequence[Entry], who: User) -> float:
    """Benefits of the wants that were met, less the costs of useless offers and of wants nobody met."""
    met = _met(log)
    missed = [-cost_missed(who, want) for want in who.desk.wants if want.id not in met]
    return math.fsum([e.reaction.utility for e in log] + missed)


def _met(log: Sequence[Entry]) -> set[str | None]:
    return {e.reaction.want for e in log if e.reaction.cause == "useful"}


def ideal(who: User) -> tuple[Offer, ...]:
    """What an oracle offers who knows the wants: each that would be taken, once, at its best moment."""
    offers = []
    for want in who.desk.wants:
        at = _best_moment(who, want)
        if at is not None and _takes(who, want, 0.0, at):
            facts = [fact for fact in who.desk.facts if fact.id == want.fact]
            names = [option for fact in facts for options in fact.slots.values() for option in options[:1]]
            offers.append(Offer(f"{IDEAL}{want.id}", kind_of(want), ": ".join((want.text, *names)), at))
    return tuple(sorted(offers, key=lambda o: (o.at, o.subject)))


def _best_moment(who: User, want: Want) -> datetime | None:
    """The first of the moments in which the person is freest for it; None where there is none."""
    spans = [Span(b.begins, b.ends) for b in who.desk.busy] + [*who.hands.typing, *(who.hands.there or ())]
    turns = sorted({want.begins, *(turn for span in spans for turn in (span.begins, span.ends))})
    able = [at for at in turns if want.begins <= at < want.ends and there(who, at) and not busy(who, at)]
    return max(able, key=lambda at: interruptibility(who, at), default=None)  # max keeps the first


def regret(log: Sequence[Entry], who: User) -> float:
    """How much utility is missing to that of an oracle who knows the wants; never negative.

    It is the costs of useless offers, and what each want is worth that the oracle meets and the log does not.
    """
    best, met = {offer.subject.removeprefix(IDEAL) for offer in ideal(who)}, _met(log)
    useless = [-e.reaction.utility for e in log if e.reaction.cause != "useful"]
    lost = [benefit(who, w) + cost_missed(who, w) for w in who.desk.wants if w.id in best and w.id not in met]
    return math.fsum(useless + lost)
