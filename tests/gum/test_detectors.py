import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.detectors import forms, redacted

# None of these is anybody's; put together here so that no scanner takes them for one.
MADE_UP = [
    "AKIA" + "ABCDEFGHIJKLMNOP",
    "SG." + "a" * 22 + "." + "b" * 43,
    "123456789:" + "A" * 35,
    "glpat-" + "a" * 20,
    "gh" + "p_" + "a1B2" * 9,
    "a" * 32 + "-us12",
    "AC" + "0a" * 16,
    "sq0csp-" + "a" * 43,
    "sk_" + "live_" + "a1" * 12,
    "xoxb-" + "1234-" * 2 + "abcdef",
    "https://hooks." + "slack.com/services/T000/B000/abc",
    "pypi-AgEIcHlwaS5vcmc" + "a" * 70,
]


@pytest.mark.parametrize("token", MADE_UP)
def test_a_token_of_a_known_form_goes_wherever_it_stands(token: str) -> None:
    assert redacted(f"export X={token}") == "export X=[key]"
    assert token not in redacted(f"the key is {token} now\nand so on")


@pytest.mark.parametrize(
    ("said", "left"),
    [
        (
            "git clone https://bob:hunter22@git.example.org/x",
            "git clone https://bob:[password]@git.example.org/x",
        ),
        ('aws_secret_access_key = "' + "a1B2" * 10 + '"', 'aws_secret_access_key = "[key]"'),
        ("AccountName=x;AccountKey=" + "a" * 86 + "==", "AccountName=x;[key]"),
    ],
)
def test_what_names_a_secret_stays_and_the_secret_goes(said: str, left: str) -> None:
    assert redacted(said) == left


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Meeting at 10:30 with Anna, see https://example.org/a:b?x=1",
        "mail anna@berg.example or call +49 170 1234567",
        "The ACcident in SKopje, AKIAN sea, commit 3f2a9c8d7e6b5a4938271605f4e3d2c1b0a9f8e7",
        "sk-learn, glpat, ghost_writer, SG.1, xoxo",
        "https://localhost:8080/user:name@page",
        "田中さんに電話: 03-1234-5678",
    ],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert redacted(text) == text


@given(st.text(), st.sampled_from(MADE_UP))
def test_any_text_around_it_stays_and_once_more_changes_nothing(around: str, token: str) -> None:
    left = redacted(f"{around} {token} ")
    assert token not in left
    assert redacted(left) == left


def test_nothing_is_searched_that_takes_long() -> None:
    assert len(forms()) > 20
    for text in (" " * 20_000, "a" * 20_000, "//" * 10_000, "x:" * 10_000 + ":_authToken="):
        redacted(text)  # a pattern that tries anew at each place would take minutes


def test_the_library_is_not_loaded_before_the_first_text() -> None:
    told = "import sys, gum.redact; print('detect_secrets' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
