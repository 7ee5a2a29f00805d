"""Whom a private sentence is about: the person, or somebody else. Pure; words of a dozen languages.

Contextual integrity asks for the subject first: what a screen tells of somebody else was told to the person,
not to a machine that learns. A sentence is about whoever is named last before its private word ("my sister
says I am …" is about me, "I think Anna is …" about Anna); where nobody is named before, whoever stands close
behind it ("the cancer of my mother"). In what the person received, "I" is the sender.
"""

import re
from collections.abc import Iterator, Set
from enum import StrEnum
from itertools import accumulate

from gum.people import inside, is_word, runs
from gum.sensitive import Kind, holds_private, private_words
from gum.text import normal, unspaced
from gum.types import Trust

CLOSE = 3  # words behind a private word where somebody's name still belongs to it
FAR = 8  # words before it beyond which it is not clear any more


class About(StrEnum):
    """Whose matter a sentence tells."""

    OWN = "own"  # the person's, or nobody's in particular
    OTHER = "other"
    UNCLEAR = "unclear"


# Words that name somebody else; all in the form of gum.text.normal.
_OTHERS = (
    # he, she, his, her and whoever has a part in a life
    r"he|she|his|her|hers|him"
    r"|(?:grand|step|god)?(?:mother|father|mom|mum|dad|son|daughter|sister|brother)|sis|bro|wife|husband"
    r"|spouse"
    r"|ex|girlfriend|boyfriend|fianc[eé]e?|partner|aunt|uncle|cousin|niece|nephew|grand(?:ma|pa)|friend"
    r"|roommate"
    r"|flatmate|neighbou?r|boss|manager|colleague|co ?worker|employee|applicant|candidate|intern|student"
    r"|pupil"
    r"|teacher|client|patient|tenant|landlord|classmate"
    r"|er|seine[mnrs]?|ihr|ihre[mnrs]?|ihm|ihn|mutter|vatere?s?|mama|papa|schwester|brudere?s?|frau|manne?s?|tochter"
    r"|sohne?s?|oma"
    r"|opa|tante|onkele?s?|freundin|freunde?s?|nachbarin|nachbarn?|chefin|chefe?s?|kollegin|kollegen?|schülerin"
    r"|schülere?s?"
    r"|patientin|mitarbeiterin|mitarbeitere?s?|mieterin|mieter|lehrerin|lehrere?s?|bewerberin|bewerbere?s?|praktikantin"
    r"|praktikante?s?"
    r"|il|elle|lui|mère|père|maman|sœur|soeur|frère|femme|mari|fille|fils|copine|copain|amie|ami|voisine"
    r"|voisin"
    r"|patron|patronne|collègue|élève|étudiante?|tante|oncle|cousine|stagiaire|locataire|candidate?"
    r"|él|ella|madre|padre|mamá|papá|hermana|hermano|esposa|esposo|marido|mujer|hija|hijo|abuela|abuelo"
    r"|novia|novio"
    r"|amiga|amigo|vecina|vecino|jefa|jefe|compañera|compañero|colega|alumna|alumno|paciente|prima|primo"
    r"|tía|tío"
    r"|lei|sorella|fratello|moglie|marito|figlia|figlio|nonna|nonno|fidanzata|fidanzato|amica|amico|vicina"
    r"|vicino"
    r"|collega|studente|studentessa|paziente|capo|zia|zio"
    r"|ela|ele|mãe|pai|irmã|irmão|filha|filho|avó|avô|namorada|namorado|vizinha|vizinho|chefe|aluna|aluno"
    r"|hij|zij|moeder|vader|zus|broer|vrouw|dochter|zoon|vriendin|vriend|buurman|buurvrouw|baas|leerling"
)
_SELF = (
    r"i|im|ive|me|my|mine|myself|ich|mich|mir|meine?[mnrs]?|je|j|me|moi|mon|ma|mes|yo|mí|mi|mis|io|mio|mia"
    r"|miei"
    r"|eu|meu|minha|ik|mij|mijn"
)
_YOU = (
    r"you|your|yours|du|dich|dir|deine?[mnrs]?|sie|ihnen|ihre?[mnrs]?|tu|te|toi|ton|ta|tes|vous|votre|vos"
    r"|tú|tus?"
    r"|usted|su|sus|tuo|tua|você|seu|sua|jij|jou|jouw|u|uw"
)
_UNSPACED_OTHERS = (
    "彼女|彼(?!ら)|母|父|妹|姉|弟|兄|妻|夫|娘|息子|祖母|祖父|友人|友達|同僚|上司|部下|隣人|患者|生徒|先輩|後輩|社長"
    "|さん|君は|くん|様は|先生"
    "|她|他(?![们的]?[们])|妈妈|爸爸|母亲|父亲|姐姐|妹妹|哥哥|弟弟|老婆|老公|妻子|丈夫|女儿|儿子|奶奶|爷爷|朋友|同事|老板"
    "|邻居|病人|学生|女朋友|男朋友"
)
_UNSPACED_SELF = (
    "私|僕|俺|わたし|自分|我(?!们?的?(?:妈|爸|母|父|姐|妹|哥|弟|老|妻|丈|女|儿|奶|爷|朋|同|邻|男))"
)
_MARKS = {
    trust: re.compile(
        f"(?<![^ ])(?:(?P<other>{others})|(?P<own>{own}))(?= |$)"
        f"|(?P<other_>{_UNSPACED_OTHERS})|(?P<own_>{_UNSPACED_SELF})"
    )
    for trust, own, others in (
        (True, _YOU, f"{_SELF}|{_OTHERS}"),  # received: "I" is the sender, "you" the person
        (False, _SELF, _OTHERS),
    )
}
# What is private only when it is said of somebody else: "is lazy", "wählt die AfD". Of oneself it is a taste.
_OF_OTHERS = {
    Kind.ABILITY: (
        r"(?:is|are|was|re|s|seems|too|so|such an?|an?) (?:really |very |just |so |a bit )?(?:lazy|stupid"
        r"|dumb|idiot"
        r"|moron|useless|clueless|unqualified|not (?:very )?(?:smart|bright|clever)|slow to learn"
        r"|hopeless)(?= |$)"
        r"|not (?:very )?(?:smart|bright|clever)(?= |$)|failing (?:grade|marks|student)|will never (?:make"
        r"|manage)"
        r"|(?:ist|war|sind|zu|so) (?:echt |sehr |einfach |viel zu )?(?:faul|dumm|blöd|doof|überfordert"
        r"|ungeeignet)(?= |$)"
        r"|(?:est|était|trop|si) (?:très |vraiment )?(?:paresseu\w+|stupide|idiote?|bête|lente?)(?= |$)"
        r"|(?:es|era|muy|tan) (?:muy |tan )?(?:perezos[oa]|inútil|tont[oa]|estúpid[oa]|vag[oa])(?= |$)"
        r"|(?:è|era|molto|troppo) (?:molto |troppo )?(?:pigr[oa]|stupid[oa]|inutile|ignorante)(?= |$)"
        r"|(?:é|muito) (?:muito )?(?:preguiços[oa]|burr[oa]|estúpid[oa])(?= |$)|is (?:erg )?(?:lui"
        r"|dom)(?= |$)"
    ),
    Kind.MOOD: (
        r"(?:is|was|s|feels|seems|so) (?:so |very |really )?(?:sad|miserable|unhappy|in tears"
        r"|unstable)(?= |$)"
        r"|(?:ist|war) (?:so |sehr )?(?:traurig|unglücklich|verzweifelt|einsam)(?= |$)"
        r"|est (?:si |très )?(?:triste|malheureu\w+|désespér\w+)|está (?:muy )?(?:triste|deprimid[oa])(?= |$)"
        r"|è (?:molto )?(?:triste|disperat[oa])(?= |$)"
    ),
    Kind.HEALTH: (
        r"(?:is|are|was|s|seriously|very) (?:seriously |very |terminally )?(?:ill|dying)(?= |$)|surgery"
        r"|miscarried"
        r"|hospitali[sz]ed|schwer krank|schwer erkrankt|operiert|gravement malade|hospitalisée?"
        r"|muy enferm[oa]|hospitalizad[oa]|gravemente malat[oa]|ricoverat[oa]|ernstig ziek"
    ),
    Kind.BELIEF: (
        r"(?:is|was|s|are) (?:an? )?(?:devout |strict |practi[cs]ing )?(?:muslim|jewish|jew|christian"
        r"|catholic|hindu"
        r"|buddhist|evangelical|mormon|jehovah|scientologist|socialist|fascist|nazi|far right"
        r"|trump supporter)"
        r"|voted (?:for )?\w+|(?:ist|war) (?:ein \w+ )?(?:moslem|muslim|muslimin|jüdisch|jude|jüdin"
        r"|katholi|zeuge)"
        r"|wählt (?:die |den )?\w+|est (?:musulman|juive?|catholique|athée|témoin)|vote (?:à|pour|front)"
        r"|es (?:musulm|judí|católic|ate[oa](?= |$)|testigo)|vota (?:a |al |per |la |il )?\w+"
        r"|è (?:musulman|ebre[oa](?= |$)|cattolic|ate[oa](?= |$)|testimone)|is (?:moslim|joods|katholiek)"
    ),
    Kind.SEXUALITY: (
        r"came out (?:as|to)|(?:is|was|s) (?:openly )?(?:queer|bi|trans|asexual)(?= |$)|cheated on"
        r"|sleeps with"
        r"|slept with|having an affair|fremdgegangen|geoutet|fait son coming out|salió del armario|coming out"
    ),
    Kind.LIFE: (
        r"left (?:her|his) (?:wife|husband)|(?:has|have|is|are) separated(?= |$)|lebt getrennt|est séparée?"
    ),
    Kind.MONEY: r"owes (?:money|\w+ \d+)|cannot pay|behind on (?:the )?rent|überschuldet|mietrückst",
    Kind.LAW: r"in prison|in jail|im gefängnis|en prison|en la cárcel|in carcere",
}
_SIGNS_OF_OTHERS = {
    Kind.ABILITY: "馬鹿|バカ|怠け|很笨|太笨|懒",
    Kind.MOOD: "落ち込|寂し|沮丧|很难过|孤独",
    Kind.HEALTH: "入院|手術|闘病|住院|手术|重病",
    Kind.BELIEF: "イスラム教徒|仏教徒|キリスト教徒|クリスチャン|信者|穆斯林|基督徒|佛教徒",
    Kind.SEXUALITY: "ゲイ|レズビアン",
}
_LOOSE = {
    kind: re.compile(
        f"(?<![^ ])(?:{words})" + (f"|{_SIGNS_OF_OTHERS[kind]}" if kind in _SIGNS_OF_OTHERS else "")
    )
    for kind, words in _OF_OTHERS.items()
}
# One space stands before a word, as in gum.sensitive.
_ANY_LOOSE = re.compile(f" (?:{'|'.join(_OF_OTHERS.values())})")
_ANY_SIGN = re.compile("|".join(_SIGNS_OF_OTHERS.values()))

