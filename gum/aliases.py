"""Places and long numbers under other names, as other people are (`gum.people`). Pure.

What is a place: what a claim says the person goes to, unless it is an everyday word ("the office"), and
street addresses and postcodes with a town in common Western forms. What is a number: five digits and more
that could tell who somebody is (orders, accounts, customers, bookings), and shorter ones and codes of letters
behind a word such as "booking". Not: years, dates, times, amounts of money, grouped and decimal numbers,
percentages, versions, sizes and counts with their unit, names of standards.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gum.contacts import MAIL, PHONE
from gum.people import Kind, Person, called, unmasked
from gum.text import MAX_TEXT, clean, normal, phrases, tidy, unspaced
from gum.types import Draft, Proposition

PLACES = frozenset({"place"})  # slots of claims that name one
_LONGEST_PLACE = 60
_FEWEST_DIGITS = 5

_EVERYDAY_WORDS = """
    a an the to at in on my our your his her their this that and or of for from near by with some home house
    flat office work workplace school university college campus gym shop store supermarket market bank
    church library park pool station airport hospital clinic doctor doctors dentist hairdresser pharmacy
    cinema theatre theater museum restaurant cafe bar pub party meeting conference event concert holiday
    vacation bed town city centre center downtown beach sea mountains lake countryside kitchen garden
    canteen lunch dinner der die das den dem des ein eine einen einem nach zu zum zur im am ins auf mein
    meine haus hause zuhause büro arbeit schule uni universität supermarkt markt kirche bibliothek bahnhof
    flughafen krankenhaus klinik arzt ärztin zahnarzt zahnärztin friseur apotheke kino urlaub bett stadt
    strand meer berge see garten le la les l un une au aux à du de chez mon ma mes maison bureau travail
    école université gare aéroport hôpital médecin dentiste coiffeur pharmacie cinéma vacances ville plage
    mer montagne el los las una al del mi mis casa oficina trabajo escuela universidad estación aeropuerto
    médico farmacia cine vacaciones ciudad playa mar montaña il lo gli i un' ufficio lavoro scuola stazione
    aeroporto ospedale medico vacanza città spiaggia o os as um uma ao escritório trabalho escola estação
    cidade praia het een naar op mijn huis kantoor werk vliegveld ziekenhuis tandarts kapper
    家 自宅 会社 学校 駅 空港 病院 家里 公司 车站 机场 医院
