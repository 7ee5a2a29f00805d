"""The words that dates and deadlines are made of, by language. Data for gum.dates, no logic.

Matched without regard to case. Month names go from longest to shortest, so that "mai" is not the
beginning of "maio". Japanese and Chinese dates are numbers and are matched by shape.
"""

from collections.abc import Mapping

LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "ja", "zh")

MONTHS: Mapping[str, str] = {
    "en": "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sept sep oct nov dec",
    "de": "januar jänner februar märz april mai juni juli august september oktober november dezember "
    "jan feb mär mrz apr jun jul aug sept sep okt nov dez",
    "fr": "janvier février fevrier mars avril mai juin juillet août aout septembre octobre novembre décembre "
    "decembre janv févr avr juil sept oct nov déc",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre "
    "diciembre ene feb mar abr jun jul ago sept sep oct nov dic",
    "pt": "janeiro fevereiro março marco abril maio junho julho agosto setembro outubro novembro dezembro "
    "jan fev mar abr mai jun jul ago set out nov dez",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre "
    "gen feb mar apr mag giu lug ago set ott nov dic",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december "
    "jan feb mrt apr jun jul aug sep okt nov dec",
}
WEEKDAYS: Mapping[str, str] = {
    "en": "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat sun",
    "de": "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "lunes martes miércoles miercoles jueves viernes sábado sabado domingo",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
}
RELATIVE: Mapping[str, str] = {
    "en": r"today|tonight|tomorrow|in \d{1,2} (?:days?|weeks?)",
    "de": r"heute|morgen|übermorgen|in \d{1,2} (?:tagen?|wochen?)",
    "fr": r"aujourd.hui|demain|après-demain|dans \d{1,2} (?:jours?|semaines?)",
    "es": r"hoy|mañana|pasado mañana|en \d{1,2} (?:días?|semanas?)",
    "pt": r"hoje|amanhã|em \d{1,2} (?:dias?|semanas?)",
    "it": r"oggi|domani|dopodomani|tra \d{1,2} (?:giorni|giorno|settimane?)",
    "nl": r"vandaag|morgen|overmorgen|over \d{1,2} (?:dagen|dag|weken)",
    "ja": "今日|明日|明後日|(?:月|火|水|木|金|土|日)曜日?",
    "zh": "今天|明天|后天|(?:下|本|这)?(?:周|星期)[一二三四五六日天]",
}