# A capitalised word or two before a verb or possessive, or with a title: "Anna Berg is", "Tom's", "Frau Kern"
_WORD = r"[A-ZÀ-ÖØ-Þ][\wà-ÿ'’-]+"
_NAMED = re.compile(
    rf"(?:\b(?:Mrs?|Ms|Dr|Prof|Herr|Frau|Hr|Fr|Mme|Mlle|M|Sr|Sra|Srta|Sig|Sig\.ra"
    rf"|Dott)\.? +({_WORD}(?: {_WORD})?))"
    rf"|(?:\b((?:{_WORD} )?{_WORD})(?=['’]s\b| (?:is|was|has|had|isn['’]t|seems|suffers|got|feels|will"
    rf"|wurde|ist|war"
    rf"|hat|hatte|leidet|est|était|souffre|es|está|tiene|estaba|era|è|ha|aveva|soffre|é|tem|is|heeft|came"
    rf"|wählt"
    rf"|vote|vota|voted|owes|cheated|left|told|se|a (?:demandé|été|eu|fait|perdu|avoué|dit))\b))"
    rf"|(?:\b(?:of|von|de|di|da|van|d['’]|about|for|über|für|sur|sobre) ((?:{_WORD} )?{_WORD}))"
)
_NO_NAME = re.compile(
    r"this|that|it|there|here|what|who|which|where|when|why|how|the|a|an|my|your|his|her|our|their|these"
    r"|those|everything|everyone|everybody|nobody|nothing|somebody|someone|something|today|tomorrow"
    r"|yesterday|monday|tuesday|wednesday|thursday|friday|saturday|sunday|god|life|work|school|germany"
    r"|france|spain|italy|england|europe|america|der|die|das|ein|eine|mein|meine|dein|deine|sein|seine"
    r"|ihr|ihre|unser|kein|keine|es|man|wer|was|wo|heute|morgen|le|la|les|un|une|mon|ma|son|sa|ce|cette"
    r"|on|il|elle|ça|el|los|las|una|mi|su|este|esta|lo|i|gli|uno|questo|questa|o|os|as|um|uma|de|het|een"
    r"|mijn|dit|dat|he|she|we|they|you"
)
_DETERMINERS = re.compile(
    r"(?:\b(?:the|a|an|my|your|our|their|der|die|das|dem|den|des|eine?[mnrs]?|meine?[mnrs]?|deine?[mnrs]?"
    r"|unsere?[mnrs]?|keine?[mnrs]?|zur|zum|im|am|vom|beim|le|la|les|l|un|une|el|los|las|una|il|lo|gli)"
    r"|['’])\s*$",
    re.IGNORECASE,
)


