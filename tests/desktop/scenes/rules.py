"""What the person says: rules of their own, a pause, and that copies are not read unless they ask for it."""

import time
from datetime import datetime, timedelta

from gum.zone import HERE
from tests.desktop.pages import page
from tests.desktop.plants import Plant
from tests.desktop.scenes.programs import GROUND, ordinary
from tests.desktop.stage import Stage
from tests.desktop.windows import Place
from tests.observers.copier import Copier


def own_rules(stage: Stage) -> None:
    """By program and by title, while the window is open: from then on nothing, then everything again."""
    for name, fields in (
        ("by program", {"app": "tally"}),
        ("by title", {"title": "*diary*"}),
        ("by a part of the title", {"title": "|my diary|"}),
    ):
        window, _ = ordinary(stage, f"before a rule {name}", "tally", "My diary")
        with stage.rule(f"Not this one, {name}", **fields):
            secret = stage.secret(f"a window open when a rule {name} came")
            window.draw(secret)
            stage.refused()
            window.draw(None)
        stage.redrawn(window, f"after the rule {name} was gone")
        window.close()


def own_rules_by_circumstance(stage: Stage) -> None:
    """By half of the program's name, monitor, full screen and time; and a twin that each comes near to."""
    moment = datetime.now(HERE)
    today, later = f"{_day(moment, 0)}, {_day(moment, 1)}", _day(moment, 3)  # it may be midnight in a moment
    on_the_right: Place = (900, 100, 500, 300)
    whole: Place = (0, 0, 800, 900)
    for name, fields, left_out, alike in (
        ("by WM_CLASS", {"window_class": "tally"}, ("tally", GROUND, False), ("notes", GROUND, False)),
        ("by monitor", {"monitor": "RIGHT"}, ("notes", on_the_right, False), ("notes", GROUND, False)),
        ("by full screen", {"full_screen": True}, ("notes", whole, True), ("notes", GROUND, False)),
        ("for today", {"app": "tally", "hours": today}, ("tally", GROUND, False), ("notes", GROUND, False)),
    ):
        with stage.rule(f"Not this one, {name}", **fields):
            secret = stage.secret(f"a window left out by a rule {name}")
            _front(stage, left_out, secret)
            stage.refused()
            stage.screen.clear()
            plant = stage.harmless(f"a window near to a rule {name}")
            _front(stage, alike, plant)
            stage.seen(plant)
            stage.screen.clear()
    with stage.rule("Not this one, in three days", app="tally", hours=later):
        plant = stage.harmless("a window that is left out in three days")
        _front(stage, ("tally", GROUND, False), plant)
        stage.seen(plant)
    with stage.rule("Not while shared", app="tally", sharing=True):
        before = stage.harmless("a window that is left out while the screen is shared, which it is not")
        _front(stage, ("tally", GROUND, False), before)
        stage.seen(before)
        stage.screen.show("obs", "OBS 30.1 - Profile: Untitled", None, place=(1200, 600, 300, 200))
        stage.linger()
        secret = stage.secret("a window that is left out while the screen is shared")
        _front(stage, ("tally", GROUND, False), secret)
        stage.refused()
        stage.screen.clear()


def _front(stage: Stage, how: tuple[str, Place, bool], plant: Plant) -> None:
    app, place, full = how
    states = ("FULLSCREEN",) if full else ()
    stage.front(app, plant.shown, plant, place=place, states=states)


def _day(moment: datetime, later: int) -> str:
    """The day of the week so many days after `moment`, as rules name it."""
    return (moment + timedelta(days=later)).strftime("%a").lower()


def own_rules_for_pages(stage: Stage) -> None:
    """By address and by site, with pages near to it."""
    for name, url, left_out, alike in (
        ("by address", "*/private/*", "https://notes.example{}/private/", "https://notes.example{}/public/"),
        ("by site", "site:diary.example", "https://my.diary.example{}", "https://mydiary.example{}"),
    ):
        with stage.rule(f"Not this one, {name}", url=url):
            secret = stage.secret(f"a page left out by a rule {name}")
            tab = stage.browser.tab(_address(stage, left_out, page("Notes", secret)))
            stage.refused()
            stage.browser.close(tab)
            plant = stage.harmless(f"a page near to a rule {name}")
            tab = stage.browser.tab(_address(stage, alike, page("Notes", plant)))
            stage.seen(plant)
            stage.browser.close(tab)


