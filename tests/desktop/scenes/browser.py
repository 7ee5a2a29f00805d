"""Chromium as it is: pages left out by address or title, private windows, tabs, frames, late titles."""

import time

from tests.desktop.pages import page
from tests.desktop.plants import Plant
from tests.desktop.stage import Stage

# Name of the case, host, what follows the path, title.
LEFT_OUT = (
    ("a bank", "www.chase.com", "", "Welcome"),
    ("a bank at a host of its own kind", "onlinebanking.norrbank.example", "", "Welcome"),
    ("a payment service", "www.paypal.com", "", "Send and receive"),
    ("a doctor's appointment", "www.doctolib.de", "", "Choose a time"),
    ("a patients' portal at a hospital's host", "mychart.norr.example", "", "Welcome"),
    ("an adult site", "de.xhamster.com", "", "Welcome"),
    ("a password vault", "vault.bitwarden.com", "", "Log in"),
    ("saved passwords", "passwords.google.com", "", "Welcome"),
    ("a bank, with a port and a dot", "www.chase.com.:443", "", "Welcome"),
    ("a bank, behind a name and a password", "news.example:x@www.chase.com", "", "Welcome"),
    ("a bank, through a translator", "www-chase-com.translate.goog", "", "Welcome"),
    ("a bank nobody listed, by its title", "norr.example", "", "Log in | Online Banking | Norrbank"),
    ("a patients' portal nobody listed, by its title", "stmary.example", "", "Patient Portal - St Mary's"),
    ("a private window's title", "mirror.example", "", "News - Private Browsing"),
)
ALIKE = (
    ("a host that only begins like a bank's", "www.chase.com.example.org", "", "Welcome"),
    ("a host that only ends like a bank's", "purchase.example", "", "Welcome"),
    ("an address with a bank's in its query", "news.example", "?from=https://www.chase.com/", "What is new"),
    ("a newspaper on banks", "news.example", "", "Online banking is down again"),
    ("a newspaper on health", "health-news.example", "", "What doctors say of sleep"),
    ("an encyclopedia on online banking", "en.wikipedia.org", "", "Online banking - Wikipedia"),
    ("an article on incognito windows", "encyclopedia.example", "", "How browsers keep no history"),
)


def pages_left_out(stage: Stage) -> None:
    """Each in a tab in front; then again behind an ordinary page, in a tab that is not shown."""
    for name, host, query, title in LEFT_OUT:
        secret = stage.secret(f"a page: {name}")
        tab = stage.browser.tab(stage.pages.put(host, page(title, secret)) + query)
        stage.refused()
        stage.browser.close(tab)
    _alike(stage)


def _alike(stage: Stage) -> None:
    for name, host, query, title in ALIKE:
        plant = stage.harmless(f"a page: {name}")
        tab = stage.browser.tab(stage.pages.put(host, page(title, plant)) + query)
        stage.seen(plant)
        stage.browser.close(tab)


def background_tabs(stage: Stage) -> None:
    """A page that is left out, loaded in a tab behind the one in front."""
    secret, plant = stage.secret("a bank's page in a tab behind"), stage.harmless("the tab in front of it")
    bank = stage.browser.tab(stage.pages.put("www.chase.com", page("What is owed", secret)))
    ordinary = stage.browser.tab(stage.pages.put("news.example", page("What is new", plant)))
    stage.seen(plant)
    again = stage.harmless("the tab in front, after the one behind was looked at")
    stage.browser.front(bank)
    stage.refused()
    stage.browser.close(ordinary)
    ordinary = stage.browser.tab(stage.pages.put("news.example", page("What is new today", again)))
    stage.seen(again)
    for tab in (bank, ordinary):
        stage.browser.close(tab)


def frames(stage: Stage) -> None:
    """A page within a page: what is left out stays so inside of what is not."""
    secret, plant = stage.secret("a bank's page in a frame of another"), stage.harmless("the page around it")
    within = stage.harmless("an ordinary page in a frame beside it")
    inner = stage.pages.put("www.chase.com", page("What is owed", secret))
    beside = stage.pages.put("maps.example", page("The way", within))
    framed = "".join(f"<iframe src='{url}' width=400 height=180></iframe>" for url in (inner, beside))
    tab = stage.browser.tab(stage.pages.put("shop.example", page("What is sold", plant, framed)))
    stage.seen(plant)
    stage.seen(within)
    stage.linger()
    stage.browser.close(tab)


