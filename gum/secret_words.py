"""Secrets known by what stands before them: labels of forms, options, settings, headers, addresses.

Each pattern has two groups: what stays, and what is secret. Pure; every repetition is bounded, so that a long
line costs no more than its length.
"""

import re

from gum.detectors import KEY, PASSWORD

CARD, CODE = "[card number]", "[code]"

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
    r"|pin|(?:m|sms-|push|chip|photo)?tan|one[- ]time (?:code|password)|verification code|bestätigungscode"
    r"|einmalcode"
    r"|code de vérification|código de verificación|codice di verifica|認証コード|確認コード|验证码"
)
_WORDS_OF_SEED = (
    r"(?:seed|recovery|secret|backup|mnemonic) (?:phrase|words)|wiederherstellungs(?:phrase|wörter|schlüssel)"
    r"|recovery key|wallet phrase"
)
_NOTE = r"[^\S\n]{0,8}(?:\([^)\n]{0,60}\))?[^\S\n]{0,8}"
_COLON = rf"{_NOTE}[:=：][^\S\n]{{0,8}}"
_IS = rf"{_NOTE}(?:\b(?:is|was|ist|war|lautet|est|es|è|é|jest)\b(?:[^\S\n]{{0,4}}[:：])?|は)[^\S\n]{{0,8}}"
# What is said of a password and is none.
_SAID = (
    r"(?:required|necessary|needed|incorrect|wrong|invalid|correct|valid|expired|too|not|no|missing|empty|weak"
    r"|strong|short|long|case|saved|stored|kept|set|hidden|protected|encrypted|shown|visible|safe|secure|the|a|an"
    r"|your|my|one|what|only|still|now|never|always|also|being|used|reset|changed|sent|optional|mandatory|unknown"
    r"|falsch|richtig|erforderlich|nötig|notwendig|ungültig|abgelaufen|zu|nicht|kein|leer|schwach|stark|gespeichert"
    r"|sicher|unsicher|geschützt|das|ein|dein|ihr|incorrecte?|obligatoire|requise?|trop|pas|invalide|incorrecta"
    r"|obligatoria|demasiado|inválida|errata|obbligatoria|troppo)\b"
)
_QUOTED = r"\"[^\"\n]{1,120}\"|'[^'\n]{1,120}'"
_VALUE = rf"{_QUOTED}|[^\s,;]{{1,400}}"
_SECRET_NAME = (
    r"(?:pass(?:word|phrase|wd)|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?key)"
)


def _after(words: str, between: str, value: str, flags: int = 0) -> re.Pattern[str]:
    # A label of another script has no spaces around it; one of letters must begin a word.
    label = rf"(?<![^\W_])(?:your |ihr |neues |new )?(?:{words})"
    return re.compile(rf"({label}{between})({value})", re.IGNORECASE | flags)


def _option(words: str) -> re.Pattern[str]:
    """Of a command: `--db-password x`, `--token=x`."""
    name = rf"(?<!\S)--(?:[a-z]{{1,12}}-){{0,3}}(?:{words})(?:=|[^\S\n]{{1,4}})"
    return re.compile(rf"({name})(?![-\[])({_VALUE})", re.IGNORECASE)


def _setting(words: str) -> re.Pattern[str]:
    """Of a file or an answer: `db_password = "x"`, `"apiKey": "x"`. Bare words without a digit are prose."""
    name = rf"\b_?(?:[a-z0-9]{{1,30}}[_-]){{0,5}}[a-z]{{0,20}}(?:{words})(?:[_-][a-z0-9]{{1,20}}){{0,2}}"
    value = rf"{_QUOTED}|(?=[^\s,;]{{0,60}}\d)[^\s,;&\"'\[<{{(][^\s,;&\"']{{5,400}}"
    between = r"[\"']?[^\S\n]{0,3}[:=][^\S\n]{0,3}"
    return re.compile(rf"({name}{between})({value})", re.IGNORECASE)


