"""Secrets known by what stands before them: labels of forms, options, settings, headers, addresses.

Each pattern has two groups: what stays, and what is secret. Pure; every repetition is bounded, so that a long
line costs no more than its length.
"""

import re

from gum.detectors import KEY, PASSWORD

CARD, CODE = "[card number]", "[code]"

# Words before a value, in the languages interfaces come in. After a card's label any number goes.
_PASSWORD = (
    r"pass(?:word|[ -]?phrase|code|wd)|mot de passe|contraseña|clave|senha|palavra-passe"
    r"|\w{0,20}(?:passwort|kennwort|wachtwoord|lösenord|adgangskode|passord)"  # these are written in one word
    r"|hasło|heslo|пароль|parola(?: d'ordine)?|salasana|şifre"
    r"|パスワード|暗証番号|密码|密碼|비밀번호|كلمة المرور|סיסמה|पासवर्ड"
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
_SECRET_NAME = (
    r"(?:pass(?:word|phrase|wd)|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?key)"
)


def _after(words: str, between: str, value: str, flags: int = 0) -> re.Pattern[str]:
    # A label of another script has no spaces around it; one of letters must begin a word.
    label = rf"(?<![^\W_])(?:{words})"
    return re.compile(rf"({label}{between})({value})", re.IGNORECASE | flags)


def _option(words: str) -> re.Pattern[str]:
    """Of a command: `--db-password x`, `--token=x`."""
    name = rf"(?<!\S)--(?:[a-z]{{1,12}}-){{0,3}}(?:{words})(?:=|[^\S\n]{{1,4}})"
    return re.compile(rf"({name})(?![-\[])({_VALUE})", re.IGNORECASE)


def _setting(words: str) -> re.Pattern[str]:
    """Of a file or an answer: `db_password = "x"`, `"apiKey": "x"`. Bare words without a digit are prose."""
    name = (
        rf"\b_?(?:[a-z0-9]{{1,30}}[_-]){{0,5}}[a-z]{{0,20}}(?:{words})(?!{_OF_THEM})"
        rf"(?:[_-](?!{_OF_THEM})[a-z0-9]{{1,20}}){{0,2}}"
    )
    value = rf"{_QUOTED}|(?=[^\s,;]{{0,60}}\d)[^\s,;&\"'\[<{{(][^\s,;&\"']{{5,400}}"
    between = r"[\"']?[^\S\n]{0,3}[:=][^\S\n]{0,3}"
    return re.compile(rf"({name}{between})({value})", re.IGNORECASE)


_Patterns = tuple[tuple[re.Pattern[str], str], ...]
_OF_PASSWORDS: _Patterns = (
    # A block of YAML.
    (
        re.compile(
            rf"(?i)((?<![^\W_])(?:{_PASSWORD}):[^\S\n]{{0,4}}[|>]-?\n[^\S\n]{{1,20}})(\S[^\n]{{0,400}})"
        ),
        PASSWORD,
    ),
    # A field of a form is a line of its own, and its value may have spaces in it.
    (
        re.compile(
            rf"(?im)(^[^\S\n]{{0,8}}(?:[-*•>#]{{1,3}}[^\S\n]|\d{{1,2}}[.)][^\S\n])?[*_`]{{0,3}}"
            rf"(?:{_WHOSE}[ -])?(?:{_PASSWORD})(?:{_COLON}))({_SOME}\S[^\n]{{0,79}}[^\s\n]{{0,320}})"
        ),
        PASSWORD,
    ),
    # A cell of a table, a line under its label.
    (
        re.compile(
            rf"(?im)(^[^\S\n]{{0,8}}(?:{_WHOSE}[ -])?(?:{_PASSWORD}){_UNDER})("
            rf"{_STRANGE})(?=[^\S\n]{{0,8}}$)"
        ),
        PASSWORD,
    ),
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
_OF_KEYS: _Patterns = (
    (_after(_WORDS_OF_SEED, f"(?:{_COLON}|{_IS})", r"[^\n]{1,400}"), KEY),
    (
        re.compile(
            r"(?i)((?:backup|recovery|wiederherstellungs)[ -]?codes?[^\S\n]{0,4}(?:[:：]|\n)\s{0,8})"
            r"((?:(?=[\w-]{0,30}\d|[a-z]{3,6}-[a-z]{3,6})[\w-]{4,30}\b[\s,]{0,4}){1,24}(?<=\w))"
        ),
        KEY,
    ),
    (
        re.compile(
            rf"(?im)(^[^\S\n]{{0,8}}(?:your )?(?:{_KEY}){_UNDER})"
            rf"((?=\S{{0,60}}\d)[\w+/=.~-]{{16,400}})(?=[^\S\n]{{0,8}}$)"
        ),
        KEY,
    ),
    (_after(_KEY, f"(?:{_COLON}|{_IS})", rf"{_QUOTED}|(?=\S{{0,60}}\d)[^\s\[(<\"'][^\s,;\"']{{7,399}}"), KEY),
)
_OF_CODES: _Patterns = (
    (_after(_CODE, f"(?:{_COLON}|{_IS})", r"\d[\d -]{0,9}\d"), CODE),
    (
        re.compile(
            rf"((?<![^\W_])(?:{_CODE_SHOWN})(?:[^\S\n]{{1,4}}|[^\S\n]{{0,4}}\n[^\S\n]{{0,4}}))"
            r"(\d{3}[ -]\d{3}|\d{3,8})(?![\w-]|[.,:/]\d)"
        ),
        CODE,
    ),
    (
        re.compile(
            r"(?i)((?<![^\W_])(?:your|ihr|dein|votre|ton|tu|su|il tuo|o seu|uw|je|twój|ваш|din|ditt)[^\S\n]"
            rf"(?:(?!{_OTHER_CODES})[\w-]{{1,20}}[^\S\n]){{0,3}}(?!{_OTHER_CODES})[\w-]{{0,20}}"
            r"(?:code|codice|código|kode?|код|koodi)[^\S\n]?(?:is|ist|lautet|est|es|è|é|to|er|är)?[^\S\n]?[:：]?"
            r"[^\S\n]?)((?:[a-z]-)?(?:\d{3}[ -]\d{3}|\d{4,8}))(?![\w-]|[.,:/]\d)"
        ),
        CODE,
    ),
    (
        re.compile(
            r"(?i)((?:验证码|驗證碼|确认码|確認碼|認証番号|認証コード|確認コード|인증번호|인증[^\S\n]?코드)"
            r"[^\S\n]?(?:是|为|は|는|은)?[^\S\n]?[:：]?[^\S\n]?)(\d{4,8})(?!\d)"
        ),
        CODE,
    ),
    (
        re.compile(
            r"(?i)((?<!\w)(?:use|enter|type)[^\S\n](?:the[^\S\n]|this[^\S\n])?(?:[\w-]{1,20}[^\S\n])?code:?"
            r"[^\S\n])(\d{3}[ -]\d{3}|\d{5,8})(?![\w-]|[.,:/]\d)"
        ),
        CODE,
    ),
    (
        # A field or a line for a code, if it is none of an address, a ware, a program or a mistake.
        re.compile(
            rf"(?im)(^(?![^:\n]{{0,60}}\b(?:{_OTHER_CODES}))[^:\n]{{0,60}}\bcode\b[^:\n]{{0,40}}[:：][^\S\n]{{0,4}})"
            r"(\d{3}[ -]?\d{3}|\d{4,8})(?=[^\S\n]{0,8}$)"
        ),
        CODE,
    ),
    (
        re.compile(
            r"(?i)((?<![\w.,:/-]))((?:[a-z]-)?(?:\d{3}[ -]\d{3}|\d{4,8}))"
            r"(?=[^\S\n](?:is your|ist (?:ihr|dein)e?|est votre|es (?:tu|su)|è il tuo|é o seu)\b[^\n]{0,40}"
            r"(?:code|passcode|password|passwort|otp|pin\b|tan\b|código|codice))"
        ),
        CODE,
    ),
)
_OF_ANYTHING: _Patterns = (
    (_after(_PAIR, r"[:：][^\S\n]{0,4}\S{1,60}[^\S\n]?[/|,][^\S\n]?", _STRANGE), PASSWORD),
    # A code in as many fields as it has digits: "Digit 1 of 6: 4".
    (
        re.compile(
            r"(?i)((?<![^\W_])(?:digit|character|ziffer|zeichen|chiffre|dígito|cifra)[^\S\n]{0,3}\d"
            r"(?:[^\S\n](?:of|von|sur|de|di)[^\S\n]\d)?[:：][^\S\n]{0,3})(\w)(?!\w)"
        ),
        CODE,
    ),
    (_after(_CARD, f"(?:{_COLON}|{_IS})", r"\d(?:[ \u00a0-]{0,2}\d){0,30}"), CARD),
    # Commands and settings.
    (_option("pass(?:word|phrase|wd)?"), PASSWORD),
    (_option("secret|token|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?key"), KEY),
    (re.compile(rf"(\bsshpass[^\S\n]{{1,4}}-p[^\S\n]{{0,4}})({_VALUE})"), PASSWORD),
    (
        re.compile(
            r"(\b(?:(?:docker|podman|oc)[^\S\n]login\b[^\n|;]{0,120}?[^\S\n]-p|redis-cli\b[^\n|;]{0,120}?[^\S\n]-a"
            rf"|(?:un)?zip\b[^\n|;]{{0,120}}?[^\S\n]-P)[^\S\n]{{1,4}})(?!-)({_VALUE})"
        ),
        PASSWORD,
    ),
    (
        re.compile(r"((?:\b7z[ar]?\b[^\n|;]{0,120}?[^\S\n]-p|-pass(?:in|out)?[^\S\n]{1,4}pass:))(\S{1,120})"),
        PASSWORD,
    ),
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
    (
        re.compile(
            rf"(\b[A-Z][A-Z0-9_]{{0,40}}(?:PASSWORD=|PASSWD=|_(?:PASS|PWD|PW)(?:=|:[^\S\n])))(?!\[)({_VALUE})"
        ),
        PASSWORD,
    ),
    (
        re.compile(
            r"(<(?:[\w.:-]{0,30})?(?:password|passwd|passphrase|secret|token|api-?key)>)([^<\n\[][^<\n]{0,399})(?=</)",
            re.I,
        ),
        PASSWORD,
    ),
    (re.compile(rf"(\b[A-Z][A-Z0-9_]{{0,40}}(?:SECRET|TOKEN)=)(?!\[)({_VALUE})"), KEY),
    # Headers of HTTP, and what addresses carry.
    (
        re.compile(
            r"(\b(?:proxy-)?authorization\b[\"']?[^\S\n]{0,3}:[^\S\n]{0,3}[\"']?"
            r"(?:(?:bearer|basic|token|digest|negotiate)[^\S\n]{1,3}|(?=\S{0,99}\d)))([^\s\"'\[]\S{3,4000})",
            re.IGNORECASE,
        ),
        KEY,
    ),
    (re.compile(r"((?i:\bbearer)[^\S\n]{1,3})([A-Za-z0-9._~+/-]{16,4000}={0,2})"), KEY),
    (
        re.compile(
            r"((?i:^|(?<=[\s\"']))(?i:set-)?(?i:cookie):[^\S\n]{0,3})(?=[^\n]{0,200}[=\d])([^\n]{1,4000})",
            re.MULTILINE,
        ),
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
    # What lets in whoever has the link, also without a name before it.
    (
        re.compile(
            r"(/(?:reset|verif|confirm|activat|invit|magic|password|login|signin|auth|token)[\w-]{0,20}/"
            r"(?:[\w-]{1,40}/){0,2})((?=[\w.-]{0,60}\d)(?:\w{24,400}|[\w.-]{48,400}))",
            re.I,
        ),
        KEY,
    ),
    (
        re.compile(r"(://[^\s/@:?#]{0,80}:)([^\s/?#@\[]{0,120}@[^\s/?#@]{1,120}(?:@[^\s/?#@]{1,120})?)(?=@)"),
        PASSWORD,
    ),
    # These are ordinary words of addresses, too: only what is as long as a key.
    (
        re.compile(
            r"([?&#;](?:key|code|sid|sig|auth|state|ticket|otp|invite)=)([^&\s#\"'<>\[]{20,4000})", re.I
        ),
        KEY,
    ),
)
# A text without one of these pieces, in small letters, has nothing for the patterns beside them. Looking for
# the pieces takes a hundredth of the time.
BEFORE: tuple[tuple[tuple[str, ...], _Patterns], ...] = (
    (
        (
            *(
                "pass",
                "pw",
                "kennw",
                "mot de",
                "contraseña",
                "clave",
                "senha",
                "wacht",
                "hasło",
                "heslo",
                "парол",
            ),
            *(
                "parola",
                "lösenord",
                "adgangskode",
                "salasana",
                "ifre",
                "パスワード",
                "暗証",
                "密码",
                "密碼",
                "비밀",
            ),
            *("كلمة", "סיסמה", "पासवर्ड"),
        ),
        _OF_PASSWORDS,
    ),
    (("key", "token", "secret", "psk", "phrase", "words", "code", "schlüssel", "wörter"), _OF_KEYS),
    (
        (
            "code",
            "kod",
            *("код", "码", "碼", "番号", "인증"),
            "pin",
            "tan",
            "cvv",
            "cvc",
            "verif",
            "otp",
            "prüf",
            "pass",
            "crypto",
            "código",
            "codice",
            "コード",
            "验证码",
            "安全码",
        ),
        _OF_CODES,
    ),
    (("",), _OF_ANYTHING),
)


def redacted(text: str) -> str:
    """`text` with placeholders for what follows such words."""
    small = text.lower()
    for pieces, patterns in BEFORE:
        if any(piece in small for piece in pieces):
            for pattern, placeholder in patterns:
                text = pattern.sub(rf"\g<1>{placeholder}", text)
    return text
