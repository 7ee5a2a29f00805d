import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.detectors import KEY, PASSWORD
from gum.secret_words import CARD, CODE, redacted


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
        # What it is for stands between, or how it is set off.
        ("Password for the router: hunter2", f"Password for the router: {PASSWORD}"),
        (
            "Password for 'https://me@example.org': hunter2",
            f"Password for 'https://me@example.org': {PASSWORD}",
        ),
        ("the password for the wifi is mango-tree ok", f"the password for the wifi is {PASSWORD} ok"),
        ("**Password**: hunter2", f"**Password**: {PASSWORD}"),
        ("`password`: `two words`", f"`password`: {PASSWORD}"),
        ("- WLAN-Passwort: zwei worte", f"- WLAN-Passwort: {PASSWORD}"),
        ("Startpasswort: geheim", f"Startpasswort: {PASSWORD}"),
        ("| Password: | hunter2 |", f"| Password: | {PASSWORD} |"),
        ("password: |\n  two words", f"password: {PASSWORD}\n  {PASSWORD}"),
        ("pw: hunter", f"pw: {PASSWORD}"),
        ("user/pass: bob/hunter2", f"user/pass: {PASSWORD}"),
        ("<db:password>two words</db:password>", f"<db:password>{PASSWORD}</db:password>"),
        # No colon: a cell of a table, or the line under the label.
        ("Password | hunter2", f"Password | {PASSWORD}"),
        ("New password\nhunter2\nSave", f"New password\n{PASSWORD}\nSave"),
        ("Password:\nhunter2", f"Password:\n{PASSWORD}"),
        ("Secret access key\n" + "aB3/" * 10, f"Secret access key\n{KEY}"),
        ("API key: abcd1234ef", f"API key: {KEY}"),
        ("Wi-Fi key: mango-tree-42", f"Wi-Fi key: {KEY}"),
        ("Backup codes:\nabcd-efgh\n1234-5678", f"Backup codes:\n{KEY}"),
        # Nothing of it is left behind.
        ('{"password":"hun\\"ter2", "a": 1}', f'{{"password":{PASSWORD}, "a": 1}}'),
        ("his password: x7,Kq;9, mine too", f"his password: {PASSWORD}, mine too"),
        ("the password: “two words” ok", f"the password: {PASSWORD} ok"),
        ("https://me:p@ss@example.org/", f"https://me:{PASSWORD}@example.org/"),
        ("SMTP_PASS: hunter2", f"SMTP_PASS: {PASSWORD}"),
        ("MYSQL_PWD=hunter2 x", f"MYSQL_PWD={PASSWORD} x"),
        ("docker login -u bob -p hunter2 x", f"docker login -u bob -p {PASSWORD} x"),
        ("https://example.org/reset/" + "a1" * 16, f"https://example.org/reset/{KEY}"),
        # Codes where they are shown, not sent.
        ("482913 is your login code", f"{CODE} is your login code"),
        ("Your code is 482913", f"Your code is {CODE}"),
        ("Verification code\n482 913\nDone", f"Verification code\n{CODE}\nDone"),
        ("CVV 737", f"CVV {CODE}"),
        ("Enter the 6-digit code we sent you *: 482 913", f"Enter the 6-digit code we sent you *: {CODE}"),
        ("Card number *: 4111 11", f"Card number *: {CARD}"),
        ("Digit 1 of 6: 4\nDigit 2 of 6: 8", f"Digit 1 of 6: {CODE}\nDigit 2 of 6: {CODE}"),
        ("OTP: 482913", f"OTP: {CODE}"),
        ("Your Example code is 4829. Never share it.", f"Your Example code is {CODE}. Never share it."),
        ("Votre code est 482913", f"Votre code est {CODE}"),
        ("Uw verificatiecode is 482 913", f"Uw verificatiecode is {CODE}"),
        ("Ваш код: 482913", f"Ваш код: {CODE}"),
        ("您的验证码是482913", f"您的验证码是{CODE}"),
        ("인증번호 482913", f"인증번호 {CODE}"),
        ("Use code 482913 to sign in", f"Use code {CODE} to sign in"),
        ("Username / Password: bob / hunter2", f"Username / Password: {PASSWORD}"),
        ("Zugangsdaten: bob / geheim99", f"Zugangsdaten: bob / {PASSWORD}"),
        ("user bob pw hunter2 ok", f"user bob pw {PASSWORD} ok"),
        ("log in with password hunter2", f"log in with password {PASSWORD}"),
        ("Passwort „geheim“ gilt", f"Passwort {PASSWORD} gilt"),
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
        "The password is hashed with a salt, and the password was leaked in 2019",
        "la clave es la paciencia",
        "if (password === again) {",
        '"token_type": "Bearer", "token_count": 1234567',
        "Cookie: two cups of flour",
        "Authorization: ask the manager",
        "Password:   ",
        "Password\nRemember me",
        "Password - Wikipedia",
        "exit code: 137, error code 500123",
        "Postal code: 10115",
        "Error code: 50012",
        "Code: see below",
        "Your zip code is 10115",
        "password sha256 hashing",
        "use code review 2026",
        "login: bob, then wait",
        "{'user': None, 'password': None}",
        "add_from_file: <token> <count>",
        "pw = max(width, 3)",
        "pinned 1024 notes, a tan 2026",
        "OLDPWD=/home/anna/x2",
        "https://example.org/login/how-to-sign-in-2026",
    ],
)
def test_what_only_speaks_of_them_stays(text: str) -> None:
    assert redacted(text) == text


