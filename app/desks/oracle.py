"""A noisy oracle: an OpenAI-compatible server on this machine that answers from a desk's ground truth.

With set rates of mistakes (`Rates`), so that retrieval, revision, decay and calibration can be measured apart
from a model's own quality. It answers the product's prompt (`gum.model.llm_drafter`) and those of the GUM
baseline (`app.desks.gum_prompts`), told apart by the form of answer they ask for. It does not pad an answer
to the five propositions that GUM's prompt asks for: the rates alone say how much is false.

`complete` is the same without the network: an httpx client, made for each call, costs 30 ms alone.
"""

import json
import logging
import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler

from app.desks import gum_prompts, sentences
from app.desks.gum_prompts import KNOWN, OBSERVED, PROPOSED, RELATED, REVISED, numbered
from app.desks.metered import tokens
from app.desks.mind import PERFECT as PERFECT
from app.desks.mind import Mind, Outcome, Piece, Thought
from app.desks.mind import Rates as Rates
from app.desks.types import Desk
from app.desks.word_runs import read
from app.local_server import LocalServer
from gum.errors import AnswerUnusable
from gum.ports import Prompt

log = logging.getLogger(__name__)

NAME = "oracle"
MAX_BODY = 8 << 20  # bytes of a request

_ASKED = "searched for: "
_SIDES = ("Known: ", "New: ")
_ALREADY = "Already known: "
_HEAD = re.compile(r"\[(\d+)\] (.+), in (.+):")


class Oracle(LocalServer):
    """A `gum.ports.Decoder`, and while it is entered a server at `url`. Thread-safe.

    `now` is the desk's time, by which facts hold. `tally` counts drafts by what they were, and facts left
    out; what answers hold, not what becomes of it.
    """

    name = NAME
    takes_grammar = False

    def __init__(self, desk: Desk, rates: Rates | None = None, seed: int = 0) -> None:
        self._mind = Mind(desk, rates or Rates(), seed)
        begins = [*(session.begins for session in desk.sessions), *(fact.begins for fact in desk.facts)]
        self.now = min(begins, default=datetime.min.replace(tzinfo=UTC))
        self._lock = threading.Lock()
        self.calls = 0
        self.tokens = 0
        self.tally: Counter[Outcome] = Counter()

    def tell(self, at: datetime) -> None:
        """Tells the desk's time."""
        self.now = at

    @property
    def url(self) -> str:
        """The address to configure, while the oracle is entered; ends in /v1."""
        return f"http://127.0.0.1:{self.port}/v1"

    def handler(self) -> type[BaseHTTPRequestHandler]:
        return _handler(self)

    def complete(self, prompt: Prompt) -> str:
        """Raises AnswerUnusable for a prompt that is none of those it knows."""
        answer, tally = answered(self._mind, prompt.user, prompt.schema or {}, self.now)
        with self._lock:
            self.calls += 1
            self.tokens += sum(map(tokens, (prompt.system, prompt.user, answer)))
            self.tally += tally
        return answer


def answered(
    mind: Mind, user: str, schema: Mapping[str, object], now: datetime
) -> tuple[str, Counter[Outcome]]:
    """The JSON answer to a prompt, and what its drafts were. Pure. Raises AnswerUnusable."""
    wanted = _field(schema, "properties")
    for name, answer in _ANSWERS.items():
        if name in wanted:
            told, tally = answer(mind, user, _field(wanted, name), now)
            return json.dumps({name: told}, ensure_ascii=False), tally
    raise AnswerUnusable(
        "The oracle was asked something it does not know", "It knows this program's prompts."
    )


def _field(table: Mapping[str, object], name: str) -> Mapping[str, object]:
    """A table inside a JSON schema; empty when there is none."""
    value = table.get(name)
    return value if isinstance(value, Mapping) else {}


_Answer = tuple[list[dict[str, object]] | str, Counter[Outcome]]


# --- the product's prompt -------------------------------------------------------------------------


def _drafted(mind: Mind, user: str, schema: Mapping[str, object], now: datetime) -> _Answer:
    forms = {str(_only(form, "type")): form for form in _forms(schema)}
    pieces = product_pieces(user)

    def may(kind: str, number: int) -> bool:
        return kind in forms and number in _choices(forms[kind], "observation")

    thought = mind.drafts(pieces, now, may)
    most = schema.get("maxItems")
    said = thought.said[: most if isinstance(most, int) else None]
    rows = []
    for one in said:
        entry: dict[str, object] = {"observation": one.number, "type": one.kind, **one.slots}
        asked = _field(_field(forms[one.kind], "properties"), "confidence")
        if asked:
            sure = mind.sure(one, thought.share)
            entry["confidence"] = sentences.out_of_ten(sure) if asked.get("type") == "integer" else sure
        rows.append(entry)
    return rows, Counter({Outcome.MISSING: thought.missing}) + Counter(one.outcome for one in said)


def product_pieces(user: str) -> list[Piece]:
    """The numbered pieces between the two marker lines."""
    lines = user.split("\n")
    if len(lines) > 1 and lines[0] == lines[-1]:
        lines = lines[1:-1]
    if lines and lines[-1].startswith(_ALREADY):
        lines = lines[:-1]  # what is said there stands in no piece
    cut: list[tuple[int, list[str]]] = []
    for line in lines:
        match = _HEAD.fullmatch(line)
        if match and int(match[1]) == len(cut) + 1:
            cut.append((int(match[1]), []))
        elif cut:
            cut[-1][1].append(line)
    return [_piece(number, texts) for number, texts in cut]


