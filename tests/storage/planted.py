"""A store in which one word stands in every place that can hold words, among ordinary things."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from sqlalchemy.orm import Session

from gum import audit
from gum.aliases import Found
from gum.people import Kind
from gum.types import Exclusion, Feedback, Outcome, Percept, Proposition, RuleId, Verdict
from storage import (
    aliases,
    decisions,
    disclosures,
    observations,
    people,
    plans,
    privacy,
    propositions,
    suggestions,
)
from storage.client_schema import IdempotentRow, ProposalRow
from tests.builders import NOON, evidence, frame, observation, proposition
from tests.storage.builders import change, new, plan, suggestion

CANARY = "zanzibarcanary"
MINUTE = timedelta(minutes=1)
APP = "secretapp"
SITE = f"{CANARY}.org"
SOURCE = "screen"
STAGE = audit.Stage.DRAFT
PAGE, RESERVE, SALT, IV = 4096, 80, 16, 16  # of SQLCipher 4, https://www.zetetic.net/sqlcipher/design/


def fill(s: Session, plain: int = 100, secret: int = 20) -> None:
    """`plain` ordinary things around `secret` ones with the canary."""
    for n in range(plain):
        o = observation(
            f"ordinary words number {n} " * 20, id=f"plain{n}", at=NOON - timedelta(days=1) + n * MINUTE
        )
        observations.append(s, o)
        p = proposition(f"Works on file{n}", id=f"p{n}", slots={"thing": f"number {n}"})
        propositions.commit(s, [new(p, [evidence(o.id, f"number {n}")])])
    for n in range(secret):
        _add_secret(s, n)


def mix(s: Session) -> Proposition:
    """A claim that rests on an ordinary and on a secret thing, and was once worded after the secret one."""
    p = proposition("Works on words", id="mixed", slots={"thing": "words number 1"}, confidence=0.98)
    fuller = replace(p, slots={"thing": f"words number 1 {CANARY}1"}, text=f"Works on {CANARY}1")
    propositions.commit(s, [new(p, [evidence("plain1", "words number 1")])])
    propositions.commit(s, [change(p, fuller, [evidence("secret1", f"{CANARY}1")])])
    propositions.commit(s, [change(fuller, p, [evidence("secret1", f"prefix{CANARY}suffix")])])
    return p


def _add_secret(s: Session, n: int) -> None:
    words = f"{CANARY}{n} prefix{CANARY}suffix " * (1 + n * 3)
    picture = replace(frame(), digest=CANARY, display=CANARY)
    o = observation(
        words,
        id=f"secret{n}",
        app=APP,
        title=f"{CANARY} title",
        url=f"https://www.shop.{SITE}/",
        at=NOON + n * MINUTE,
        source=SOURCE,
    )
    observations.append(s, o, CANARY.encode() * 50, picture)
    if n % 2:
        observations.perceived(s, o.id, words + " 東京" + CANARY, Percept(o.id, (0.1 * n, 0.5), 0.5, CANARY))
    p = proposition(f"Works on {CANARY}{n}", id=f"claim{n}", slots={"thing": f"{CANARY}{n}"})
    propositions.commit(s, [new(p, [evidence(o.id, f"{CANARY}{n}")], f"because of {CANARY}")])
    later = replace(p, confidence=0.8)
    propositions.commit(s, [change(p, later, [evidence(o.id, f"prefix{CANARY}suffix")])])
    propositions.set_vectors(s, {p.id: (1.0, 0.1 * n)}, "m")
    offer = suggestion([p.id], text=f"{CANARY} offer", at=NOON + timedelta(days=n))
    suggestions.add(s, offer)
    todo = plan(f"{CANARY} goal", offer.id, CANARY)
    plans.save(s, todo, "waiting", NOON, NOON + timedelta(days=n))
    plans.add_outcomes(s, todo.id, [Outcome(0, True, CANARY, {"line": CANARY})], NOON)
    suggestions.add_feedback(s, Feedback(offer.id, Verdict.ACCEPT, f"{CANARY} note", NOON))
    suggestions.add_feedback(s, Feedback(p.id, Verdict.EDIT, f"{CANARY} note", NOON))
    privacy.add_exclusion(s, Exclusion(NOON + n * MINUTE, APP, RuleId("r")))
    why = audit.Decision(audit.Outcome.WITHHOLD, "other-health", "It tells of somebody else's health.", STAGE)
    asked = audit.Question(STAGE, f"{CANARY}{n} is ill", app=APP, observation_id=o.id)
    sent = audit.Question(audit.Stage.LEAVE, f"{CANARY}{n} prefix{CANARY}suffix", "the server")
    held = [(audit.Entry(asked, why), p.id if n % 2 else None), (audit.Entry(sent, why), None)]
    people.note(s, [f"Anna {CANARY}{n}"] if n else [CANARY])
    decisions.add(s, held, people.known(s), o.at)
    decisions.allow(s, "other-mood", APP, o.at)
    told = f"{CANARY}{n} prefix{CANARY}suffix".encode()
    subjects = frozenset({o.id} if n % 2 else {p.id})
    asked_of = disclosures.Disclosure(o.at, "c", "Helper", "context", CANARY, 1, 0, told, subjects)
    disclosures.add(s, [asked_of])
    aliases.note(s, [Found(Kind.PLACE, f"{CANARY}{n}")])
    s.add(IdempotentRow(client_id="c", key=f"{n}", request=b"", status=200, body=told, at=o.at))
    what = json.dumps({"text": CANARY, "claim_id": p.id})
    wish = ProposalRow(id=f"wish{n}", client_id="c", client="Helper", kind="fact", what=what)
    wish.state, wish.at = "waiting", o.at
    s.add(wish)


def traces(folder: Path, word: str = CANARY, key: bytes | None = None) -> list[str]:
    """The files in `folder` that hold `word`, in UTF-8 or UTF-16, in any case.

    With `key` databases are also read as who has it could: page by page, gaps and free pages included.
    """
    found = []
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            content = file.read_bytes()
            if key is not None and ".db" in file.name and len(content) % PAGE == 0:
                content += decrypted(content, key)
            if any(word.encode(code) in content.lower() for code in ("utf-8", "utf-16-le", "utf-16-be")):
                found.append(file.name)
    return found


def decrypted(content: bytes, key: bytes) -> bytes:
    """Every page of an SQLCipher file in the clear. Knows nothing of what is on them."""
    clear = []
    for start in range(0, len(content), PAGE):
        page = content[start : start + PAGE]
        body, iv = page[SALT if start == 0 else 0 : -RESERVE], page[-RESERVE : -RESERVE + IV]
        cipher = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
        clear.append(cipher.update(body) + cipher.finalize())
    return b"".join(clear)
