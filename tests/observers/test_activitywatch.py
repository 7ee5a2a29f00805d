import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.errors import ImportRefused
from gum.lasting import lasts
from gum.types import Effect, Observation, Rule, RuleId, Trust
from observers import activitywatch
from observers.activitywatch import admitted, parsed, read
from tests.builders import NOON
from tests.observers.activity_export import afk, bucket, event, export, page, pages, windows

MINUTE = timedelta(minutes=1)


def when(found: Observation) -> tuple[float, float]:
    return (found.at - NOON) / MINUTE, (found.until - NOON) / MINUTE


def test_windows_and_pages_become_observations() -> None:
    data = export(
        aw_watcher_window_anna=windows(
            event(0, 5, app="Mousepad", title="notes.txt - Mousepad"),
            event(5, 5, app="firefox", title="Tea — Mozilla Firefox"),
        ),
        aw_watcher_web_firefox=pages(page(4, 8)),
        aw_watcher_afk_anna=afk(event(0, 60, status="not-afk")),
        aw_watcher_vim_anna=bucket("app.editor.activity", event(0, 9, file="x")),
    )
    editor, tea = read(parsed(json.dumps(data).encode()))
    assert (editor.app, editor.title, editor.text, editor.url) == (
        *("mousepad", "notes.txt - Mousepad", "notes.txt - Mousepad", None),
    )
    assert (editor.source, editor.trust, when(editor)) == ("activitywatch", Trust.ACTED_ON, (0, 5))
    assert (tea.app, tea.title, tea.url, when(tea)) == ("firefox", "Tea", "https://example.org/tea", (5, 10))
    assert lasts(editor.id)
    assert lasts(tea.id)


def test_the_same_event_has_the_same_id_also_when_it_has_grown_since() -> None:
    one = read(export(aw_watcher_window_a=windows(event(0, 5, app="gedit", title="a.txt"))))
    two = read(export(aw_watcher_window_a=windows(event(0, 9, app="gedit", title="a.txt"))))
    other = read(export(aw_watcher_window_a=windows(event(1, 5, app="gedit", title="a.txt"))))
    assert one[0].id == two[0].id
    assert one[0].until < two[0].until
    assert one[0].id != other[0].id


def test_time_away_is_left_out() -> None:
    away = afk(
        event(0, 10, status="not-afk"),
        event(10, 20, status="afk"),
        event(25, 10, status="afk"),
        event(50, 5, status="afk"),
    )
    data = export(
        aw_watcher_window_a=windows(
            event(5, 10, app="gedit", title="goes away"),
            event(15, 15, app="gedit", title="nobody there"),
            event(30, 10, app="gedit", title="comes back"),
            event(45, 15, app="gedit", title="away in between"),
        ),
        aw_watcher_afk_a=away,
    )
    assert {o.title: when(o) for o in read(data)} == {
        "goes away": (5, 10),
        "comes back": (35, 40),
        "away in between": (45, 60),
    }


def test_time_away_from_another_computer_does_not_count() -> None:
    data = export(
        aw_watcher_window_a=windows(event(0, 5, app="gedit", title="here"), host="a"),
        aw_watcher_afk_a=afk(event(0, 60, status="not-afk"), host="a"),
        aw_watcher_afk_b=afk(event(0, 60, status="afk"), host="b"),
    )
    assert [o.title for o in read(data)] == ["here"]


def test_a_page_counts_only_while_a_browser_is_in_front() -> None:
    front = windows(
        event(0, 5, app="Google-chrome", title="Tea"),
        event(5, 5, app="gedit", title="a.txt"),
        event(10, 5, app="Google-chrome", title="Tea"),
    )
    tea = {
        o.title: when(o)
        for o in read(export(aw_watcher_window_a=front, aw_watcher_web_chrome=pages(page(0, 12))))
    }
    assert tea == {"a.txt": (5, 10), "Tea": (0, 12)}
    behind = export(aw_watcher_window_a=front, aw_watcher_web_chrome=pages(page(6, 3)))
    assert [o.title for o in read(behind)] == ["a.txt"]
    assert [o.title for o in read(export(aw_watcher_web_chrome=pages(page(6, 3))))] == ["Tea"]


@pytest.mark.parametrize("incognito", [True, None, "false", 0, 1])
def test_a_page_that_is_not_known_to_be_public_is_left_out(incognito: object) -> None:
    assert read(export(aw_watcher_web_chrome=pages(page(0, 5, incognito=incognito)))) == []


@pytest.mark.parametrize(
    "app",
    ["firefox", "chrome.exe", "Google Chrome", "Safari", "Microsoft Edge", "brave-browser", "Tor Browser"],
)
def test_a_browsers_window_that_does_not_say_it_is_not_private_is_left_out(app: str) -> None:
    assert read(export(aw_watcher_window_a=windows(event(0, 5, app=app, title="Clinic")))) == []
    told = event(0, 5, app=app, title="Clinic", url="https://example.org", incognito=False)
    assert [o.url for o in read(export(aw_watcher_window_a=windows(told)))] == ["https://example.org"]


@pytest.mark.parametrize(
    "data",
    [
        *({"app": "unknown", "title": "x"}, {"app": "gedit", "title": ""}, {"app": "gedit"}, {"title": "x"}),
        *({"app": "gedit", "title": "excluded"}, {"app": None, "title": None}),
    ],
)
def test_what_says_nothing_is_left_out(data: Mapping[str, object]) -> None:
    assert read(export(aw_watcher_window_a=windows(event(0, 5, **data)))) == []


