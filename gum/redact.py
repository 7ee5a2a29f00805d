"""Takes secrets out of text before it is stored: what is typed or shown, on whatever page. Pure.

A secret becomes a typed placeholder, so that what happened can still be told ("paid with [card number]").
By form: payment cards (ISO/IEC 7812 check digit), IBANs (ISO 13616, mod 97), private keys, the tokens of
well-known services (a library's detectors, `gum.detectors`, and those it lacks), JSON Web Tokens. By what
stands before it (`gum.secret_words`): passwords, PINs, security codes, one-time codes. A number that is still
being typed has no check digit yet; there the field's label decides. In notices and copies, which are how
one-time codes arrive, any number that looks like a code goes when a code is spoken of, wherever it stands.
"""

import re
from dataclasses import replace

from gum import detectors, secret_words
from gum.contacts import Hide
from gum.detectors import KEY
from gum.secret_words import CARD, CODE
from gum.text import UNSPACED
from gum.types import Observation

IBAN = "[IBAN]"

_BETWEEN = r"[ \u00a0\u2007\u2009\u202f\u2010\u2011–-]"  # spaces and dashes of all makes
_NUMBER = re.compile(rf"(?<!\w)(?<!\d\.)\d(?:{_BETWEEN}?\d){{11,18}}(?!\w)")
# Four by four, whatever stands between: "4111.1111.1111.1111".
_BY_FOUR = re.compile(r"(?<!\w)(?<!\d\.)\d{4}([./_·]|[^\S\n]{1,3}|[^\S\n]-[^\S\n])(?:\d{4}\1){2}\d{4}(?!\w)")
_IBAN = re.compile(rf"\b[A-Z]{{2}}\d{{2}}(?:{_BETWEEN}?[A-Z0-9]){{11,30}}", re.IGNORECASE)
# How many signs an IBAN of a country has (SWIFT's registry of ISO 13616): a bank's code may stand behind it.
_IBAN_SIGNS = {
    one[:2]: int(one[2:])
    for one in [
        *("AD24", "AE23", "AL28", "AT20", "AZ28", "BA20", "BE16", "BG22", "BH22", "BR29", "BY28", "CH21"),
        *("CR22", "CY28", "CZ24", "DE22", "DK18", "DO28", "EE20", "EG29", "ES24", "FI18", "FO18", "FR27"),
        *("GB22", "GE22", "GI23", "GL18", "GR27", "GT28", "HR21", "HU28", "IE22", "IL23", "IQ23", "IS26"),
        *("IT27", "JO30", "KW30", "KZ20", "LB28", "LC32", "LI21", "LT20", "LU20", "LV21", "MC27", "MD24"),
        *("ME22", "MK19", "MR27", "MT31", "MU30", "NL18", "NO15", "PK24", "PL28", "PS29", "PT25", "QA29"),
        *("RO24", "RS22", "SA24", "SC31", "SE24", "SI19", "SK24", "SM27", "ST25", "SV28", "TL23", "TN24"),
        *("TR26", "UA29", "VA22", "VG24", "XK20"),
    ]
}
_TOKENS = re.compile(
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----.*?"
    r"(?:-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----|\Z)"
    # One \b before all of these: one before each took ten times as long.
    r"|\b(?:(?:AKIA|ASIA)[A-Z0-9]{16}\b"  # AWS access keys
    r"|gh[pousr]_[A-Za-z0-9]{36,}\b|github_pat_\w{22,}\b|glpat-[\w-]{20,}"
    r"|sk-(?:ant-|proj-)?[\w-]{20,}|[rs]k_(?:live|test)_[A-Za-z0-9]{16,}"  # model services, Stripe
    r"|xox[abeoprs]-[\w-]{10,}|AIza[\w-]{35}\b|hf_[A-Za-z0-9]{30,}\b|pypi-[\w-]{50,}"
    r"|npm_[A-Za-z0-9]{36}\b|do[opr]_v1_[a-f0-9]{64}\b|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}\b"
    r"|ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,}|whsec_[A-Za-z0-9+/=]{20,}|xapp-\d-[\w-]{10,}"
    r"|dckr_pat_[\w-]{20,}|gl(?:sa|rt|ptt)[_-][\w-]{20,}|hvs\.[\w-]{20,}|AGE-SECRET-KEY-1[A-Z0-9]{50,}"
    r"|(?:\d{6}-){7}\d{6}\b|[xyzt]prv[1-9A-HJ-NP-Za-km-z]{100,}"  # of an encrypted disk, of a wallet
    r"|eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,})",  # JSON Web Tokens
    re.DOTALL,
)

