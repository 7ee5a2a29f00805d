"""Order and booking confirmations: what was bought, where somebody is going.

Such a page is read, not written, yet it is there because the person ordered; gum.receipt decides
whether it is one. What stands below "you may also like" is an advert again.
"""

import re
from collections.abc import Sequence

from gum.dates import find
from gum.extract.draft import claim, kept, local
from gum.receipt import confirms, is_receipt, numbered
from gum.roles import eligible
from gum.text import lines, normal, phrases, tidy
from gum.types import Draft, Observation

_MORE = phrases(
    r"""
    you (?:may|might) (?:also )?(?:like|need|love)|customers (?:who|also)|recommended|related|sponsored\
      |more from|trending
    frequently bought|inspired by|recently viewed|add (?:a )?(?:hotel|car)|upgrade|save on|discover\
      |\badvert|\bad\b
    kunden (?:kauften|haben)|das könnte|empfehl|gesponsert|anzeige|vous (?:aimerez|pourriez)|recommand\
      |publicité
    también te|te puede|recomenda|patrocinad|publicidade?|potrebbe|consigliat|sponsorizzat|misschien\
      |aanbevolen
    おすすめ|関連商品|広告|推荐|猜你喜欢|广告
    """
)
_ITEM = (
    re.compile(
        r"^(?:items?|products?|articles?|title|artikel|produkte?|article|produits?|artículos?|productos?"
        r"|produtos?"
        r"|itens|articolo|prodotto|product|商品(?:名)?|品名|商品名称)\s*[:：]\s*(?P<item>.+)$",
        re.IGNORECASE,
    ),
    re.compile(r"^(?:\d{1,3}\s?[x×]\s+|qty:? ?\d{1,3}\s+)(?P<item>\S.+)$", re.IGNORECASE),
    re.compile(r"^(?P<item>\S.{3,100}?)\s+(?:[x×] ?\d{1,3}|qty:? ?\d{1,3})\b.*$", re.IGNORECASE),
    re.compile(
        r"^(?P<item>\S.{3,100}?)[\s|]+(?:(?:[$€£¥￥]|EUR|USD|GBP|CHF|US\$) ?\d[\d., ]*"
        r"|\d[\d.,]* ?(?:[$€£円元]|EUR|USD|CHF))$"
    ),
)
_ROW = re.compile(r"^(?P<item>[^|]{4,100}?) \| \d{1,3} \| .*\d")  # of a table: item, count, price
# The head of a table stands like a label before its first cell: "Item: Price".
_COLUMN = re.compile(
    r"(?:unit )?(?:price|qty|quantity|item|count|number|preis|einzelpreis|anzahl|menge|artikel|prix|quantité"
    r"|article|precio|cantidad|artículo|prezzo|quantità|articolo|preço|quantidade|artigo|prijs|aantal"
    r"|価格|値段|数量|個数|商品|价格|数量)",
    re.IGNORECASE,
)
_PRICE = re.compile(
    r"[\s|,(–-]*(?:(?:[$€£¥￥]|EUR|USD|GBP|CHF) ?\d[\d.,]*|\d[\d.,]* ?(?:[€£円元]|EUR|USD"
    r"|CHF)\b).*$"
)
_SUM = re.compile(
    r"total|sub-?total|shipping|delivery|tax|vat|discount|coupon|fee|payment|paid|card|order|amount"
    r"|balance|summe|gesamt"
    r"|versand|mwst|rabatt|zahlung|livraison|tva|remise|montant|envío|impuesto|descuento|importe|frete"
    r"|desconto|iva"
    r"|spedizione|sconto|verzend|btw|korting|合計|小計|送料|税|总计|运费|adult|passenger|class|seat|ticket|night|guest",
    re.IGNORECASE,
)
_TRAVEL = re.compile(
    r"\b(?:flight|train|trip|journey|hotel|itinerary|departure|check-?in|boarding|passenger|travel|stay"
    r"|ferry|bus|rail"
    r"|flug|zug|reise|hotel|abfahrt|vol|voyage|départ|trajet|vuelo|viaje|tren|salida|voo|viagem|partida"
    r"|volo|viaggio"
    r"|treno|partenza|vlucht|reis|trein|vertrek)\b|航班|出発|搭乗|宿泊|新幹線|列车|酒店|出发",
    re.IGNORECASE,
)
_NAME = r"(?P<place>[^\W\d_][\w.'’-]*(?: (?!on\b|at\b|am\b|le\b|el\b|il\b|em\b|op\b)[^\W\d_][\w.'’-]*){0,3})"
_PLACE = (
    re.compile(
        r"^(?:destination|arrival|arriving(?: at| in)?|to|ziel|nach|ankunft|à destination de|arrivée"
        r"|destino|llegada"
        rf"|chegada|destinazione|arrivo|bestemming|aankomst|目的地|到着|到达)\s*[:：]\s*{_NAME}",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:trip|journey|flight|train|travel|ticket|booking|stay|reise|flug|zug|fahrt|voyage|vol|trajet"
        r"|viaje|vuelo"
        rf"|viagem|voo|viaggio|volo|reis|vlucht) (?:to|in|nach|à|a|para|per|naar) {_NAME}",
        re.IGNORECASE,
    ),
    re.compile(rf"[^\W\d_]\s*(?:→|➔|->|–>|⇒)\s*{_NAME}"),
)
_SHOPS_OWN = re.compile(
    r"confirm|order|booking|reserv|thank|bestell|buchung|commande|pedido|ordine|注文|予約"
    r"|订单",
    re.IGNORECASE,
)
_BROWSER = re.compile(r"chrom|firefox|edge|safari|opera|brave|vivaldi|navigator", re.IGNORECASE)
_AT_MOST = 8


