"""What the demo found, and whether that is enough. Pure functions over what the API answered."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.client import Json
from app.demo.story import PLANTED, SECRETS

ENOUGH = 3
"""So many propositions the demo has to end with."""
PRIVATE, PASSWORDS = "Private windows", "Password managers"
"""Names of the shipped rules that the script must have run into."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What was read from the API when the person had finished; `seconds` for the whole demo."""

    propositions: Sequence[Json]
    observations: Mapping[str, Json]  # by id
    excluded: Mapping[str, int]  # how often by rule
    suggestion: Json | None
    accepted: bool
    verified: bool
    undone: bool
    seconds: float


def plain(text: str) -> str:
    """Letters and digits only, in lower case: what a wrong space or accent cannot hide."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[^\w]|_", "", "".join(c for c in folded if not unicodedata.combining(c)))


def texts(observation: Json) -> str:
    """Everything of an observation that a quote can come from."""
    return "\n".join(str(observation.get(name) or "") for name in ("text", "title", "url"))


def occurs(quote: str, observation: Json | None) -> bool:
    """Whether a quote stands in a stored observation; spaces and line breaks may differ."""
    if observation is None or not quote.strip():
        return False
    return " ".join(quote.split()).casefold() in " ".join(texts(observation).split()).casefold()


def leaks(observations: Mapping[str, Json], propositions: Sequence[Json]) -> list[str]:
    """Which secret words stand in what was stored, and where."""
    found = []
    places = [(f"observation {key}", texts(o)) for key, o in observations.items()]
    places += [(f"proposition {p['id']}", str(p["text"]) + str(p["slots"])) for p in propositions]
    for place, text in places:
        flat = plain(text)
        found += [f"{secret} in {place}" for secret in SECRETS if secret in flat]
    return found


def believed(propositions: Sequence[Json]) -> list[str]:
    """Propositions that repeat what only adverts, spam or planted instructions said."""
    return [
        str(p["text"]) for p in propositions if any(plain(lure) in plain(str(p["text"])) for lure in PLANTED)
    ]


def counted(today: Json) -> dict[str, int]:
    """Exclusions by the rule's name, from the answer of /privacy/today."""
    sums: Counter[str] = Counter()
    for row in today["excluded"]:
        sums[str(row["rule"])] += int(row["count"])
    return dict(sums)


def problems(findings: Findings) -> list[str]:
    """What is missing, in plain words; empty when the demo succeeded."""
    found = []
    shown = [p for p in findings.propositions if _grounded(p, findings.observations)]
    if len(shown) < ENOUGH:
        found.append(f"{len(shown)} propositions with a quote that was stored, not {ENOUGH}")
    if groundless := len(findings.propositions) - len(shown):
        found.append(f"{groundless} propositions without a quote that was stored")
    found += [f"leaked: {leak}" for leak in leaks(findings.observations, findings.propositions)]
    found += [f"believed a lure: {text}" for text in believed(findings.propositions)]
    found += [
        f"the rule “{rule}” never acted" for rule in (PRIVATE, PASSWORDS) if not findings.excluded.get(rule)
    ]
    if not findings.accepted:
        found.append("no suggestion was accepted")
    if not findings.verified:
        found.append("no action was done and verified")
    if not findings.undone:
        found.append("no action was undone")
    return found


def _grounded(proposition: Json, observations: Mapping[str, Json]) -> bool:
    return any(occurs(e["quote"], observations.get(e["observation_id"])) for e in proposition["evidence"])


def as_json(findings: Findings, report: str) -> Json:
    """The object that `gumption demo --json` prints."""
    wrong = problems(findings)
    suggestion = findings.suggestion
    return {
        "ok": not wrong,
        "problems": wrong,
        "propositions": [_told(p, findings.observations) for p in findings.propositions],
        "excluded": dict(findings.excluded),
        "leaks": leaks(findings.observations, findings.propositions),
        "observations": len(findings.observations),
        "suggestion": None
        if suggestion is None
        else {
            "kind": suggestion["kind"],
            "text": suggestion["text"],
            "why_now": suggestion["why_now"],
            "state": suggestion["state"],
            "accepted": findings.accepted,
        },
        "action": {"verified": findings.verified, "undone": findings.undone},
        "report": report,
        "seconds": round(findings.seconds, 1),
    }


def _told(proposition: Json, observations: Mapping[str, Json]) -> Json:
    return {
        "text": proposition["text"],
        "type": proposition["type"],
        "confidence": round(float(proposition["confidence"]), 3),
        "evidence": [
            {
                "quote": e["quote"],
                "observation_id": e["observation_id"],
                "occurs": occurs(e["quote"], observations.get(e["observation_id"])),
            }
            for e in proposition["evidence"]
        ],
    }
