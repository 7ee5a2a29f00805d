"""What the person says of a claim about them; it stands above whatever is inferred. Pure but for ids."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from gum import claims
from gum.errors import NotAllowed
from gum.sensitive import sensitive
from gum.text import MAX_SLOT, normal, tidy
from gum.types import Cause, Proposition, Revision, RevisionId, Sensitivity, Status, new_id, utc


class Said(StrEnum):
    """What can be said of a claim."""

    RIGHT = "right"
    WRONG = "wrong"  # it is kept, so that it is not inferred again, and never used
    EDIT = "edit"  # right, in these words
    HIDE = "hide"  # true or not: do not use it
    SHOW = "show"  # use it again


def judged(
    p: Proposition,
    said: Said,
    now: datetime,
    slots: Mapping[str, str] | None = None,
    fresh: Callable[[], str] = new_id,
) -> Revision | None:
    """The revision that a verdict makes; None when it changes nothing.

    `slots` are the person's own words, with EDIT; those left out stay, empty ones go. Raises NotAllowed.
    """
    after = _after(p, said, slots, utc(now))
    if after == p:
        return None
    return Revision(RevisionId(fresh()), p.id, Cause.USER, p, after, (), utc(now), f"you said: {said}")


def _after(p: Proposition, said: Said, slots: Mapping[str, str] | None, now: datetime) -> Proposition:
    if slots and said is not Said.EDIT:
        raise NotAllowed("Words were given with a verdict that takes none", "Say edit, or leave them out.")
    if p.status is Status.DELETED:
        raise NotAllowed("That claim was forgotten", "It can only be learnt anew.")
    if said is Said.HIDE:
        return replace(p, status=Status.HIDDEN, settled=True)
    if said is Said.SHOW:
        shown = replace(p, sensitivity=Sensitivity.NORMAL)  # that it is private was for the person to say
        return replace(shown, status=Status.ACTIVE, settled=True, supported_at=max(now, p.supported_at))
    if said is Said.WRONG:
        return replace(p, status=Status.CONTRADICTED, settled=True, confidence=claims.LOWEST)
    sure = replace(
        p,
        confidence=claims.HIGHEST,
        status=Status.ACTIVE,
        settled=True,
        supported_at=max(now, p.supported_at),
    )
    return _edited(sure, slots or {}) if said is Said.EDIT else sure


def _edited(p: Proposition, slots: Mapping[str, str]) -> Proposition:
    row = claims.TABLE[p.type]
    unknown = sorted(set(slots) - set(row.slots))
    if not slots or unknown:
        named = f"{unknown[0]!r} is none of them" if unknown else "Nothing was given"
        raise NotAllowed(f"Say which words are to change: {named}", f"There are: {', '.join(row.slots)}.")
    merged = {**p.slots, **{name: tidy(value) for name, value in slots.items()}}
    kept = {name: merged[name] for name in row.slots if normal(merged.get(name, ""))}
    missing = [name for name in row.required if name not in kept]
    if missing or any(len(value) > MAX_SLOT for value in kept.values()):
        raise NotAllowed(
            f"A claim of this kind needs: {', '.join(row.required)}",
            f"Each with up to {MAX_SLOT} characters.",
        )
    # A new date is only words until it is seen again; the day the old words were read as is over.
    until = p.valid_until if kept.get("date") == p.slots.get("date") else None
    private = sensitive(" ".join(kept.values()))
    return replace(
        p,
        slots=kept,
        text=claims.word(p.type, kept, until),
        valid_until=until,
        sensitivity=Sensitivity.SENSITIVE if private else p.sensitivity,
    )
