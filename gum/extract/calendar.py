"""A calendar entry being written: what somebody prepares for, or where they mean to go, and when."""

import re
from collections.abc import Sequence

from gum.dates import Dated, find, unclear
from gum.extract.draft import claim, kept, local
from gum.text import lines, tidy
from gum.types import Draft, Observation, Trust

_TITLE = re.compile(
    r"^(?:(?:add |event )?(?:title|name)(?: and time)?|what|event|summary|appointment|meeting"
    r"|titel(?: hinzufügen)?|titre"
    r"|(?:añadir |añade un |agregar )?título|(?:adicionar )?título|titolo|termin|événement|evento|afspraak"
    r"|was"
    r"|タイトル(?:を追加)?|件名|予定|(?:添加)?标题|主题|日程)\s*[:：]\s*(?P<value>.+)$",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"^(?:(?:start(?:s|ing)?|begin(?:s)?|from|event)?\s*(?:date|day)?(?: and time)?|when|date"
    r"|start(?:datum)?|datum|beginn"
    r"|wann|von|début|date de début|quand|fecha(?: de inicio)?|inicio|empieza|cuándo|data(?: de início)?"
    r"|início"
    r"|data (?:di )?inizio|inizio|quando|begindatum|begin|wanneer"
    r"|開始(?:日|日時)?|日付|日時|开始(?:日期|时间)?|日期|时间)"
    r"\s*[:：]\s*(?P<value>.+)$",
    re.IGNORECASE,
)
_WHERE = re.compile(
    r"^(?:(?:add )?(?:location|place|venue)|where|ort|wo|standort|lieu|où|lugar|ubicación|dónde|local|onde"
    r"|luogo|dove"
    r"|locatie|plaats|waar|場所|地点|位置)\s*[:：]\s*(?P<value>.+)$",
    re.IGNORECASE,
)
_SIGN = re.compile(
    r"calend|kalender|agenda|appointment|meeting|termin\b|event\b|événement|evento|afspraak|予定|カレンダー|日历|日程"
    r"|korganizer",
    re.IGNORECASE,
)
_NOWHERE = re.compile(
    r"https?:|zoom|teams|meet\.|webex|jitsi|skype|online|virtual|remote|phone|telefon|home|office|room"
    r"|raum|büro|salle"
    r"|bureau|sala|despacho|kantoor|building|gebäude|floor|\d",
    re.IGNORECASE,
)


def extract(observations: Sequence[Observation], languages: Sequence[str] = ()) -> list[Draft]:
    """preparing_for drafts, and plans_to_go ones where the place is one to travel to."""
    return [d for o in observations if o.trust is Trust.AUTHORED for d in _of(o, languages)]


def _of(o: Observation, languages: Sequence[str]) -> list[Draft]:
    every = lines(o.text)
    what = _field(_TITLE, every)
    when = _date(o, every, languages)
    labels = " ".join(line.split(":", 1)[0] for line in every if ":" in line)
    if what is None or when is None or not _SIGN.search(f"{o.title} {o.app} {o.url or ''} {labels}"):
        return []
    (title_line, title), (date_line, dated) = what, when
    cited = [(o, title_line), (o, date_line)]
    why = "it was being entered in a calendar"
    date, until = (dated.phrase, dated.at) if dated else ("", None)
    found = [claim("preparing_for", {"event": title, "date": date}, cited, 0.75, why, until)]
    where = _field(_WHERE, every)
    if where and not _NOWHERE.search(where[1]):
        cited = [(o, where[0]), (o, date_line)]
        found.append(claim("plans_to_go", {"place": where[1], "date": date}, cited, 0.65, why, until))
    return kept(*found)


def _field(pattern: re.Pattern[str], every: Sequence[str]) -> tuple[str, str] | None:
    for line in every:
        if (match := pattern.match(line)) and len(value := tidy(match["value"])) > 2:
            return line, value
    return None


def _date(o: Observation, every: Sequence[str], languages: Sequence[str]) -> tuple[str, Dated | None] | None:
    """The first field of a date to come, with None for one of which day and month cannot be told apart."""
    for line in every:
        if match := _WHEN.match(line):
            if unclear(match["value"], languages):
                return line, None
            for dated in find(match["value"], local(o.at), languages):
                return line, dated
    return None
