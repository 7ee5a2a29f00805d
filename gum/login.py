"""Who may ask a server in the person's name, and how that goes. Pure; the password is told to nobody."""

from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Login:
    """An account of the person: where, by what name and with which password."""

    id: str
    address: str
    user: str
    password: str = field(repr=False)


class Standing(NamedTuple):
    """What is read of an account: names of calendars; and what is wrong, "" when nothing is."""

    calendars: tuple[str, ...]
    trouble: str = ""
    hint: str = ""
