"""Windows that are left out by what they are and how they are called: in front, beside, and over others."""

from tests.desktop.plants import Plant
from tests.desktop.stage import Stage
from tests.desktop.windows import Shown

GROUND = (60, 60, 700, 460)
WITHIN = (320, 260, 420, 230)  # inside of GROUND, below its strip

# Name of the case, program (WM_CLASS), title with the planted word in it.
Row = tuple[str, str | None, str | None]

LEFT_OUT: tuple[Row, ...] = (
    ("KeePassXC", "KeePassXC", "{} - KeePassXC"),
    ("Bitwarden", "Bitwarden", "{} in the vault"),
    ("1Password", "1Password", "{} and others"),
    ("Seahorse", "org.gnome.seahorse.Application", "{}"),
    ("a web vault in an unknown program", "kiosk", "{} | Vaultwarden Web"),
    ("GnuCash", "Gnucash", "{}.gnucash"),
    ("Electrum", "electrum", "Wallet {}"),
    ("a bank by its title", "viewer", "{} | Online Banking"),
    ("a patients' portal by its title", "viewer", "{} | Patient Portal"),
    ("an adult site by its title", "viewer", "{} - Free Porn Videos"),
    ("i3lock", "i3lock", "{}"),
    ("a polkit prompt", "polkit-gnome-authentication-agent-1", "{}"),
    ("pinentry", "pinentry-gtk-2", "{}"),
    ("a password prompt by its title", "prompt", "Authentication required for {}"),
    ("Gumption's own window", "gumption", "{}"),
    ("a private window of Firefox", "firefox", "{} — Mozilla Firefox Private Browsing"),
    ("a private window of Edge", "microsoft-edge", "{} - [InPrivate] - Microsoft Edge"),
    ("a private window of Brave", "brave-browser", "{} (Private) - Brave"),
    ("a window of Opera", "opera", "{} - Opera"),
    ("Tor Browser", "Tor Browser", "{} — Tor Browser"),
    ("a window without a program", None, "{}"),
    ("a window without a title", "notes", None),
    ("a window that says nothing", None, None),
)
ALIKE: tuple[Row, ...] = (
    ("a key shop", "keepsakes", "{} - Keepsakes"),
    ("a cheese on a cellar's list", "viewer", "{} | Online Banking is down again"),
    ("an article on patients", "viewer", "{} | Patient portals compared"),
    ("a paper on locks", "viewer", "Locks and screens: {}"),
    ("a talk on authentication", "viewer", "How authentication is required: {}"),
    ("a normal window of a browser in another program", "viewer", "{} — Mozilla Firefox"),
    ("a ledger, in which stands the name of a browser", "ledger", "{}"),
    ("a window with program and title", "notes", "{}"),
)

# Endings of private windows' titles. In a program that is no browser the title alone can tell.
PRIVATE_TITLES = {
    "English": "Mozilla Firefox Private Browsing",
    "German": "Mozilla Firefox Privater Modus",
    "French": "Mozilla Firefox (Navigation privée)",
    "Spanish": "Mozilla Firefox (Navegación privada)",
    "Italian": "Mozilla Firefox (Navigazione anonima)",
    "Dutch": "Mozilla Firefox Privénavigatie",
    "Polish": "Mozilla Firefox Tryb prywatny",
    "Portuguese": "Mozilla Firefox Navegação privativa",
    "Russian": "Mozilla Firefox Приватный просмотр",
    "Japanese": "Mozilla Firefox プライベートブラウジング",
    "Chinese": "Mozilla Firefox 隐私浏览",
    "Korean": "Mozilla Firefox 사생활 보호 모드",
    "Turkish": "Mozilla Firefox Gizli Gezinti",
    "Arabic": "Mozilla Firefox التصفح الخاص",
    "Edge, English": "[InPrivate] - Microsoft Edge",
    "Chromium, German": "Chromium (Inkognito)",
    "in capitals": "MOZILLA FIREFOX PRIVATE BROWSING",
    "with a sign that is not seen": "Mozilla Firefox Private\u200b Browsing",
    "with another kind of space": "Mozilla Firefox Private\u00a0Browsing",
}


def ordinary(
    stage: Stage, name: str, app: str = "notes", title: str = "What is to be done"
) -> tuple[Shown, Plant]:
    """A harmless case: an ordinary window in front, seen before anything is done to it."""
    plant = stage.harmless(name)
    window = stage.front(app, title, plant, place=GROUND)
    stage.seen(plant)
    return window, plant


def _title(template: str | None, word: str) -> str | None:
    return None if template is None else template.format(word)


