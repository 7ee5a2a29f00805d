"""How people write days, times and prices, by language and country, and how else one may put the same day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from app.desks.generate.parts import Country

_SOON = 6  # days within which a weekday alone says which day is meant


@dataclass(frozen=True, slots=True)
class Names:
    """Of days and months in a language, and the forms in which days are written.

    `weekdays` from Monday, `months` from January. `lead` goes before a day within a sentence. In forms:
    {wd} weekday, {w} its short name, {d} {dd} {nth} day, {m} {mm} month, {mon} its name, {mo} its short
    name, {y} year.
    """

    weekdays: tuple[str, ...]
    short_days: tuple[str, ...]
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    forms: tuple[str, ...]
    read: tuple[str, ...]  # forms in which somebody else might repeat the day
    tomorrow: str
    lead: str = ""
    stamp: str = "{w} {d} {mo} {y} {time}"


_EN_READ = ("{d} {mon}", "{mon} {d}", "{nth} of {mon}", "{mon} {nth}", "{nth} {mon}", "{d} {mo}", "{mo} {d}")
_ALWAYS = ("{y}-{mm}-{dd}", "{d} {EN}", "{EN} {d}")  # ISO, and English as a product words its statements

_ENGLISH = Names(
    ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    (
        *("{wd} {d} {mon}", "{d} {mon} {y}", "{wd}, {d} {mon} {y}", "{dd}/{mm}/{y}"),
        *("{nth} of {mon}", "{w} {d} {mo}", "{y}-{mm}-{dd}"),
    ),
    _EN_READ,
    "tomorrow",
)
_AMERICAN_FORMS = (
    *("{wd}, {mon} {d}", "{mon} {d}, {y}", "{mon} {nth}", "{m}/{d}/{y}"),
    *("{w}, {mo} {d}", "{y}-{mm}-{dd}", "{wd}, {mon} {nth}"),
)

NAMES: Mapping[str, Names] = {
    "en": _ENGLISH,
    "de": Names(
        ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
        ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
        (
            *("Januar", "Februar", "März", "April", "Mai", "Juni"),
            *("Juli", "August", "September", "Oktober", "November", "Dezember"),
        ),
        ("Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."),
        ("{wd}, {d}. {mon}", "{dd}.{mm}.{y}", "{d}. {mon} {y}", "{wd}, den {d}. {mon}", "{w}, {d}. {mon}"),
        ("{d}. {mon}", "{dd}.{mm}.{y}", "{dd}.{mm}", "{d}.{m}", "{d}. {mo}"),
        "morgen",
        stamp="{w}, {dd}.{mm}.{y} {time}",
    ),
    "fr": Names(
        ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
        ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."),
        (
            *("janvier", "février", "mars", "avril", "mai", "juin"),
            *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
        ),
        (
            *("janv.", "févr.", "mars", "avr.", "mai", "juin"),
            *("juil.", "août", "sept.", "oct.", "nov.", "déc."),
        ),
        ("{wd} {d} {mon}", "{dd}/{mm}/{y}", "{d} {mon} {y}", "{wd} {d} {mon} {y}", "{d} {mon}"),
        ("{d} {mon}", "{dd}/{mm}/{y}", "{dd}/{mm}", "{d} {mo}"),
        "demain",
        lead="le ",
    ),
    "es": Names(
        ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
        ("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
        (
            *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
            *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
        ),
        ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
        ("{wd} {d} de {mon}", "{dd}/{mm}/{y}", "{d} de {mon} de {y}", "{wd}, {d} de {mon}", "{d} de {mon}"),
        ("{d} de {mon}", "{dd}/{mm}/{y}", "{dd}/{mm}", "{d} {mo}"),
        "mañana",
        lead="el ",
    ),
    "ja": Names(
        ("月曜日", "火曜日", "水曜日", "木曜日", "金曜日", "土曜日", "日曜日"),
        ("月", "火", "水", "木", "金", "土", "日"),
        tuple(f"{n}月" for n in range(1, 13)),
        tuple(f"{n}月" for n in range(1, 13)),
        ("{m}月{d}日", "{m}月{d}日({w})", "{y}年{m}月{d}日", "{y}/{mm}/{dd}", "{m}/{d}({w})"),
        ("{m}月{d}日", "{y}/{mm}/{dd}", "{m}/{d}", "{mm}/{dd}"),
        "明日",
        stamp="{y}年{m}月{d}日({w}) {time}",
    ),
}


@dataclass(frozen=True, slots=True)
class Written:
    """A day as it was put: alone (`bare`) and within a sentence (`said`), and all `readings` of it."""

    day: date
    bare: str
    said: str
    readings: tuple[str, ...]


def write(rng: Random, day: date, today: date, language: str, country: Country) -> Written:
    """The day in one of the ways in which people there write it on `today`."""
    names = NAMES[language]
    ahead = (day - today).days
    if ahead == 1 and rng.random() < 0.4:
        return Written(
            day, names.tomorrow, names.tomorrow, (names.tomorrow, *readings(day, language, country))
        )
    if 1 < ahead <= _SOON and rng.random() < 0.3:
        bare = names.weekdays[day.weekday()]
        said = f"{names.lead}{bare}" if language == "es" else bare
    else:
        bare = put(rng.choice(_forms(language, country)), day, language)
        said = f"{'the ' if bare[0].isdigit() and ' of ' in bare else names.lead}{bare}"
    found = [bare, *readings(day, language, country)]
    weekday = names.weekdays[day.weekday()]
    if 0 <= ahead <= _SOON and weekday in bare:
        found.append(weekday)
    return Written(day, bare, said, tuple(dict.fromkeys(found)))


def readings(day: date, language: str, country: Country) -> tuple[str, ...]:
    """The ways in which a statement may repeat the day: no weekday alone, nothing that is vague."""
    forms = [*NAMES[language].read, *_ALWAYS]
    if language == "en":
        forms += ["{m}/{d}/{y}", "{m}/{d}"] if country.month_first else ["{dd}/{mm}/{y}", "{dd}/{mm}"]
    return tuple(dict.fromkeys(put(form, day, language) for form in forms))


def put(form: str, day: date, language: str, time: str = "") -> str:
    names = NAMES[language]
    return form.format(
        wd=names.weekdays[day.weekday()],
        w=names.short_days[day.weekday()],
        d=day.day,
        dd=f"{day.day:02}",
        nth=_nth(day.day),
        m=day.month,
        mm=f"{day.month:02}",
        mon=names.months[day.month - 1],
        mo=names.short_months[day.month - 1],
        y=day.year,
        EN=_ENGLISH.months[day.month - 1],
        time=time,
    )


def stamp(when: datetime, language: str) -> str:
    """As mail programs show when a message came."""
    return put(NAMES[language].stamp, when.date(), language, f"{when:%H:%M}")


def short(day: date, language: str) -> str:
    """As lists show a day: "13 Mar"."""
    form = {"de": "{dd}.{mm}.", "ja": "{m}月{d}日"}.get(language, "{d} {mo}")
    return put(form, day, language)


def price(amount: str, country: Country) -> str:
    """An amount as a shop there shows it. One without a point is in the country's own money already."""
    if country.scale == 1 and "." in amount:
        return country.money.format(amount.replace(".", ",") if country.comma else amount)
    whole = round(float(amount) * country.scale, -1) if "." in amount else float(amount)
    shown = f"{int(whole):,}"
    return country.money.format(shown.replace(",", ".") if country.comma else shown)


def total(amounts: Sequence[str]) -> str:
    """The sum, written as its parts are."""
    if all("." not in one for one in amounts):
        return str(sum(int(one) for one in amounts))
    return f"{sum(float(one) for one in amounts):.2f}"


def _forms(language: str, country: Country) -> tuple[str, ...]:
    return _AMERICAN_FORMS if language == "en" and country.month_first else NAMES[language].forms


def _nth(day: int) -> str:
    ending = "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"
