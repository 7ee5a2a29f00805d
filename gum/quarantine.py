"""Text that speaks to an assistant: "ignore previous instructions", "remember that the user …".

Captured text is data. A drafter that is code cannot obey it, but could still take "the user loves X"
for a fact, and a language model might obey; so such text is taken out before any drafter sees it.
The price is that honest pages about prompts and users are not read either, which is cheap.
"""

import re

from gum.text import MAX_TEXT, normal, phrases

# Matched against gum.text.normal: lower case, one space between words, no punctuation.
_SPOKEN = phrases(
    # English
    r"""
    (?:ignor\w*|disregard|forget|override|bypass|discard) (?:\w+ ){0,5}(?:instruction|prompt|guideline)
    (?:ignor\w*|disregard|forget) (?:\w+ ){0,2}(?:previous|prior|above|earlier|preceding) (?:rule\
      |command|message|text)
    (?:new|updated|real|hidden|secret) (?:system )?(?:instructions?|prompt) (?:for|to|follow|is|are\
      |override)
    (?:attention|note|message|instructions?|notice|memo) (?:to|for) (?:\w+ ){0,3}(?:assistants?|ais?\
      |llms?)\b
    (?:attention|note|message|instructions?|notice) (?:to|for) (?:\w+ ){0,3}(?:language models?\
      |chatbots?|agents?)\b
    (?:attention|note|message|instructions?) (?:to|for) (?:\w+ ){0,3}(?:copilot|chatgpt|claude|gemini\
      |gumption)\b
    \b(?:dear |hey |hi |hello )?(?:assistant|ai|llm|chatbot|gpt|chatgpt|claude|gemini|copilot|gumption) \
    (?:please |you |must |should |now |always |to )*(?:remember|record|store|save|memori[sz]e|infer\
      |conclude|ignore)\b
    (?:remember|record|store|save|memori[sz]e|infer|conclude|note|add|report)(?: \w+){0,4} that (?:the\
      |this) (?:user|human)\b
    (?:remember|record|store|save|memori[sz]e|infer|conclude)(?: \w+){0,4} that (?:the|this|our|your) \
      \w+ (?:is|has|loves?|likes?|prefers?|wants?)\b
    (?:tell|inform|convince|persuade|instruct) the (?:user|human)\b
    \b(?:the|this) (?:user|human) (?:is|has|prefers?|loves?|likes?|wants?|works?|lives?|owns?|bought\
      |hates?|plans?|needs?)\b
    \byou are (?:now )?(?:an? |in )?(?:\w+ ){0,3}(?:assistant|ai|language model|llm|chatbot\
      |developer mode)\b
    (?:act|behave|respond|pretend) as (?:if you (?:are|were) )?(?:an? |the )?(?:\w+ ){0,2}(?:assistant\
      |ai|dan)\b
    do not (?:tell|inform|mention|reveal|alert)(?: \w+){0,4} (?:user|human)\b
    \bsystem prompt\b
    \bprompt injection\b
    """,
    # German
    r"""
    (?:ignorier|vergiss|missacht|vergesse)\w* (?:\w+ ){0,4}(?:anweisung|instruktion|befehl|vorgabe|regel)
    (?:merk|merken|speicher|notier)\w* (?:\w+ ){0,3}(?:dass |daß )(?:der|die) (?:nutzer|benutzer|anwender)
    \b(?:assistent|ki) (?:bitte |du )?(?:merke?|speicher|notier|ignorier|antworte)\w*
    \bder (?:nutzer|benutzer) (?:ist|liebt|bevorzugt|mag|hat|will|möchte)\b
    """,
    # French, Spanish, Portuguese, Italian, Dutch
    r"""
    ignor\w* (?:\w+ ){0,3}(?:consigne|règle|directive|instruccion|órdenes|regla|instruç|ordens|regra\
      |istruzion|regol|instructie|aanwijzing)
    (?:oublie|olvida|esque[cç]|dimentica|negeer|vergeet)\w* (?:\w+ ){0,3}(?:instruc|instruç|istruz\
      |consigne|règle|regl|regra|regol|regels|aanwijz)
    (?:souviens toi|retiens|note|enregistre|mémorise|recuerda|anota|registra|lembre|guarde|ricorda\
      |memorizza|onthoud|noteer)\w*\
    \ (?:\w+ )?(?:que|che|dat) (?:l |el |o |il |de |la |a )?(?:utilis|usuari|utiliz|utente|gebruiker)
    \b(?:l utilisateur|el usuario|o usuário|o utilizador|l utente|de gebruiker) (?:est|aime|préfère|es\
      |ama|prefiere|é|prefere|è|preferisce|is|houdt)\b
    """,
    # Addressed to an assistant, in those languages and German
    r"""
    \b(?:note|nota|avis|aviso|avviso|message|mensaje|messaggio|hinweis|nachricht|anweisung\w*|instruc\w+\
      |instruç\w+|istruzion\w+) (?:\w+ ){0,2}(?:à|aux?|a|al|pour|para|per|für|an) (?:\w+ ){0,3}\
      (?:ia|ki|ais?|assist\w+|asist\w+)\b
    \b(?:l utilisateur|el usuario|la usuaria|o usuário|o utilizador|l utente|de gebruiker) (?:veut|possède\
      |travaille|achète|quiere|tiene|trabaja|compra|quer|tem|trabalha|vuole|ha|lavora|wil|heeft|werkt)\b
    """,
    # Japanese, Chinese, Korean, Russian
    r"""
    アシスタント(?:さん|様)? ?(?:へ|宛)
    (?:人工知能|ai)(?:システム)? ?(?:へ|宛)の? ?(?:注意|指示|お願い|連絡|メッセージ|命令|伝言)
    (?:利用者|ユーザー?|使用者)(?:は|が).{0,60}(?:覚え|記憶|記録|保存|登録)
    (?:给|致|對|对).{0,6}(?:助手|助理|人工智能|ai\b)
    사용자(?:는|가) .{0,60}(?:기억|저장|기록)
    (?:ассистент|ии|бот)\w* (?:запомни|сохрани|запиши|учти)\w*
    (?:指示|命令|プロンプト)(?:を|は)?(?:すべて|全て)?(?:無視|忘れ)
    ユーザーは.{0,40}(?:記憶|覚え|記録|保存)
    (?:アシスタント|ai).{0,12}(?:記憶|覚えて|記録)
    (?:忽略|无视|忘记|忽視|無視).{0,8}(?:指令|指示|提示|命令|规则)
    (?:记住|记录|保存).{0,8}(?:用户|使用者)
    (?:助手|助理|ai).{0,6}(?:记住|记录)
    (?:지시|명령|지침)\w* (?:모두 )?무시
    игнорир\w+ (?:\w+ ){0,2}(?:инструкц|указани|команд)
    (?:забудь|запомни)\w* (?:\w+ ){0,2}(?:инструкц|указани|что пользовател)
    """,
)
# Chat templates and our own answer format; matched against the text as it stands.
_MARKUP = re.compile(
    r"<\|?/?(?:im_start|im_end|system|assistant|endoftext)\|?>|\[/?INST\]|<</?SYS>>"
    r"|^\W{0,3}(?:system|assistant|developer)\s*:\s*\S|\{\s*\"(?:type|claim|proposition|role)\"\s*:",
    re.IGNORECASE | re.MULTILINE,
)


def quarantined(text: str) -> bool:
    """Whether `text` is shaped like an instruction to an assistant, in one of a dozen languages.

    Case, spacing, punctuation, full-width letters and invisible characters do not hide it.
    """
    text = text[:MAX_TEXT]
    return _MARKUP.search(text) is not None or _SPOKEN.search(normal(text)) is not None


def without_planted(text: str) -> str:
    """The first MAX_TEXT characters without quarantined lines; sentences may be wrapped."""
    text = text[:MAX_TEXT]
    if not quarantined(text):  # one look at the whole is enough for nearly every screen
        return text
    every = text.split("\n")
    bad: set[int] = set()
    for width in (1, 2, 3, 4):
        for i in range(len(every) - width + 1):
            span = range(i, i + width)
            if bad.isdisjoint(span) and quarantined(" ".join(every[i : i + width])):
                bad.update(span)
    left = "\n".join(line for i, line in enumerate(every) if i not in bad)
    return "" if quarantined(left) else left  # spread wider than that: nothing of it is trusted
