"""Private windows in the languages of the interface, and None for what cannot be told."""

import pytest

from observers.browsers import fits, is_browser, is_namesake, is_private, shows_pages

# The additions Chromium 156 makes to the accessible name of an incognito window's frame.
INCOGNITO = [
    *("{} (Incognito)", "{} (anonym)", "{} (Navigation privée)", "{} (incógnito)", "{} (In incognito)"),
    *("{} (Modo anônimo)", "{} (инкогнито)", "{}（シークレット モード）", "{} (시크릿 모드)", "{}（无痕）"),
    *(
        "{} (無痕模式)",
        "{} (التصفح المتخفي)",
        "{} (גלישה בסתר)",
        "{} (गुप्त)",
        "„{}“ (Inkognito)",
        "{}(ছদ্মবেশী)",
    ),
]
TITLE = "Trains to Basel - Chromium"


@pytest.mark.parametrize("form", INCOGNITO)
def test_incognito_is_told_in_every_language(form: str) -> None:
    frame = form.format(TITLE)
    assert fits(TITLE, frame)
    assert is_private("chromium", TITLE, [frame]) is True


def test_a_frame_named_like_its_window_is_not_private() -> None:
    assert is_private("chromium", TITLE, [TITLE]) is False
    assert is_private("google-chrome", "Trains - Google Chrome", ["Trains - Google Chrome - Anna"]) is False


@pytest.mark.parametrize("frames", [[], ["Other page - Chromium"], [TITLE, f"{TITLE} (Incognito)"], [""]])
def test_no_frame_or_frames_that_disagree_cannot_be_told(frames: list[str]) -> None:
    assert is_private("chromium", TITLE, frames) is None


@pytest.mark.parametrize(
    ("title", "private"),
    [
        ("Trains — Mozilla Firefox", False),
        ("Mozilla Firefox", False),
        ("Trains — Mozilla Firefox Private Browsing", True),
        ("Trains — Mozilla Firefox Privater Modus", True),
        ("Mozilla Firefox — プライベートブラウジング", True),
        ("About Mozilla Firefox — Mozilla Firefox Navigation privée", True),
        ("Trains", None),
        ("", None),
    ],
)
def test_firefox_tells_in_its_title(title: str, private: bool | None) -> None:
    assert is_private("firefox", title, []) is private


def test_a_mark_in_the_title_counts_whatever_the_frame_says() -> None:
    title = "Trains - [InPrivate] - Microsoft Edge"
    assert is_private("microsoft-edge", title, [title]) is True


@pytest.mark.parametrize("app", ["vivaldi-stable", "tor browser", "epiphany", "opera"])
def test_browsers_whose_windows_do_not_tell_stay_unknown(app: str) -> None:
    assert is_browser(app)
    assert is_private(app, "x", ["x"]) is None


def test_browsers_are_known_and_editors_are_not_browsers() -> None:
    assert all(is_browser(name) for name in ("chromium", "Google-chrome", "firefox-esr", "Brave-browser"))
    assert is_browser("some-new-browser")
    assert not any(is_browser(name) for name in ("mousepad", "xterm", "code", "gimp", ""))
    assert all(
        is_browser(name) for name in ("microsoft-edge-dev", "com.microsoft.Edge", "msedge", "opera-beta")
    )
    assert not any(is_browser(name) for name in ("ledger", "org.kde.knowledge", "cooperation"))


@pytest.mark.parametrize(
    ("app", "program", "same"),
    [
        ("chromium", "Chromium", True),
        ("google-chrome", "Google Chrome", True),
        ("org.gnome.gedit", "gedit", True),
        ("xterm", "Chromium", False),
        ("work", "Network", False),
        ("", "", False),
    ],
)
def test_only_a_program_of_the_windows_name_is_asked_when_its_process_is_not_known(
    app: str, program: str, same: bool
) -> None:
    assert is_namesake(app, program) is same


def test_a_browser_is_known_whatever_it_was_told_to_call_itself() -> None:
    assert shows_pages("notes", "chromium (/home/me/profile)", "")
    assert shows_pages("webapp-bank1234", "bank.example", "")  # its file is not told: a sandbox
    assert shows_pages("notes", "page.example", "chrome") and shows_pages("notes", "Navigator", "firefox-bin")
    assert shows_pages("notes", "page.example", "msedge (deleted)")  # while it is being updated
    assert not shows_pages("zotero", "Navigator", "zotero-bin") and not shows_pages("slack", "slack", "slack")
    assert not shows_pages("xterm", "", "")
