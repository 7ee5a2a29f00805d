"""Secrets in what may be seen: the page stays, the secret goes."""

from tests.desktop.pages import page
from tests.desktop.plants import Plant
from tests.desktop.scenes.programs import GROUND
from tests.desktop.stage import Stage

# Name of the case, what makes the plant, the line it stands in.
SHOWN = (
    ("a card's number", "card", "Paid with {} on Monday"),
    ("an IBAN", "iban", "Transfer to {} by Friday"),
    ("an API token", "key", "Use {} for the build"),
    ("a one-time code", "code", "Your verification code: {}"),
    ("a password in a mail", "password", "Your password is {}"),
)
TYPED = (
    ("a card's number, typed", "card", "Card number"),
    ("an IBAN, typed", "iban", "Account"),
    ("an API token, typed", "key", "Note"),
    ("a password, typed into its field", "password", "Password"),
)
CLEAR = (  # fields in which a password can be read: label, and how it came to be so
    ("no password, but a name", "<label>Nickname <input type=text id=f></label>"),
    ("a password that the page shows in clear", "<label>Password <input type=text id=f></label>"),
    ("a password in clear, labelled in Finnish", "<label>Salasana <input type=text id=f></label>"),
    ("a password in clear, named by a placeholder", "<input type=text id=f placeholder='Passphrase'>"),
    ("a password in clear, named for programs only", "<input type=text id=f aria-label='Kennwort'>"),
    (
        "a password whose field was switched to clear",
        "<label>Password <input type=password id=f></label><script>"
        "addEventListener('keydown', e => { if (e.key == 'F9') f.type = 'text' })</script>",
    ),
)


def _made(stage: Stage, kind: str) -> Plant:
    made: Plant = getattr(stage.plants, kind)()
    return made


def shown_on_a_page(stage: Stage) -> None:
    """In the words of a page, its title and its address."""
    lines = []
    for name, kind, line in SHOWN:
        secret = stage.secret(f"{name}, shown on a page", _made(stage, kind))
        lines.append(f"<p>{line.format(secret.shown)}</p>")
    titled = stage.secret("a card's number in a page's title", stage.plants.card())
    token = stage.secret("a token in a page's address", stage.plants.key())
    around = stage.harmless("the words around them")
    address = stage.pages.put("shop.example", page(f"Order {titled.shown}", around, "".join(lines)))
    tab = stage.browser.tab(f"{address}?token={token.shown}")
    stage.seen(around)
    stage.linger()
    stage.browser.close(tab)


def typed_into_a_page(stage: Stage) -> None:
    """Into fields with a label, of which the last is a password's own."""
    for name, kind, label in TYPED:
        secret = stage.secret(name, _made(stage, kind))
        around = stage.harmless(f"typed beside {name}", stage.plants.text(coloured=False))
        hidden = "password" if label == "Password" else "text"
        fields = (
            "<p><label>Remark <input autofocus size=40 id=r></label>"
            f"<p><label>{label} <input type={hidden} size=60></label>"
        )
        tab = stage.browser.tab(stage.pages.put("shop.example", page("Check out", None, fields)))
        stage.desktop.wait_window("Check out*")
        stage.linger(0.8)
        stage.desktop.type_text(around.shown)
        stage.desktop.key("Tab")
        stage.desktop.type_text(secret.shown)
        stage.seen(around)
        stage.linger()
        stage.browser.close(tab)


def passwords_in_clear(stage: Stage) -> None:
    """In fields that show what is typed."""
    for name, field in CLEAR:
        typed = stage.plants.password()
        secret = stage.harmless(name, typed) if "Nickname" in field else stage.secret(name, typed)
        around = stage.harmless(f"the page with {name}")
        script = "<script>addEventListener('load', () => f.focus())</script>"
        tab = stage.browser.tab(
            stage.pages.put("forum.example", page("Sign in", around, f"<p>{field}{script}"))
        )
        stage.seen(around)
        stage.desktop.type_text(secret.shown)
        stage.linger(0.8)
        stage.desktop.key("F9")
        stage.linger(2.4)
        stage.browser.close(tab)


def in_other_programs(stage: Stage) -> None:
    """In an editor, whose text is told over accessibility, and in a terminal, which is read from pixels."""
    note = stage.desktop.folder / "home" / "plans.txt"
    note.write_text("")
    editor = stage.desktop.launch(["mousepad", "--disable-server", str(note)])
    stage.screen.activate(stage.desktop.wait_window("*plans.txt*"))
    for name, kind, line in SHOWN:
        secret = stage.secret(f"{name}, typed into an editor", _made(stage, kind))
        stage.desktop.type_text(line.format(secret.shown) + "\n")
    around = stage.harmless("typed into the editor beside them", stage.plants.text(coloured=False))
    stage.desktop.type_text(f"{around.shown} is to be done\n")
    stage.seen(around, poke=False)
    stage.desktop.end(editor)
    for name, kind, line in (("a word", "word", "Paid with {} on Monday"), *SHOWN):
        if kind == "word":
            secret = stage.harmless("a word, shown by pixels alone", stage.plants.text(coloured=False))
        else:
            secret = stage.secret(f"{name}, shown by pixels alone", _made(stage, kind))
        window = stage.front("notes", "Notes", None, place=GROUND)
        stage.redrawn(window, f"the window with {name}, by pixels alone", line.format(secret.shown))
        window.close()


SCENES = (shown_on_a_page, typed_into_a_page, passwords_in_clear, in_other_programs)
