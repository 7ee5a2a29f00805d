"""The tools that assistants see: what each is for, what it takes and gives, and who may use it.

Descriptions are written for models: when to use it, what comes back. Whether a client may is decided by the
`Backend`, of whatever was listed: a tool that is not listed and called all the same answers "not allowed".
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from typing import Annotated, TypeVar, cast

import mcp_types as mcp
from pydantic import BaseModel, ConfigDict, Field

from app.plugin import shapes as p
from app.plugin.ports import Backend
from gum.grants import Part, Right

Id = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]
Key = Annotated[
    str | None,
    Field(
        min_length=8,
        max_length=100,
        pattern=r"^[!-~]+$",
        description="a fresh random text; only to repeat a call that got no answer, send the same again",
    ),
]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NothingIn(_In):
    pass


class ClaimIdIn(_In):
    claim_id: Annotated[Id, Field(description="`id` of a claim")]


class ReactIn(p.FeedbackIn):
    suggestion_id: Annotated[Id, Field(description="`id` of a suggestion")]


class ProposeIn(p.FactIn):
    key: Key = None


class RequestForgetIn(p.ForgetAskIn):
    key: Key = None


class ProposalIdIn(_In):
    proposal_id: Annotated[Id, Field(description="`id` that propose_fact or request_forget gave")]


class PlanActionIn(p.PlanIn):
    key: Key = None


class PlanIdIn(_In):
    plan_id: Annotated[Id, Field(description="`id` that plan_action gave")]


class ExecutePlanIn(p.ExecuteIn):
    plan_id: Annotated[Id, Field(description="`id` that plan_action gave")]


@dataclass(frozen=True, slots=True, eq=False)
class Tool:
    """One tool. The client needs one of `rights` and, if any is named, one of `parts`.

    `without`: fields that are not repeated as text.
    """

    name: str
    title: str
    what: str
    asks: type[BaseModel]
    gives: type[BaseModel]
    call: Callable[[Backend, BaseModel], Awaitable[BaseModel]]
    rights: frozenset[Right]
    parts: frozenset[Part]
    effects: mcp.ToolAnnotations
    without: frozenset[str]

    def may(self, rights: frozenset[Right], parts: frozenset[Part]) -> bool:
        return bool(self.rights & rights) and (not self.parts or bool(self.parts & parts))

    @cache  # noqa: B019 - of the few tools there are; making all their schemas takes 22 ms
    def listed(self) -> mcp.Tool:
        """As clients see it."""
        return mcp.Tool(
            name=self.name,
            title=self.title,
            description=self.what,
            input_schema=_schema(self.asks, "validation"),
            output_schema=_schema(self.gives, "serialization"),
            annotations=self.effects,
        )


def _schema(shape: type[BaseModel], mode: str) -> dict[str, object]:
    made = shape.model_json_schema(mode="serialization" if mode == "serialization" else "validation")
    return cast(dict[str, object], _untitled(made))


def _untitled(node: object) -> object:
    """Without the titles that repeat each field's name: models read the schema, and pay for it."""
    if isinstance(node, list):
        return [_untitled(each) for each in node]
    if not isinstance(node, dict):
        return node
    kept = {key: value for key, value in node.items() if not (key == "title" and isinstance(value, str))}
    # Under `properties` the keys are names of fields, one of which may be "title".
    return {
        key: {name: _untitled(each) for name, each in value.items()}
        if key in ("properties", "$defs")
        else _untitled(value)
        for key, value in kept.items()
    }


_READS = mcp.ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)


def _effects(*, destroys: bool = False, again: bool = False, outside: bool = False) -> mcp.ToolAnnotations:
    return mcp.ToolAnnotations(
        read_only_hint=False, destructive_hint=destroys, idempotent_hint=again, open_world_hint=outside
    )


A = TypeVar("A", bound=BaseModel)


def _tool(
    name: str,
    title: str,
    what: str,
    asks: type[A],
    gives: type[BaseModel],
    call: Callable[[Backend, A], Awaitable[BaseModel]],
    *parts: Part,
    rights: tuple[Right, ...] = (Right.READ,),
    effects: mcp.ToolAnnotations = _READS,
    without: frozenset[str] = frozenset(),
) -> Tool:
    # `asks` is what `call` takes: the server builds the one and hands it to the other.
    erased = cast(Callable[[Backend, BaseModel], Awaitable[BaseModel]], call)
    return Tool(name, title, what, asks, gives, erased, frozenset(rights), frozenset(parts), effects, without)


