"""What is too private to use unasked: health, mood, belief, politics, sexuality, debt, the law.

A word list is a blunt first line of defence. It errs towards hiding, which costs a suggestion; the
other error would cost trust. A hidden proposition is still in "What I know", where it can be allowed.
Categories: those of GDPR Article 9 (1), plus mood, debt and trouble with the law.
"""

import re

from gum.text import normal

_STEMS = (
    # health
    r"cancer|tumou?r|oncolog|chemotherap|diabet|depress|anxiety|therap(?:y|ist)|psychiat|psycholog(?:ist|ue)"
    r"|hiv\b"
    r"|aids test|pregnan|abortion|miscarriage|fertility"
    r"|ivf\b|addict|alcoholi|rehab|overdose|medicat|antidepress"
    r"|symptom|diagnos|suicid|self harm"
    r"|adhd|autis|bipolar|schizo|dementia|std test|eating disorder|panic attack"
    r"|krebs|schwanger|abtreibung|drogensucht"
    r"|spielsucht|selbstmord|depressi|kranken(?:haus|akte)|angststörung|psychothera"
    r"|grossesse|avortement|dépress|enceinte|embaraz|aborto|cáncer|ansiedad|gravidanza|tumore|zwanger|kanker"
    r"|がん|妊娠|うつ|自殺|怀孕|癌|抑郁|自杀"
    # mood and relationships
    r"|lonel(?:y|iness)|burnout|divorc|heartbr|breakup|scheidung|divorzio|離婚|离婚"
    # belief and politics
    r"|pray(?:er|ing)|mosque|synagogue|bible study|qur ?an"
    r"|atheis|convert to|trade union|gewerkschaft|syndicat"
    r"|communis|republican party|democratic party|vote for|abortion rights"
    # sexuality
    r"|porn|sexual|gay\b|lesbian|bisexual|transgender|erotic|xxx\b|tinder\b|grindr|schwul|lesbisch"
    # debt and the law
    r"|bankruptcy|debt collect|foreclosure|arrest|criminal record|lawsuit"
    r"|schulden|insolven|privatinsolvenz|faillite"
)
_SENSITIVE = re.compile(rf"(?:^| |(?<=[\u3040-\u30ff\u4e00-\u9fff]))(?:{_STEMS})")


def sensitive(text: str) -> bool:
    """Whether `text` names something of the categories above (word stems; several languages)."""
    return _SENSITIVE.search(normal(text)) is not None
