"""What a language model is asked and answers, counted: the same way for every arm."""

import time

from gum.grammar import row
from gum.ports import Decoder, Prompt

TOKENS_A_WORD = 4 / 3  # of English, for models that count none


def tokens(text: str) -> int:
    """About how many tokens: words times 4/3, letters for words in scripts without spaces."""
    return round(len(row(text, len(text)).pieces) * TOKENS_A_WORD)


class Metered:
    """A `gum.ports.Decoder` that counts what it is asked and answers."""

    def __init__(self, decoder: Decoder) -> None:
        self._decoder = decoder
        self.tokens = 0
        self.seconds = 0.0

    @property
    def name(self) -> str:
        return self._decoder.name

    @property
    def takes_grammar(self) -> bool:
        return self._decoder.takes_grammar

    def complete(self, prompt: Prompt) -> str:
        began = time.perf_counter()
        answer = self._decoder.complete(prompt)
        self.seconds += time.perf_counter() - began
        self.tokens += sum(map(tokens, (prompt.system, prompt.user, answer)))
        return answer
