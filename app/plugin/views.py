"""From what `storage.granted` lets through to the shapes that leave. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from app.plugin.shapes import (
    AnswerOut,
    Citation,
    ClaimView,
    ContextOut,
    ObservationView,
    SpanView,
    SuggestionView,
)
from gum.context import Line, render, sureness
from gum.decay import strength
from gum.types import Observation, Proposition, Suggestion
from storage.granted import Cited, Sight

BREAK = timedelta(minutes=10)  # without a sight of a program its stretch of time is over
TEXT = 4000  # characters of an observation that are told
TITLES = 10  # of one stretch that are told


def claim_view(
    claim: Proposition, cited: Sequence[Cited], now: datetime, score: float | None = None
) -> ClaimView:
    # Rounded: how much is left changes with every second, and an answer that is the same must be the same.
    return ClaimView(
        id=claim.id,
        type=claim.type,
        text=claim.text,
        confidence=round(claim.confidence, 2),
        strength=round(strength(claim.supported_at, claim.half_life, now), 2),
        supported_at=claim.supported_at,
        valid_until=claim.valid_until,
        confirmed=claim.settled,
        score=round(score, 3) if score is not None else None,
        citations=[
            Citation(observation_id=c.observation_id, at=c.at, stance=c.stance, app=c.app, quote=c.quote)
            for c in cited
        ],
    )


def observation_view(o: Observation, score: float | None = None) -> ObservationView:
    return ObservationView(
        id=o.id,
        at=o.at,
        until=o.until,
        app=o.app,
        title=o.title,
        url=o.url,
        text=o.text[:TEXT],
        trust=o.trust.value,
        score=round(score, 3) if score is not None else None,
    )


def suggestion_view(
    offer: Suggestion, why: Sequence[ClaimView], plan_id: str | None = None
) -> SuggestionView:
    return SuggestionView(
        id=offer.id,
        kind=offer.kind,
        text=offer.text,
        why_now=offer.why_now,
        why=list(why),
        p_useful=round(offer.p_useful, 2),
        state=offer.state,
        created_at=offer.created_at,
        expires_at=offer.expires_at,
        has_plan=offer.plan is not None,
        plan_id=plan_id,
    )


def spans(sights: Iterable[Sight]) -> list[SpanView]:
    """Stretches of time in one program, the newest first. `sights`: the oldest first."""
    made: list[SpanView] = []
    for sight in sights:
        last = made[-1] if made else None
        if last is None or last.app != sight.app or sight.at - last.end > BREAK:
            last = SpanView(id=sight.id, app=sight.app, start=sight.at, end=sight.until, observations=0)
            made.append(last)
        last.end = max(last.end, sight.until)
        last.observations += 1
        if sight.title and sight.title not in last.titles and len(last.titles) < TITLES:
            last.titles.append(sight.title)
    return made[::-1]


def with_text(answer: ContextOut, budget: int) -> ContextOut:
    """A context with its text, made of the claims as they leave; those that do not fit are in neither."""
    lines = [Line(c.text, c.confidence, c.supported_at, c.valid_until, c.confirmed) for c in answer.items]
    made = render(lines, budget)
    kept = answer.items[: made.lines]
    return answer.model_copy(update={"items": kept, "text": made.text, "tokens": made.tokens})


def with_answer(answer: AnswerOut) -> AnswerOut:
    """An answer in the words of the claims that may leave, as they leave."""
    if not answer.claims:
        return answer.model_copy(update={"answer": "Nothing that is known here answers that."})
    sure = max(claim.confidence for claim in answer.claims)
    return answer.model_copy(update={"known": True, "answer": answered(answer.claims), "confidence": sure})


def answered(claims: Sequence[ClaimView]) -> str:
    """Claims as an answer: each with how sure it is and when it was last seen to be so."""
    lines = []
    for c in claims:
        how = sureness(c.confidence, c.confirmed).capitalize()
        lines.append(f"{how}: {c.text} (last seen {c.supported_at:%Y-%m-%d}).")
    return "\n".join(lines)
