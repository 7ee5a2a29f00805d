"""Words by which secrets, adverts and messages are known, in the languages interfaces come in. Pure."""

import re
from urllib.parse import urlsplit

from gum.secret_words import PASSWORDS, SECURITY_CODES

_ADVERT_LABELS = frozenset(
    {
        *("ad", "ads", "advert", "adverts", "advertisement", "advertisements", "advertising", "sponsored"),
        *("sponsored post", "sponsored content", "sponsored links", "sponsored results", "sponsored result"),
        *("promoted", "promoted post", "paid partnership", "anzeige", "anzeigen", "werbung", "gesponsert"),
        *("gesponserte anzeige", "gesponserte links", "publicité", "publicités", "annonce", "annonces"),
        *(
            "sponsorisé",
            "contenu sponsorisé",
            "publicidad",
            "anuncio",
            "anuncios",
            "patrocinado",
            "promocionado",
        ),
        *("annuncio", "annunci", "pubblicità", "sponsorizzato", "publicidade", "anúncio", "anúncios"),
        *(
            "patrocinado por",
            "advertentie",
            "advertenties",
            "gesponsord",
            "reklama",
            "sponsorowane",
            "reklam",
        ),
        *("sponsorlu", "annons", "annonser", "sponsrad", "sponset", "sponsoreret", "mainos", "hirdetés"),
        *("реклама", "спонсировано", "广告", "廣告", "推广", "赞助", "広告", "スポンサー", "プロモーション"),
        *("광고", "스폰서", "إعلان", "ممول", "פרסומת", "ממומן", "विज्ञापन", "प्रायोजित", "โฆษณา", "quảng cáo"),
    }
)
_ADVERT_TOKENS = frozenset(
    {
        *(
            "ad",
            "ads",
            "advert",
            "adverts",
            "advertisement",
            "sponsored",
            "promoted",
            "adsbygoogle",
            "ad-slot",
        ),
        *("ad-container", "ad-banner", "adbanner", "ad-unit", "ad-wrapper", "google-ad", "dfp-ad", "taboola"),
        *("outbrain", "banner-ad", "ad_slot", "ad_unit"),
    }
)
_HEADERS = {
    "from": "from von de da van od от 差出人 发件人 寄件者 보낸사람 kimden från fra",
    "to": "to an à a para aan do кому 宛先 收件人 받는사람 kime till til",
    "subject": "subject betreff objet asunto oggetto assunto onderwerp"
    " temat тема 件名 主题 主旨 제목 konu ämne emne",
    "date": "date sent datum gesendet envoyé fecha enviado data inviato enviada verzonden wysłano"
    " дата отправлено 日時 日付 日期 发送时间 보낸날짜 tarih skickat",
    "cc": "cc bcc kopie copie копия",
}
_HEADER = {word: kind for kind, words in _HEADERS.items() for word in words.split()}

# Programs whose documents are other people's messages, by WM_CLASS.
MESSENGERS = frozenset(
    {
        *("thunderbird", "thunderbird-esr", "betterbird", "evolution", "geary", "org.gnome.geary", "kmail"),
        *("claws-mail", "mailspring", "slack", "discord", "signal", "telegram-desktop", "telegramdesktop"),
        *(
            "element",
            "whatsapp",
            "teams",
            "microsoft teams",
            "teams-for-linux",
            "fractal",
            "pidgin",
            "hexchat",
        ),
        *("dino", "gajim", "rocket.chat", "mattermost", "zulip", "skype", "wire", "threema"),
    }
)
_MAIL_WORDS = re.compile(
    r"(?<![a-z])(web)?mails?(?![a-z])|e-mail|(?<![a-z])inbox(?![a-z])|outlook|(?<![a-z])chat|messages|whatsapp"
    r"|slack|discord|telegram|messenger|posteingang|boîte de réception|bandeja de entrada|posta in arrivo"
    r"|входящие|受信トレイ|收件箱|받은편지함"
)
_ADDRESS = re.compile(r"^([a-z][a-z0-9+.-]*:|/|~/|localhost\b|[\w-]+(\.[\w-]+)+([:/?#]|$))", re.I)


def is_advert_label(text: str) -> bool:
    """Whether these words are nothing but the label of an advert."""
    plain = text.strip().strip("·•:：|()[]-–— ").casefold()
    return plain in _ADVERT_LABELS


def is_advert_token(token: str) -> bool:
    """Whether a class or id of a page's element marks an advert."""
    return token.casefold() in _ADVERT_TOKENS


def is_header(line: str) -> str:
    """Which head of a message a line is ("from", "to", "subject", "date", "cc"), or ""."""
    word, colon, rest = line.replace("：", ":").partition(":")
    if not colon or not rest.strip():
        return ""
    return _HEADER.get(word.strip().casefold(), "")


def mail_like(title: str, url: str | None) -> bool:
    """Whether a window's title or the host of its address speaks of mail or chat."""
    host = urlsplit(url).hostname if url else None
    return bool(_MAIL_WORDS.search(title.casefold()) or (host and _MAIL_WORDS.search(host)))


def looks_like_address(text: str) -> bool:
    """Whether the content of an address bar is an address, not words that were typed."""
    return bool(_ADDRESS.match(text.strip())) and " " not in text.strip()


_PASSWORD_ROLE = "password text"
_SECRET_LABELS = (
    *(*PASSWORDS, *SECURITY_CODES, "one-time code", "verification code", "einmalcode", "authentication code"),
    *("secret key", "private key", "access token", "api key"),
    *("recovery phrase", "seed phrase", "recovery code", "backup code"),
)


def is_secret(role: str, name: str, states: frozenset[str]) -> bool:
    """Whether the content of an accessible object must never be asked for.

    True for password fields, and for editable fields whose label says so (a password that is being shown).
    """
    folded = name.casefold()
    return role == _PASSWORD_ROLE or ("editable" in states and any(word in folded for word in _SECRET_LABELS))
