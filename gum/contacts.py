"""E-mail addresses and telephone numbers: what they look like, and made-up ones in their place for who would
rather not have them kept. Pure.

An address becomes the same made-up one each time, so that it can still be told who wrote twice; which it was
nobody can say without the key, and with it only by trying addresses. Names of people stay.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable

from gum.text import UNSPACED

# Bounded, or a long line costs its square; and no letters of scripts without spaces, which may touch it.
_LETTER = rf"[^\W{UNSPACED}]"
MAIL = re.compile(
    rf"(?:{_LETTER}|[.+%'-]){{1,64}}(?:@|%40)(?:{_LETTER}|-){{1,63}}(?:\.(?:{_LETTER}|-){{1,63}}){{1,8}}"
)
# With a country or area code, or in the American form; dates and versions are none.
PHONE = re.compile(
    r"(?<![\w.+/-])(?:\+\d{1,3}[ ./-]?(?:\(0?\)[ ./-]?)?\d(?:[ ./()-]{0,2}\d){5,12}"
    r"|\(?0\d{1,5}\)?[ /-]?\d(?:[ -]?\d){4,10}"
    r"|\(\d{3}\) ?\d{3}[-. ]\d{4}|(?:1[-.])?\d{3}[-.]\d{3}[-.]\d{4})(?![\w-])"
)
HIDDEN = "hidden.invalid"  # a host that can never be one (RFC 2606, section 2)
_SIGNS = 8  # 40 bits: two of a thousand addresses fall together once in two million stores

Hide = Callable[[str], str]


def hider(key: bytes) -> Hide:
    """What puts made-up addresses and numbers in the place of real ones, the same each time with one `key`.

    Done twice, it is as done once.
    """

    def tag(kind: bytes, value: str) -> str:
        digest = hmac.new(key, kind + value.encode(), hashlib.sha256).digest()
        return base64.b32encode(digest).decode().lower()[:_SIGNS]

    def mail(found: re.Match[str]) -> str:
        address = found[0].casefold().replace("%40", "@")  # as addresses of pages carry it
        return found[0] if address.endswith(f"@{HIDDEN}") else f"mail-{tag(b'mail:', address)}@{HIDDEN}"

    def phone(found: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", found[0].replace("(0)", ""))
        return f"[phone {tag(b'phone:', digits)}]"

    return lambda text: PHONE.sub(phone, MAIL.sub(mail, text))
