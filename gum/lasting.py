"""Ids of what is met again: a note that lies in a folder, a file that is imported twice.

Such an id is a digest of what identifies the thing, so that it is stored once however often it is met, also
after a restart. The store knows these ids by their form: what was forgotten, or went by age, does not come
back while its source still has it (`storage.claims.bury_lasting`).
"""

import base64
import hashlib
import re

from gum.types import ObservationId

_FORM = re.compile(r"0[a-z2-7]{16}")  # `gum.types.new_id` has no 0


def lasting_id(source: str, *parts: str) -> ObservationId:
    """The id of what `parts` identify for `source`: "0" and 80 bits, as many as `gum.types.new_id` has."""
    said = "".join(f"{len(part)}:{part}" for part in (source, *parts))
    digest = hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=10, person=b"lasting")
    return ObservationId("0" + base64.b32encode(digest.digest()).decode().lower())


def lasts(observation_id: str) -> bool:
    """Whether this is an id made by `lasting_id`."""
    return _FORM.fullmatch(observation_id) is not None