def left_out_programs(stage: Stage) -> None:
    """Each lies over a part of an ordinary window that is in front, and then is in front itself."""
    ground = stage.screen.show("notes", "What is to be done", None, place=GROUND)
    for name, app, title in LEFT_OUT:
        over = stage.secret(f"{name}, over a part of the window in front")
        window = stage.screen.show(app, _title(title, over.shown), over, place=WITHIN)
        stage.screen.activate(ground.id)
        window.raise_()
        stage.redrawn(ground, f"the window that {name} covers a part of", f"under {name}")
        front = stage.secret(f"{name}, in front")
        if title is not None:
            window.title(title.format(front.shown))
        window.draw(front)
        stage.screen.activate(window.id)
        stage.refused()
        window.close()


def programs_alike(stage: Stage) -> None:
    """Windows that come near to those, in front: they must be seen."""
    for name, app, title in ALIKE:
        plant = stage.harmless(name)
        window = stage.front(app, _title(title, plant.shown), plant, place=WITHIN)
        stage.seen(plant)
        window.close()


def private_titles(stage: Stage) -> None:
    """One window whose title becomes that of a private window in one language after the other."""
    plant = stage.harmless("a title of a normal window")
    window = stage.screen.show("viewer", f"{plant.shown} — Mozilla Firefox", plant, place=WITHIN)
    stage.seen(plant)
    for language, ending in PRIVATE_TITLES.items():
        secret = stage.secret(f"a private window's title: {language}")
        window.title(f"{secret.shown} — {ending}")
        window.draw(secret)
        stage.refused()
    again = stage.harmless("the title of a normal window again")
    window.draw(again)
    window.title(f"{again.shown} — Mozilla Firefox")
    stage.seen(again)


def real_programs(stage: Stage) -> None:
    """Programs as they are installed, under the names of others, and under their own."""
    for name, argv, left_out in (
        ("xterm as Bitwarden", ["xterm", "-class", "Bitwarden", "-T", "{}", "-bg", "{c}", "-e", "{s}"], True),
        ("xterm", ["xterm", "-T", "{}", "-bg", "{c}", "-e", "{s}"], False),
        (
            "xterm with a bank's title",
            ["xterm", "-T", "{} - Online Banking", "-bg", "{c}", "-e", "{s}"],
            True,
        ),
    ):
        plant = stage.secret(name) if left_out else stage.harmless(name)
        assert plant.colour is not None
        colour = "#{:02x}{:02x}{:02x}".format(*plant.colour)
        words = [word.format(plant.shown, c=colour, s=f"echo {plant.shown}; sleep 60") for word in argv]
        process = stage.desktop.launch([*words[:-1], "sh", "-c", words[-1]])
        stage.screen.activate(stage.desktop.wait_window(words[words.index("-T") + 1]))
        if left_out:
            stage.refused()
        else:
            stage.seen(plant)
        stage.desktop.end(process)
    for name, app, left_out in (
        ("a text editor", "mousepad", False),
        ("a text editor, by its file", "mousepad", True),
    ):
        plant = stage.secret(name) if left_out else stage.harmless(name)
        called = f"{plant.shown} - Bitwarden.txt" if left_out else f"{plant.shown}.txt"
        file = stage.desktop.folder / "home" / called
        file.write_text(f"{plant.shown} is what was written\n")
        process = stage.desktop.launch([app, "--disable-server", str(file)])
        stage.screen.activate(stage.desktop.wait_window(f"*{plant.shown}*"))
        if left_out:
            stage.refused()
        else:
            stage.seen(plant)
        stage.desktop.end(process)


def dialogs(stage: Stage) -> None:
    """What a window that is left out opens: dialogs of the same program, with titles of their own."""
    kept = stage.screen.show("viewer", "An article on ducks", None, place=GROUND)
    plant = stage.harmless("a dialog of an ordinary window")
    dialog = stage.front("viewer", "Confirm", plant, place=WITHIN, kind="DIALOG", over=kept)
    stage.seen(plant)
    dialog.close()
    kept.close()
    bank = stage.screen.show("viewer", "Accounts | Online Banking", None, place=GROUND)
    vault = stage.screen.show("KeePassXC", "Vault", None, place=GROUND)
    for name, app, over in (("a bank's window", "viewer", bank), ("a password manager", "KeePassXC", vault)):
        _dialog(stage, f"a dialog of {name}", app, over)


def _dialog(stage: Stage, name: str, app: str, over: Shown) -> None:
    secret = stage.secret(name)
    dialog = stage.front(app, "Confirm", secret, place=WITHIN, kind="DIALOG", over=over)
    stage.refused()
    dialog.close()


SCENES = (left_out_programs, programs_alike, private_titles, real_programs, dialogs)
