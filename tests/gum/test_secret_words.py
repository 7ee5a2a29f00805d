import re
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.detectors import KEY, PASSWORD
from gum.secret_words import CARD, CODE, groups, redacted, small


def everywhere(text: str) -> str:
    """What `redacted` is to come to: every pattern, tried on all of the text."""
    for group in groups():
        for pattern, placeholder in group.forms:
            text = pattern.sub(rf"\g<1>{placeholder}", text)
    return text


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
    among = f"a\n\nb c\n{said}\n\nd\n{said}\n{said}\ne"
    assert redacted(among) == everywhere(among) != among


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


@pytest.mark.parametrize(
    "text",
    [
        *("seed words: apple", "Wiederherstellungswörter: apfel", "my recovery key: apple"),
        *("Wiederherstellungsschlüssel: apfel", "Recovery codes: abcd-efgh", "Wiederherstellungscodes: ab12"),
        *("license-key is abcd1234ef", "bearer token is abcd1234ef", "refresh-token is abcd1234ef"),
        *("client secret is abcd1234ef", "WPA2-PSK: abcd1234ef", "Lizenzschlüssel: abcd1234ef"),
        *("Your avainkoodi 482913", "認証番号 482913", "驗證碼 482913", "TAN: 482913", "SMS-TAN: 482913"),
        *("pushTAN: 482913", "chipTAN: 482913", "photoTAN: 482913", "482913 is your userpin"),
        *("482913 ist Ihre Kundenpin", "482913 ist deine Kundenpin", "482913 est votre monpin"),
        *("482913 es tu mipin", "482913 es su mipin", "482913 è il tuo miopin", "482913 é o seu meupin"),
        *("Login: bob / geheim99", "Log-in: bob / geheim99", "Credentials: bob / geheim99"),
        *("Identifiants: bob / geheim99", "Credenciales: bob / geheim99", "Credenziali: bob / geheim99"),
        *("Character 1: 4", "Ziffer 1: 4", "Zeichen 1: 4", "Chiffre 1: 4", "Dígito 1: 4", "Cifra 1: 4"),
        *("Kreditkartennummer: 41", "numéro de la carte: 41", "número de tarjeta: 41", "kaartnummer: 41"),
        *("numero della carta: 41", "número do cartão: 41", "numer karty: 41", "номер карты: 41"),
        *("カード番号: 41", "卡号: 41", "카드번호: 41", "redis-cli -a hunter2", "unzip -P hunter2 x"),
        *("7z a -phunter2 x", "wget --user bob:hunter2 x", "parola: geheim", "private_key = abcd1234ef"),
    ],
)
def test_lines_are_found_by_each_of_their_words(text: str) -> None:
    assert redacted(text) == everywhere(text) != text


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
        *("код безопасности", "安全碼", "보안 코드", "güvenlik kodu", "one-time password", "SMS-TAN"),
    ],
)
def test_a_code_is_known_by_its_label_in_every_language(label: str) -> None:
    assert redacted(f"{label}: 482913") in (f"{label}: {CODE}", f"{label}: {PASSWORD}")


# Of the words that each group is found by, and what else its patterns need.
_PIECES = st.sampled_from(
    [
        *("password", "Passwort", "pass", "pwd", "your", "code", "koodi", "kod", "PIN", "otp", "mTAN", "use"),
        *("is your", "recovery", "codes", "phrase", "key", "api", "token", "card number", "login", "Digit 1"),
        *("--", "curl -u", "redis-cli -a", "DB_PW", "cookie", "bearer", "authorization", "://", "?", "&"),
        *(
            ":",
            "=",
            "|",
            ">",
            "/",
            "@",
            "\n",
            " ",
            "\n\n",
            "is",
            "for the router",
            "482913",
            "a1B2c3d4e5f6g7h8",
        ),
        *("hunter2", '"two words"', "abcd-efgh", "ſ", "ı", "İ", "K"),
    ]
)


@given(st.lists(_PIECES, max_size=30).map(" ".join) | st.lists(_PIECES, max_size=30).map("".join))
def test_where_it_is_looked_for_changes_nothing(text: str) -> None:
    assert redacted(text) == everywhere(text)


def test_of_codes_with_many_empty_lines_between_none_is_left() -> None:
    text = f"Backup codes:{8 * chr(10)}{(4 * chr(10)).join(24 * ['abcd-efgh'])}\n\nSave"
    assert redacted(text) == everywhere(text)
    assert "efgh" not in redacted(text)


def test_letters_that_a_pattern_takes_for_others_are_written_like_them() -> None:
    every = "".join(chr(n) for n in range(sys.maxunicode + 1) if not 0xD800 <= n < 0xE000)
    cased = "".join(c for c in every if not c == c.lower() == c.upper() == c.casefold())
    words = (re.sub(r"\\.", "", group.words.pattern) for group in groups())
    looked_for = {c for pattern in words for c in pattern if c.isalpha()}
    for letter in looked_for:
        taken = re.findall(re.escape(letter), cased, re.IGNORECASE)
        assert {small(c) for c in taken} <= {letter}
    assert len(small(every)) == len(every)
    assert redacted("PAſSWORD: hunter2") == f"PAſSWORD: {PASSWORD}"


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