def sentences(text: str) -> list[str]:
    """The sentences of a text; a line that goes on in small letters is not over."""
    cuts = re.split(r"(?<=[.!?;])\s+|[。！？；]|\n(?=\s*[^\W\d_a-zß-öø-ÿ]|\s*[\W\d_])", text)
    return [cut for cut in cuts if cut and not cut.isspace()]


def suspicious(text: str) -> bool:
    """Whether it is worth looking at the sentences of `text`; quick, and never wrong when it says no."""
    flat = normal(text)
    if holds_private(flat) or _ANY_LOOSE.search(f" {flat}") is not None:
        return True
    return not flat.isascii() and _ANY_SIGN.search(flat) is not None


def private_matters(
    sentence: str, names: Set[str] = frozenset(), trust: Trust = Trust.READ
) -> list[tuple[Kind, About]]:
    """What private matters a sentence tells, and whose; each once, in order.

    `names`: people who are known already, in the form of gum.text.normal. `trust`: whose words they are.
    """
    flat = normal(sentence)
    words = private_words(flat)
    loose = [(kind, m.start(), m.end()) for kind, p in _LOOSE.items() for m in p.finditer(flat)]
    if not words and not loose:
        return []
    marks = _marks(sentence, flat, names, trust, {flat[start:end].strip() for _, start, end in words})
    found = [(kind, _whose(flat, marks, start, end)) for kind, start, end in words]
    # Only said of somebody else, and clearly so, the rest is private.
    found += [
        (kind, About.OTHER) for kind, start, end in loose if _whose(flat, marks, start, end) is About.OTHER
    ]
    return list(dict.fromkeys(found))