"""
_EVERYDAY = frozenset(_EVERYDAY_WORDS.split())

_CAP = r"[A-ZÀ-ÖØ-ÞŁŚŻŹĆŠŽČŘ][\w’'-]{0,30}"  # bounded, or a long line costs its square
_HOUSE = r"\d{1,4}(?: ?[a-zA-Z](?![\w’'-]))?(?:[-–/]\d{1,4}[a-z]?)?(?![\w%€$]|[.,:]\d)"
_TOWN = rf"{_CAP}(?:[ -](?:am|an der|im|upon|on|sur|de|la|le|di|do){_CAP}|-{_CAP})?"
_ADDRESS = phrases(
    # Hauptstraße 5, Lange Gracht 12, Storgatan 3
    rf"\b(?:{_CAP} ){{0,2}}[A-ZÀ-ÖØ-Þ]?[\w-]{{0,30}}?(?:[Ss]traße|[Ss]trasse|[Ss]tr\."
    rf"|[a-zß-ÿ]weg|[a-zß-ÿ-][Aa]llee|[a-zß-ÿ-]"
    rf"[Pp]latz|[Gg]asse|[a-zß-ÿ]ring|[a-zß-ÿ]ufer|[a-zß-ÿ]damm|[Cc]haussee|laan|straat|[Gg]racht"
    rf"|[a-zß-ÿ]plein|gatan|vägen"
    rf"|[a-zß-ÿ]gata|[a-zß-ÿ]vej|[a-zß-ÿ]gade) ?{_HOUSE}",
    # Am Markt 5, 10115 Berlin: such names are also times ("am Montag 5"), so the town must follow
    rf"\b(?:Am|An der|An den|Auf dem|Auf der|Im|In der|Zum|Zur|Unter den) {_CAP} {_HOUSE}(?=,?"
    rf" (?:[A-Z]{{1,2}}-)?\d{{4,5}} [A-Z])",
    # 12 Main Street, 221B Baker St.
    rf"\b\d{{1,5}}[A-Za-z]?(?:-\d{{1,5}})? (?:(?:[NSEW]\.?|{_CAP}) ){{1,4}}(?:Street|St|Road|Rd"
    rf"|Avenue|Ave|Lane|Ln|Drive|Dr"
    r"|Boulevard|Blvd|Court|Ct|Square|Sq|Terrace|Way|Place|Pl|Close|Crescent|Gardens|Mews|Parade"
    r"|Highway|Hwy"
    r"|Parkway|Pkwy)\b\.?",
    # 12 bis, rue de la Paix
    rf"\b\d{{1,4}}(?: ?(?:bis|ter|quater))?,? (?:rue|avenue|av\.|boulevard|bd\.?|place|quai|chemin"
    rf"|allée|impasse|cours|route"
    rf"|square) (?:(?:de la|de l[’']|des|du|de|d[’'])? ?{_CAP}[ -]?){{1,4}}(?<![ -])",
    # Via Roma 5, Calle de Alcalá, 20, Rua do Ouro 7
    rf"\b(?:[Vv]ia|[Vv]iale|[Pp]iazza|[Cc]orso|[Ll]argo|[Vv]icolo|[Cc]alle|C/|[Aa]venida|Avda?\."
    rf"|[Pp]laza|[Pp]aseo|[Rr]ua"
    rf"|[Tt]ravessa|[Pp]raça) (?:(?:de la|de los|de las|dei|degli|delle|della|del|de|do|da|dos|das"
    rf"|di|d[’']) ?)?"
    rf"{_CAP}(?: {_CAP}){{0,3}},? (?:n[.º°o]? ?)?{_HOUSE}",
    # ul. Długa 5, ул. Ленина, д. 5
    rf"\bul\. {_CAP}(?: {_CAP}){{0,2}} {_HOUSE}",
    rf"(?:ул\.|улица|проспект|пр\.) [А-ЯЁ][\w-]{{1,30}}(?: [А-ЯЁ][\w-]{{1,30}})?,? (?:д\. ?|дом )?{_HOUSE}",
)
_UNITS = (
    r"(?:€|\$|£|¥|EUR|USD|GBP|CHF|JPY|[Ee]uros?|[Dd]ollars?|[Pp]ounds?|[Ff]ranken|[Ff]rancs?|[Yy]en"
    r"|zł|Kč|kr"
    r"|Mio|Mrd|[Mm]illion(?:s|en)?|[Tt]housand|[Tt]ausend|k|K|M|px|dpi|ms|s|min|h|km|cm|mm|m|kg|mg"
    r"|g|l|kB|KB|MB|GB"
    r"|TB|KiB|MiB|GiB|kbit|[Bb]ytes?|[Bb]its?|k?Hz|MHz|GHz|k?Wh?|kcal|kJ|[Rr]ows?|[Ll]ines?"
    r"|[Ww]ords?|[Tt]okens?"
    r"|[Cc]haracters?|[Ii]tems?|[Ff]iles?|[Uu]sers?|[Pp]eople|[Ss]teps?|[Pp]ages?|[Rr]ecords?"
    r"|[Ss]tars?|[Vv]iews?"
    r"|[Mm]iles?|[Hh]ours?|[Dd]ays?|[Yy]ears?|Zeilen|Wörter|Zeichen|Schritten?|Seiten|Nutzer"
    r"|Einwohnern?|Dateien"
    r"|Tagen?|Jahren?|Stunden|lignes|mots|pas|personnes|fichiers|habitants|líneas|palabras|pasos"
    r"|personas|archivos"
    r"|righe|parole|persone|linhas|palavras|pessoas|人|円|元|行|字)(?!\w)"
)
_TOWN_POST = phrases(
    rf"\b(?:[A-Z]{{1,2}}-)?\d{{5}} (?!{_UNITS}){_TOWN}",  # 10115 Berlin
    rf"\b[A-Z]{{1,2}}-\d{{4}} {_TOWN}",  # A-1010 Wien
    rf"\b\d{{4}} ?[A-Z]{{2}},? (?!{_UNITS}){_TOWN}",  # 1012 AB Amsterdam
    rf"\b{_CAP}(?: {_CAP})?,? [A-Z]{{1,2}}\d[A-Z\d]? \d[A-Z]{{2}}\b",  # London NW1 6XE
    rf"\b{_CAP}(?: {_CAP})?, [A-Z]{{2}} \d{{5}}(?:-\d{{4}})?\b",  # Springfield, IL 62704
    r"〒 ?\d{3}-\d{4}",
)
_BEHIND = re.compile(rf",? (\d{{4}} (?!{_UNITS}){_TOWN})")  # 8001 Zürich: a year elsewhere

# What is no number of somebody's, taken out before numbers are looked for.
_NO_NUMBER = phrases(
    r"(?<!\d)\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ]\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?(?:Z"
    r"|[+-]\d{2}:?\d{2})?)?(?![\d-])",
    r"(?<![\d-])\d{1,2}[-/.] ?\d{1,2}[-/.] ?\d{2}(?:\d{2})?(?![\d-])",  # a date in any order
    r"(?<!\d)(?:19|20)\d\d ?[-–/] ?(?:(?:19|20)\d\d|\d\d)(?![\d-])",  # years
    r"(?<!\d)(?:(?:19|20)\d\d[ ,]+)+(?:19|20)\d\d(?!\d)",
    r"(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?",
    r"(?:[€$£¥₹]|(?<![A-Z])(?:EUR|USD|GBP|CHF|JPY|Rs\.?)) ?\d[\d.,'’ ]*",
    r"(?<![\w.,])\d{1,3}(?:([.,'’])\d{3})(?:\1\d{3})*(?:[.,]\d{1,2})?(?![\w]|[.,]\d)",  # 1,000,000
    r"(?<![\w.,])\d+[.,]\d+(?![\w]|[.,]\d)",  # 3.14159
    r"(?<![\w.,])v?\d+(?:\.\d+){2,}(?!\w)",  # versions
    rf"(?<![\w.,])\d[\d.,'’]*(?: \d{{3}})* ?(?:%|‰|{_UNITS})",
    r"(?<!\d)\d+ ?[x×] ?\d+(?: ?[x×] ?\d+)?",
    r"(?<!\w)(?:ISO|RFC|DIN|EN|IEC|IEEE|CVE|ANSI|PEP|[Pp]ort)(?:[ /-]?\d[\d-]*)+",
    r"#[0-9a-fA-F]{6}(?!\w)",  # a colour
)
_CUE = (
    r"(?:booking|reservation|confirmation|order|tracking|shipment|parcel|ticket|invoice|customer"
    r"|client|account|acct"
    r"|reference|ref|case|policy|contract|membership|member|passport|patient|tax|PNR|licen[cs]e|serial"
    r"|buchung(?:s\w*)?|reservierung(?:s\w*)?|bestell(?:ung|nummer|nr)|auftrag(?:s\w*)?|rechnung(?:s\w*)?"
    r"|kunden?(?:nummer|nr)?|kontonummer|konto|vertrag(?:s\w*)?|sendung(?:s\w*)?|vorgang(?:s\w*)?"
    r"|aktenzeichen|ausweis\w*"
    r"|réservation|commande|facture|dossier|compte|contrat|colis|client|reserva|pedido|factura"
    r"|cuenta|contrato"
    r"|cliente|prenotazione|ordine|fattura|conto|contratto|encomenda|fatura|conta|boeking"
    r"|bestelling|factuur|klant\w*"
    r"|rezerwacj\w|zamówieni\w|faktur\w|заказа?|бронь|счёт|договор)"
)
_NO = r"(?:number|num|no|nr|nummer|code|id|ref|reference|numéro|número|numero|n[°º]|№|kod|#)"
_CODED = re.compile(
    rf"(?<!\w)(?i:{_CUE})(?P<said>(?: (?i:is|ist|est|es|è|é|lautet))?(?:[ -]?(?i:{_NO})\.?)?(?:"
    rf" (?i:is|ist|est|lautet))?"
    r" ?[:：#]? ?)(?P<code>[A-Z0-9](?:[A-Z0-9]|[-/](?=[A-Z0-9])){2,23})(?![\w-])"
)
_CJK_CODED = re.compile(
    r"(?:注文番号|予約番号|お問い合わせ番号|会員番号|订单号|預訂編號|预订号|客户号)"
    r" ?[:：]? ?(?P<code>[A-Za-z0-9-]{3,24})"
)
_MARKED = re.compile(r"(?<![\w-])[A-Z]{1,6}(?:[-/]?\d+)(?:[-/]\d+)*(?![\w])")  # INV-2026-00017
_RUN = re.compile(
    r"(?<![\w.,])(?:\d{2,}(?: \d{2,}){2,12}|\d+(?:[-/.]\d+){0,12})(?!\w)"  # 123 456 789; 4711-0815
)


@dataclass(frozen=True, slots=True)
class Found:
    """A place or a number as it stands in a text."""

    kind: Kind
    shown: str


def places_of(claims: Iterable[Proposition | Draft]) -> list[Found]:
    """Places that claims say the person goes to, but for everyday ones."""
    values = (value for claim in claims for slot, value in claim.slots.items() if slot in PLACES)
    return [Found(Kind.PLACE, value) for value in dict.fromkeys(values) if is_place(value)]


def is_place(shown: str) -> bool:
    """Whether a place in a claim has a name of its own: a capital, or letters of a script without any."""
    name = tidy(clean(shown))
    if not 2 <= len(name) <= _LONGEST_PLACE:
        return False
    own = [word for word in re.findall(r"[^\W_]+", name) if word.casefold() not in _EVERYDAY]
    return any(unspaced(word) or not any(c.islower() or c.isdigit() for c in word[:1]) for word in own)


def found_in(text: str) -> list[Found]:
    """Addresses and numbers in a text by their form."""
    flat = text[:MAX_TEXT]
    places, flat = _addresses(flat) if any(map(str.isdigit, flat)) else ([], flat)
    every = [Found(Kind.PLACE, shown) for shown in places]
    every += [Found(Kind.NUMBER, shown) for shown in _numbers(flat)]
    return [found for found in dict.fromkeys(every) if normal(found.shown)]


def numbered(found: Iterable[Found], known: Iterable[Person], last: Mapping[Kind, int]) -> list[Person]:
    """Those of `found` that are not `known`, each with a number. `last`: the highest ever given, by kind.

    Every wording is one of its own: that "Berlin" and "10115 Berlin" are the same town nobody is told.
    """
    there, highest = {p.name for p in known}, dict(last)
    fresh = []
    for each in found:
        name = normal(each.shown)
        if not name or name in there:
            continue
        there.add(name)
        highest[each.kind] = highest.get(each.kind, 0) + 1
        fresh.append(Person(name, highest[each.kind], tidy(clean(each.shown)), kind=each.kind))
    return fresh


@dataclass(frozen=True, slots=True)
class Real:
    """What the labels stand for, for the person's own eyes; as far as it is known now."""

    people: Mapping[int, str]
    others: Mapping[tuple[Kind, int], str]

    @classmethod
    def of(cls, everyone: Iterable[Person]) -> "Real":
        every = list(everyone)
        others: dict[tuple[Kind, int], str] = {}
        others.update(((p.kind, p.number), p.shown) for p in every if p.kind is not Kind.PERSON)
        return cls(called(p for p in every if p.kind is Kind.PERSON), others)

    def read(self, text: str) -> str:
        """`text`, masked some time ago, with the names; a label that stands for nothing known stays."""

        def name(found: re.Match[str]) -> str:
            place = found["bare"] or found["place"]
            key = (Kind.PLACE, int(place)) if place else (Kind.NUMBER, int(found["number"]))
            return self.others.get(key, found[0])

        return _LABEL.sub(name, unmasked(text, self.people))


