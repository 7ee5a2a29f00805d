"""Words that turn round what they stand with: "no sugar", "without music", "ohne Zucker". Pure.

One home for them: `gum.same` keeps claims apart that differ by one, and `gum.judge` asks nobody about those.
"""

from collections.abc import Iterable

_BY_LANGUAGE = {
    "en": "no not non never without anti nothing free dislike dislikes hate hates avoid avoids stop stopped",
    "de": "kein keine keinen keinem keiner nicht nie niemals ohne frei gegen hasse",
    "fr": "pas jamais sans aucun aucune contre déteste",
    "es": "no nunca jamás sin ningún ninguna contra odio",
    "pt": "não nunca jamais sem nenhum nenhuma contra odeio",
    "it": "non mai senza nessun nessuno nessuna contro odio",
    "nl": "niet geen nooit zonder tegen haat",
    "pl": "nie nigdy bez",
}
_TURNING = frozenset(word for listed in _BY_LANGUAGE.values() for word in listed.split())
FORWARD = _TURNING - {"nothing", "free", "frei", "pas", "nicht"}
"""Those that speak only of what follows them: "tea without milk", "card reader not connecting"."""


def turning(words: Iterable[str]) -> frozenset[str]:
    """Those of `words` that do."""
    return frozenset(word for word in words if word in _TURNING)
