"""May this window be observed? Decided from its metadata alone, before a pixel or a word of it is read.

Knows nothing of X11 or AT-SPI. Denial always wins: no later or narrower rule can overrule a `drop`,
and whatever is unknown is refused.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from fnmatch import translate
from functools import lru_cache
from zlib import crc32

from gum.types import Admission, Effect, Rule, RuleId, WindowInfo

UNKNOWN_APP = RuleId("builtin:unknown-app")
UNKNOWN_PRIVATE = RuleId("builtin:unknown-private")
UNKNOWN_ADDRESS = RuleId("builtin:unknown-address")
KEEP = RuleId("builtin:keep")

# Strictest first. A window under several rules gets the strictest of their effects.
_STRICTNESS = (Effect.DROP, Effect.BLUR, Effect.TEXT_ONLY, Effect.KEEP)


def _drops(kind: str, name: str, field: str, patterns: str) -> list[Rule]:
    """One built-in `drop` rule a pattern; all share `name`, so a person sees one reason."""
    rules = []
    for pattern in re.split(r"[,\n]", patterns):
        if not (pattern := pattern.strip()):
            continue
        slug = re.sub(r"[^a-z0-9]+", "-", pattern.lower()).strip("-")
        rule_id = RuleId(f"builtin:{kind}:{field}:{slug}:{crc32(pattern.encode()):08x}")
        fields = {field: pattern}
        rules.append(
            Rule(
                id=rule_id,
                name=name,
                effect=Effect.DROP,
                app=fields.get("app"),
                title=fields.get("title"),
                url=fields.get("url"),
                builtin=True,
            )
        )
    return rules


_OWN = "Gumption's own windows"
_PASSWORDS = "Password managers"
_LOCK = "Lock screens and password prompts"

_PASSWORD_APPS = """
    keepass*, *.keepassxc*, bitwarden*, 1password*, enpass*, seahorse, *.seahorse*, lastpass*, dashlane*
    nordpass*, roboform*, proton?pass*, *passwordsafe*, kwalletmanager*, *.kwalletmanager*, buttercup*
    *gnome.secrets*, qtpass*, *pwsafe*, authenticator, *.authenticator, revelation, gopass*, padloc*
"""
_PASSWORD_SITES = """
    *://vault.bitwarden.*, *bitwarden.com*, *bitwarden.eu*, *://passwords.google.com*, *1password.com*
    *1password.eu*, *1password.ca*, *lastpass.com*, *dashlane.com*, *://keepersecurity.*, *.keepersecurity.*, *://pass.proton.me*
    *nordpass.com*, *://vaultwarden.*, *://psono.*, *://passbolt.*, *.passbolt.*, *://password-manager*
    *://settings/passwords*, about:logins*, *extension://*vault*, *extension://*popup/index.html*
"""
_PASSWORD_TITLES = """
    *bitwarden*, *vaultwarden*, *keepass*, *1password*, *lastpass*, *dashlane*, *enpass*, *nordpass*
    *proton pass*, *passbolt*, *password manager*, *password vault*, *passwort-manager*, *passwortmanager*
    *passwortverwaltung*, *gestionnaire de mots de passe*, *gestor de contraseñas*
    *administrador de contraseñas*, *gestore delle password*, *gestione password*
    *gerenciador de senhas*, *gestor de palavras-passe*, *wachtwoordbeheer*, *menedżer haseł*
    *менеджер паролей*, *диспетчер паролей*, *パスワード マネージャー*, *パスワードマネージャー*
    *密码管理*, *密碼管理*, *비밀번호 관리자*, *şifre yöneticisi*, *مدير كلمات المرور*
"""
_PRIVATE_TITLES = """
    *private browsing*, *(incognito)*, *inprivate*, *(private)*, *[[]private]*, *privates fenster*
    *navigation privée*, *navegación privada*, *navigazione anonima*, *navegação privada*
"""
_LOCK_APPS = """
    *screensaver*, *screenlock*, i3lock*, xsecurelock*, xtrlock*, slock, light-locker*, swaylock*, hyprlock*
    *lockscreen*, gdm*, lightdm*, sddm*, *polkit*, *pinentry*, *askpass*, gcr-prompter*, gksu*, kdesu*
    *kwalletd*, *keyring-prompt*
"""
_LOCK_TITLES = """
    authentication required*, authenticate, unlock keyring, unlock login keyring, pinentry*
    enter passphrase*, authentifizierung erforderlich*, authentification requise*, autenticación requerida*
