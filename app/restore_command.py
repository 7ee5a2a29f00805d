"""`gumption restore`: a text from standard input, with the real names in the place of labels."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the command line must not load the client before a command needs it
    from app.client import Client


def answer(client: "Client", text: str) -> str:
    """`text` with the names. Raises what the client raises."""
    return str(client.post("/restore", {"text": text})["text"])
