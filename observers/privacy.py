"""May this window be observed? Decided from its metadata alone, before a pixel or a word of it is read.

Knows nothing of X11 or AT-SPI. Denial always wins: no later or narrower rule can overrule a `drop`,
and whatever is unknown is refused. The shipped rules are data: `presets`.
"""

from collections.abc import Sequence
from dataclasses import replace

from gum.types import Admission, Effect, Rule, RuleId, WindowInfo
from observers.patterns import Facts, fits
from observers.presets import shipped

UNKNOWN_APP = RuleId("builtin:unknown-app")
UNKNOWN_PRIVATE = RuleId("builtin:unknown-private")
UNKNOWN_ADDRESS = RuleId("builtin:unknown-address")
PROTECTED = RuleId("builtin:protected")
KEEP = RuleId("builtin:keep")
_UNTOLD = (UNKNOWN_APP, UNKNOWN_PRIVATE, UNKNOWN_ADDRESS)

# Strictest first. A window under several rules gets the strictest of their effects.
_STRICTNESS = (Effect.DROP, Effect.BLUR, Effect.TEXT_ONLY, Effect.KEEP)

_PRESETS = shipped()
_SWITCHES = {preset.off.id for preset in _PRESETS if not preset.locked}
_ELSE = Rule(KEEP, "Everything else", Effect.KEEP, builtin=True)

DEFAULT_RULES: tuple[Rule, ...] = (*(rule for preset in _PRESETS for rule in preset.rules), _ELSE)
"""The shipped rules (`observers/presets`), the presets among them that can be switched off included."""

_NAMES = {
    UNKNOWN_APP: "Windows that do not say what they are",
    UNKNOWN_PRIVATE: "Browser windows that may be private",
    UNKNOWN_ADDRESS: "Browser windows whose address is not known",
    PROTECTED: "Windows that ask not to be captured",
    KEEP: _ELSE.name,
    **{preset.off.id: preset.off.name for preset in _PRESETS},
}
_PRESET_NAMES = {preset.key: preset.name for preset in _PRESETS}


def matches(rule: Rule, window: WindowInfo) -> bool:
    """Whether every field that `rule` sets fits `window` (`observers.patterns` says what patterns mean)."""
    return fits(rule, Facts(window))


def in_force(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The shipped rules that hold beside `rules`, then `rules`: what a person may want to see listed."""
    off = _off(rules)
    kept = [rule for preset in _PRESETS if preset.off.id not in off for rule in preset.rules]
    return (*kept, _ELSE, *rules)


def rule_name(rule_id: RuleId, rules: Sequence[Rule] = ()) -> str:
    """The plain name of a rule, also of those that refuse the unknown and the protected; else its id.

    A pattern that is not shipped any more still has the name of its preset.
    """
    if rule_id in _NAMES:
        return _NAMES[rule_id]
    kind, _, rest = rule_id.partition(":")
    key = rest.partition(":")[0]
    if kind == "builtin" and key in _PRESET_NAMES:
        return _PRESET_NAMES[key]
    return next((rule.name for rule in rules if rule.id == rule_id), rule_id)


def admit(window: WindowInfo, rules: Sequence[Rule] = ()) -> Admission:
    """Whether `window` may be observed, under the shipped rules and `rules`.

    The shipped rules always hold, whether or not `rules` repeats them, but for the presets that `rules` says
    are switched off (`presets.switched_off`). Any `drop` that fits decides; then whatever is unknown is
    refused, or asks not to be captured; then the strictest effect of the rules that fit. `rules` are those
    that hold now (`observers.holding`).
    """
    facts, off = Facts(window), _off(rules)
    shipped = [
        rule
        for preset in _PRESETS
        if preset.off.id not in off and (rule := preset.index.first(facts)) is not None
    ]
    own = [rule for rule in rules if not rule.builtin and fits(rule, facts)]
    for rule in (*shipped, *own):
        if rule.effect is Effect.DROP:
            return Admission(False, Effect.DROP, rule.id, _refusal(rule))
    unknown = _unknown(window, facts)
    if unknown is not None:
        return unknown
    rule = min((*own, *shipped, _ELSE), key=lambda r: _STRICTNESS.index(r.effect))
    return Admission(True, rule.effect, rule.id, _permission(rule))


def _off(rules: Sequence[Rule]) -> set[RuleId]:
    return {rule.id for rule in rules if rule.builtin and rule.id in _SWITCHES}


def admit_all(window: WindowInfo, urls: Sequence[str], rules: Sequence[Rule] = ()) -> Admission:
    """As `admit`, for a window that shows several documents at once (split view): the strictest answer.

    A dialog belongs to the windows it stands over: what a rule says of them holds for it, too. That one of
    them says nothing of itself does not count against it: some toolkits give dialogs such an owner.
    """
    answers = [admit(window, rules)]
    over = [admit(owner, rules) for owner in window.owners]
    answers += [answer for answer in over if answer.rule_id not in _UNTOLD]
    answers += [admit(replace(window, url=url), rules) for url in urls if url != window.url]
    return min(answers, key=lambda a: (a.allowed, _STRICTNESS.index(a.effect)))


def _unknown(window: WindowInfo, facts: Facts) -> Admission | None:
    if not facts.app.strip() or not facts.title.strip():
        return Admission(
            False, Effect.DROP, UNKNOWN_APP, "The window does not say which program or document it is."
        )
    if window.protected:
        return Admission(False, Effect.DROP, PROTECTED, "The program asks not to be captured.")
    if window.browser and window.private is None:
        return Admission(False, Effect.DROP, UNKNOWN_PRIVATE, "It could not be told whether it is private.")
    if window.browser and window.url is None:
        return Admission(False, Effect.DROP, UNKNOWN_ADDRESS, "The address it shows is not known.")
    return None


def _refusal(rule: Rule) -> str:
    return f"The rule “{rule.name}” says not to look at it."


def _permission(rule: Rule) -> str:
    if rule.id == KEEP:
        return "No rule speaks against it."
    says = {
        Effect.BLUR: "that only the window's title is kept",
        Effect.TEXT_ONLY: "that its text is kept and no picture of it is taken",
    }.get(rule.effect, "to keep it")
    return f"The rule “{rule.name}” says {says}."
