from typing import cast

from app.client import Client
from app.restore_command import answer


class Restoring:
    """What the daemon answers, see tests/app/api/test_disclosure_routes.py."""

    def post(self, path: str, body: dict[str, str]) -> dict[str, str]:
        assert path == "/restore"
        return {"text": body["text"].replace("Person 1", "Anna Berg")}


def test_a_text_comes_back_with_the_names() -> None:
    assert answer(cast(Client, Restoring()), "Dear Person 1\n") == "Dear Anna Berg\n"
