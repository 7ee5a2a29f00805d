"""When the person says that a claim is no longer so: "I stopped using Trello", "Kaffee mag ich nicht". Pure.

Only the first person counts, only whole clauses, and only when what is denied IS what the claim is about: "I
don't only like tea", "I don't like tea without milk" and "Ben no longer drinks tea" deny nothing, because the
words between verb and end must be the claim's own: who drinks no milk may well like oat milk. Questions and
conditions deny nothing, nor what somebody else said or what is taken back at once. A denial overlooked only
leaves a claim to fade; one read where there is none would take away something true.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from gum.claims import TABLE
from gum.same import Relation, alike, core
from gum.text import lines, normal
from gum.types import Evidence, Observation, Proposition, Stance, Trust

STRUCTURE = "structure"  # the drafter's name (gum.propose)
SURE = 0.9  # that it was understood
MOST = 50  # denials of a batch that are looked into: each is held against hundreds of claims while one writes


class Denial(NamedTuple):
    """That a claim of one of `kinds` about `what` is not so, in the words `quote`. `slot`: "" is the main.

    Where `sort_first` is known, that it is not so of any other of the sort of `what`, which is its first word
    or its last one.
    """

    kinds: tuple[str, ...]
    slot: str
    what: str
    quote: str
    sort_first: bool | None = None


_GOES_ON = "and|but|so|because|und|aber|et|mais|y|pero|e|ma|en|maar"
_HELLO = (
    "well|actually|honestly|sorry|oh|ok|okay|no(?! more| más| longer)|yes|also|besides|by the way|frankly|fyi"
    "|to be honest|übrigens|ehrlich gesagt|en fait|la verdad"
)
# A clause ends at punctuation, and where the person goes on with something else.
_CLAUSE = re.compile(
    r"[。、！，：]|[,;!.]+(?:\s+|$)|\s[-–—]\s"
    rf"|\s+(?=(?:{_GOES_ON})\s+(?:I|now|use|prefer|like|ich|je|j'|ahora|ora|ik)\b)",
    re.IGNORECASE,
)
_OPENING = re.compile(rf"^(?:(?:{_HELLO}|{_GOES_ON})\b,?\s+)+", re.IGNORECASE)
_UNSURE = re.compile(
    r"\?|¿|\b(?:if|unless|when|until|almost|nearly|would|could|might|maybe|perhaps|wenn|falls|vielleicht|fast"
    r"|si|quand|peut-être|presque|cuando|quizás|tal vez|casi|se(?! acab)|quando|forse|quasi|talvez|als"
    r"|misschien|bijna)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"^\s*(?:>|\||“|\"|„|«)")
# Whoever said it: a clause that ends so ("Ben said"), or begins so ("says my aunt").
_SAYING = (
    "said|says|saying|asked|asks|wrote|writes|told|tells|claims|claimed|thinks|thought|replied|answered|texted"
    "|sagt|sagte|gesagt|meint|meinte|schrieb|schreibt|geschrieben|fragt|fragte|erzählt|erzählte"
    "|dit|disait|écrit|écrivait|demande|répond|dice|dicen|dijo|dicho|escribe|escribió|escrito|disse|diz"
    "|detto|scrive|scritto|zei|zegt|gezegd|schreef|schrijft|mówi|powiedział|powiedziała"
)
_REPORTED = re.compile(
    rf"\b(?:{_SAYING})(?: (?:to )?(?:me|us|him|her|them|you|mir|uns|ihm|ihr|mij|ons))?(?: that)?\W*$"
    rf"|^\W*(?:{_SAYING})\b(?: [\w.]+){{1,3}}\W*$|(?:言った|言って|言う|言います|言いました|说|說|说道)$",
    re.IGNORECASE,
)
_IT = "(?:it|them|that|those|this|him|her)"
# What takes back the clause before it: "I don't like tea, I love it".
_BACK = re.compile(
    rf"^(?:I|we)(?:(?! not\b| no\b| never\b| hardly\b) \w+){{0,2}}"
    rf" (?:love|like|adore|enjoy|prefer|use|need|worship) {_IT}\b"
    r"|^(?:I|we) (?:really |still )?do$|^(?:just |only )?(?:kidding|joking)\b|^(?:j/?k|not)$"
    r"|^ich liebe (?:ihn|sie|es|das)\b|^je (?:l['’]|les )adore\b|^(?:me encantan?|l[oa]s? adoro|l[oa] amo)\b"
    r"|^(?:war nur ein )?scherz\b|^je (?:plaisante|rigole)\b",
    re.IGNORECASE,
)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
# What may stand behind, without changing what is denied.
_TAIL = re.compile(
    r"\s+(?:any ?more|any longer|at all|after all|now|these days|since (?:last )?\w+|yesterday|for good"
    rf"|last (?:week|month|year|\w+day)|in (?:{_MONTHS}|\d{{4}})"
    r"|mehr|nicht mehr|plus|più|mais|meer|niet meer|maintenant|ahora|ora|agora|nu|jetzt)\s*$",
    re.IGNORECASE,
)
_KINDS = {
    "taste": ("prefers", "interested_in"),
    "use": ("uses_for", "prefers"),
    "study": ("learning", "interested_in"),
    "work": ("working_on",),
    "given up": ("learning", "working_on", "preparing_for", "interested_in"),
    "any": ("prefers", "uses_for"),  # said without a verb: only of what is liked or used
    "switched": ("uses_for", "prefers", "interested_in"),
    "moved": ("uses_for",),  # from a city it is a journey
    "event": ("preparing_for",),
    "journey": ("plans_to_go",),
    "wait": ("waiting_for",),
    "employer": ("holds_role",),
    "role": ("holds_role",),
    # Said of what took the place of another of its sort, which is over: "I prefer dark chocolate now".
    "turned": ("prefers",),
    "turned, the sort first": ("prefers",),
}
_BESIDE = frozenset(
    [
        *("at", "in", "on", "by", "with", "without", "for", "to", "from", "of", "im", "am", "mit", "ohne"),
        *("à", "en", "con", "sin", "com", "sem"),
    ]
)
_SORT_FIRST = {"turned": False, "turned, the sort first": True}
_SLOTS = {"employer": "org"}
_WORDS = {
    "X": "(?P<x>.+?)",
    "NOT": "(?:do not|don['’]?t|no longer|never)",
    "AM_NOT": "(?:am not|['’]m not|am no longer|['’]m no longer)",
    "NO_LONGER": "(?:am no longer|['’]m no longer)",
    "HAVE": "(?:['’]ve| have)?",
    "LIKE": "(?:really )?(?:like|love|enjoy|drink|eat|prefer|care (?:about|for))",
    "ANY_MORE": "(?:any ?more|any longer|after all)",
    "NOW": "(?:from now on|now|nowadays)",
    "FROM_NOW": "(?:now|nowadays|these days|from now on|instead)",
    "NAMED": "(?!(?:the |my |our )?+(?-i:[a-z]))",  # "I left the hospital" at noon, perhaps
}
# A row a way to say it: what kind of claim it denies, and the whole clause.
_TABLE = r"""
taste: (?:I|we) {NOT} {LIKE} {X}
taste: I (?:hate|dislike|detest|can['’]?t stand) {X}
taste: I{HAVE} (?:stopped|quit|given up|gave up) (?:liking|drinking|eating|enjoying) {X}
taste: I used to (?:like|love|enjoy|drink|prefer) {X}
taste: I{HAVE} (?:gone off|had enough of|lost (?:all )?interest in) {X}
taste: I ?{AM_NOT} (?:interested in|into|a fan of|fond of) {X}
use: (?:I|we) {NOT} use {X}
use: (?:I|we){HAVE} (?:stopped|quit|gave up|given up) using {X}
switched: (?:I|we){HAVE} switched (?:away )?from {X}(?: to .+)?
moved: (?:I|we){HAVE} (?:moved|changed) (?:away )?from {X}(?: to .+)?
any: (?:no more|enough of|that['’]s it with) {X}(?: (?:for me|please))?
any: no longer {X}
any: not {X} {ANY_MORE}
any: I ?(?:am|['’]m) (?:through|done|finished) with {X}
any: (?:(?:I|we|my)\b.*\b{NOW}\b|from now on\b).* (?:instead of|rather than) {X}
study: I {NOT} (?:learn|study) {X}
study: I ?{AM_NOT} (?:learning|studying) {X}
given up: I{HAVE} (?:gave|given) up(?: on)? {X}
given up: I{HAVE} (?:quit|abandoned|dropped) {X}
work: (?:I|we) {NOT} work on {X}
work: I ?{AM_NOT} working on {X} {ANY_MORE}
work: I ?{NO_LONGER} working on {X}
event: I ?{AM_NOT} (?:preparing for|running|doing) {X} {ANY_MORE}
journey: (?:I|we) ?(?:{AM_NOT}|are not|aren['’]t) (?:going|travelling|flying) to {X} {ANY_MORE}
journey: (?:I|we){HAVE} cancell?ed (?:my|our|the) (?:trip|journey|flight|visit) to {X}
wait: I ?{AM_NOT} waiting for {X} {ANY_MORE}
wait: I ?{NO_LONGER} waiting for {X}
employer: I {NOT} work (?:at|for|in|with) {X}
employer: I{HAVE} left {NAMED}{X}
employer: I{HAVE} (?:quit|resigned from) {X}
role: I ?{AM_NOT} (?:the |an? )?{X} {ANY_MORE}
role: I ?{NO_LONGER} (?:the |an? )?{X}
taste: ich (?:mag|trinke|esse|liebe) {X} nicht(?: mehr)?
taste: {X} (?:mag|trinke|esse) ich (?:gar )?nicht(?: mehr)?
taste: ich (?:mag|trinke|esse) (?:keinen?|kein) {X}(?: mehr)?
taste: ich interessiere mich nicht(?: mehr)? für {X}
use: (?:ich|wir) (?:benutzen?|nutzen?|verwenden?) {X} nicht mehr
study: ich (?:lerne|studiere) (?:keinen?|kein) {X} mehr
study: ich (?:lerne|studiere) {X} nicht mehr
work: ich arbeite nicht mehr an (?:der |dem |den )?{X}
employer: ich arbeite nicht mehr (?:im|in|am|bei|beim|für)(?: der| dem| den)? {X}
any: .*\b(?:jetzt|ab jetzt|künftig|von nun an)\b.* (?:statt|anstatt|anstelle von) {X}
any: (?:kein|keine|keinen) {X} mehr(?: für mich)?
any: (?:schluss mit|nicht mehr) {X}
role: ich bin (?:keine?|nicht) (?:der |die )?{X} mehr
taste: je n['’]aime (?:plus|pas) {X}
taste: je ne (?:bois|mange|supporte) plus (?:de |d['’]|du )?{X}
taste: je ne m['’]intéresse plus (?:à l['’]|à la |à |au |aux ){X}
use: (?:je|on) n['’]utilise plus {X}
use: j['’]ai arrêté d['’]utiliser {X}
study: je n['’](?:apprends|étudie) plus {X}
any: (?:fini|plus|terminé),? (?:le |la |les |l['’]|de |d['’]){X}(?: pour moi)?
any: .*\b(?:désormais|maintenant|dorénavant)\b.* au lieu (?:de |du |des |d['’]){X}
employer: je ne travaille plus (?:chez|à|au|pour) {X}
taste: (?:ya )?no me gustan? {X}
taste: ya no (?:bebo|tomo|como) {X}
taste: ya no me interesan? {X}
use: ya no (?:uso|usamos|utilizo) {X}
use: he dejado de usar {X}
any: (?:se acabó|se acabaron|no más|ya no|basta de) {X}
any: .*\b(?:ahora|a partir de ahora|desde ahora)\b.* en (?:lugar|vez) de {X}
employer: ya no trabajo (?:en|para|con) {X}
taste: (?:já )?não gosto (?:mais )?d(?:e|o|a|os|as) {X}
use: (?:já não uso|não uso mais) {X}
any: (?:chega de|já não|non più|basta con|basta|genoeg van|niet meer|geen) {X}(?: meer)?(?: voor mij)?
any: .*\b(?:agora|de agora em diante)\b.* em vez de {X}
any: .*\b(?:ora|adesso|d['’]ora in poi)\b.* invece (?:di|del|della) {X}
any: .*\b(?:nu|voortaan)\b.* in plaats van {X}
employer: (?:já não trabalho|não trabalho mais) (?:em|no|na|para) {X}
taste: non mi (?:piace|piacciono|interessa|interessano)(?: più)? {X}
use: non uso più {X}
employer: non lavoro più (?:da|per|in|alla|al) {X}
taste: ik hou niet(?: meer)? van {X}
taste: ik (?:drink|eet) geen {X}(?: meer)?
use: ik gebruik {X} niet meer
turned: (?:I|we) now prefer {X}
turned: (?:I|we) prefer {X} {FROM_NOW}
turned: {FROM_NOW},? (?:I|we) prefer {X}
turned: (?:I|we) (?:drink|eat) {X} (?:from now on|instead)
turned: from now on,? (?:I|we) (?:drink|eat) {X}
turned: my (?:new )?favou?rite(?: \w+)? is now {X}
turned: my (?:new )?favou?rite(?: \w+)? is {X} {FROM_NOW}
turned: ich (?:bevorzuge|trinke|esse) (?:jetzt|inzwischen|mittlerweile|neuerdings) lieber {X}
turned: (?:jetzt|ab jetzt|inzwischen|mittlerweile|neuerdings) (?:bevorzuge|trinke|esse) ich lieber {X}
turned: ik drink nu liever {X}
turned, the sort first: je préfère (?:maintenant|désormais) (?:le |la |les |l['’]){X}
turned, the sort first: (?:maintenant|désormais),? je préfère (?:le |la |les |l['’]){X}
turned, the sort first: (?:ahora|desde ahora),? prefiero (?:el |la |los |las )?{X}
turned, the sort first: prefiero (?:el |la |los |las )?{X} ahora
turned, the sort first: agora,? prefiro (?:o |a |os |as )?{X}
turned, the sort first: (?:ora|adesso),? preferisco (?:il |la |lo |i |le |gli |l['’])?{X}
employer: ik werk niet meer (?:bij|voor|in) {X}
taste: nie lubię już {X}
use: nie używam już {X}
any: {X}は(?:もう)(?:結構|いら|要ら|やめ|飲ま|食べ|使わ|使って)(?:です|ない|ません|ました|た|いません|いない)*
taste: {X}は(?:もう)?(?:好きでは?|好きじゃ)(?:ない|ありません)(?:です)?
any: 我(?:已经)?不再(?:喜欢|喝|吃|用|使用){X}了?
"""


@cache  # not when imported: compiling them is for the first line that may deny something
def _ways() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(_rows())


def _rows() -> Iterator[tuple[str, re.Pattern[str]]]:
    for row in _TABLE.strip().split("\n"):
        which, said = row.split(": ", 1)
        for name, words in _WORDS.items():
            said = said.replace(f"{{{name}}}", words)
        yield which, re.compile(rf"^{said}$", re.IGNORECASE)


# A line without any of these denies nothing: most lines are done with here.
_CUE = re.compile(
    r"\bno[tn]?\b|n['’]t\b|cannot|never|hate|dislike|detest|stop|quit|g[ai]ve|used to|gone off|enough|switch"
    r"|lost|moved|changed|that['’]s it|through|done|finished|instead|rather|abandon|dropped|cancel|left"
    r"|resigned|\bnow|these days|jetzt|inzwischen|mittlerweile|neuerdings|maintenant|désormais|ahora|agora"
    r"|\bora\b|adesso|\bnu\b|nicht|kein|statt|anstelle|schluss|plus|pas\b|fini|terminé|arrêté|lieu|acab|más|basta"
    r"|dejado|lugar|vez|não|chega|invece|niet|geen|genoeg|plaats|nie\b|は|不再",
    re.IGNORECASE,
)


def denials(line: str) -> Iterator[Denial]:
    """What the person denies in a line that they wrote."""
    if _CUE.search(line) is None or _QUOTED.match(line) or _UNSURE.search(line):
        return
    clauses = _clauses(line)
    if any(map(_REPORTED.search, clauses)):
        return
    for n, said in enumerate(clauses):
        if _taken_back(clauses[n + 1 :]):
            continue
        for which, pattern in _ways():
            if match := pattern.match(said):
                what = _bare(match["x"])
                yield Denial(_KINDS[which], _SLOTS.get(which, ""), what, said, _SORT_FIRST.get(which))


def somebody_elses(line: str) -> bool:
    """Whether a line only tells what somebody else says: quoted, or with who said it."""
    return _QUOTED.match(line) is not None or any(map(_REPORTED.search, _clauses(line)))


def _clauses(line: str) -> list[str]:
    return [_OPENING.sub("", clause.strip()) for clause in _CLAUSE.split(line)]


def _taken_back(after: Sequence[str]) -> bool:
    """Whether the next clause does; a word by itself ("honestly,") is passed over."""
    for clause in after:
        if _BACK.search(clause):
            return True
        if " " in clause:
            return False
    return False


def _bare(what: str) -> str:
    cut = _TAIL.sub("", what)
    while cut != what:
        what, cut = cut, _TAIL.sub("", cut)
    return what.strip()


def denied(line: str, kind: str, slots: Mapping[str, str]) -> bool:
    """Whether `line`, the person's own, says that this claim is not so."""
    return any(_speaks_of(denial, kind, slots) for denial in denials(line))


def _speaks_of(denial: Denial, kind: str, slots: Mapping[str, str]) -> bool:
    if kind not in denial.kinds:
        return False
    name = denial.slot or TABLE[kind].main
    value = slots.get(name, "")
    if not value or not denial.what:
        return False
    if denial.sort_first is not None:
        return _of_one_sort(kind, name, denial, value)
    return alike(kind, name, denial.what, value) is Relation.SAME


def _of_one_sort(kind: str, name: str, denial: Denial, value: str) -> bool:
    """Whether `value` is another of the sort that the person prefers now: dark chocolate, milk chocolate."""
    now, was = core(name, denial.what), core(name, value)
    # Two words each: the sort and which one. "Coffee without sugar" is no sort of "tea without sugar", and
    # what one does at night or at home is not of one sort either.
    if (len(now), len(was)) != (2, 2) or alike(kind, name, denial.what, value) is not Relation.UNRELATED:
        return False
    if any(word.endswith("ing") or word in _BESIDE for word in (*now, *was)):
        return False
    return now[0] == was[0] if denial.sort_first else now[-1] == was[-1]


class Heard(NamedTuple):
    """A denial with the observation in which it stands."""

    observation: Observation
    denial: Denial


def heard(observations: Sequence[Observation]) -> list[Heard]:
    """What the person denied in what they wrote."""
    own = [(o, line) for o in observations if o.trust is Trust.AUTHORED for line in lines(o.text)]
    return [Heard(o, denial) for o, line in own for denial in denials(line)]


def latest(found: Iterable[Heard], most: int = MOST) -> list[Heard]:
    """The last time that each thing was denied, oldest first; only the last `most` of them."""
    kept: dict[Denial, Heard] = {}
    for said in sorted(found, key=lambda h: h.observation.at):
        key = said.denial._replace(what=normal(said.denial.what), quote="")
        kept.pop(key, None)
        kept[key] = said
    return list(kept.values())[-most:]


def against(found: Sequence[Heard], known: Sequence[Proposition]) -> list[tuple[Proposition, Evidence]]:
    """The claims among `known` that were denied, each with the words that do, once an observation."""
    pieces: dict[tuple[str, str], tuple[Proposition, Evidence]] = {}
    for o, denial in found:
        for p in known:
            if _speaks_of(denial, p.type, p.slots):
                pieces.setdefault((p.id, o.id), (p, contradicting(o, denial.quote)))
    return list(pieces.values())


def contradicting(o: Observation, quote: str) -> Evidence:
    """A piece against a claim, in words that were understood without a model."""
    return Evidence(o.id, quote, Stance.CONTRADICTS, 1.0, STRUCTURE, SURE, o.at, o.app, o.trust)