_LABELS = (
    *(
        "password",
        "passphrase",
        "passcode",
        "Passwort",
        "KENNWORT",
        "mot de passe",
        "contraseña",
        "clave",
        "senha",
    ),
    *(
        "palavra-passe",
        "wachtwoord",
        "hasło",
        "heslo",
        "Пароль",
        "parola d'ordine",
        "lösenord",
        "adgangskode",
    ),
    *(
        "passord",
        "salasana",
        "şifre",
        "パスワード",
        "暗証番号",
        "密码",
        "密碼",
        "비밀번호",
        "كلمة المرور",
        "סיסמה",
        "पासवर्ड",
    ),
)


@pytest.mark.parametrize("label", _LABELS)
def test_a_password_is_known_by_its_label_in_every_language(label: str) -> None:
    """Also by the pieces that are looked for first."""
    assert redacted(f"{label}: geheim") == f"{label}: {PASSWORD}"


@pytest.mark.parametrize(
    "label",
    [
        *(
            "security code",
            "CVV",
            "cvc2",
            "card verification",
            "Prüfnummer",
            "cryptogramme",
            "código de seguridad",
        ),
        *(
            "codice di sicurezza",
            "beveiligingscode",
            "kod zabezpieczający",
            "セキュリティコード",
            "安全码",
            "PIN",
        ),
        *("mTAN", "Einmalcode", "Sicherheitspasswort", "認証コード", "验证码", "OTP"),
    ],
)
def test_a_code_is_known_by_its_label_in_every_language(label: str) -> None:
    assert redacted(f"{label}: 482913") in (f"{label}: {CODE}", f"{label}: {PASSWORD}")


@given(st.text(st.sampled_from("password: =token-\"'ab1&?\n("), max_size=80))
def test_done_twice_is_as_done_once_on_the_secret(text: str) -> None:
    once = redacted(text)
    assert redacted(once).count("\n") == once.count("\n")


@pytest.mark.parametrize(
    "piece",
    [
        "password (",
        "a_",
        "mysql ",
        "curl -",
        "//",
        "--a-",
        '"',
        "token",
        "Bearer ",
        "password for ",
        "Password\n",
        "backup codes:\n",
        "://a:@",
        "/reset/a/",
        "1234 ",
    ],
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
