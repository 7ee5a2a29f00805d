"""The words by which something is denied, by language. Data for app.desks.polarity, no logic.

Patterns over `match.marked` text: folded, words with single spaces between, "don't" as "don t", no seams.
"""

from collections.abc import Mapping
from dataclasses import dataclass

HERE, ELSE = "thishere", "thatthere"  # stand for what is spoken of, and for other copied words


@dataclass(frozen=True, slots=True)
class Words:
    """A language's negations as alternatives of a pattern over `marked` text.

    `cues` deny their whole clause, `before` only what comes after them ("without"). `not_cues` look like
    negations. `breaks` begin a clause, `after` end one, `ands` join two. `trouble` denies that there is any:
    trouble itself is told by negations ("a mod that does not load", "n'arrive pas à le faire").
    """

    cues: str
    before: str = ""
    not_cues: str = ""
    breaks: str = ""
    after: str = ""
    ands: str = ""
    trouble: str = ""
    letters: bool = False  # no spaces between words


TABLE: Mapping[str, Words] = {
    "en": Words(
        cues=r"not|cannot|never|no longer|no more|\w*n t|(?:has|have|having|had|is|with|there is) no|"
        r"no (?:interest|plans?|need|intention)|stopped|stops|quits?|gave up|given up|ceased|neither|nor|"
        r"nobody|none|formerly|(?:^|he |she |they |user |person )used to|dislikes?|avoids?|hates?|false that|"
        rf"prefers? (?:\w+ ){{1,8}}?over (?:\w+ ){{0,3}}?{HERE}",
        before=r"without|rather than|instead of",
        not_cues=r"not only|not just|no less|if not",
        breaks=r"but|although|though|while|whereas|because|since|which|who|whose|after|before|until|despite|"
        r"(?<!true )(?<!false )(?<!case )that",
        trouble=r"(?:not|n t|no|never|no longer|stopped) (?:\w+ ){0,3}?(?:struggl\w*|trouble|problems?|"
        r"difficult\w*|stuck)|not true|false that|solved|fixed|resolved|overcame|overcome",
        ands=r"and|or",
    ),
    "de": Words(
        cues=r"nicht|kein\w*|nie|niemals|weder|meidet|vermeidet|aufgehort|hasst|"
        rf"lieber (?:\w+ ){{1,8}}?als (?:\w+ ){{0,3}}?{HERE}",
        before=r"ohne|statt|anstatt|anstelle",
        not_cues=r"nicht nur|nicht zuletzt",
        breaks=r"aber|sondern|obwohl|wahrend|weil|doch|jedoch|bevor|nachdem|trotz|"
        r"(?<=, )(?:der|die|das|den|dem|denen|deren|dessen)",
        trouble=r"kein\w* (?:\w+ ){0,2}?(?:problem\w*|schwierigkeit\w*|muhe|arger)|"
        r"(?:kampft|ringt|hadert) (?:\w+ ){0,2}?nicht|nicht wahr|gelost|behoben|uberwunden",
        ands=r"und|oder",
    ),
    "fr": Words(
        cues=r"ne? (?:\w+ ){1,4}?(?:pas|plus|jamais|guere|rien|aucune?|point)|pas|jamais|aucune?|"
        r"cesse de|cesse d|arrete de|arrete d|evite|deteste|renonce",
        before=r"sans|plutot que|plutot qu|au lieu d[eu]?|au lieu des",
        not_cues=r"pas seulement|pas a pas|non seulement",
        breaks=r"mais|bien que|tandis que|alors que|parce que|car|puisque|malgre|qui|dont",
        trouble=r"(?:pas|plus|aucune?) (?:\w+ ){0,2}?(?:problemes?|difficultes?|mal|peine)|"
        r"ne? (?:\w+ ){0,2}?(?:lutte|bute|peine) (?:pas|plus)|pas vrai|resolu\w*|regle|surmonte",
        ands=r"et|ou",
    ),
    "es": Words(
        cues=r"no|nunca|jamas|tampoco|ningun\w*|dejo de|dejado de|evita|odia",
        before=r"sin|en lugar de|en vez de",
        not_cues=r"no solo|no solamente|no \d+",
        breaks=r"pero|sino|aunque|mientras|porque|ya que|(?<!cierto )(?<!verdad )que",
        trouble=r"no (?:\w+ ){0,3}?(?:problemas?|dificultad\w*|lucha|pelea)|no es cierto|resuelto|resolvio|"
        r"solucion\w*",
        ands=r"y|e|o|u",
    ),
    "pt": Words(
        cues=r"nao|nunca|jamais|nenhum\w*|deixou de|evita|odeia",
        before=r"sem|em vez de",
        not_cues=r"nao so|nao apenas",
        breaks=r"mas|embora|enquanto|porque|pois|(?<!verdade )que",
        trouble=r"(?:nao|sem) (?:\w+ ){0,3}?(?:problemas?|dificuldade\w*|luta)|nao e verdade|resolvid\w*|"
        r"resolveu",
        ands=r"e|ou",
    ),
    "it": Words(
        cues=r"non|nessun\w*|smesso di|evita|odia",
        before=r"senza|invece di|anziche",
        not_cues=r"non solo|non soltanto",
        breaks=r"ma|anche se|mentre|perche|poiche|benche|(?<!vero )che",
        trouble=r"non (?:\w+ ){0,3}?(?:problem\w*|difficolta|lotta)|non e vero|risolt\w*",
        ands=r"e|ed|o",
    ),
    "nl": Words(
        cues=r"niet|geen|nooit|gestopt|vermijdt|haat",
        before=r"zonder|in plaats van",
        not_cues=r"niet alleen",
        breaks=r"maar|hoewel|terwijl|omdat|want|(?<=, )(?:die|dat)",
        trouble=r"geen (?:\w+ ){0,2}?(?:problemen|moeite|last)|worstelt (?:\w+ ){0,2}?niet|niet waar|"
        r"opgelost",
        ands=r"en|of",
    ),
    "ja": Words(
        cues=r"ない|なかった|なくな[っりる]|ません|ませぬ|やめ[たてる]|辞め[たてる]|止め[たてる]|嫌い|避け[たてる]|ではなく|じゃなく|"
        rf"{HERE} ?より(?=.*好)",
        not_cues=r"少ない|危ない|かもしれない|かもしれません|なければなら(?:ない|ません)|なければいけ(?:ない|ません)|"
        r"ないといけ(?:ない|ません)|なくてはなら(?:ない|ません)|違いない|間違いない|しかない|だけでな[くい]|"
        r"つまらない|もったいない|くだらない",
        breaks=r"しかし|でも|一方|けれど",
        after=r"ではなく|じゃなく|よりも",
        trouble=r"(?:困|苦労|苦戦|悩|てこず|手こず)[^ ]{0,4}(?:ない|なく|ません)|解決|直した|克服",
        letters=True,
    ),
    "zh": Words(
        cues=r"不|没有|没|未|从不|别",
        before=r"而不是",
        not_cues=r"不仅|不但|不只|不过|不错|不同|差不多|不久|不断",
        breaks=r"但是|但|虽然|因为|而且",
        trouble=r"(?:不再|没有?)[^ ]{0,4}(?:困难|问题|麻烦)|解决",
        letters=True,
    ),
}