def private_windows(stage: Stage) -> None:
    """Opened from outside and by the keys, typed into, over an ordinary window, and closed again."""
    before = stage.harmless("a page before a private window")
    tab = stage.browser.tab(stage.pages.put("news.example", page("What is new", before)))
    stage.seen(before)
    normal = stage.screen.active()
    assert normal is not None
    secret = stage.secret("a page in a private window")
    address = stage.pages.put("news.example", page("Quietly read", secret, "<input autofocus>"))
    stage.browser.launch(address, "--incognito")
    private = stage.desktop.wait_window("Quietly read*")
    stage.screen.activate(private)
    stage.refused()
    typed = stage.secret("typed into a page in a private window", stage.plants.text(coloured=False))
    stage.desktop.type_text(typed.shown)
    stage.linger()
    over = stage.harmless("a page under a private window that is not in front")
    stage.browser.close(tab)
    tab = stage.browser.tab(stage.pages.put("news.example", page("What is newer", over)))
    stage.desktop.place(private, 560, 330, 900, 500)  # all of a page that is covered whole is left out, too
    stage.screen.activate(normal)
    stage.screen.raise_(private)
    stage.seen(over)
    stage.desktop.close(private)
    by_keys = stage.secret("a private window opened by the keys of a running browser")
    address = stage.pages.put("news.example", page("Opened by keys", by_keys))
    stage.screen.activate(normal)
    stage.desktop.key("ctrl+shift+n")
    stage.desktop.wait_window("New Incognito*")
    time.sleep(0.5)
    stage.desktop.key("ctrl+l")
    stage.desktop.type_text(address + "\n")
    private = stage.desktop.wait_window("Opened by keys*")
    stage.refused()
    stage.desktop.close(private)
    after = stage.harmless("a page after the private windows")
    stage.browser.close(tab)
    tab = stage.browser.tab(stage.pages.put("news.example", page("What is newest", after)))
    stage.screen.activate(normal)
    stage.seen(after)
    stage.browser.close(tab)


_BANK = "Log in | Online Banking | Norrbank"


def _changing(secret: Plant, script: str) -> str:
    """A page on which a key of the keyboard runs `script`; `show()` shows the secret, `title(t)` sets it."""
    return (
        "<p id=p>nothing yet</p><script>"
        f"const show = () => {{ p.textContent = '{secret.shown} is here';"
        f" p.style.background = '{secret.css}' }};"
        "const hide = () => { p.textContent = 'nothing more'; p.style.background = 'none' };"
        "const title = t => { document.title = t };"
        f"addEventListener('keydown', e => {{ if (e.key == 'F9') {{ {script} }} }})</script>"
    )


def titles_that_come_late(stage: Stage) -> None:
    """Title or address become such as are left out while the page is open, and the other way round."""
    for name, title, script in (
        ("what a page shows once its title is a bank's", "Loading", f"title('{_BANK}'); show()"),
        (
            "a tenth of a second before its title is",
            "Loading",
            f"show(); setTimeout(() => title('{_BANK}'), 100)",
        ),
        (
            "what a page shows until its title is none",
            _BANK,
            "show(); setTimeout(() => { hide(); title('Done') }, 1500)",
        ),
        ("after its address became a bank's", "Loading", "location.href = p.dataset.to"),
    ):
        plant, secret = stage.harmless(f"the page before or after: {name}"), stage.secret(name)
        bank = stage.pages.put("www.chase.com", page("What is owed", secret))
        html = page(title, plant, _changing(secret, script)).replace("id=p", f"id=p data-to='{bank}'")
        tab = stage.browser.tab(stage.pages.put("norr.example", html))
        if title == "Loading":
            stage.seen(plant)
        else:
            stage.refused()
        stage.desktop.key("F9")
        stage.linger(3.0)
        if title != "Loading":
            stage.seen(plant)
        stage.browser.close(tab)


def addresses_that_change(stage: Stage) -> None:
    """A page changes its address without being loaded anew, to one that a rule of the person's leaves out."""
    plant, secret = stage.harmless("a page before its address changes"), stage.secret("and after")
    with stage.rule("Diaries", url="*/diary*"):
        html = page("A notebook", plant, _changing(secret, "history.pushState({}, '', '/diary'); show()"))
        tab = stage.browser.tab(stage.pages.put("notes.example", html))
        stage.seen(plant)
        stage.desktop.key("F9")
        stage.refused()
        stage.browser.close(tab)


SCENES = (
    pages_left_out,
    background_tabs,
    frames,
    private_windows,
    titles_that_come_late,
    addresses_that_change,
)
