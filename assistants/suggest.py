"""Offers of help from what is known and what is going on: remind, prepare, find (GUM section 4.3.1).

Sentences come from templates. What is put into them is a slot of a proposition, exactly as it was
observed: a fact can be left out, never reworded. Whether an offer is worth an interruption is not
decided here but in assistants.interrupt.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from types import MappingProxyType

from assistants import doing
from assistants import plan as plans
from assistants.guard import Folders
from assistants.learn import KindStats
from assistants.words import ago, day, days_until, in_days, one_line, slug
from gum.claims import stem
from gum.decay import present
from gum.errors import NotAllowed
from gum.text import overlap
from gum.types import (
    Moment,
    Proposition,
    PropositionId,
    Sensitivity,
    Status,
    Step,
    Suggestion,
    SuggestionId,
    new_id,
)

HORIZON = timedelta(days=7)  # deadlines and events nearer than this are spoken of
LONGEST = timedelta(days=1)  # an offer older than this is about another day
MIN_STRENGTH = 0.2  # below it a claim is rather wrong or forgotten than right
ALIKE = 0.8  # overlap of the words of two facts from which they are one
_NO_QUOTES: Mapping[PropositionId, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Offer:
    """What a rule makes of a proposition; costs and benefit on GUM's scale of 1 to 10 (appendix B.2.1)."""

    kind: str
    text: str
    why_now: str
    fact: str
    steps: tuple[Step, ...]
    expires_at: datetime
    benefit: float
    cost_missed: float
    cost_shown: float = 3.0


@dataclass(frozen=True, slots=True)
class _Scene:
    moment: Moment
    now: datetime
    folders: Folders
    zone: tzinfo


def suggest(
    moment: Moment,
    propositions: Sequence[Proposition],
    already: Sequence[Suggestion],
    now: datetime,
    habits: KindStats,
    *,
    folders: Folders,
    zone: tzinfo = UTC,
    quotes: Mapping[PropositionId, str] = _NO_QUOTES,
) -> list[Suggestion]:
    """New offers, the most valuable first; none is worth repeating, and none is about what is being done.

    `already`: every offer of the last weeks, whatever became of it. `zone`: the person's, for "today"
    and "tomorrow". `quotes`: for each proposition the words it was learnt from, for the why-now line.
    Only active, ordinary propositions about the person are used.
    """
    scene = _Scene(moment, now, folders, zone)
    found: list[Suggestion] = []
    for claim in sorted(propositions, key=lambda p: (-present(p, now), p.id)):
        offer = _offer(claim, scene)
        if offer is None or _known(offer, claim, [*already, *found], propositions, now):
            continue
        found.append(_suggestion(offer, claim, scene, habits, quotes.get(claim.id, "")))
    return sorted(found, key=lambda s: (-s.p_useful * (s.benefit + s.cost_missed), s.id))


def usable(claim: Proposition, now: datetime) -> bool:
    """Whether something may be offered on a claim: active, ordinary, about the person, and strong enough."""
    ordinary = claim.sensitivity is Sensitivity.NORMAL and claim.subject == "user"
    return claim.status is Status.ACTIVE and ordinary and present(claim, now) >= MIN_STRENGTH


def _offer(claim: Proposition, scene: _Scene) -> _Offer | None:
    rule = _RULES.get(claim.type)
    if rule is None or not usable(claim, scene.now):
        return None
    if claim.valid_until is not None and claim.valid_until <= scene.now:
        return None
    try:
        return rule(claim, scene)
    except NotAllowed:
        return None  # a fact no allowed plan can be made of, e.g. a search page set to a forbidden address


def _remind(claim: Proposition, scene: _Scene) -> _Offer | None:
    task, due = one_line(claim.slots.get("task", "")), claim.valid_until
    if not task or due is None or due - scene.now > HORIZON:
        return None
    if doing.working_on(scene.moment, task) or doing.finished(scene.moment, task):
        return None
    left = days_until(due, scene.now, scene.zone)
    near = 1.0 - (due - scene.now) / HORIZON
    item = plans.add_todo(scene.folders.todo, task, day(due, scene.zone))
    return _Offer(
        kind="remind",
        text=f"“{task}” is due {in_days(left)}, {day(due, scene.zone)}. Put it on your to-do list?",
        why_now="It is due today." if left == 0 else f"It is due {in_days(left)}.",
        fact=task,
        steps=(item, plans.open_path(scene.folders.todo, shows=item.args["line"])),
        expires_at=min(due, scene.now + LONGEST),
        benefit=6.0 + 3.0 * near,
        cost_missed=4.0 + 5.0 * near,
    )


def _prepare(claim: Proposition, scene: _Scene) -> _Offer | None:
    what, due = one_line(claim.slots.get("event", "")), claim.valid_until
    if (
        not what
        or _far(due, scene.now)
        or doing.finished(scene.moment, what)
        or doing.planned(scene.moment, what)
    ):
        return None
    if due is None:
        item = plans.add_todo(scene.folders.todo, f"Prepare for {what}")
        steps = (item, plans.open_path(scene.folders.todo, shows=item.args["line"]))
        return _prepared(
            what, f"“{what}” is coming up. Put preparing for it on your to-do list?", None, steps, scene
        )
    when = day(due, scene.zone)
    item = plans.add_todo(scene.folders.todo, f"Prepare for {what}", when)
    text = f"“{what}” is on {when}. Make a calendar file for it and put preparing on your to-do list?"
    return _prepared(what, text, due, (_event(what, due, scene), item), scene)