def _whose(flat: str, marks: list[tuple[int, int, About]], start: int, end: int) -> About:
    before = [mark for mark in marks if mark[1] <= end]
    if before:
        last = before[-1]
        far = not unspaced(flat) and flat.count(" ", last[1], max(start, last[1])) > FAR
        return last[2] if last[2] is About.OWN or not far else About.UNCLEAR
    behind = [mark for mark in marks if mark[0] >= end]
    if len(behind) > 1 and behind[0][2] is About.OWN and flat[behind[0][1] : behind[1][0]] == " ":
        behind = behind[1:]  # "of my mother": "my" only leads to "mother"
    if not behind or behind[0][2] is About.OWN:
        return About.OWN
    return About.OTHER if flat.count(" ", end, behind[0][0]) <= CLOSE else About.UNCLEAR


def _marks(
    sentence: str, flat: str, names: Set[str], trust: Trust, private: set[str]
) -> list[tuple[int, int, About]]:
    """Where somebody is named, in order: from, to, and who."""
    found = []
    for m in _MARKS[trust is Trust.RECEIVED].finditer(flat):
        other = m["other"] is not None or m["other_"] is not None
        found.append((m.start(), m.end(), About.OTHER if other else About.OWN))
    looks_like_one = _named(sentence, private)
    for known in (names, looks_like_one):
        found += [(start, end, About.OTHER) for start, end in _standing(flat, known, sentence)]
    return sorted(set(found))


def _standing(flat: str, names: Set[str], sentence: str) -> Iterator[tuple[int, int]]:
    """Where one of `names` stands in `flat`, the normal form of `sentence`."""
    words = flat.split(" ")
    starts = [0, *accumulate(len(word) + 1 for word in words)]
    for at, end in runs(words, names):
        name = " ".join(words[at:end])
        if not is_word(name) or name.capitalize() in sentence:
            yield starts[at], starts[at] + len(name)
    yield from inside(flat, names)


def _named(sentence: str, private: set[str]) -> set[str]:
    """What looks like a name in `sentence`, in normal form."""
    found = set()
    for m in _NAMED.finditer(sentence):
        group = next(n for n in (1, 2, 3) if m[n] is not None)
        name = normal(m[group])
        parts = name.split()
        if group > 1 and _DETERMINERS.search(sentence[: m.start(group)]):
            continue  # "the Bishop is", "die Therapie ist": a noun
        if (
            not parts
            or _NO_NAME.fullmatch(parts[0])
            or any(holds_private(part) for part in parts)
            or name in private
        ):
            continue
        found.add(name)
    return found
