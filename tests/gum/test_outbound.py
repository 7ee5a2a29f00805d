import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gum.audit import Decision, Entry, Exemption, Question
from gum.errors import ModelUnavailable, NotAllowed
from gum.model.llm_drafter import LlmDrafter
from gum.outbound import LEFT_OUT, Door, GuardedDecoder, leaving
from gum.people import numbered, strangers_in
from gum.ports import Prompt
from gum.text import MAX_TEXT
from tests.builders import observation, proposition
from tests.gum.audit_corpus import LEAKS

OUTSIDE = "the model server at models.example"
ANNA = numbered(["Anna Berg", "anna.berg@firm.example"], [], 0)


class Server:
    """Fake: a model server somewhere else, which keeps what it got and answers with `say`."""

    name, takes_grammar = "far-away", False

    def __init__(self, say: str = "") -> None:
        self.say = say
        self.got: list[Prompt] = []

    def complete(self, prompt: Prompt) -> str:
        self.got.append(prompt)
        return self.say or prompt.user

    @property
    def bytes(self) -> str:
        return "\n".join(json.dumps([p.system, p.user, str(p.schema)], ensure_ascii=False) for p in self.got)


class Log:
    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.calls = 0

    def __call__(self, text: str, entries: Sequence[Entry]) -> None:
        self.calls += 1
        self.entries += entries


def behind(server: Server, log: Log, door: Door = Door(ANNA)) -> GuardedDecoder:  # noqa: B008 - frozen
    return GuardedDecoder(server, OUTSIDE, lambda text: door, log)


def test_names_go_out_as_pseudonyms_and_come_back() -> None:
    server, log = Server("Person 1 waits, write to person1@mail.invalid"), Log()
    answer = behind(server, log).complete(Prompt("Be brief.", "Anna Berg <anna.berg@firm.example> asks"))
    assert server.got[0].user == "Person 1 <person1@mail.invalid> asks"
    assert answer == "Anna Berg waits, write to anna.berg@firm.example"
    assert log.calls == 1 and not log.entries


def test_a_private_line_stays_here_and_is_logged() -> None:
    server, log = Server(), Log()
    behind(server, log).complete(Prompt("Be brief.", "Slides\nAnna Berg is depressed\nI am pregnant"))
    assert server.got[0].user == f"Slides\n{LEFT_OUT}\n{LEFT_OUT}"
    assert [e.decision.rule for e in log.entries] == ["other-mood", "own-health"]
    assert all(e.question.recipient == OUTSIDE for e in log.entries)


def test_nothing_is_sent_when_nothing_is_left_or_it_is_too_long() -> None:
    server, log = Server(), Log()
    for text in ("I am pregnant", "word " * MAX_TEXT):
        with pytest.raises(NotAllowed) as refused:
            behind(server, log).complete(Prompt("", text))
        assert refused.value.title and refused.value.hint
    assert server.got == [] and log.calls == 2


def test_what_was_allowed_for_this_recipient_goes() -> None:
    text = "Slides\nI am pregnant"
    mine = Door(allowed={Exemption("own-health", OUTSIDE)})
    assert leaving(text, OUTSIDE, mine).text == text
    assert leaving(text, "Claude", mine).text == f"Slides\n{LEFT_OUT}"


class Broken:
    """Fake: a model on this machine that cannot be asked."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def ask(self, question: Question, known: Sequence[str]) -> Decision:
        raise self.error


@pytest.mark.parametrize("error", [ModelUnavailable("late"), ValueError("nonsense"), MemoryError()])
def test_it_fails_closed(error: Exception) -> None:
    server, log = Server(), Log()
    with pytest.raises(NotAllowed):
        behind(server, log, Door(asker=Broken(error))).complete(Prompt("Be brief.", "the quarterly report"))
    assert server.got == []
    assert [e.decision.rule for e in log.entries] == ["model-silent"]


def test_a_form_that_names_somebody_is_not_sent() -> None:
    server = Server()
    with pytest.raises(NotAllowed):
        behind(server, Log()).complete(Prompt("", "x", schema={"enum": ["Anna Berg"]}))
    assert server.got == []


def test_the_drafters_own_words_may_leave_and_its_quotes_come_back_grounded() -> None:
    said = {
        "drafts": [{"observation": 1, "type": "communicating_with", "person": "Person 1", "confidence": 7}]
    }
    server, log = Server(json.dumps(said)), Log()
    seen = observation("To: Anna Berg\nabout the budget\nHer chemotherapy starts on Monday")
    made = LlmDrafter(behind(server, log)).draft([seen], [proposition("Is in contact with Anna Berg")])
    [draft] = made.drafts
    assert draft.slots == {"person": "Anna Berg"}
    assert "Anna" not in server.bytes and "Berg" not in server.bytes and "chemo" not in server.bytes
    assert LEFT_OUT not in server.got[0].system
    assert [e.decision.rule for e in log.entries] == ["other-health"]


def test_no_planted_word_is_in_what_the_server_got() -> None:
    secrets = [
        "hunter2",
        "4111 1111 1111 1111",
        "Tom@kern.example",
        "+49 30 1234567",
        "Frau Weiß",
        "Anna Berg",
    ]
    text = "\n".join(
        ["Budget", *(t for _, t in LEAKS), "password: hunter2", *secrets[1:], "Dear Carla, see you", "End"]
    )
    people = [*ANNA, *numbered(strangers_in(text), ANNA, 1)]
    server = Server()
    back = behind(server, Log(), Door(people)).complete(Prompt("Be brief.", text))
    for planted in (*secrets, "Weiß", "Carla", *(t for _, t in LEAKS)):
        assert planted not in server.bytes
    assert back.startswith("Budget\n[held back]") and back.endswith("Dear Carla, see you\nEnd")


@given(
    st.lists(st.sampled_from(["Anna Berg", "Budget", "\n", " ", "anna berg", "Person 1", "ok."]), max_size=12)
)
def test_an_echo_is_the_text_again(parts: list[str]) -> None:
    text = "x" + "".join(parts)
    assert behind(Server(), Log()).complete(Prompt("Anna Berg asks:", text)) == text