def _address(stage: Stage, shape: str, html: str) -> str:
    host, _, rest = shape.removeprefix("https://").partition("{}")
    return stage.pages.put(host, html, rest)


def less_than_everything(stage: Stage) -> None:
    """Rules that leave the title, and rules that leave the words, but no picture."""
    with stage.rule("Titles only", effect="blur", app="tally"):
        secret = stage.secret("the content of a window of which the title is kept")
        title = stage.harmless("its title", stage.plants.text(coloured=False))
        window = stage.front("tally", title.shown, secret, place=GROUND)
        stage.seen(title)
        stage.linger()
        window.close()
        paged = stage.secret("the content of a page of which the title is kept")
        with stage.rule("Titles only", effect="blur", url="site:club.example"):
            called = stage.harmless("the page's title", stage.plants.text(coloured=False))
            tab = stage.browser.tab(stage.pages.put("club.example", page(called.shown, paged)))
            stage.seen(called)
            stage.linger()
            stage.browser.close(tab)
    with stage.rule("No pictures", effect="text_only", app="tally"):
        secret = stage.secret("the pixels of a window of which the words are kept")
        title = stage.harmless("its title, which is words", stage.plants.text(coloured=False))
        window = stage.front("tally", title.shown, secret, place=GROUND)
        stage.seen(title)
        stage.linger()
        window.close()
    with stage.rule("No pictures", effect="text_only", url="site:club.example"):
        words = stage.harmless("the words of a page without pictures")
        tab = stage.browser.tab(stage.pages.put("club.example", page("The club", words)))
        stage.seen(words)
        stage.browser.close(tab)


def paused(stage: Stage) -> None:
    """Shown, typed and notified while paused; and what was on the screen at once before and after."""
    window, _ = ordinary(stage, "before a pause")
    stage.client.post("/pause", {"minutes": 10})
    secret = stage.secret("shown while paused")
    window.draw(secret)
    title = stage.secret("a title while paused", stage.plants.text(coloured=False))
    window.title(title.shown)
    other = stage.secret("a window opened while paused")
    stage.screen.show("notes", other.shown, other, place=GROUND).close()
    paged = stage.secret("a page opened while paused")
    tab = stage.browser.tab(stage.pages.put("news.example", page("What is new", paged)))
    stage.linger(2.4)
    stage.browser.close(tab)
    window.draw(None)
    window.title("What is to be done")
    stage.screen.activate(window.id)
    time.sleep(0.2)
    stage.client.delete("/pause")
    stage.redrawn(window, "after a pause")
    window.close()


def paused_at_the_last_moment(stage: Stage) -> None:
    """A pause a tenth of a second after something was shown, and an end of it a tenth after it was gone."""
    window, before = ordinary(stage, "before short pauses")
    secret = stage.secret("shown right after a pause began, gone right before it ended")
    for _ in range(5):
        stage.client.post("/pause", {"minutes": 10})
        window.draw(secret)
        stage.linger(0.5)
        window.draw(before)
        stage.client.delete("/pause")
        stage.linger(0.5)
    window.close()


def paused_by_keys(stage: Stage) -> None:
    """The keys that work in every program: pressed, something is shown, and pressed again."""
    window, _ = ordinary(stage, "before a pause by keys")
    stage.desktop.key("ctrl+alt+p")
    time.sleep(0.2)
    secret = stage.secret("shown while paused by keys")
    window.draw(secret)
    stage.linger()
    window.draw(None)
    stage.desktop.key("ctrl+alt+p")
    stage.redrawn(window, "after a pause by keys")
    window.close()


def copies(stage: Stage) -> None:
    """Off unless asked for."""
    secret = stage.secret(
        "a copied text, as the clipboard is off by default", stage.plants.text(coloured=False)
    )
    with Copier(stage.desktop.display, "A tally") as copier:
        stage.screen.activate(copier.window)
        stage.linger(0.8)
        copier.copy(f"{secret.shown} was copied here")
        stage.linger()


SCENES = (
    own_rules,
    own_rules_by_circumstance,
    own_rules_for_pages,
    less_than_everything,
    paused,
    paused_at_the_last_moment,
    paused_by_keys,
    copies,
)
