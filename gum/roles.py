"""Whose words may say what. The strongest cheap signal there is (drafts.md section 4: without it the
share of decoys believed rises from .05 to .37), so it is code, in front of and behind every drafter.

- adverts and notices of programs never assert anything;
- received text only says whom one is in contact with;
- read text is a weak sign of interest, with two exceptions that rest on what the PERSON did: a
  search address holds words they typed, and an order confirmation is there because they ordered
  (gum.receipt recognises both by structure, and confidence.py gives them less weight);
- what the person wrote or acted on may say anything;
- text that speaks to an assistant is never seen by a drafter (gum.quarantine).
"""

from dataclasses import replace

from gum.quarantine import quarantined as quarantined
from gum.quarantine import without_planted
from gum.receipt import is_receipt
from gum.receipt import search_query as search_query
from gum.text import MAX_TEXT, occurs
from gum.types import Observation, Trust

_READ = frozenset({"interested_in"})
_RECEIVED = frozenset({"communicating_with"})
_RECEIPT = frozenset({"bought", "plans_to_go"})
_SEARCHED = frozenset({"interested_in", "learning", "struggling_with"})


def may_assert(trust: Trust, kind: str) -> bool:
    """Whether text of this trust may, by itself, support a claim of type `kind`."""
    if trust in (Trust.AUTHORED, Trust.ACTED_ON):
        return True
    if trust is Trust.READ:
        return kind in _READ
    return trust is Trust.RECEIVED and kind in _RECEIVED


def eligible(observation: Observation, kind: str, slot: str = "") -> bool:
    """Whether `observation` may support a claim of type `kind` about `slot`: by trust, or by an exception."""
    if may_assert(observation.trust, kind):
        return True
    if observation.trust is not Trust.READ:
        return False
    if kind in _RECEIPT:
        return is_receipt(observation)
    return kind in _SEARCHED and occurs(slot, search_query(observation.url) or "")


def gate(observation: Observation) -> Observation | None:
    """What of an observation a drafter may see; None when that is nothing.

    Somebody else's text with one instruction in it is given up as a whole: the sentence after "ignore
    previous instructions" is as planted as it is. Of the person's own words only those lines go.
    Text is cut at MAX_TEXT, so nothing unchecked reaches a drafter.
    """
    if observation.trust in (Trust.ADVERT, Trust.SYSTEM):
        return None
    title = "" if quarantined(observation.title) else observation.title
    url = None if quarantined(search_query(observation.url) or "") else observation.url
    whole = observation.text[:MAX_TEXT]
    kept = without_planted(whole)
    if kept != whole and observation.trust is not Trust.AUTHORED:
        kept = ""
        title = title if observation.trust is Trust.ACTED_ON else ""
    if not (title or kept or url):
        return None
    return replace(observation, title=title, text=kept, url=url)
