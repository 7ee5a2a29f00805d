"""What was seen and is to be forgotten, in a data folder that keeps nothing: afterwards no byte holds it.

Here the clipboard is on, which shows that what the other folder left out could have been had.
"""

from tests.desktop.pages import page
from tests.desktop.scenes.programs import GROUND, ordinary
from tests.desktop.stage import Stage
from tests.observers.copier import Copier


def forgotten(stage: Stage) -> None:
    """The last five minutes: a window's pixels, a page's words, a title, a copy."""
    pixels = stage.secret("a window that was seen and forgotten")
    window = stage.front("notes", "What is to be done", pixels, place=GROUND)
    had = [stage.seen(pixels)]
    words = stage.secret("a page that was seen and forgotten")
    tab = stage.browser.tab(stage.pages.put("news.example", page("What is new", words)))
    had.append(stage.seen(words))
    copied = stage.secret("a copy that was seen and forgotten", stage.plants.text(coloured=False))
    with Copier(stage.desktop.display, "A tally") as copier:
        stage.screen.activate(copier.window)
        stage.linger(0.8)
        copier.copy(f"{copied.shown} was copied here")
        had.append(stage.seen(copied))
    assert all(had), "it was never stored: to forget it shows nothing"
    stage.house.work_off()
    stage.browser.close(tab)
    window.draw(None)
    stage.screen.activate(window.id)
    stage.client.post("/forget", {"minutes": 5})
    stage.redrawn(window, "what was seen after that")
    window.close()


def off_the_record(stage: Stage) -> None:
    """Said a moment too late: the last minute goes as well, and nothing is seen until it is taken back."""
    late = stage.secret("a window that was seen right before it was off the record")
    window = stage.front("notes", "What is to be done", late, place=GROUND)
    assert stage.seen(late), "it was never stored: to forget it shows nothing"
    stage.client.post("/pause", {"off_the_record": True})
    secret = stage.secret("shown while off the record")
    window.draw(secret)
    stage.linger()
    window.draw(None)
    stage.client.delete("/pause")
    stage.redrawn(window, "what was seen after it was on the record again")
    window.close()


def copies_when_asked_for(stage: Stage) -> None:
    """The twin of the copy that is not read: with the clipboard on, it is."""
    plant = stage.harmless("a copied text, as the clipboard is on", stage.plants.text(coloured=False))
    with Copier(stage.desktop.display, "A tally") as copier:
        stage.screen.activate(copier.window)
        stage.linger(0.8)
        copier.copy(f"{plant.shown} was copied here")
        stage.seen(plant)


def killed(stage: Stage) -> None:
    """The power goes while a window that is left out is in front; what then lies about is searched."""
    ordinary(stage, "an ordinary window before the power went")
    secret = stage.secret("a window that is left out, in front when the power went")
    stage.front("KeePassXC", secret.shown, secret, place=GROUND)
    stage.refused()
    stage.house.kill()


SCENES = (forgotten, off_the_record, copies_when_asked_for, killed)