_LABEL = re.compile(
    r"\[Place (?P<bare>[0-9]+)[a-z]*\]|Place (?P<place>[0-9]+)[a-z]*|\[number (?P<number>[0-9]+)[a-z]*\]"
)


def _addresses(text: str) -> tuple[list[str], str]:
    """The addresses, and the text without them."""
    streets = []
    for match in _ADDRESS.finditer(text):
        streets.append(match.span())
        if (behind := _BEHIND.match(text, match.end())) is not None:
            streets.append(behind.span(1))
    left = _without(text, streets)
    towns = [match.span() for match in _TOWN_POST.finditer(left)]
    return [text[start:end].strip() for start, end in (*streets, *towns)], _without(left, towns)


def _numbers(text: str) -> list[str]:
    codes = [m for m in _CODED.finditer(text) if _is_code(m)]
    codes += _CJK_CODED.finditer(text)
    found = [m["code"] for m in codes]
    if not any(map(str.isdigit, text)):
        return found
    text = _without(text, [m.span("code") for m in codes])
    for pattern in (MAIL, PHONE, _NO_NUMBER):
        text = _without(text, [m.span() for m in pattern.finditer(text)])
    for pattern in (_MARKED, _RUN):
        long = [m for m in pattern.finditer(text) if sum(map(str.isdigit, m[0])) >= _FEWEST_DIGITS]
        found += [m[0] for m in long]
        text = _without(text, [m.span() for m in long])
    return found


def _is_code(found: re.Match[str]) -> bool:
    """Digits, or capitals and digits; a short one only where it is said to be a number, letters alone only
    where no word looks like them."""
    code, said = found["code"], found["said"].strip()
    digits = sum(map(str.isdigit, code))
    if _COUNTED.match(found.string, found.end()) is not None or _YEAR.fullmatch(code):
        return False
    if not digits:
        return bool(said) and len(code) == 6 and re.search("[B-DF-HJ-NP-TV-XZ]{3}", code) is not None
    return len(code) >= _FEWEST_DIGITS or (bool(said) and len(code) >= 4)


_YEAR = re.compile(r"(?:19|20)\d\d(?:-\d\d?(?:-\d\d?)?)?|\d\d?[-/]\d\d?[-/](?:\d\d){1,2}")
_COUNTED = re.compile(rf" ?(?:%|{_UNITS})")


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """`text` with something no pattern knows where the spans are."""
    for start, end in spans:
        text = f"{text[:start]}{_GONE * (end - start)}{text[end:]}"
    return text


_GONE = "\0"
