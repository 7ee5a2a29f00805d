"""Which programs are browsers, and whether a browser window is private. Pure; knows titles only.

Measured with Chromium 156: the X11 title of an incognito window is the same as that of a normal one,
all its X11 properties are, and so is its process. Only the accessible name of the frame differs: it is
the title followed by "(Incognito)" in the interface's language. In each of its 55 interface languages that
addition is bracketed, so the rule needs no word list.

Firefox shows the state in its title: "... — Mozilla Firefox" is a normal window; anything after the
(untranslated) brand is "Private Browsing" in the interface's language.

What cannot be told stays None, which privacy.admit refuses: browsers of other makes, a frame whose name
and title do not fit together (for a moment, while a page loads), Firefox set to always be private.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

# WM_CLASS in lower case -> how its windows tell. "" is a browser whose private windows we cannot tell.
_FAMILIES = {
    "chromium": "blink",
    "chromium-browser": "blink",
    "google-chrome": "blink",
    "google-chrome-beta": "blink",
    "google-chrome-unstable": "blink",
    "chrome": "blink",
    "brave-browser": "blink",
    "microsoft-edge": "blink",
    "firefox": "gecko",
    "firefox-esr": "gecko",
    "org.mozilla.firefox": "gecko",
    "firefox-nightly": "gecko",
    "librewolf": "gecko",
    "waterfox": "gecko",
    "tor browser": "",
    "navigator": "",
    "vivaldi-stable": "",
    "vivaldi": "",
    "opera": "",
    "epiphany": "",
    "org.gnome.epiphany": "",
    "falkon": "",
    "konqueror": "",
    "qutebrowser": "",
    "midori": "",
    "min": "",
    "zen": "",
    "floorp": "",
}
_BRAND_STEMS = (
    "chromium",
    "chrome",
    "firefox",
    "brave",
    "vivaldi",
    "librewolf",
    "browser",
    "netsurf",
)
# Names that stand in the middle of other words, too: "ledger", "cooperation".
_WORDS = re.compile(r"(?<![a-z])(?:edge|opera)")
# Names of browsers in which none of those words stands.
_OTHER_STEMS = (
    *("msedge", "palemoon", "pale moon", "icecat", "iceweasel", "seamonkey", "basilisk", "ladybird", "dillo"),
    *(
        "luakit",
        "iridium",
        "mullvad",
        "torbrowser",
        "waterfox",
        "otter-",
        "nyxt",
        "dooble",
        "slimjet",
        "yandex",
    ),
    *("epiphany", "konqueror", "floorp", "ephemeral", "angelfish", "thorium", "iexplore", "safari"),
    *("duckduckgo",),
    # Pages that were made into programs: Linux Mint's web apps (also private ones), Ice, Firefox's.
    *("webapp-", "ice-ssb", "ffpwa-"),
)
# Short names that stand in other words: only as the whole name, or before a dash ("zen-beta").
_SHORT = frozenset({"zen", "arc", "orion", "helium", "surf", "vimb", "dia", "comet", "min"})

_GECKO_BRANDS = ("Mozilla Firefox", "Firefox Nightly", "Firefox Developer Edition", "LibreWolf", "Waterfox")
# Words some brands put into the visible title itself, outside any brackets the frame adds.
_PRIVATE_WORDS = ("inprivate", "incognito", "private browsing", "(private", "[private")


@lru_cache(maxsize=256)  # asked three times for every window at every look, 9 µs each
def is_browser(app: str) -> bool:
    """Whether `app` (WM_CLASS, any case) shows web pages. When in doubt yes: that is the stricter answer."""
    name = app.lower().removesuffix(".exe")
    short = name.rpartition(".")[2].replace(" ", "-").partition("-")[0]
    known = name in _FAMILIES or short in _SHORT
    named = any(stem in name for stem in (*_BRAND_STEMS, *_OTHER_STEMS))
    return known or named or _WORDS.search(name) is not None


def shows_pages(app: str, instance: str, file: str) -> bool:
    """As `is_browser`, also by the other half of WM_CLASS and the name of the file that runs.

    `chromium --class=notes --incognito` calls itself notes, as desktops make pages into programs.
    """
    # Programs built of Firefox's parts (Zotero) bear the instance that its windows have.
    other = "" if instance.lower() == "navigator" else instance
    return any(name and is_browser(name) for name in (app, other, file.removesuffix(" (deleted)")))


def is_private(app: str, title: str, frame_names: Sequence[str]) -> bool | None:
    """Whether the window is private; None when it could not be told.

    `frame_names` are the accessible names of all frames that may be this window. If they disagree,
    it could not be told.
    """
    family = _FAMILIES.get(app.lower(), "")
    if family == "gecko":
        return _gecko(title)
    if family == "blink":
        answers = {_blink(title, name) for name in frame_names}
        return answers.pop() if len(answers) == 1 else None
    return None


def fits(title: str, frame_name: str) -> bool:
    """Whether a frame of this accessible name may be the window of this X11 title."""
    return bool(frame_name) and (frame_name == title or title in frame_name)


def is_namesake(app: str, program: str) -> bool:
    """Whether a program of this accessible name may own a window of this WM_CLASS ("org.gnome.gedit")."""
    own, other = (name.lower().rpartition(".")[2].replace(" ", "-") for name in (app, program))
    return len(own) > 1 and own == other


def _blink(title: str, frame: str) -> bool | None:
    tail = " - ".join(title.split(" - ")[1:][-2:]).lower()  # what follows the page's own title
    if any(word in tail for word in _PRIVATE_WORDS):
        return True
    if frame == title:
        return False
    if not title or title not in frame:
        return None
    before, _, after = frame.partition(title)
    addition = before + after
    if any(bracket in addition for bracket in "()（）[]【】"):
        return True
    # " - Anna" names the profile when there are several; any other addition is not known to us.
    return False if not before and after.startswith((" - ", " – ")) else None


def _gecko(title: str) -> bool | None:
    for brand in _GECKO_BRANDS:
        if title == brand or title.endswith((f" — {brand}", f" - {brand}", f" – {brand}")):
            return False
    return True if any(brand in title for brand in _GECKO_BRANDS) else None
