"""Whether a suggestion is worth an interruption now (GUM section 4.3.2, equations 1 to 4)."""

from datetime import datetime, timedelta

from gum.types import Decision, Moment, Suggestion

BUDGET = 6
"""Cards a day. GUM allows one a minute, and its users found that suggestions "pour through"."""
GAP = timedelta(seconds=60)  # GUM section 4.3.2: at most one a minute
BUSY = 3.0
"""A false alarm in the middle of typing costs (1 + BUSY) times what it costs an idle person."""
UNSURE = 0.05
"""Below this share of all that is at stake the gain is too small for a card: ask in one line."""


def gain(suggestion: Suggestion, interruptibility: float) -> float:
    """E[interrupt] - E[not], in the units of the suggestion's benefit and costs.

    E[interrupt] = p B - (1 - p) C_FP and E[not] = -p C_FN; C_FP grows as interruptibility 1 -> 0.
    """
    p = suggestion.p_useful
    false_alarm = _false_alarm(suggestion, interruptibility)
    return p * suggestion.benefit - (1.0 - p) * false_alarm + p * suggestion.cost_missed


def worth(
    suggestion: Suggestion,
    moment: Moment,
    shown_today: int,
    budget: int = BUDGET,
    quiet: bool = False,
    last_shown: datetime | None = None,
    gap: timedelta = GAP,
    because: str = "You asked not to be disturbed.",
) -> Decision:
    """What to do with `suggestion` at `moment`.

    "show": a card. "ask": a one-line question first, since the gain is small. "digest": worth having,
    but not now; it waits in the list. "silent": nothing. `shown_today` counts cards of today,
    `quiet`: no card may come up now, `because` of that (do-not-disturb, a call, full screen).
    Only "show" and "ask" use up budget.
    """
    if moment.at >= suggestion.expires_at:
        return Decision("silent", "It has expired.")
    if suggestion.p_useful <= 0.0:
        return Decision("silent", "You asked never to see this kind.")
    if gain(suggestion, 1.0) <= 0.0:
        return Decision(
            "silent", f"Useful with a chance of {suggestion.p_useful:.0%}: not worth a card at any time."
        )
    if quiet:
        return Decision("digest", because)
    if shown_today >= budget:
        return Decision("digest", f"Today's {budget} suggestions have been shown.")
    if last_shown is not None and moment.at - last_shown < gap:
        return Decision("digest", "Another suggestion was shown a moment ago.")
    now = gain(suggestion, moment.interruptibility)
    if now <= 0.0:
        return Decision("digest", f"You are busy ({moment.activity}); it can wait.")
    stakes = suggestion.benefit + suggestion.cost_missed + _false_alarm(suggestion, moment.interruptibility)
    if now < UNSURE * stakes:
        return Decision("ask", f"Useful with a chance of {suggestion.p_useful:.0%}: only just worth asking.")
    return Decision(
        "show", f"Useful with a chance of {suggestion.p_useful:.0%}, and you are {moment.activity}."
    )


def _false_alarm(suggestion: Suggestion, interruptibility: float) -> float:
    open_to_it = min(1.0, max(0.0, interruptibility))
    return suggestion.cost_shown * (1.0 + BUSY * (1.0 - open_to_it))