def _piece(number: int, texts: Sequence[str]) -> Piece:
    asked = [text.removeprefix(_ASKED) for text in texts if text.startswith(_ASKED)]
    shown = [text for text in texts if not text.startswith(_ASKED)]
    return Piece(number, tuple(map(read, shown)), tuple(map(read, asked)))


def _forms(schema: Mapping[str, object]) -> list[Mapping[str, object]]:
    forms = _field(schema, "items").get("anyOf")
    return [form for form in forms if isinstance(form, Mapping)] if isinstance(forms, list) else []


def _choices(form: Mapping[str, object], name: str) -> Sequence[object]:
    choices = _field(_field(form, "properties"), name).get("enum")
    return choices if isinstance(choices, list) else []


def _only(form: Mapping[str, object], name: str) -> object:
    return next(iter(_choices(form, name)), None)


def _compared(mind: Mind, user: str, schema: Mapping[str, object], now: datetime) -> _Answer:
    del schema
    told = {
        line[: len(which)]: line[len(which) :]
        for line in user.split("\n")
        for which in _SIDES
        if line.startswith(which)
    }
    return sentences.likeness(mind, *(told.get(which, "") for which in _SIDES)), Counter()


# --- the baseline's prompts -----------------------------------------------------------------------


def _proposed(mind: Mind, user: str, schema: Mapping[str, object], now: datetime) -> _Answer:
    del schema
    pieces = [Piece(n, tuple(map(read, texts))) for n, texts in _section(user, OBSERVED)]
    thought = mind.drafts(pieces, now, lambda kind, number: True, free=True)
    facts = {f"fact:{fact.id}": fact for fact in mind.desk.facts}
    made = [
        sentences.proposed(
            sentences.sentence(one.kind, one.slots, one.negative),
            facts.get(one.subject),
            mind.sure(one, thought.share),
            f"On the screen: {one.line[:120]}",
        )
        for one in thought.said
    ]
    return [_entry(one) for one in made], _counted(thought)


def _counted(thought: Thought) -> Counter[Outcome]:
    return Counter({Outcome.MISSING: thought.missing}) + Counter(one.outcome for one in thought.said)


def _related(mind: Mind, user: str, schema: Mapping[str, object], now: datetime) -> _Answer:
    del schema
    pool = {number: texts[0] for number, texts in _section(user, KNOWN)}
    rows = sentences.relations(mind, pool, now)
    return [{"source": r.source, "label": r.label, "target": list(r.targets)} for r in rows], Counter()


def _revised(mind: Mind, user: str, schema: Mapping[str, object], now: datetime) -> _Answer:
    del schema
    known = [texts[0] for _, texts in _section(user.split(f"\n{OBSERVED}\n")[0], KNOWN)]
    made = sentences.revised(mind, known, now)
    return [_entry(one) for one, _ in made], Counter()


def _section(user: str, heading: str) -> list[tuple[int, list[str]]]:
    lines = user.split("\n")
    return numbered(lines[lines.index(heading) + 1 :]) if heading in lines else []


def _entry(one: gum_prompts.Proposed) -> dict[str, object]:
    return {
        "reasoning": one.reasoning,
        "proposition": one.text,
        "confidence": one.confidence,
        "decay": one.decay,
    }


_ANSWERS: Mapping[str, Callable[[Mind, str, Mapping[str, object], datetime], _Answer]] = {
    "drafts": _drafted,
    "relation": _compared,
    PROPOSED: _proposed,
    RELATED: _related,
    REVISED: _revised,
}


# --- the server -----------------------------------------------------------------------------------


def _handler(oracle: Oracle) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/v1/models":
                self._answer(200, {"object": "list", "data": [{"id": NAME, "object": "model"}]})
            else:
                self._refuse(404, "There is nothing at this address.")

        def do_POST(self) -> None:
            size = self.headers.get("Content-Length", "")
            if self.path != "/v1/chat/completions":
                self._refuse(404, "There is nothing at this address.")
            elif not size.isdecimal() or int(size) > MAX_BODY:
                self._refuse(413, "A request has a length, of some megabytes at most.")
            else:
                self._complete(self.rfile.read(int(size)))

        def _complete(self, body: bytes) -> None:
            prompt = asked(body)
            if prompt is None:
                self._refuse(400, "That is not a chat request with a JSON schema.")
                return
            try:
                text = oracle.complete(prompt)
            except AnswerUnusable as error:
                self._refuse(400, error.title)
                return
            spent = {
                "prompt_tokens": tokens(prompt.system) + tokens(prompt.user),
                "completion_tokens": tokens(text),
            }
            choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
            usage = {**spent, "total_tokens": sum(spent.values())}
            self._answer(
                200,
                {"id": NAME, "object": "chat.completion", "model": NAME, "choices": [choice], "usage": usage},
            )

        def _refuse(self, status: int, why: str) -> None:
            self._answer(status, {"error": {"message": why, "type": "invalid_request_error"}})

        def _answer(self, status: int, data: Mapping[str, object]) -> None:
            body = json.dumps(data, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            log.debug(format, *args)

    return Handler


def asked(body: bytes) -> Prompt | None:
    """The prompt of a chat request; None when the body is none."""
    try:
        data = json.loads(body)
        said = {str(m["role"]): str(m["content"]) for m in data["messages"]}
        schema = data["response_format"]["json_schema"]["schema"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return (
        Prompt(said.get("system", ""), said.get("user", ""), schema=schema)
        if isinstance(schema, dict)
        else None
    )
