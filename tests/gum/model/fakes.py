"""Fakes, labelled as such, of a language model: none is run to see what it is asked."""

from gum.ports import Prompt


class FakeDecoder:
    """Fake: answers what it was told to, and keeps what it was asked."""

    name = "fake"

    def __init__(self, answer: str, takes_grammar: bool = False) -> None:
        self.answer, self.takes_grammar = answer, takes_grammar
        self.asked: list[Prompt] = []

    def complete(self, prompt: Prompt) -> str:
        self.asked.append(prompt)
        return self.answer
