"""Where and how windows are shown: full screen, on another monitor, with menus and notices above them."""

import subprocess
import time

from tests.desktop.scenes.programs import GROUND, WITHIN, ordinary
from tests.desktop.stage import Stage
from tests.observers.notice_bus import Shower

RIGHT = (900, 120, 560, 300)
ACROSS = (620, 560, 420, 230)


def full_screen(stage: Stage) -> None:
    """A whole monitor full of it, and the same of an ordinary program."""
    for name, app, left_out in (("a film", "player", False), ("a password manager", "KeePassXC", True)):
        plant = stage.secret(f"{name}, full screen") if left_out else stage.harmless(f"{name}, full screen")
        window = stage.front(app, plant.shown, plant, place=(0, 0, 800, 900), states=("FULLSCREEN",))
        if left_out:
            stage.refused()
        else:
            stage.seen(plant)
        window.close()


def monitors(stage: Stage) -> None:
    """Ordinary on one monitor, left out on the other, on both, and across."""
    there = stage.harmless("an ordinary window on the second monitor")
    other = stage.front("notes", "On the right", there, place=RIGHT)
    stage.seen(there)
    other.close()
    for name, place in (("on the second monitor", RIGHT), ("across two monitors", ACROSS)):
        secret = stage.secret(f"a password manager {name}, the front window on the first")
        vault = stage.screen.show("KeePassXC", secret.shown, secret, place=place)
        here = stage.harmless(f"the front window on the first monitor beside one {name}")
        ground = stage.front("notes", "On the left", here, place=GROUND)
        stage.seen(here)
        front = stage.secret(f"a password manager {name}, in front")
        vault.title(front.shown)
        vault.draw(front)
        stage.screen.activate(vault.id)
        stage.refused()
        vault.close()
        ground.close()


def menus_and_tooltips(stage: Stage) -> None:
    """What lies above the front window past the window manager, and belongs to a window that is left out."""
    vault = stage.screen.show("KeePassXC", "Vault", None, place=(760, 60, 300, 300))
    ground = stage.front("notes", "What is to be done", None, place=GROUND)
    for kind in (
        "POPUP_MENU",
        "DROPDOWN_MENU",
        "TOOLTIP",
        "COMBO",
        "DND",
        "NOTIFICATION",
        "SPLASH",
        "UTILITY",
    ):
        secret = stage.secret(f"{kind.lower().replace('_', ' ')} of a window that is left out, over another")
        popup = stage.screen.show("KeePassXC", None, secret, place=WITHIN, kind=kind, over=vault, popup=True)
        stage.redrawn(ground, f"the window under a {kind.lower().replace('_', ' ')}", kind)
        popup.close()
    secret = stage.secret("a menu of a window that is left out, in front, beyond its edge")
    stage.screen.activate(vault.id)
    popup = stage.screen.show(
        "KeePassXC", None, secret, place=WITHIN, kind="POPUP_MENU", over=vault, popup=True
    )
    stage.refused()
    popup.close()


def holes(stage: Stage) -> None:
    """A window with a hole, as some clocks and players have: what lies under it is not its own."""
    secret = stage.secret("a window that is left out, seen through a hole in the one in front")
    stage.screen.show("KeePassXC", secret.shown, secret, place=WITHIN)
    plant = stage.harmless("the window that has the hole")
    ground = stage.screen.show("notes", "What is to be done", plant, place=GROUND)
    _, _, width, height = GROUND
    ground.cut([(0, 0, width, 150), (0, 150, 100, height - 150), (width - 60, 150, 60, height - 150)])
    stage.screen.activate(ground.id)
    stage.seen(plant)
    stage.redrawn(ground, "it, drawn once more")
    ground.close()
    ground, _ = ordinary(stage, "a window before a hole is cut into it")
    ground.cut([(0, 0, width, 150)])
    stage.redrawn(ground, "it, with the hole")


def screen_saver(stage: Stage) -> None:
    """Nobody is there: what an ordinary window shows while the screen saver is on."""
    ground, _ = ordinary(stage, "a window before the screen saver")
    stage.screen.saver(on=True)
    time.sleep(0.3)
    secret = stage.secret("what a window shows while the screen saver is on")
    ground.draw(secret)
    time.sleep(3.0)  # no key meanwhile: it would end it
    ground.draw(None)
    stage.screen.saver(on=False)
    stage.redrawn(ground, "a window after the screen saver")


def programs_that_say_it_late(stage: Stage) -> None:
    """A window that says only after it was opened which program it is of."""
    window, _ = ordinary(stage, "a window before it says that it is a password manager's")
    secret = stage.secret("a window that says late that it is a password manager's")
    window.window.set_wm_class("KeePassXC", "KeePassXC")
    stage.screen.x.sync()
    window.draw(secret)
    stage.refused()


def notices(stage: Stage) -> None:
    """Desktop notifications: heard on the bus, and shown over an ordinary window."""
    with Shower(stage.desktop.env["DBUS_SESSION_BUS_ADDRESS"], ["body"]):
        _notices(stage)


def _notices(stage: Stage) -> None:
    ground = stage.front("notes", "What is to be done", None, place=GROUND)
    plain = stage.harmless("a notice of an ordinary program", stage.plants.text(coloured=False))
    _notify(stage, "Calendar", "Reminder", f"{plain.shown} begins")
    stage.seen(plain)
    for name, app, summary, body, plant in (
        ("a notice of a password manager", "KeePassXC", "Copied", "{} was copied", stage.plants.text()),
        ("a notice of a bank's page", "chromium", "{} arrived", "www.chase.com\n\n{}", stage.plants.text()),
        (
            "a one-time code in a notice",
            "Messages",
            "ACME",
            "Your verification code is {}",
            stage.plants.code(),
        ),
        ("a card's number in a notice", "Messages", "Order", "Charged to {}", stage.plants.card()),
    ):
        secret = stage.secret(f"{name}, and over the window in front", plant)
        popup = stage.screen.show("notify-osd", None, secret, place=WITHIN, kind="NOTIFICATION", popup=True)
        _notify(stage, app, summary.format(secret.shown), body.format(secret.shown, secret.shown))
        stage.redrawn(ground, f"the window under {name}", name)
        popup.close()
    after = stage.harmless("a notice after those", stage.plants.text(coloured=False))
    _notify(stage, "Calendar", "Reminder", f"{after.shown} ends")
    stage.seen(after)


def _notify(stage: Stage, app: str, summary: str, body: str) -> None:
    call = ["gdbus", "call", "--session", "--dest", "org.freedesktop.Notifications"]
    call += ["--object-path", "/org/freedesktop/Notifications"]
    call += ["--method", "org.freedesktop.Notifications.Notify"]
    call += [app, "uint32 0", "", summary, body, "@as []", "@a{sv} {}", "int32 5000"]
    done = subprocess.run(call, env=stage.desktop.env, capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr


SCENES = (
    full_screen,
    monitors,
    menus_and_tooltips,
    holes,
    screen_saver,
    programs_that_say_it_late,
    notices,
)