# What speaks of a code; programming, postcodes and error codes do not. Sources in which that is enough.
_SPOKEN = re.compile(
    r"(?<![^\W_])(?<!visual studio )(?<!source )(?<!error )(?!(?:x|uni|bar|en|de|post|zip)code)"
    r"(?:\w{0,24}(?:codes?|kode)|kod|código|codigo|codice"
    r"|otp|(?:i|m|sms-?|push|chip|photo)?tan|pin|2fa|one[- ]time|verif\w*"
    r"|sign[- ]?in|log[- ]?in|anmeld\w*)(?![^\W\d_])"
    r"|コード|验证码|驗證碼|인증번호|код",
    re.IGNORECASE,
)
_ARRIVES = frozenset(("notices", "clipboard"))
# A number as codes are written: no year, time, date, amount, share or part of an address. Letters of scripts
# without spaces, and Korean endings, may touch it.
_LETTER = rf"[^\W{UNSPACED}\uac00-\ud7a3]"
_LIKE_CODE = re.compile(
    rf"(?:(?<!{_LETTER})(?<![.,:/€$£-])|(?<=(?i:code|kode):)|(?<=(?i:otp|pin|tan):))"
    rf"(?:[A-Z]-)?(?!(?:19|20)\d\d(?!\d))(?:\d{{3}}[- ]\d{{3,4}}|\d{{4,8}})"
    rf"(?!{_LETTER}|[:/%€$£]|[.,-]\d)"
)
# Codes with letters look like a booking or a voucher: only after a label that those do not have.
_LETTERS_LIKE_CODE = re.compile(
    r"((?i:(?:guard|verification|log-?in|sign-?in|access|security|authentication|one-time|2fa|your)[ -]code"
    r"|(?:bestätigungs|sicherheits|anmelde|zugangs)code)\s?[:：]\s{0,2})"
    r"(?=[A-Z]*\d)[A-Z0-9]{5,8}(?![\w-])"
)


def redacted(text: str) -> str:
    """`text` with placeholders for what is secret in it; the same text when nothing is."""
    if not text:
        return text
    text = _TOKENS.sub(KEY, detectors.redacted(secret_words.redacted(text)))
    text = _IBAN.sub(_without_iban, text)
    return _BY_FOUR.sub(_without_card, _NUMBER.sub(_without_card, text))


def redact(observation: Observation, hide: Hide | None = None) -> Observation:
    """The observation without secrets in its text, title and address, and with `hide` done to what is left
    (`gum.contacts`)."""
    url, text, title = observation.url, redacted(observation.text), redacted(observation.title)
    if observation.source in _ARRIVES:
        text, title = _without_codes(text, title)
    url = redacted(url) if url is not None else None
    if hide is not None:
        text, title, url = hide(text), hide(title), hide(url) if url is not None else None
    clean = replace(observation, text=text, title=title, url=url)
    return observation if clean == observation else clean


def _without_codes(text: str, title: str) -> tuple[str, str]:
    """Both without what looks like a code, when one of them speaks of a code. No placeholder does."""
    if not any(_SPOKEN.search(part.replace(CODE, "")) for part in (text, title)):
        return text, title
    text, title = (_LETTERS_LIKE_CODE.sub(rf"\g<1>{CODE}", part) for part in (text, title))
    codes = {re.sub(r"\D", "", found[0]) for part in (text, title) for found in _LIKE_CODE.finditer(part)}
    text, title = (_LIKE_CODE.sub(CODE, part) for part in (text, title))
    if not codes:
        return text, title
    # The same digits once more, as in the link that does what the code does: without what parts them.
    repeated = re.compile(rf"(?<!\d)(?:{'|'.join(sorted(codes))})(?!\d)")
    return repeated.sub(CODE, text), repeated.sub(CODE, title)


def _without_card(match: re.Match[str]) -> str:
    """What follows a card's number after a space is no part of it: "4111 1111 1111 1111 12/27"."""
    found = match[0]
    ends = [len(found), *(n for n in range(len(found) - 1, 0, -1) if not found[n].isdecimal())]
    end = next((n for n in ends if _is_card(found[:n])), 0)
    return f"{CARD}{found[end:]}" if end else found


def _without_iban(match: re.Match[str]) -> str:
    found = match[0]
    at = [n for n, sign in enumerate(found) if sign.isalnum()]
    size = _IBAN_SIGNS.get(found[:2].upper(), 0)
    if not size or len(at) < size:
        return found
    end = at[size - 1] + 1
    cut_inside = len(found) > end and found[end].isalnum()
    return f"{IBAN}{found[end:]}" if not cut_inside and _is_iban(found[:end]) else found


def _is_card(text: str) -> bool:
    """12 to 19 digits of an issuer that exists, with the check digit of Luhn (ISO/IEC 7812-1, annex B)."""
    digits = [int(c) for c in text if c.isdecimal()]
    if not 12 <= len(digits) <= 19 or digits[0] not in (2, 3, 4, 5, 6) or len(set(digits)) == 1:
        return False
    doubled = [d * 2 - 9 * (d > 4) for d in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_iban(text: str) -> bool:
    """ISO 13616-1: moved round and read as one number, it leaves 1 when divided by 97."""
    plain = re.sub(r"[\W_]", "", text)
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1