def test_passing_by_is_no_use() -> None:
    assert read(export(aw_watcher_window_a=windows(event(0, 0.01, app="gedit", title="a")))) == []
    assert read(export(aw_watcher_window_a=windows(event(0, -5, app="gedit", title="a")))) == []


def test_the_newest_are_taken_where_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activitywatch, "MOST", 3)
    many = windows(*(event(n, 1, app="gedit", title=f"{n}.txt") for n in reversed(range(9))))
    assert [o.title for o in read(export(aw_watcher_window_a=many))] == ["6.txt", "7.txt", "8.txt"]


def test_the_rules_hold() -> None:
    [bank, editor, vault] = read(
        export(
            aw_watcher_web_firefox=pages(page(0, 1, title="Accounts", url="https://bank.example/accounts")),
            aw_watcher_window_a=windows(
                event(0, 1, app="firefox", title="x"),
                event(1, 1, app="gedit", title="a.txt"),
                event(2, 1, app="KeePassXC", title="Passwords"),
            ),
        )
    )
    mine = [Rule(RuleId("r"), "bank", Effect.DROP, url="*://bank.example/*")]
    assert [admitted(o, mine) for o in (bank, editor, vault)] == [False, True, False]
    assert admitted(bank, [])


def test_a_private_word_in_a_title_is_enough() -> None:
    [seen] = read(export(aw_watcher_window_a=windows(event(0, 1, app="someapp", title="x (Incognito)"))))
    assert not admitted(seen, [])


# malformed

GOOD = event(0, 5, app="gedit", title="a.txt")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({**GOOD, "timestamp": "yesterday"}, "no usable timestamp"),
        ({**GOOD, "timestamp": "0001-01-01T00:00:00+23:59"}, "no usable timestamp"),
        ({**GOOD, "timestamp": 12}, "no usable timestamp"),
        ({**GOOD, "duration": "long"}, "no usable duration"),
        ({**GOOD, "duration": True}, "no usable duration"),
        ({**GOOD, "duration": 10**400}, "no usable duration"),
        ({**GOOD, "duration": float("nan")}, "no usable duration"),
        ({**GOOD, "data": []}, "no usable data"),
        ({**GOOD, "data": {"app": ["gedit"], "title": "secret words"}}, "no usable app"),
        ("secret words", "no usable fields"),
    ],
)
def test_a_malformed_event_is_named_and_never_quoted(wrong: Any, said: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        read(export(aw_watcher_window_a=windows(GOOD, wrong)))
    assert refused.value.title == "Event 2 of the bucket aw-watcher-window_a cannot be taken"
    assert said in refused.value.hint
    assert "secret" not in refused.value.title + refused.value.hint


@pytest.mark.parametrize(
    "data",
    [
        *(None, [], 1, {}, {"buckets": []}, {"buckets": {"a": 1}}, {"buckets": {"a": {"type": 1}}}),
        {"buckets": {"a": {"type": "currentwindow"}}},
        {"buckets": {"a": {"type": "afkstatus", "events": {}}}},
    ],
)
def test_what_is_no_export_is_refused(data: object) -> None:
    with pytest.raises(ImportRefused):
        read(data)


@pytest.mark.parametrize("text", [b"", b"{", b"\xff\xfe", b"[" * 200_000, b'{"a": NaN}', b"1" * 5000])
def test_what_is_no_json_is_refused(text: bytes) -> None:
    with pytest.raises(ImportRefused):
        parsed(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
KINDS = st.sampled_from(["currentwindow", "web.tab.current", "afkstatus", "other"])
EVENTS = st.fixed_dictionaries(
    {
        "timestamp": st.datetimes().map(lambda at: at.isoformat()) | JSON,
        "duration": st.floats() | st.integers() | JSON,
        "data": st.dictionaries(
            st.sampled_from(["app", "title", "url", "status", "incognito"]), st.text(max_size=9) | JSON
        )
        | JSON,
    }
)
BUCKETS = st.fixed_dictionaries(
    {
        "type": KINDS | JSON,
        "hostname": st.text(max_size=3) | JSON,
        "events": st.lists(EVENTS | JSON, max_size=4) | JSON,
    }
)


@given(
    JSON
    | st.fixed_dictionaries({"buckets": st.dictionaries(st.text(max_size=9), BUCKETS | JSON, max_size=3)})
)
def test_anything_is_read_or_refused(data: object) -> None:
    try:
        found = read(data)
    except ImportRefused as refused:
        (refused.title + refused.hint).encode()
        return
    assert all(o.at < o.until and o.app and o.title and lasts(o.id) for o in found)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30), st.booleans()), max_size=12))
def test_what_is_left_of_an_event_is_what_nobody_was_away_for(spans: list[tuple[int, int, bool]]) -> None:
    away = [event(start, length, status="afk" if gone else "not-afk") for start, length, gone in spans]
    gone = {m for start, length, is_gone in spans if is_gone for m in range(start, start + length)}
    there = [minute for minute in range(10, 50) if minute not in gone]
    found = read(
        export(
            aw_watcher_window_a=windows(event(10, 40, app="gedit", title="a.txt")),
            aw_watcher_afk_a=afk(*away),
        )
    )
    assert [when(o) for o in found] == ([(there[0], there[-1] + 1)] if there else [])
