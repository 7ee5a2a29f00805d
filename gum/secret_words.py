"""Secrets known by what stands before them: labels of forms, options, settings, headers, addresses.

Each pattern has two groups: what stays, and what is secret. Pure; every repetition is bounded, so that a long
line costs no more than its length.

Patterns are tried only on lines with one of the words they need: on all lines they took 28 ms for 20,000
characters of a program and 39 of a README, so 3 and 7.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from gum.detectors import KEY, PASSWORD

CARD, CODE = "[card number]", "[code]"


def _one_of(words: Sequence[str]) -> str:
    """A pattern. To look at the first letter before all of the words takes half the time."""
    letters = "".join(sorted({word[0] for word in words}))
    return rf"(?=[{letters}])(?:{'|'.join(words)})"


# Words before a value, in the languages interfaces come in; the same label fields (`observers.labels`).
_BY_ITSELF = (
    *("password", "passphrase", "pass phrase", "pass-phrase", "passcode", "passwd", "mot de passe", "senha"),
    *("contraseña", "palavra-passe", "hasło", "heslo", "пароль", "parola d'ordine", "parola", "salasana"),
    *("şifre", "パスワード", "暗証番号", "密码", "密碼", "비밀번호", "كلمة المرور", "סיסמה", "पासवर्ड"),
)
_IN_ONE_WORD = ("passwort", "kennwort", "wachtwoord", "lösenord", "adgangskode", "passord")  # "Startpasswort"
PASSWORDS = (*_BY_ITSELF, *_IN_ONE_WORD)
SECURITY_CODES = (
    *("security code", "cvv2", "cvv", "cvc2", "cvc", "card verification", "prüfnummer", "prüfziffer"),
    *("kartenprüfnummer", "sicherheitscode", "cryptogramme", "code de sécurité", "código de seguridad"),
    *("codice di sicurezza", "beveiligingscode", "código de segurança", "kod zabezpieczający"),
    *("код безопасности", "セキュリティコード", "安全码", "安全碼", "보안 코드", "güvenlik kodu"),
)
_KEYWORD = "clave"  # a password, but no label of a field by itself: it stands in other words
_PASSWORD = rf"{_one_of((*_BY_ITSELF, _KEYWORD))}|\w{{0,20}}{_one_of(_IN_ONE_WORD)}"
# After a card's label any number goes.
_CARD = (
    r"(?:credit |debit |payment )?card (?:number|no\.?)|kartennummer|kreditkartennummer"
    r"|numéro de (?:la )?carte|número de (?:la )?tarjeta|numero (?:della )?carta|kaartnummer"
    r"|número do cartão|numer karty|номер карты|カード番号|卡号|카드 ?번호"
)
_CODE = (
    rf"{_one_of(SECURITY_CODES)}"
    r"|pin|(?:m|sms-|push|chip|photo)?tan|one[- ]time (?:code|password)|verification code|bestätigungscode"
    r"|einmalcode|otp|one[- ]time passcode|2fa[ -]?code"
    r"|(?:log-?in|sign-?in|access|auth(?:entication|enticator)?|confirmation|sms|your|ihr|dein)[ -]code"
    r"|(?:sicherheits|anmelde|zugangs|freigabe|einmal)-?(?:code|passwort)"
    r"|code de vérification|código de verificación|codice di verifica|認証コード|確認コード|验证码"
)
_WORDS_OF_SEED = (
    r"(?:seed|recovery|secret|backup|mnemonic) (?:phrase|words)|wiederherstellungs(?:phrase|wörter|schlüssel)"
    r"|recovery key|wallet phrase"
)
# Of the label of a code, what need not be followed by a colon to be one.
_CODE_SHOWN = (
    r"(?i:security code|cvv2?|cvc2?|card verification|prüfnummer|kartenprüfnummer|verification code|otp"
    r"|einmalcode|one[- ]time (?:code|pass(?:word|code))|bestätigungscode"
    r"|(?:log-?in|sign-?in|auth(?:entication)?|2fa)[ -]code"
    r"|code de (?:sécurité|vérification)|código de (?:seguridad|verificación)|認証コード|確認コード|验证码)"
    r"|PIN|TAN"
)
_OTHER_CODES = (
    r"zip|post|area|dial|country|error|exit|status|return|item|product|promo|discount|voucher|gift|colou?r|source"
    r"|sort|tax|order|booking|line"
)
# Of keys, written as words.
_KEY = (
    r"(?:api|access|secret|secret access|account|license|licence|wi-?fi|wlan|wpa[23]?"
    r"|network(?: security)?)[ -]key"
    r"|(?:api|access|auth|bearer|personal access|refresh)[ -]token|client secret|wpa[23]?-psk"
    r"|netzwerkschlüssel|wlan-schlüssel|netzwerksicherheitsschlüssel|lizenzschlüssel"
)
_FOR = r"for|für|of|to|on|zum|zur|vom|von|beim|pour|du|de|para|per|voor|dla|для"
# What it is for: "Password for the router", "(again)"; and the end of what sets it off: "**Password**:".
_NOTE = (
    r"(?:[^\S\n]?[\"'`*_]{1,3})?[^\S\n]{0,8}"
    rf"(?:\([^)\n]{{0,60}}\)|(?:{_FOR})\b[^\S\n]"
    r"(?:(?:\w{1,12} )?'[^'\n]{1,120}'|[^:=：\n.,;?!]{1,40}?))?[^\S\n]{0,8}"
)
# Not a comparison in a program; and a bar where the label is a cell of a table.
_COLON = rf"(?:{_NOTE}(?:[:=：](?!=))(?:[\"'`*_]{{0,3}}[^\S\n]{{1,8}}(?:\|[^\S\n]{{1,8}})?)?)"
_IS = rf"{_NOTE}(?:\b(?:is|was|ist|war|lautet|est|es|è|é|jest)\b(?:[^\S\n]{{0,4}}[:：])?|は)[^\S\n]{{0,8}}"
# What is said of a password and is none.
_SAID = (
    r"(?:required|necessary|needed|incorrect|wrong|invalid|correct|valid|expired|too|not|no|missing|empty|weak"
    r"|strong|short|long|case|saved|stored|kept|set|hidden|protected|encrypted|shown|visible|safe|secure|the|a|an"
    r"|your|my|one|what|only|still|now|never|always|also|being|used|reset|changed|sent|optional|mandatory|unknown"
    r"|in|on|at|by|for|from|with|about|like|as|that|this|it|then|there|where|when|how|why|leaked|hashed|salted"
    r"|checked|chosen|verified|compared|stolen|entered|typed|asked|forgotten|lost|gone|la|le|les|el|los|il|lo|der"
    r"|die|dem|den|un|une|una|um|uma|stocké|oublié"
    r"|falsch|richtig|erforderlich|nötig|notwendig|ungültig|abgelaufen|zu|nicht|kein|leer|schwach|stark|gespeichert"
    r"|sicher|unsicher|geschützt|das|ein|dein|ihr|incorrecte?|obligatoire|requise?|trop|pas|invalide|incorrecta"
    r"|obligatoria|demasiado|inválida|errata|obbligatoria|troppo)\b"
)
_QUOTED = (
    r"\"(?:\\.|[^\"\\\n]){1,200}\"|'(?:\\.|[^'\\\n]){1,200}'|[“„«][^“”„«»\n]{1,200}[”“»]|`[^`\n]{1,200}`"
)
# A comma may stand in a password, not at its end.
_VALUE = rf"{_QUOTED}|(?:[^\s,;]|[,;](?=[^\s,;])){{1,400}}"
_UNDER = r"[^\S\n]{0,8}[:：]?[^\S\n]{0,8}\n[^\S\n]{0,8}"
_SOME = r"(?!(?:none|null|nil|true|false|undefined)[^\S\n]{0,4}(?:[,;)}\]\n]|\Z))"  # in programs: no password
_PAIR = r"log-?in|credentials|zugangsdaten|identifiants|credenciales|credenziali"  # name and password
_NO_METHOD = (
    r"(?!(?:sha|md\d|bcrypt|argon|base\d|oauth|pbkdf|utf|aes|ntlm|scram))"  # "password sha256 hashing"
)
# What can be nothing but a password, where no colon says that one comes.
_STRANGE = r"(?=\S{0,60}\d)(?=\S{0,60}[^\W\d_])[^\s\[(<]\S{5,99}"
# What is told of a key and is none: `token_type`, `token_count`.
_OF_THEM = r"[_-]?(?:type|count|limit|length|budget|usage|size|name|prefix|ttl|url|uri)\b"
_WHOSE = (
    r"(?:enter|new|neues|old|altes|current|aktuelles|confirm|repeat|retype|re-enter|master|temporary|initial|wi-?fi|wlan"
    r"|root|admin|login|e-?mail|router|user|my|mein|your|ihr)"
)
_SECRET = "secret|token|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?key"


def _after(words: str, between: str, value: str) -> str:
    # A label of another script has no spaces around it; one of letters must begin a word.
    return rf"(?i)((?<![^\W_])(?:{words}){between})({value})"


def _under(words: str, value: str) -> str:
    """A cell of a table, a line under its label."""
    return rf"(?im)(^[^\S\n]{{0,8}}{words}{_UNDER})({value})(?=[^\S\n]{{0,8}}$)"


def _option(words: str) -> str:
    """Of a command: `--db-password x`, `--token=x`."""
    name = rf"(?<!\S)--(?:[a-z]{{1,12}}-){{0,3}}(?:{words})(?:=|[^\S\n]{{1,4}})"
    return rf"(?i)({name})(?![-\[])({_VALUE})"


def _setting(words: str) -> str:
    """Of a file or an answer: `db_password = "x"`, `"apiKey": "x"`. Bare words without a digit are prose."""
    name = (
        rf"\b_?(?:[a-z0-9]{{1,30}}[_-]){{0,5}}[a-z]{{0,20}}(?:{words})(?!{_OF_THEM})"
        rf"(?:[_-](?!{_OF_THEM})[a-z0-9]{{1,20}}){{0,2}}"
    )
    value = rf"{_QUOTED}|(?=[^\s,;]{{0,60}}\d)[^\s,;&\"'\[<{{(][^\s,;&\"']{{5,400}}"
    between = r"[\"']?[^\S\n]{0,3}[:=][^\S\n]{0,3}"
    return rf"(?i)({name}{between})({value})"


class Group(NamedTuple):
    """Patterns, each with what takes the place of its second group, and where they can match.

    On the line on which a match begins stands one of `words` (a pattern for text in `small` letters), and it
    reaches at most `under` lines further.
    """

    words: re.Pattern[str]
    forms: tuple[tuple[re.Pattern[str], str], ...]
    under: int


_Forms = tuple[tuple[str, str], ...]
_OF_PASSWORDS: _Forms = (
    # A block of YAML.
    (
        rf"(?i)((?<![^\W_])(?:{_PASSWORD}):[^\S\n]{{0,4}}[|>]-?\n[^\S\n]{{1,20}})(\S[^\n]{{0,400}})",
        PASSWORD,
    ),
    # A field of a form is a line of its own, and its value may have spaces in it.
    (
        rf"(?im)(^[^\S\n]{{0,8}}(?:[-*•>#]{{1,3}}[^\S\n]|\d{{1,2}}[.)][^\S\n])?[*_`]{{0,3}}"
        rf"(?:{_WHOSE}[ -])?(?:{_PASSWORD})(?:{_COLON}))({_SOME}\S[^\n]{{0,79}}[^\s\n]{{0,320}})",
        PASSWORD,
    ),
    (_under(rf"(?:{_WHOSE}[ -])?(?:{_PASSWORD})", _STRANGE), PASSWORD),
    (
        _after(_PASSWORD, r"[^\S\n]{0,4}(?:->|→|=>|\||\t|[-–—](?=[^\S\n])|[^\S\n]{2})[^\S\n]{0,8}", _STRANGE),
        PASSWORD,
    ),
    (_after("pwd?", rf"(?:{_NOTE}[:：][^\S\n]{{0,8}}|=)", rf"(?![/~$({{\[<]){_SOME}(?:{_VALUE})"), PASSWORD),
    (_after("pass", _COLON, rf"(?![/~$])(?:{_QUOTED}|{_STRANGE})"), PASSWORD),
    (_after(_PASSWORD, _COLON, rf"{_SOME}(?:{_VALUE})(?:[^\S\n][/|][^\S\n]\S{{1,80}})?"), PASSWORD),
    (_after(f"{_PASSWORD}|pw", r"[^\S\n]", rf"{_NO_METHOD}{_STRANGE}"), PASSWORD),
    (_after(_PASSWORD, r"[^\S\n]{1,2}", r"[\"'„“«`][^\s\"'“”»`]{4,80}[\"'”“»`]"), PASSWORD),
    (_after(_PASSWORD, _IS, rf"(?!{_SAID})(?:{_VALUE})"), PASSWORD),
)
_OF_SEEDS: _Forms = ((_after(_WORDS_OF_SEED, f"(?:{_COLON}|{_IS})", r"[^\n]{1,400}"), KEY),)
_OF_BACKUPS: _Forms = (
    (
        r"(?i)((?:backup|recovery|wiederherstellungs)[ -]?codes?[^\S\n]{0,4}(?:[:：]|\n)\s{0,8})"
        r"((?:(?=[\w-]{0,30}\d|[a-z]{3,6}-[a-z]{3,6})[\w-]{4,30}\b[\s,]{0,4}){1,24}(?<=\w))",
        KEY,
    ),
)
_OF_KEYS: _Forms = (
    (_under(rf"(?:your )?(?:{_KEY})", r"(?=\S{0,60}\d)[\w+/=.~-]{16,400}"), KEY),
    (_after(_KEY, f"(?:{_COLON}|{_IS})", rf"{_QUOTED}|(?=\S{{0,60}}\d)[^\s\[(<\"'][^\s,;\"']{{7,399}}"), KEY),
)
_OF_CODES: _Forms = (
    (_after(_CODE, f"(?:{_COLON}|{_IS})", r"\d[\d -]{0,9}\d"), CODE),
    (
        rf"((?<![^\W_])(?:{_CODE_SHOWN})(?:[^\S\n]{{1,4}}|[^\S\n]{{0,4}}\n[^\S\n]{{0,4}}))"
        r"(\d{3}[ -]\d{3}|\d{3,8})(?![\w-]|[.,:/]\d)",
        CODE,
    ),
    (
        r"(?i)((?<![^\W_])(?:your|ihr|dein|votre|ton|tu|su|il tuo|o seu|uw|je|twój|ваш|din|ditt)[^\S\n]"
        rf"(?:(?!{_OTHER_CODES})[\w-]{{1,20}}[^\S\n]){{0,3}}(?!{_OTHER_CODES})[\w-]{{0,20}}"
        r"(?:code|codice|código|kode?|код|koodi)[^\S\n]?(?:is|ist|lautet|est|es|è|é|to|er|är)?[^\S\n]?[:：]?"
        r"[^\S\n]?)((?:[a-z]-)?(?:\d{3}[ -]\d{3}|\d{4,8}))(?![\w-]|[.,:/]\d)",
        CODE,
    ),
    (
        r"(?i)((?:验证码|驗證碼|确认码|確認碼|認証番号|認証コード|確認コード|인증번호|인증[^\S\n]?코드)"
        r"[^\S\n]?(?:是|为|は|는|은)?[^\S\n]?[:：]?[^\S\n]?)(\d{4,8})(?!\d)",
        CODE,
    ),
    (
        r"(?i)((?<!\w)(?:use|enter|type)[^\S\n](?:the[^\S\n]|this[^\S\n])?(?:[\w-]{1,20}[^\S\n])?code:?"
        r"[^\S\n])(\d{3}[ -]\d{3}|\d{5,8})(?![\w-]|[.,:/]\d)",
        CODE,
    ),
    (
        # A field or a line for a code, if it is none of an address, a ware, a program or a mistake.
        rf"(?im)(^(?![^:\n]{{0,60}}\b(?:{_OTHER_CODES}))[^:\n]{{0,60}}\bcode\b[^:\n]{{0,40}}[:：][^\S\n]{{0,4}})"
        r"(\d{3}[ -]?\d{3}|\d{4,8})(?=[^\S\n]{0,8}$)",
        CODE,
    ),
    (
        r"(?i)((?<![\w.,:/-]))((?:[a-z]-)?(?:\d{3}[ -]\d{3}|\d{4,8}))"
        r"(?=[^\S\n](?:is your|ist (?:ihr|dein)e?|est votre|es (?:tu|su)|è il tuo|é o seu)\b[^\n]{0,40}"
        r"(?:code|passcode|password|passwort|otp|pin\b|tan\b|código|codice))",
        CODE,
    ),
)
_OF_PAIRS: _Forms = ((_after(_PAIR, r"[:：][^\S\n]{0,4}\S{1,60}[^\S\n]?[/|,][^\S\n]?", _STRANGE), PASSWORD),)
_OF_DIGITS: _Forms = (
    # A code in as many fields as it has digits: "Digit 1 of 6: 4".
    (
        r"(?i)((?<![^\W_])(?:digit|character|ziffer|zeichen|chiffre|dígito|cifra)[^\S\n]{0,3}\d"
        r"(?:[^\S\n](?:of|von|sur|de|di)[^\S\n]\d)?[:：][^\S\n]{0,3})(\w)(?!\w)",
        CODE,
    ),
)
_OF_CARDS: _Forms = ((_after(_CARD, f"(?:{_COLON}|{_IS})", r"\d(?:[ \u00a0-]{0,2}\d){0,30}"), CARD),)
_OF_OPTIONS: _Forms = ((_option("pass(?:word|phrase|wd)?"), PASSWORD), (_option(_SECRET), KEY))
_OF_COMMANDS: _Forms = (
    (rf"(\bsshpass[^\S\n]{{1,4}}-p[^\S\n]{{0,4}})({_VALUE})", PASSWORD),
    (
        r"(\b(?:(?:docker|podman|oc)[^\S\n]login\b[^\n|;]{0,120}?[^\S\n]-p|redis-cli\b[^\n|;]{0,120}?[^\S\n]-a"
        rf"|(?:un)?zip\b[^\n|;]{{0,120}}?[^\S\n]-P)[^\S\n]{{1,4}})(?!-)({_VALUE})",
        PASSWORD,
    ),
    (r"((?:\b7z[ar]?\b[^\n|;]{0,120}?[^\S\n]-p|-pass(?:in|out)?[^\S\n]{1,4}pass:))(\S{1,120})", PASSWORD),
    (r"(\bmysql(?:dump|admin)?\b[^\n|;]{0,120}?[^\S\n]-p)([^\s-]\S{0,120})", PASSWORD),
    (
        r"(\b(?:curl|wget)\b[^\n|]{0,200}?[^\S\n](?:-u|--user)[=\s]?[^\S\n]{0,2}[\"']?[^\s:\"']{1,80}:)"
        r"([^\s\"']{1,120})",
        PASSWORD,
    ),
)
_OF_SETTINGS: _Forms = (
    (_setting("pass(?:word|phrase|wd)"), PASSWORD),
    (_setting(_SECRET), KEY),
    (
        rf"(\b[A-Z][A-Z0-9_]{{0,40}}(?:PASSWORD=|PASSWD=|_(?:PASS|PWD|PW)(?:=|:[^\S\n])))(?!\[)({_VALUE})",
        PASSWORD,
    ),
    (
        r"(?i)(<(?:[\w.:-]{0,30})?(?:password|passwd|passphrase|secret|token|api-?key)>)([^<\n\[][^<\n]{0,399})(?=</)",
        PASSWORD,
    ),
    (rf"(\b[A-Z][A-Z0-9_]{{0,40}}(?:SECRET|TOKEN)=)(?!\[)({_VALUE})", KEY),
)
_OF_HEADERS: _Forms = (
    (
        r"(?i)(\b(?:proxy-)?authorization\b[\"']?[^\S\n]{0,3}:[^\S\n]{0,3}[\"']?"
        r"(?:(?:bearer|basic|token|digest|negotiate)[^\S\n]{1,3}|(?=\S{0,99}\d)))([^\s\"'\[]\S{3,4000})",
        KEY,
    ),
    (r"((?i:\bbearer)[^\S\n]{1,3})([A-Za-z0-9._~+/-]{16,4000}={0,2})", KEY),
    (
        r"(?m)((?i:^|(?<=[\s\"']))(?i:set-)?(?i:cookie):[^\S\n]{0,3})(?=[^\n]{0,200}[=\d])([^\n]{1,4000})",
        KEY,
    ),
)
_OF_ADDRESSES: _Forms = (
    (
        r"(?i)([?&#;](?:access_token|id_token|refresh_token|auth_?token|token|api_?key|apikey|password|passwd|pwd"
        r"|pass|secret|client_secret|jwt|session_?id|signature|x-amz-signature|x-amz-credential)=)"
        r"([^&\s#\"'<>\[]{4,4000})",
        KEY,
    ),
    # What lets in whoever has the link, also without a name before it.
    (
        r"(?i)(/(?:reset|verif|confirm|activat|invit|magic|password|login|signin|auth|token)[\w-]{0,20}/"
        r"(?:[\w-]{1,40}/){0,2})((?=[\w.-]{0,60}\d)(?:\w{24,400}|[\w.-]{48,400}))",
        KEY,
    ),
    (
        r"(://[^\s/@:?#]{0,80}:)([^\s/?#@\[]{0,120}@[^\s/?#@]{1,120}(?:@[^\s/?#@]{1,120})?)(?=@)",
        PASSWORD,
    ),
    # These are ordinary words of addresses, too: only what is as long as a key.
    (
        r"(?i)([?&#;](?:key|code|sid|sig|auth|state|ticket|otp|invite)=)([^&\s#\"'<>\[]{20,4000})",
        KEY,
    ),
)
_THEN = r"[^:=>\n]{0,60}[:=>]"  # what sets a value off
_PASSWORD_WORDS = "|".join(w for w in (*PASSWORDS, _KEYWORD, "pw") if "pass" not in w)
_ONE_BY_ONE = 1 + 8 + 24 * 4  # lines: behind the label, before the first code, behind each
# Used in this order. Each alternative begins with a plain letter: `re` skips to those.
_TABLE: tuple[tuple[str, _Forms, int], ...] = (
    (f"pass|{_PASSWORD_WORDS}", _OF_PASSWORDS, 1),
    ("phrase| words|wörter|schlüssel|recovery key", _OF_SEEDS, 1),
    ("backup|recovery|wiederherstellungs", _OF_BACKUPS, _ONE_BY_ONE),
    (" key|-key| token|-token|client secret|psk|schlüssel", _OF_KEYS, 1),
    (
        "code|codice|código|kod|kood|код|cvv|cvc|card verification|prüf|cryptogramme|コード|番号|码|碼"
        r"|보안|인증|passwor|pin(?<![^\W_]pin)|tan(?<![^\W_]tan)|mtan|pushtan|chiptan|phototan"
        r"|otp(?<![^\W_]otp)|is your|ist ihr|ist dein|est votre|es tu|es su|è il tuo|é o seu",
        _OF_CODES,
        1,
    ),
    ("login|log-in|credentials|zugangsdaten|identifiants|credenciales|credenziali", _OF_PAIRS, 1),
    ("digit|character|ziffer|zeichen|chiffre|dígito|cifra", _OF_DIGITS, 1),
    (
        "card n|kartennummer|numéro d|número d|numero |kaartn|numer karty|номер карты|カード|卡号|카드",
        _OF_CARDS,
        1,
    ),
    ("--", _OF_OPTIONS, 1),
    ("login|redis-cli|zip|7z|pass|mysql|curl|wget", _OF_COMMANDS, 1),
    ("|".join(word + _THEN for word in ("pass", "pw", "secret", "token", "key")), _OF_SETTINGS, 1),
    ("authorization|bearer|cookie", _OF_HEADERS, 1),
    ("[=/]", _OF_ADDRESSES, 1),
)
# What `re.IGNORECASE` takes for other letters and `lower` leaves as it is.
_ODD = tuple(zip("ıſᲀᲁᲂᲃᲄᲅᲆ", "isвдосттъ", strict=True))


@cache  # not when imported: it takes some 30 ms, and the first text that is stored can wait for that
def groups() -> tuple[Group, ...]:
    """Every pattern, in the order in which they are used."""
    return tuple(
        Group(re.compile(words), tuple((re.compile(form), left) for form, left in forms), under)
        for words, forms, under in _TABLE
    )


def small(text: str) -> str:
    """`text` in small letters, sign for sign, and without those that `re.IGNORECASE` takes for others."""
    if text.isascii():
        return text.lower()
    text = text.replace("İ", "i").lower()  # alone becomes two signs
    for odd, plain in _ODD:
        text = text.replace(odd, plain)
    return text


def redacted(text: str) -> str:
    """`text` with placeholders for what follows such words."""
    for group in groups():
        parts, done = [], 0
        for start, end in _places(text, group):
            part = text[start:end]
            for pattern, placeholder in group.forms:
                part = pattern.sub(rf"\g<1>{placeholder}", part)
            parts += [text[done:start], part]
            done = end
        if done:
            text = "".join((*parts, text[done:]))
    return text


def _places(text: str, group: Group) -> Iterator[tuple[int, int]]:
    """Where the group's patterns can match: whole lines, none twice."""
    looked, start, end = small(text), 0, -1
    at = 0
    while found := group.words.search(looked, at):
        first = looked.rfind("\n", 0, found.start()) + 1
        if first > end:
            if end >= 0:
                yield start, end
            start = first
        at = end = _line_end(looked, found.end())
        for _ in range(group.under):
            end = _line_end(looked, end + 1)
    if end >= 0:
        yield start, end


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
