import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.detectors import KEY, PASSWORD
from gum.secret_words import redacted


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Password: correct horse battery staple\nnext", f"Password: {PASSWORD}\nnext"),
        ("his password: hunter2, mine too", f"his password: {PASSWORD}, mine too"),
        ("my password was sunshine back then", f"my password was {PASSWORD} back then"),
        ('password: "two words" ok', f"password: {PASSWORD}"),
        ("Recovery phrase: apple river stone", f"Recovery phrase: {KEY}"),
        ("mysql --password S3cret -u me", f"mysql --password {PASSWORD} -u me"),
        ("vault login --token s.abc", f"vault login --token {KEY}"),
        ("tool --db-password=S3cret run", f"tool --db-password={PASSWORD} run"),
        ("mysql -u root -pS3cret shop", f"mysql -u root -p{PASSWORD} shop"),
        ("sshpass -p S3cret ssh host", f"sshpass -p {PASSWORD} ssh host"),
        ("curl -u bob:hunter2 https://example.org", f"curl -u bob:{PASSWORD} https://example.org"),
        ("PGPASSWORD=S3cret psql", f"PGPASSWORD={PASSWORD} psql"),
        ("export GITLAB_TOKEN=abcd efg", f"export GITLAB_TOKEN={KEY} efg"),
        ('"db_password": "hunter", "a": 1', f'"db_password": {PASSWORD}, "a": 1'),
        ("client_secret = 9f8e7d6c", f"client_secret = {KEY}"),
        ("//registry.example.org/:_authToken=npm_" + "a1" * 18, f"//registry.example.org/:_authToken={KEY}"),
        ("X-Api-Key: 1234567890", f"X-Api-Key: {KEY}"),
        ("Authorization: Bearer abc.def", f"Authorization: Bearer {KEY}"),
        ("use Bearer " + "a1B2" * 6 + " there", f"use Bearer {KEY} there"),
        ("Set-Cookie: sid=31d4; Path=/", f"Set-Cookie: {KEY}"),
        ("https://e.org/cb?access_token=abcdef&x=1", f"https://e.org/cb?access_token={KEY}&x=1"),
        ("https://e.org/cb?x=1&code=" + "a" * 24, f"https://e.org/cb?x=1&code={KEY}"),
    ],
)
def test_what_follows_such_words_goes(said: str, left: str) -> None:
    assert redacted(said) == left


@pytest.mark.parametrize(
    "text",
    [
        "The password is required",
        "Your password was reset yesterday",
        "das Passwort ist falsch",
        "Change your password",
        "The secret: patience and time",
        "a token of thanks, and the key to success: practice",
        "Forgot password?",
        "bear market, bearer bonds pay 4 percent",
        "https://shop.example/list?code=SALE20&key=shoes&state=open",
        "I like cookies: chocolate ones",
        "git commit --pass-through x",
        "basic tokenization of text: words and signs",
        "mysql -u root shop",
    ],
)
def test_what_only_speaks_of_them_stays(text: str) -> None:
    assert redacted(text) == text


@given(st.text(st.sampled_from("password: =token-\"'ab1&?\n("), max_size=80))
def test_done_twice_is_as_done_once_on_the_secret(text: str) -> None:
    once = redacted(text)
    assert redacted(once).count("\n") == once.count("\n")


@pytest.mark.parametrize(
    "piece", ["password (", "a_", "mysql ", "curl -", "//", "--a-", '"', "token", "Bearer "]
)
def test_a_long_line_costs_no_more_than_its_length(piece: str) -> None:
    def seconds(size: int) -> float:
        text = (piece * size)[:size]
        return min(_timed(text) for _ in range(3))

    assert seconds(40_000) < 12 * seconds(10_000) + 0.05  # four times the length; its square would be 16


def _timed(text: str) -> float:
    start = time.process_time()
    redacted(text)
    return time.process_time() - start