def extract(observations: Sequence[Observation], languages: Sequence[str] = ()) -> list[Draft]:
    """bought and plans_to_go drafts from confirmations."""
    return [
        d
        for o in observations
        if eligible(o, "bought") and is_receipt(o)
        for d in (*_bought(o), *_going(o, languages))
    ]


def _own(o: Observation) -> list[str]:
    """The lines above what the page recommends."""
    every = lines(o.text)
    end = next((i for i, line in enumerate(every) if _MORE.search(normal(line))), len(every))
    return every[:end]


def _proof(o: Observation) -> list[tuple[Observation, str]]:
    """The line that confirms, as a quote."""
    places = (*lines(o.text), o.title)
    return [(o, line) for line in places if confirms(line)][:1]


def _bought(o: Observation) -> list[Draft]:
    found: list[Draft | None] = []
    shop = _shop(o)
    for line in _own(o):
        match = next((m for shape in (_ROW, *_ITEM) if (m := shape.match(line))), None)
        if match is None or _SUM.search(line) or confirms(line) or numbered(line):
            continue
        item = tidy(_PRICE.sub("", match["item"]))
        if _COLUMN.fullmatch(item):
            continue
        if sum(c.isalpha() for c in item) >= (3 if item.isascii() else 2):
            cited = [(o, line), *_proof(o)]
            found.append(
                claim("bought", {"item": item, "shop": shop}, cited, 0.9, "an order of it was confirmed")
            )
    return kept(*found[:_AT_MOST])


def _shop(o: Observation) -> str:
    """The shop's name: the part of the title that neither confirms nor names the browser."""
    parts = [p.strip() for p in re.split(r"\s[-–—|·:]\s", o.title) if p.strip()]
    named = [p for p in parts if not _SHOPS_OWN.search(p) and not _BROWSER.search(p) and len(p.split()) <= 4]
    return named[0] if named and len(parts) > 1 else ""


def _going(o: Observation, languages: Sequence[str]) -> list[Draft]:
    every = _own(o)
    if not _TRAVEL.search(o.title + "\n" + "\n".join(every)):
        return []
    for shape in _PLACE:
        for line in every:
            if match := shape.search(line):
                return kept(_trip(o, line, tidy(match["place"]), every, languages))
    return []


def _trip(
    o: Observation, line: str, place: str, every: Sequence[str], languages: Sequence[str]
) -> Draft | None:
    slots, cited, until = {"place": place}, [(o, line)], None
    for other in sorted(every, key=lambda text: not _TRAVEL.search(text)):
        if dates := find(other, local(o.at), languages):
            slots["date"], until = dates[0].phrase, dates[0].at
            cited.append((o, other))
            break
    return claim("plans_to_go", slots, cited + _proof(o), 0.9, "a journey there was booked", until)