"""

DEFAULT_RULES: tuple[Rule, ...] = (
    Rule(RuleId("builtin:private"), "Private windows", Effect.DROP, private=True, builtin=True),
    # In whatever program: the words that browsers put into the titles of private windows.
    *_drops("private", "Private windows", "title", _PRIVATE_TITLES),
    *_drops("own", _OWN, "app", "gumption*"),
    *_drops("own", _OWN, "title", "gumption*"),
    *_drops("passwords", _PASSWORDS, "app", _PASSWORD_APPS),
    *_drops("passwords", _PASSWORDS, "url", _PASSWORD_SITES),
    *_drops("passwords", _PASSWORDS, "title", _PASSWORD_TITLES),
    *_drops("lock", _LOCK, "app", _LOCK_APPS),
    *_drops("lock", _LOCK, "title", _LOCK_TITLES),
    Rule(KEEP, "Everything else", Effect.KEEP, builtin=True),
)

_NAMES = {
    UNKNOWN_APP: "Windows that do not say what they are",
    UNKNOWN_PRIVATE: "Browser windows that may be private",
    UNKNOWN_ADDRESS: "Browser windows whose address is not known",
}


@lru_cache(maxsize=4096)
def _glob(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern.casefold()))


def _like(pattern: str | None, value: str | None) -> bool:
    """Whether a glob (None: anything) fits. An unknown value fits no pattern."""
    if pattern is None:
        return True
    return value is not None and _glob(pattern).match(value.casefold()) is not None


def matches(rule: Rule, window: WindowInfo) -> bool:
    """Whether every field that `rule` sets fits `window`. Globs are case-insensitive."""
    return (
        _like(rule.app, window.app)
        and _like(rule.title, window.title)
        and _like(rule.url, window.url)
        and (rule.private is None or rule.private == window.private)
    )


def rule_name(rule_id: RuleId, rules: Sequence[Rule] = ()) -> str:
    """The plain name of a rule, also of the three that say no to the unknown; the id if nobody knows it."""
    for rule in (*DEFAULT_RULES, *rules):
        if rule.id == rule_id:
            return rule.name
    return _NAMES.get(rule_id, rule_id)


def admit(window: WindowInfo, rules: Sequence[Rule] = ()) -> Admission:
    """Whether `window` may be observed, under the shipped rules and `rules`.

    The shipped rules always hold, whether or not `rules` repeats them. Any `drop` that fits decides;
    then whatever is unknown is refused; then the strictest effect of the person's rules that fit.
    """
    own = [rule for rule in rules if not rule.builtin and matches(rule, window)]
    shipped = [rule for rule in DEFAULT_RULES if matches(rule, window)]
    for rule in (*shipped, *own):
        if rule.effect is Effect.DROP:
            return Admission(False, Effect.DROP, rule.id, _refusal(rule))
    unknown = _unknown(window)
    if unknown is not None:
        return unknown
    rule = min((*own, *shipped), key=lambda r: _STRICTNESS.index(r.effect))
    return Admission(True, rule.effect, rule.id, _permission(rule))


def admit_all(window: WindowInfo, urls: Sequence[str], rules: Sequence[Rule] = ()) -> Admission:
    """As `admit`, for a window that shows several documents at once (split view): the strictest answer."""
    answers = [admit(window, rules)]
    answers += [admit(replace(window, url=url), rules) for url in urls if url != window.url]
    return min(answers, key=lambda a: (a.allowed, _STRICTNESS.index(a.effect)))


def _unknown(window: WindowInfo) -> Admission | None:
    if not window.app or not window.title:
        return Admission(
            False, Effect.DROP, UNKNOWN_APP, "The window does not say which program or document it is."
        )
    if window.browser and window.private is None:
        return Admission(False, Effect.DROP, UNKNOWN_PRIVATE, "It could not be told whether it is private.")
    if window.browser and window.url is None:
        return Admission(False, Effect.DROP, UNKNOWN_ADDRESS, "The address it shows is not known.")
    return None


def _refusal(rule: Rule) -> str:
    return f"The rule “{rule.name}” says not to look at it."


def _permission(rule: Rule) -> str:
    if rule.id == KEEP:
        return "No rule speaks against it."
    says = {
        Effect.BLUR: "that only the window's title is kept",
        Effect.TEXT_ONLY: "that its text is kept and no picture of it is taken",
    }.get(rule.effect, "to keep it")
    return f"The rule “{rule.name}” says {says}."