# A strong cue names a deadline by itself; it stands before the date, sometimes as a form's label.
STRONG: Mapping[str, str] = {
    "en": r"due(?: date)?(?: (?:on|by|is))?|deadline(?: (?:is|on))?|submission date|closing date|closes on",
    "de": r"abgabe(?:termin|frist|datum)?|(?:\w+)?frist(?: ist| endet)?|fällig(?: am| bis)?"
    r"|fälligkeit(?:sdatum)?"
    r"|einsendeschluss|anmeldeschluss|stichtag|deadline",
    "fr": r"échéance|date limite|à rendre(?: pour)?|à remettre(?: pour)?|délai|dernier délai|deadline",
    "es": r"plazo|fecha límite|fecha de entrega|entrega|vence(?: el)?|vencimiento",
    "pt": r"prazo|data limite|data de entrega|entrega|vence(?: em)?|vencimento",
    "it": r"scadenza|scade(?: il)?|termine ultimo|consegna|data di consegna|entro e non oltre",
    "nl": r"deadline|inleverdatum|inleveren|uiterste datum|uiterlijk|vervaldatum",
    "ja": r"締め?切り?|〆切|期限|提出日|納期",
    "zh": r"截止(?:日期|时间)?|期限|最后期限|交稿",
}
# A weak cue needs a word of doing in the same clause: "open until Friday" is nobody's deadline.
WEAK: Mapping[str, str] = {
    "en": r"by|before|until|till|no later than",
    "de": r"bis(?: zum| spätestens)?|vor(?: dem)?|spätestens(?: am| bis)?",
    "fr": r"avant(?: le)?|pour(?: le)?|d'ici(?: au| à| le)?|jusqu'au",
    "es": r"antes del?|para(?: el)?|hasta(?: el)?",
    "pt": r"até(?: o| a| à| dia)?|antes d[eo]|para(?: o)?",
    "it": r"entro(?: il| l')?|prima d(?:i|el)|per(?: il)?",
    "nl": r"voor|tegen|tot",
}
# In Japanese and Chinese the cue follows the date.
AFTER = r"(?:まで(?:に)?|締め?切り?|〆切|期限|迄|前|之前|以前|截止|到期)"
DOING: Mapping[str, str] = {
    "en": r"finish|submit|send|hand in|turn in|write|deliver|complete|pay|prepare|return|register|apply"
    r"|review"
    r"|fix|book|reply|file|renew|upload|sign|finali[sz]e|draft|read|call|ship|release|need|have to|must"
    r"|todo|to do|get|buy|order|print|bring",
    "de": r"abgeben|einreichen|abschicken|fertig|schreiben|bezahlen|überweisen|vorbereiten|anmelden|muss"
    r"|erledigen"
    r"|abschließen|buchen|antworten|verlängern|lesen|schicken|senden|machen|kündigen|kaufen|bestellen",
    "fr": r"rendre|remettre|envoyer|finir|terminer|écrire|payer|préparer|soumettre|rédiger|dois|faut|réserver"
    r"|répondre|inscrire|déposer|lire|acheter",
    "es": r"entregar|enviar|terminar|acabar|escribir|pagar|preparar|presentar|tengo que|debo|hay que|reservar"
    r"|responder|inscribir|leer|comprar",
    "pt": r"entregar|enviar|terminar|acabar|escrever|pagar|preparar|submeter|tenho (?:que|de)|devo"
    r"|preciso|reservar"
    r"|responder|inscrever|ler|comprar",
    "it": r"consegnare|inviare|finire|terminare|scrivere|pagare|preparare|presentare|devo|bisogna|prenotare"
    r"|rispondere|iscrivere|leggere|mandare|comprare",
    "nl": r"inleveren|indienen|opsturen|versturen|afmaken|schrijven|betalen|voorbereiden|moet|boeken"
    r"|antwoorden"
    r"|aanmelden|lezen|afronden|kopen",
}
# What is asked, denied, wished or asked of others is not the person's deadline.
UNSAID = (
    r"\b(?:not|never|nobody|without|wish|if only|was due|overdue|would have|used to|please|until further"
    r"|kein\w*|nicht|bitte|könn\w+|ohne|pas|jamais|sans|s'il|nunca|sin|por favor|não|nem|sem|non|senza"
    r"|per favore|geen|niet|alsjeblieft|alstublieft|zonder)\b"
    r"|n't\b(?! forget)|\bno (?:deadline|due)|[?？]|ください|请您|请你"
)
# What others have to do is theirs, unless the sentence begins with what the writer will do for them.
OTHERS = (
    r"\b(?:he|she|they|you|your|(?:er|sie|ihr) müss\w*|(?:er|sie) muss|du musst|(?:il|elle) doit|vous"
    r"|tu dois|ils"
    r"|elles|ellos|usted|ustedes|tienes que|tiene que|você|ele|ela|tem que|deve|devi|dovete|hij|zij|jij"
    r"|jullie)\b"
)
MYSELF = (
    r"^\W*(?:(?:\w+, )?(?:i|we)(?:'ll| will| shall| must| should|(?:'m| am|'re| are) going to| have to"
    r"| need to"
    r"| promise to)|ich (?:werde|muss|will|soll)|wir (?:werden|müssen|wollen)|je (?:vais|dois)"
    r"|nous (?:allons|devons)"
    r"|tengo que|voy a|vou|tenho que|devo|ik (?:zal|moet))\b"
)
# What people put before the task itself.
LEADING = (
    r"(?:[-*•☐☑✓>\s]|\[[ x]?\]|\d+[.)]\s)*"
    r"(?:(?:todo|to do|to-do|reminder|remember|note to self|don't forget to|need to|have to|going to"
    r"|i|we|i'll|we'll|must|should|want to|will|'ll|to"
    r"|ich|wir|muss|müssen|soll|je dois|nous devons|il faut|j'ai|tengo que|debo|hay que|tenho que"
    r"|tenho de|preciso|devo"
    r"|bisogna|ik moet|we moeten|is|are|ist|est|es|é|è|the|der|die|das|den|le|la|les|el|o|il|lo|de|het)"
    r"(?![\w'-])[:\s,-]*)*"
)
