"""Blocks with what may never be stored: passwords, card numbers, private windows, a password manager."""

from random import Random

from app.desks.generate import dates, stocks
from app.desks.generate.build import Build
from app.desks.generate.parts import Unsuited
from app.desks.types import SecretKind

_SYLLABLES = ("ka", "lu", "mor", "ti", "ven", "sa", "dro", "pi", "gul", "ne", "zat", "fi", "bor", "hu", "wex")


def digits(rng: Random, count: int) -> str:
    return "".join(str(rng.randint(0, 9)) for _ in range(count))


def card_number(rng: Random) -> str:
    """A card number with the last digit that the rule of Luhn asks for (ISO/IEC 7812-1), maybe in fours."""
    body = rng.choice(["4", "51", "55", "2221"])
    body += digits(rng, 15 - len(body))
    doubled = [int(one) * 2 if i % 2 == 0 else int(one) for i, one in enumerate(body)]
    check = -sum(one - 9 if one > 9 else one for one in doubled) % 10
    number = f"{body}{check}"
    return " ".join(number[i : i + 4] for i in range(0, 16, 4)) if rng.random() < 0.5 else number


def password(rng: Random) -> str:
    """As people make them up: syllables, a number, a sign."""
    word = "".join(rng.choice(_SYLLABLES) for _ in range(rng.randint(2, 4)))
    return f"{word.capitalize()}{rng.choice('-_!+#')}{rng.randint(12, 9876)}{rng.choice(['', '!', '?', '*'])}"


def signed_in(b: Build) -> None:
    """Signs in to something of the job."""
    job = b.context.job
    site = b.rng.choice([job["wiki"], job["forum"], job["team"]])
    s = b.scene(b.sessions(1)[0], "first" if b.chance(0.5) else "any")
    key = s.go(b.page("login", site=site))
    s.type(b.context.address, "user")
    secret = password(b.rng)
    b.secret(secret, SecretKind.PASSWORD, [s.type(secret, "password")])
    about = b.say("login.done", site=site)
    s.click("sign_in", b.page("wiki.article", title=site, body=about, wiki=site))
    b.minor("uses_for", [site], [key], purpose=[b.say("writing"), about])
    b.minor("interested_in working_on communicating_with", [site], [key])


def banked(b: Build) -> None:
    """Signs in to the bank and looks at the account."""
    bank = b.rng.choice(b.life("banks"))
    session = b.sessions(1)[0]
    s = b.scene(session)
    s.go(b.page("bank.login", bank=bank))
    s.type(digits(b.rng, 8), "user")
    secret = password(b.rng)
    b.secret(secret, SecretKind.PASSWORD, [s.type(secret, "password")])
    day = dates.short(b.day(session), b.language)
    rows = [{"date": day, "text": b.say("bank.pay"), "amount": b.price("2100.00")}]
    for payee in b.rng.sample(b.life("payees"), 3):
        rows.append({"date": day, "text": payee, "amount": f"-{b.price(f'{b.rng.randint(4, 90)}.40')}"})
    balance = b.price(f"{b.rng.randint(300, 9000)}.15")
    key = s.click("sign_in", b.page("bank.account", bank=bank, balance=balance, rows=tuple(rows)))
    s.read(b.rng.randint(10, 40))
    b.minor("uses_for", [bank], [key], purpose=b.life("banking"))
    b.minor("bought communicating_with", [bank, *(row["text"] for row in rows)], [key])


def in_vault(b: Build) -> None:
    """Opens the password manager in the browser to copy something."""
    items = [
        {"site": site, "user": b.context.address, "password": password(b.rng)}
        for site in b.rng.sample([*b.life("payees"), *b.life("papers")], 3)
    ]
    s = b.scene(b.sessions(1)[0])
    key = s.go(b.page("vault.items", items=tuple(items)))
    for item in items:
        b.secret(item["password"], SecretKind.PRIVATE, [key])
    s.read(b.rng.randint(3, 9))


def in_private(b: Build) -> None:
    """Looks something up that is nobody's business, in a private window."""
    options = stocks.of(b.language)["private"]
    if not options:
        raise Unsuited("nothing private")
    one = b.fresh("private", options, lambda one: str(one["secret"]))
    s = b.scene(b.sessions(1)[0])
    paper = b.rng.choice(b.life("wikis"))
    results = b.page("search.results", query=one["query"], results=({"title": one["title"], "text": paper},))
    page = b.page("news.article", paper=paper, title=one["title"], body=one["body"])
    s.go(results, private=True)
    key = s.click(one["title"], page)
    b.secret(one["secret"], SecretKind.PRIVATE, [key])
    s.read(b.rng.randint(20, 90))
    s.close()


BLOCKS = (signed_in, banked, in_vault, in_private)