BEFORE: tuple[tuple[re.Pattern[str], str], ...] = (
    (_after(_CARD, f"(?:{_COLON}|{_IS})", r"\d[\d \u00a0-]{0,40}"), CARD),
    (_after(_WORDS_OF_SEED, f"(?:{_COLON}|{_IS})", r"[^\n]{1,400}"), KEY),
    # A field of a form is a line of its own, and its value may have spaces in it.
    (re.compile(rf"(?im)(^[^\S\n]{{0,8}}(?:{_PASSWORD}){_COLON})([^\n]{{1,80}}[^\s\n]{{0,320}})"), PASSWORD),
    (_after(_PASSWORD, _COLON, _VALUE), PASSWORD),
    (_after(_PASSWORD, _IS, rf"(?!{_SAID})(?:{_VALUE})"), PASSWORD),
    (_after(_CODE, f"(?:{_COLON}|{_IS})", r"\d[\d -]{0,9}\d"), CODE),
    # Commands and settings.
    (_option("pass(?:word|phrase|wd)?"), PASSWORD),
    (_option("secret|token|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?key"), KEY),
    (re.compile(rf"(\bsshpass[^\S\n]{{1,4}}-p[^\S\n]{{0,4}})({_VALUE})"), PASSWORD),
    (re.compile(r"(\bmysql(?:dump|admin)?\b[^\n|;]{0,120}?[^\S\n]-p)([^\s-]\S{0,120})"), PASSWORD),
    (
        re.compile(
            r"(\b(?:curl|wget)\b[^\n|]{0,200}?[^\S\n](?:-u|--user)[=\s]?[^\S\n]{0,2}[\"']?[^\s:\"']{1,80}:)"
            r"([^\s\"']{1,120})"
        ),
        PASSWORD,
    ),
    (_setting("pass(?:word|phrase|wd)"), PASSWORD),
    (_setting("secret|token|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?key"), KEY),
    (re.compile(rf"(\b[A-Z][A-Z0-9_]{{0,40}}(?:PASSWORD|PASSWD)=)(?!\[)({_VALUE})"), PASSWORD),
    (re.compile(rf"(\b[A-Z][A-Z0-9_]{{0,40}}(?:SECRET|TOKEN)=)(?!\[)({_VALUE})"), KEY),
    # Headers of HTTP, and what addresses carry.
    (
        re.compile(
            r"(\b(?:proxy-)?authorization\b[\"']?[^\S\n]{0,3}:[^\S\n]{0,3}[\"']?"
            r"(?:(?:bearer|basic|token|digest|negotiate)[^\S\n]{1,3})?)([^\s\"'\[]\S{3,4000})",
            re.IGNORECASE,
        ),
        KEY,
    ),
    (re.compile(r"((?i:\bbearer)[^\S\n]{1,3})([A-Za-z0-9._~+/-]{16,4000}={0,2})"), KEY),
    (
        re.compile(r"((?i:^|(?<=[\s\"']))(?i:set-)?(?i:cookie):[^\S\n]{0,3})([^\n]{1,4000})", re.MULTILINE),
        KEY,
    ),
    (
        re.compile(
            r"([?&#;](?:access_token|id_token|refresh_token|auth_?token|token|api_?key|apikey|password|passwd|pwd"
            r"|pass|secret|client_secret|jwt|session_?id|signature|x-amz-signature|x-amz-credential)=)"
            r"([^&\s#\"'<>\[]{4,4000})",
            re.IGNORECASE,
        ),
        KEY,
    ),
    # These are ordinary words of addresses, too: only what is as long as a key.
    (
        re.compile(
            r"([?&#;](?:key|code|sid|sig|auth|state|ticket|otp|invite)=)([^&\s#\"'<>\[]{20,4000})", re.I
        ),
        KEY,
    ),
)


def redacted(text: str) -> str:
    """`text` with placeholders for what follows such words."""
    for pattern, placeholder in BEFORE:
        text = pattern.sub(rf"\g<1>{placeholder}", text)
    return text
