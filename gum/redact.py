"""Takes secrets out of text before it is stored: what is typed or shown, on whatever page. Pure.

A secret becomes a typed placeholder, so that what happened can still be told ("paid with [card number]").
By form: payment cards (ISO/IEC 7812 check digit), IBANs (ISO 13616, mod 97), private keys, the tokens of
well-known services (a library's detectors, `gum.detectors`, and those it lacks), JSON Web Tokens. By what
stands before it: passwords, PINs, security codes, one-time codes. A number that is still being typed has no
check digit yet; there the field's label decides.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from gum import detectors
from gum.detectors import KEY, PASSWORD
from gum.types import Observation

CARD, IBAN, CODE = "[card number]", "[IBAN]", "[code]"

_NUMBER = re.compile(r"(?<![\w.])\d(?:[ \u00a0\u202f-]?\d){11,18}(?![\w])")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]){11,30}\b")
_TOKENS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
    r"|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"  # AWS access keys
    r"|\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_\w{22,}\b|\bglpat-[\w-]{20,}"
    r"|\bsk-(?:ant-|proj-)?[\w-]{20,}|\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}"  # model services, Stripe
    r"|\bxox[abeoprs]-[\w-]{10,}|\bAIza[\w-]{35}\b|\bhf_[A-Za-z0-9]{30,}\b|\bpypi-[\w-]{50,}"
    r"|\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}",  # JSON Web Tokens
    re.DOTALL,
)

# Words before a value, in the languages interfaces come in. After a card's label any number goes.
_PASSWORD = (
    r"pass(?:word|phrase|code|wd)|passwort|kennwort|mot de passe|contraseña|clave|senha|palavra-passe"
    r"|wachtwoord|hasło|heslo|пароль|parola(?: d'ordine)?|lösenord|adgangskode|passord|salasana|şifre"
    r"|パスワード|暗証番号|密码|密碼|비밀번호"
)
_CARD = (
    r"(?:credit |debit |payment )?card (?:number|no\.?)|kartennummer|kreditkartennummer"
    r"|numéro de (?:la )?carte|número de (?:la )?tarjeta|numero (?:della )?carta|kaartnummer"
    r"|número do cartão|numer karty|номер карты|カード番号|卡号|카드 ?번호"
)
_CODE = (
    r"security code|cvv2?|cvc2?|card verification|prüfnummer|prüfziffer|kartenprüfnummer|cryptogramme"
    r"|code de sécurité|código de seguridad|codice di sicurezza|beveiligingscode|código de segurança"
    r"|kod zabezpieczający|セキュリティコード|安全码"
    r"|pin|tan|one[- ]time (?:code|password)|verification code|bestätigungscode|einmalcode"
    r"|code de vérification|código de verificación|codice di verifica|認証コード|確認コード|验证码"
)
_AFTER = r"[^\S\n]*(?:\([^)\n]*\))?[^\S\n]*(?:[:=：]|\bis\b|\bist\b|\best\b|\bes\b|は)[^\S\n]*"


def _labelled(words: str, value: str) -> re.Pattern[str]:
    # A label of another script has no spaces around it; one of letters must begin a word.
    return re.compile(rf"((?<![^\W_])(?:your |ihr |neues |new )?(?:{words}){_AFTER})({value})", re.IGNORECASE)


_BEFORE: tuple[tuple[re.Pattern[str], str], ...] = (
    (_labelled(_CARD, r"\d[\d \u00a0-]*"), CARD),
    (_labelled(_PASSWORD, r"[^\s,;]+"), PASSWORD),
    (_labelled(_CODE, r"[\d][\d -]{0,9}\d"), CODE),
)


def redacted(text: str) -> str:
    """`text` with placeholders for what is secret in it; the same text when nothing is."""
    if not text:
        return text
    for pattern, placeholder in _BEFORE:
        text = pattern.sub(rf"\g<1>{placeholder}", text)
    text = _TOKENS.sub(KEY, detectors.redacted(text))
    text = _IBAN.sub(_if(_is_iban, IBAN), text)
    return _NUMBER.sub(_if(_is_card, CARD), text)


def redact(observation: Observation) -> Observation:
    """The observation without secrets in its text, title and address."""
    url = observation.url
    clean = replace(
        observation,
        text=redacted(observation.text),
        title=redacted(observation.title),
        url=redacted(url) if url is not None else None,
    )
    return observation if clean == observation else clean


def _if(is_one: Callable[[str], bool], placeholder: str) -> Callable[[re.Match[str]], str]:
    return lambda match: placeholder if is_one(match[0]) else match[0]


def _is_card(text: str) -> bool:
    """12 to 19 digits of an issuer that exists, with the check digit of Luhn (ISO/IEC 7812-1, annex B)."""
    digits = [int(c) for c in text if c.isdecimal()]
    if digits[0] not in (2, 3, 4, 5, 6) or len(set(digits)) == 1:
        return False
    doubled = [d * 2 - 9 * (d > 4) for d in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_iban(text: str) -> bool:
    """ISO 13616-1: moved round and read as one number, it leaves 1 when divided by 97."""
    plain = re.sub(r"\s", "", text)
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1