_CLAIMS = (Part.CLAIMS,)
_WAITS = (
    "Nothing happens until the person says yes in Gumption's own window; you cannot say yes for them, and "
    "should tell them that it waits there."
)
TOOLS = {
    tool.name: tool
    for tool in (
        _tool(
            "get_context",
            "What is known that helps",
            "Call this first when a request leaves open what the person means, prefers or is working on. "
            "Returns what Gumption concluded about them that fits the request, best first, with confidence "
            "and dates, within a token budget. Empty when nothing fits: then ask the person.",
            p.ContextIn,
            p.ContextOut,
            lambda b, a: b.context(a),
            *_CLAIMS,
            without=frozenset({"items", "tokens"}),
        ),
        _tool(
            "search_memory",
            "Search what is known",
            "Search by words, names, type or time when you look for something particular. Returns claims "
            "with ids, a page at a time; where allowed also pieces of what was on the screen.",
            p.SearchIn,
            p.SearchOut,
            lambda b, a: b.search(a),
            Part.CLAIMS,
            Part.TRANSCRIPTS,
        ),
        _tool(
            "get_claim",
            "One claim and what it rests on",
            "Look up one claim by its id, with what it rests on, before you rely on it for something that "
            "matters.",
            ClaimIdIn,
            p.ClaimOut,
            lambda b, a: b.claim(a.claim_id),
            *_CLAIMS,
        ),
        _tool(
            "get_moment",
            "What the person is doing now",
            "Tells what the person is doing this moment and whether they can be interrupted. Use it before "
            "you disturb them.",
            NothingIn,
            p.MomentOut,
            lambda b, _: b.moment(),
            Part.ACTIVITY,
        ),
        _tool(
            "get_activity",
            "What was used lately",
            "Returns which programs the person used and when, the newest first, e.g. to pick up where they "
            "left off.",
            p.ActivityIn,
            p.ActivityOut,
            lambda b, a: b.activity(a),
            Part.ACTIVITY,
        ),
        _tool(
            "get_agenda",
            "What is ahead",
            "Returns deadlines, events and journeys ahead, the nearest first. Use it for anything about "
            "when, or about planning.",
            p.AgendaIn,
            p.AgendaOut,
            lambda b, a: b.agenda(a),
            *_CLAIMS,
        ),
        _tool(
            "list_suggestions",
            "Offers of help",
            "Returns what Gumption would offer the person now, and why. Pass one on if it fits the talk.",
            p.SuggestionsIn,
            p.SuggestionsOut,
            lambda b, a: b.suggestions(a),
            rights=(Right.SUGGEST,),
        ),
        _tool(
            "react_to_suggestion",
            "Pass on a reaction",
            "Tells what the person said to an offer. Only what they really said. Accepting an offer that has "
            "a plan does not run it: the person is asked to approve it in Gumption's own window.",
            ReactIn,
            p.FeedbackOut,
            lambda b, a: b.feedback(a.suggestion_id, p.FeedbackIn(verdict=a.verdict)),
            rights=(Right.SUGGEST,),
            effects=_effects(again=True),
        ),
        _tool(
            "ask_memory",
            "Ask about the person",
            "Answers one question about the person from what is known, with confidence and the claims it is "
            "made of. `known` false means that nothing known answers it: do not guess.",
            p.AskIn,
            p.AnswerOut,
            lambda b, a: b.ask(a),
            *_CLAIMS,
        ),
        _tool(
            "propose_fact",
            "Put a fact before the person",
            "Proposes that something be remembered that the person told you about themselves. One sentence. "
            + _WAITS,
            ProposeIn,
            p.ProposalOut,
            lambda b, a: b.propose(p.FactIn(text=a.text), a.key),
            rights=(Right.SUGGEST,),
            effects=_effects(),
        ),
        _tool(
            "request_forget",
            "Ask for something to be forgotten",
            "When the person wants something forgotten: one claim, a topic, or the last minutes; exactly one "
            "of the three. " + _WAITS,
            RequestForgetIn,
            p.ProposalOut,
            lambda b, a: b.forget(
                p.ForgetAskIn(claim_id=a.claim_id, topic=a.topic, minutes=a.minutes), a.key
            ),
            rights=(Right.ACT,),
            effects=_effects(destroys=True),
        ),
        _tool(
            "get_proposal",
            "How a proposal stands",
            "Tells whether the person accepted or rejected what propose_fact or request_forget put before "
            "them.",
            ProposalIdIn,
            p.ProposalOut,
            lambda b, a: b.proposal(a.proposal_id),
            rights=(Right.SUGGEST, Right.ACT),
        ),
        _tool(
            "plan_action",
            "Plan an action",
            "Plans up to five steps on the person's computer: open a page, add a to-do, make an event. It "
            "only plans. The person approves exactly these steps in Gumption's own window; you cannot "
            "approve them. Then call execute_plan.",
            PlanActionIn,
            p.PlanView,
            lambda b, a: b.plan(p.PlanIn(goal=a.goal, steps=a.steps), a.key),
            rights=(Right.ACT,),
            effects=_effects(),
        ),
        _tool(
            "get_plan",
            "How a plan stands",
            "Tells whether the person approved or denied a plan, and what came of it.",
            PlanIdIn,
            p.PlanView,
            lambda b, a: b.plan_state(a.plan_id),
            rights=(Right.ACT,),
        ),
        _tool(
            "execute_plan",
            "Run an approved plan",
            "Runs a plan once, after the person approved it in Gumption's own window; fails before. `digest` "
            "is the one that plan_action gave: nothing else than what was approved can run.",
            ExecutePlanIn,
            p.PlanView,
            lambda b, a: b.execute(a.plan_id, p.ExecuteIn(digest=a.digest)),
            rights=(Right.ACT,),
            effects=_effects(destroys=True, again=True, outside=True),
        ),
        _tool(
            "get_status",
            "How Gumption is",
            "Tells whether Gumption observes just now, and what you may read and do. Use it when something "
            "is refused.",
            NothingIn,
            p.StatusView,
            lambda b, _: b.status(),
            rights=tuple(Right),
        ),
    )
}
