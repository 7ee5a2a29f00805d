"""Pages that exist because of something the person did: result pages of a search, order confirmations.

Recognised by structure, never by what a drafter claims. The words on them are other people's (their
trust is "read"), but that the page is there is the person's own doing.
"""

import re
from urllib.parse import parse_qsl, urlsplit

from gum.text import clean, lines, normal, phrases
from gum.types import Observation

_KEYS = ("q", "query", "search_query", "p", "wd", "text", "k", "search", "keywords", "term", "searchterm")
_PLACE = re.compile(
    r"search|suche|recherche|busca|ricerca|zoek|/s(?:/|$)|results|find"
    r"|google\.|bing\.|duckduckgo|baidu|yandex|ecosia|qwant|startpage"
)


def search_query(url: str | None) -> str | None:
    """The words a person searched for, from the address of a result page; None when it is not one."""
    if not url or len(url) > 4000:
        return None
    try:
        parts = urlsplit(url)
        pairs = dict(reversed(parse_qsl(parts.query, max_num_fields=60)))
    except ValueError:  # not an address at all, or hundreds of fields
        return None
    place = (parts.netloc + parts.path).lower()
    if parts.scheme not in ("http", "https", "file") or not _PLACE.search(place):
        return None
    for name in _KEYS:
        if value := " ".join(clean(pairs.get(name, "")).split()):
            return value if len(value) <= 200 else None
    return None


# Matched against gum.text.normal of one line.
_CONFIRMED = phrases(
    r"""
    thank you for (?:your |the )?(?:order|purchase|booking|reservation)
    (?:order|booking|reservation|purchase|payment) (?:is |was |has been |now )*(?:confirmed\
      |confirmation|placed|complete|successful)
    your (?:order|booking|trip|ticket)s? (?:is|are|has been|have been) (?:confirmed|booked)
    dank für (?:deine|ihre|die) (?:bestellung|buchung)
    (?:bestell|buchungs)bestätigung
    (?:bestellung|buchung) (?:ist |wurde )?(?:aufgegeben|bestätigt)
    merci pour votre (?:commande|réservation|achat)
    (?:commande|réservation) (?:est )?confirmée
    confirmation de (?:votre |la )?(?:commande|réservation)
    gracias por (?:tu|su) (?:pedido|compra|reserva)
    (?:pedido|reserva|compra) confirmad[oa]
    confirmación de (?:pedido|reserva)
    obrigad[oa] (?:pela|por) (?:sua |a sua )?(?:compra|reserva|encomenda)
    grazie per (?:il tuo |l |la tua )(?:ordine|acquisto|prenotazione)
    (?:ordine|prenotazione) confermat[oa]
    bedankt voor (?:je|uw) (?:bestelling|boeking)
    (?:bestelling|boeking) (?:is )?bevestigd
    ご注文ありがとうございます
    注文を承りました
    予約が完了
    ご予約ありがとう
    订单已(?:提交|确认)
    下单成功
    预订成功
    """
)
_NUMBER = phrases(
    r"""
    \b(?:order|booking|reservation|confirmation|reference|bestell|auftrags?|buchungs|commande|réservation|\
    pedido|reserva|ordine|prenotazione|bestelling|boekings?|localizador)[\w-]*[ ]?\
    (?:number|num|no|nr|nummer|numéro|número|numero|id|code|ref|reference)?\b[^\w\n]{0,6}\
    (?:n[o°º]\.?[ ]?)?[^\w\n]{0,3}[A-Z0-9-]*\d[A-Z0-9-]{2,}
    (?:注文|予約|订单|预订)(?:番号|号|编号)?[^\w\n]{0,4}[A-Z0-9-]*\d[A-Z0-9-]{2,}
    """,
    flags=re.IGNORECASE,
)


def is_receipt(observation: Observation) -> bool:
    """Whether a page confirms an order or booking just made: a confirming line AND an order number.

    Either alone is not enough: adverts say "order confirmed" too, and lists of orders have numbers.
    """
    every = lines(clean(observation.title + "\n" + observation.text))
    return any(confirms(line) for line in every) and any(_NUMBER.search(line) for line in every)


def confirms(line: str) -> bool:
    """Whether a line says that an order or booking was made."""
    return _CONFIRMED.search(normal(line)) is not None


def numbered(line: str) -> bool:
    """Whether a line gives the number of an order or booking."""
    return _NUMBER.search(line) is not None
