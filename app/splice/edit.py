"""One change of a text, and its undoing. Pure."""

from dataclasses import dataclass

from gum.errors import GumptionError


class Unreadable(GumptionError):
    """A configuration file that is not what it should be. It is left alone."""


@dataclass(frozen=True, slots=True)
class Edit:
    """At character `at`, `new` in place of `old`; either may be empty."""

    at: int
    old: str
    new: str

    def done(self, text: str) -> str:
        """`text` changed. It must hold `old` there."""
        assert text.startswith(self.old, self.at)
        return text[: self.at] + self.new + text[self.at + len(self.old) :]

    def undone(self, text: str) -> str | None:
        """`text` as it would be without the change; None when that cannot be told by the words alone."""
        if not self.new:
            return None
        if text.startswith(self.new, self.at):
            at = self.at
        elif text.count(self.new) == 1:  # the file was edited before it
            at = text.index(self.new)
        else:
            return None
        return text[:at] + self.old + text[at + len(self.new) :]


def line_end(text: str) -> str:
    """How lines end in `text`."""
    return "\r\n" if "\r\n" in text else "\n"


def indent_at(text: str, at: int) -> str:
    """The white space at the beginning of the line that holds character `at`."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line[: len(line) - len(line.lstrip(" \t"))]