def _travel(claim: Proposition, scene: _Scene) -> _Offer | None:
    place, due = one_line(claim.slots.get("place", "")), claim.valid_until
    if not place or _far(due, scene.now) or doing.finished(scene.moment, place):
        return None
    page = plans.open_page(scene.folders.search_for(place))
    looking = doing.looking_up(scene.moment, place)
    if due is None:
        if looking:
            return None
        text = f"You plan to go to “{place}”. Open a page about it?"
        return _prepared(place, text, None, (page,), scene)
    event = _event(f"Going to {place}", due, scene)
    when = day(due, scene.zone)
    asks = "Make a calendar file for it?" if looking else "Make a calendar file and open a page about it?"
    text = f"You plan to go to “{place}” on {when}. {asks}"
    return _prepared(place, text, due, (event,) if looking else (event, page), scene)


def _find(claim: Proposition, scene: _Scene) -> _Offer | None:
    struggling = claim.type == "struggling_with"
    thing = one_line(claim.slots.get("thing" if struggling else "subject", ""))
    if not thing or doing.looking_up(scene.moment, thing) or doing.finished(scene.moment, thing):
        return None
    words = thing if struggling else f"learn {thing}"
    asks = f"“{thing}” seems to give you trouble." if struggling else f"You are learning “{thing}”."
    now_since = ago(claim.supported_at, scene.now)
    return _Offer(
        kind="find",
        text=f"{asks} Search for material on it?",
        why_now=f"It {'last went wrong' if struggling else 'was last seen'} {now_since}.",
        fact=thing,
        steps=(plans.open_page(scene.folders.search_for(words)),),
        # Trouble is over soon; a course is not.
        expires_at=scene.now + (timedelta(hours=2) if struggling else LONGEST),
        benefit=6.0 if struggling else 4.0,
        cost_missed=5.0 if struggling else 2.0,
    )


def _prepared(fact: str, text: str, due: datetime | None, steps: tuple[Step, ...], scene: _Scene) -> _Offer:
    left = None if due is None else days_until(due, scene.now, scene.zone)
    near = 0.0 if due is None else 1.0 - (due - scene.now) / _PREPARE_HORIZON
    return _Offer(
        kind="prepare",
        text=text,
        why_now="It is coming up, and no day is known." if left is None else f"It is {in_days(left)}.",
        fact=fact,
        steps=steps,
        expires_at=scene.now + LONGEST if due is None else min(due, scene.now + LONGEST),
        benefit=5.0 + 3.0 * near,
        cost_missed=3.0 + 4.0 * near,
    )


_PREPARE_HORIZON = timedelta(days=90)  # a journey is prepared for earlier than a deadline is feared


def _far(due: datetime | None, now: datetime) -> bool:
    return due is not None and due - now > _PREPARE_HORIZON


def _event(summary: str, due: datetime, scene: _Scene) -> Step:
    local = due.astimezone(scene.zone)
    # Midnight, and the last moment of a day, are how a day without a time is stored.
    whole_day = (local.hour, local.minute) in ((0, 0), (23, 59))
    start = local.date().isoformat() if whole_day else due.astimezone(UTC).isoformat()
    path = scene.folders.calendar / f"{slug(summary)}-{local.date().isoformat()}.ics"
    stamp = scene.now.astimezone(UTC).replace(microsecond=0).isoformat()
    return plans.make_event(path, summary, start, stamp)


def _known(
    offer: _Offer,
    claim: Proposition,
    already: Sequence[Suggestion],
    propositions: Sequence[Proposition],
    now: datetime,
) -> bool:
    """Whether the same was offered before: of this proposition, or lately of one much like it."""
    same = {p.id for p in propositions if stem(p.type, p.slots) == stem(claim.type, claim.slots)} | {claim.id}
    for old in already:
        if old.kind != offer.kind or (old.state == "expired" and now - old.created_at > LONGEST):
            continue  # nobody reacted to it; it may come back on another day
        lately = now - old.created_at <= HORIZON  # next week's report is another one
        if claim.id in old.why or (lately and (same & set(old.why) or _alike(old.text, offer.fact))):
            return True
    return False


def _alike(text: str, fact: str) -> bool:
    """Whether the fact of an offer, which stands between its quotation marks, is nearly this one."""
    start, end = text.find("“"), text.rfind("”")
    return start >= 0 and overlap(text[start + 1 : end], fact) >= ALIKE


def _suggestion(
    offer: _Offer, claim: Proposition, scene: _Scene, habits: KindStats, quote: str
) -> Suggestion:
    id = SuggestionId(new_id())
    return Suggestion(
        id=id,
        kind=offer.kind,
        text=offer.text,
        why_now=f"{offer.why_now} {_evidence(claim, scene.now, one_line(quote))}",
        why=(claim.id,),
        # Right only if the claim is true AND the kind is welcome.
        p_useful=present(claim, scene.now) * habits.p(offer.kind),
        benefit=offer.benefit,
        cost_shown=offer.cost_shown,
        cost_missed=offer.cost_missed,
        plan=plans.build(offer.text, offer.steps, id),
        created_at=scene.now,
        expires_at=offer.expires_at,
    )


def _evidence(claim: Proposition, now: datetime, quote: str) -> str:
    seen = ago(claim.supported_at, now)
    if quote:
        return f"Learnt from “{quote}”, {seen}; {present(claim, now):.0%} sure."
    return f"Known: “{one_line(claim.text)}”, last supported {seen}; {present(claim, now):.0%} sure."


_RULES: Mapping[str, Callable[[Proposition, _Scene], _Offer | None]] = {
    "has_deadline": _remind,
    "preparing_for": _prepare,
    "plans_to_go": _travel,
    "struggling_with": _find,
    "learning": _find,
}
