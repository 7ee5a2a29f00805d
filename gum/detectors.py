"""Keys and tokens by the forms that a well-kept library knows: detect-secrets (Yelp), besides our own in
`gum.redact`.

Only its detectors of a fixed form are used. Those that guess by entropy or keywords take half of any page
for secret, and some search for a millisecond a thousand characters (`Cloudant`, `IbmCloudIam`,
`Softlayer`), one with the square of a line's length (`Npm`).
"""

import re
from functools import cache
from importlib import import_module
from typing import NamedTuple

KEY, PASSWORD = "[key]", "[password]"


class Form(NamedTuple):
    """A pattern, the group of it that is secret (0: all), and a piece without which it cannot match."""

    pattern: re.Pattern[str]
    group: int = 0
    needs: str = ""
    placeholder: str = KEY


# Module and class of the library; what has a name in front of the secret keeps the name.
_TABLE = (
    ("aws", "AWSKeyDetector", 0, ""),
    ("azure_storage_key", "AzureStorageKeyDetector", 0, "AccountKey="),
    ("basic_auth", "BasicAuthDetector", 1, "://"),
    ("discord", "DiscordBotTokenDetector", 0, ""),
    ("github_token", "GitHubTokenDetector", 0, "gh"),
    ("gitlab_token", "GitLabTokenDetector", 0, ""),
    ("jwt", "JwtTokenDetector", 0, "eyJ"),
    ("mailchimp", "MailchimpDetector", 0, "-us"),
    ("openai", "OpenAIDetector", 0, "T3BlbkFJ"),
    ("pypi_token", "PypiTokenDetector", 0, "pypi-"),
    ("sendgrid", "SendGridDetector", 0, "SG."),
    ("slack", "SlackDetector", 0, ""),
    ("square_oauth", "SquareOAuthDetector", 0, "sq0csp-"),
    ("stripe", "StripeDetector", 0, "k_live_"),
    ("telegram_token", "TelegramBotTokenDetector", 0, ":"),
    ("twilio", "TwilioKeyDetector", 0, ""),
)


@cache  # not when imported: it takes 0.3 s, and the first text that is stored can wait for that
def forms() -> tuple[Form, ...]:
    """Every pattern that is used."""
    found = []
    for module, name, group, needs in _TABLE:
        detector = getattr(import_module(f"detect_secrets.plugins.{module}"), name)()
        word = PASSWORD if name == "BasicAuthDetector" else KEY
        for pattern in detector.denylist:
            # The second of AWS's: "aws_secret_access_key = '...'".
            which = group or int(name == "AWSKeyDetector" and pattern.groups == 1)
            found.append(Form(pattern, which, needs, word))
    return tuple(found)


def redacted(text: str) -> str:
    """`text` with placeholders for the keys and tokens in it."""
    for form in forms():
        if form.needs in text:
            text = form.pattern.sub(lambda match, form=form: _without(match, form), text)  # type: ignore[misc]
    return text


def _without(match: re.Match[str], form: Form) -> str:
    start, end = (match.start(form.group) - match.start(), match.end(form.group) - match.start())
    whole = match[0]
    return f"{whole[:start]}{form.placeholder}{whole[end:]}"
