"""What simulated users type about an offer, by language and cause (`users.Reaction.cause`, and "enough")."""

from collections.abc import Mapping, Sequence

FALLBACK = "en"

REMARKS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "en": {
        "useful": ("thanks", "just what I needed"),
        "timing": ("not now", "I'm in a call"),
        "repeat": ("I did that already", "again?"),
        "early": ("too early for that",),
        "late": ("too late, that's over",),
        "topic": ("not interested", "what is this about?"),
        "enough": ("stop it for today", "no more of these"),
    },
    "de": {
        "useful": ("danke", "genau das brauche ich"),
        "timing": ("jetzt nicht", "ich bin im Gespräch"),
        "repeat": ("habe ich schon", "schon wieder?"),
        "early": ("dafür ist es zu früh",),
        "late": ("zu spät, das ist vorbei",),
        "topic": ("kein Interesse", "was soll das?"),
        "enough": ("Schluss für heute", "nichts mehr davon"),
    },
    "fr": {
        "useful": ("merci", "juste ce qu'il me faut"),
        "timing": ("pas maintenant", "je suis en réunion"),
        "repeat": ("c'est déjà fait", "encore ?"),
        "early": ("c'est trop tôt",),
        "late": ("trop tard, c'est passé",),
        "topic": ("ça ne m'intéresse pas", "c'est quoi, ça ?"),
        "enough": ("ça suffit pour aujourd'hui", "plus rien de tel"),
    },
    "es": {
        "useful": ("gracias", "justo lo que necesito"),
        "timing": ("ahora no", "estoy en una llamada"),
        "repeat": ("ya lo hice", "¿otra vez?"),
        "early": ("demasiado pronto",),
        "late": ("demasiado tarde, ya pasó",),
        "topic": ("no me interesa", "¿a qué viene esto?"),
        "enough": ("basta por hoy", "no más de esto"),
    },
    "ja": {
        "useful": ("ありがとう", "ちょうどよかった"),
        "timing": ("今はやめて", "会議中です"),
        "repeat": ("もうやりました", "またですか"),
        "early": ("まだ早いです",),
        "late": ("もう終わりました",),
        "topic": ("興味ありません", "何のことですか"),
        "enough": ("今日はもう結構です", "もう出さないで"),
    },
}


def remarks(languages: Sequence[str], cause: str) -> tuple[str, ...]:
    """What may be said for a cause: in the first language ("de-AT") there are words for, else in English."""
    own = (name.lower().replace("_", "-").partition("-")[0] for name in languages)
    return next((REMARKS[name] for name in own if name in REMARKS), REMARKS[FALLBACK])[cause]
