"""A command or test that keeps failing in a terminal.

Text is "$ command" with its output, as the observers cut it, or a screen of a terminal. Scrollback shows the
same run again and again, so runs are counted by what differs: different output, or two of them on one screen.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from gum.extract.draft import OWN, claim, kept
from gum.text import clean, lines, normal, phrases, tidy
from gum.types import Draft, Observation

# "$ make", "anna@desk:~/x$ make", "(venv) [anna@desk x]$ make", "❯ make"; reading pixels may lose the space.
_PROMPT = re.compile(
    r"^(?:\([\w.-]+\)\s*)?(?:\[?[\w.-]+@[\w.-]+[\s:]?[^$#%❯]*[$#%❯]|[\w~/.-]{0,60}\s?[❯➜λ]|\$"
    r"|%)\s*(?P<command>\S.*)$"
)
_FAILED = phrases(
    r"""
    ^(?:E\s+)?(?:\w+\.)*\w*(?:Error|Exception)\b:?
    ^\S*\s?FAILED\b|\bFAILED \(|^FAIL(?:ED)?[:\s]|^--- FAIL|\.\.\. FAILED
    \b[1-9]\d* (?:failed|failures?|errors?)\b
    ^Traceback \(most recent call last\)|: command not found$|: No such file or directory$\
      |^npm ERR!|^npm error
    ^panic:|Segmentation fault|core dumped|^error(?:\[E\d+\])?:|^fatal:|: (?:fatal )?error:\
      |^\S*make(?:\[\d+\])?: \*\*\*
    \bBUILD FAILED\b|undefined reference to|returned non-zero|exit(?:ed with)? (?:status|code):? [1-9]\
      |^✗|^× |Permission denied
    ^zsh: command not found:|^\S+: error:|AssertionError|Compilation failed|could not compile
    """
)
# The failing test itself, by the reports of pytest, unittest, jest, go and cargo.
_TEST = (
    re.compile(r"^FAILED (?P<test>\S+\.py::\S+)"),
    re.compile(r"^(?:FAIL|ERROR): (?P<test>\w+) \([\w.]+\)"),
    re.compile(r"^--- FAIL: (?P<test>\S+)"),
    re.compile(r"^test (?P<test>[\w:]+) \.\.\. FAILED"),
    re.compile(r"^FAIL (?P<test>\S+\.(?:test|spec)\.[jt]sx?)"),
)
# A command that "fails" in the course of things, or to which failing is an answer.
_QUIET = re.compile(
    r"^(?:ls|cd|cat|less|more|grep|rg|ag|find|man|which|echo|pwd|clear|exit|history|tail"
    r"|head|journalctl|diff|cp|mv|rm|vim?|nano)\b"
)


class _Run(NamedTuple):
    observation: Observation
    command: str
    quote: str
    failed: str  # the line that says so; "" when it went well
    test: str
    body: str


def extract(observations: Sequence[Observation]) -> list[Draft]:
    """struggling_with drafts for what failed at least twice and has not worked since."""
    runs: dict[str, list[_Run]] = {}
    for o in sorted(observations, key=lambda o: o.at):
        if o.trust in OWN:
            for run in _runs(o):
                runs.setdefault(normal(run.command), []).append(run)
    return kept(*(_claim(same) for same in runs.values()))


def _runs(o: Observation) -> list[_Run]:
    """Every command of a text with what it printed."""
    blocks: list[list[str]] = []
    for line in lines(o.text):
        if _PROMPT.match(line):
            blocks.append([line])
        elif blocks:
            blocks[-1].append(line)
    found = []
    for head, *output in blocks:
        match = _PROMPT.match(head)
        command = tidy(clean(match["command"])) if match else ""
        if not command or _QUIET.match(command) or not output:
            continue
        failed = next((line for line in output if _FAILED.search(line)), "")
        test = next((m["test"] for line in output for shape in _TEST if (m := shape.match(line))), "")
        found.append(_Run(o, command, head, failed, test, normal(" ".join(output))))
    return found


def _claim(runs: Sequence[_Run]) -> Draft | None:
    """From all runs of one command, oldest first."""
    good = [i for i, run in enumerate(runs) if not run.failed]
    since = runs[good[-1] + 1 :] if good else runs
    fresh = _different(since)
    if len(fresh) < 2:
        return None
    tests = {run.test for run in fresh}
    test = tests.pop() if len(tests) == 1 else ""
    cited = [(r.observation, q) for r in fresh for q in (r.quote, r.failed)]
    thing = tidy(test) if test else fresh[-1].command
    if test:
        cited += [(r.observation, line) for r in fresh for line in lines(r.observation.text) if test in line][
            :2
        ]
    why = f"it failed {len(fresh)} times and has not worked since"
    return claim("struggling_with", {"thing": thing}, list(dict.fromkeys(cited)), 0.7, why)


def _different(runs: Sequence[_Run]) -> list[_Run]:
    """The most runs that are surely different: by their output, or by standing on one screen together."""
    by_output = list({run.body: run for run in reversed(runs)}.values())[::-1]
    screens: dict[tuple[datetime, str], list[_Run]] = {}
    for run in runs:
        screens.setdefault((run.observation.at, run.observation.title), []).append(run)
    return max([by_output, *screens.values()], key=len, default=[])
