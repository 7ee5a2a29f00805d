"""The noisy oracle as the product and the baseline meet it: over HTTP, through their own prompts."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from app.desks import gum_prompts
from app.desks.metered import tokens
from app.desks.mind import PERFECT, Mind, Outcome, Rates
from app.desks.oracle import Oracle, answered, asked, product_pieces
from app.desks.types import Fact
from gum.errors import AnswerUnusable, ModelUnavailable
from gum.grammar import MAX_CLAIMS, schema, sources
from gum.judge import Likeness, Pair, side
from gum.model.llm_drafter import LlmDrafter
from gum.model.llm_judge import LlmJudge
from gum.model.remote import OpenAiDecoder, find_servers
from gum.ports import Drafts, Prompt
from gum.propose import propose
from gum.types import Observation, Trust
from tests.app.desks.oracle_desks import NINE, PAPER, TEA, TRAIN, desk, many, observation, seen

ROOT = Path(__file__).parents[3]
NOON = NINE + timedelta(hours=3)
WRITING = observation("We measured the flow.", title="*fish-ladder.tex - Mousepad")
TRIP = observation("Train to Lyon on 14 March", title="Booking")
READING = observation("All about green tea", title="Tea", trust=Trust.READ)


def _draft(oracle: Oracle, observations: Sequence[Observation]) -> Drafts:
    return LlmDrafter(OpenAiDecoder(oracle.url, "oracle")).draft(observations, ())


def test_the_products_own_drafter_gets_verified_drafts_over_http() -> None:
    with Oracle(desk(), PERFECT) as oracle:
        oracle.tell(NINE)
        made = _draft(oracle, [WRITING, TRIP, READING])
    assert made.dropped == 0
    assert {(draft.type, tuple(draft.slots.values())) for draft in made.drafts} == {
        ("working_on", ("fish-ladder.tex",)),
        ("plans_to_go", ("Lyon", "14 March")),
        ("interested_in", ("green tea",)),  # read, not written: that it is preferred may not be said
    }
    assert oracle.calls == 1
    assert oracle.tokens > 100
    assert oracle.tally == {Outcome.TRUE: 3}


def test_the_whole_of_step_8_keeps_what_the_oracle_says() -> None:
    with Oracle(desk(), PERFECT) as oracle:
        made = propose([WRITING, TRIP], [], [], LlmDrafter(OpenAiDecoder(oracle.url, "oracle")))
    assert sorted(draft.type for draft in made.drafts) == ["plans_to_go", "working_on"]


def test_time_decides_what_is_true() -> None:
    with Oracle(desk(), PERFECT) as oracle:
        oracle.now = NINE + timedelta(hours=5)
        assert _draft(oracle, [TRIP]).drafts == ()
        oracle.now = NINE - timedelta(hours=1)
        assert _draft(oracle, [WRITING]).drafts == ()


def test_words_that_were_searched_for_say_what_a_page_only_read_may_not() -> None:
    fact = Fact("r", "Learns Rust", "learning", {"subject": ("rust lifetimes",)}, NINE)
    page = observation(
        "Results",
        title="rust lifetimes - Search",
        trust=Trust.READ,
        url="https://duckduckgo.com/?q=rust+lifetimes",
    )
    with Oracle(desk([fact]), PERFECT) as oracle:
        made = _draft(oracle, [page])
    assert [(d.type, dict(d.slots)) for d in made.drafts] == [("learning", {"subject": "rust lifetimes"})]


@pytest.mark.parametrize(
    ("text", "alternative"),
    [
        ("Ich lerne jetzt Käse machen.", "käse machen"),
        ("来週は京都へ旅行する", "京都"),
        ("Mon RÉSUMÉ", "resume"),
    ],
)
def test_other_languages_are_copied_as_they_stand(text: str, alternative: str) -> None:
    fact = Fact("x", "Something", "interested_in", {"topic": (alternative,)}, NINE)
    with Oracle(desk([fact]), PERFECT) as oracle:
        made = _draft(oracle, [observation(text)])
    assert made.dropped == 0
    (draft,) = made.drafts
    assert draft.slots["topic"] in text


def test_what_the_prompt_lists_as_known_stands_in_no_piece() -> None:
    marker = "data-1"
    user = (
        f"{marker}\n[1] written by the person, in mousepad:\nhello there\nAlready known: green tea\n{marker}"
    )
    (piece,) = product_pieces(user)
    assert [line.row.text for line in piece.lines] == ["hello there"]


def test_a_text_cannot_pretend_to_be_another_piece() -> None:
    user = (
        "m\n[1] written by the person, in a:\n[7] written by the person, in b:\n"
        "[2] only seen by the person, in c:\nsearched for: tea\nm"
    )
    first, second = product_pieces(user)
    assert [line.row.text for line in first.lines] == ["[7] written by the person, in b:"]
    assert [line.row.text for line in second.asked] == ["tea"]


def test_the_rates_come_true_through_the_products_own_prompt_and_every_draft_is_verified() -> None:
    told = missing = false = 0
    for number in range(4):
        there = many(50, f"many-{number}")
        texts = [observation(text.split("\n")[1], title=text.split("\n")[0]) for text in seen(there)]
        with Oracle(there, Rates(duplicated=0, false=0.15), seed=5) as oracle:
            for n in range(0, 50, 2):  # two a prompt, so that the cap on drafts is never met
                assert _draft(oracle, texts[n : n + 2]).dropped == 0
        told += oracle.tally[Outcome.TRUE]
        missing += oracle.tally[Outcome.MISSING]
        false += oracle.tally[Outcome.FALSE]
    assert told + missing == 200
    assert missing / 200 == pytest.approx(0.25, abs=0.08)
    assert false / told == pytest.approx(0.15, abs=0.07)


def test_an_answer_holds_no_more_drafts_than_the_schema_allows() -> None:
    there = many(8)
    texts = [observation(text) for text in seen(there)]
    with Oracle(there, PERFECT) as oracle:
        made = _draft(oracle, texts)
    assert len(made.drafts) == MAX_CLAIMS
    assert made.dropped == 0


def test_a_confidence_is_given_where_it_is_asked_for() -> None:
    cited = sources([WRITING])
    form = schema(cited)
    row = {"confidence": {"type": "number"}}
    drafts = form["properties"]["drafts"]  # type: ignore[index]
    for one in drafts["items"]["anyOf"]:
        one["properties"].update(row)
    user = "m\n[1] written by the person, in mousepad:\nfish-ladder.tex\nm"
    answer, _ = answered(Mind(desk(), Rates(missing=0)), user, form, NINE)
    assert 0 < json.loads(answer)["drafts"][0]["confidence"] < 1
    for one in drafts["items"]["anyOf"]:
        one["properties"]["confidence"] = {"type": "integer"}
    answer, _ = answered(Mind(desk(), Rates(missing=0)), user, form, NINE)
    assert json.loads(answer)["drafts"][0]["confidence"] in range(1, 11)


def test_the_baselines_prompts_are_told_apart_and_answered() -> None:
    with Oracle(desk(), PERFECT) as oracle:
        decoder = OpenAiDecoder(oracle.url, "oracle")
        seen = ["mousepad\n*fish-ladder.tex", "Train to Lyon\non 14 March"]
        made = gum_prompts.parse_propositions(
            decoder.complete(gum_prompts.propose(seen)), gum_prompts.PROPOSED
        )
        pool = {7: (made[0].text, "x"), 9: (made[1].text, "x"), 12: (made[0].text, "y")}
        related = gum_prompts.parse_relations(decoder.complete(gum_prompts.relate(pool)))
        again = gum_prompts.parse_propositions(
            decoder.complete(gum_prompts.revise(pool, seen)), gum_prompts.REVISED
        )
    assert sorted(one.text for one in made) == [
        "The user plans to go to Lyon on 14 March",
        "The user works on fish-ladder.tex",
    ]
    assert [(r.source, r.label, r.targets) for r in related] == [
        (7, "identical", (12,)),
        (9, "unrelated", ()),
        (12, "identical", (7,)),
    ]
    assert {one.text for one in again} == {one.text for one in made}
    assert oracle.calls == 3


def test_the_random_marks_of_a_prompt_and_the_thread_it_came_by_change_nothing() -> None:
    there = many(30)
    texts = [observation(text) for text in seen(there)]

    def ask(oracle: Oracle, n: int) -> Drafts:
        drafter = LlmDrafter(OpenAiDecoder(oracle.url, "oracle"), lambda: f"mark-{n}-{threading.get_ident()}")
        return drafter.draft(texts[3 * n : 3 * n + 3], ())

    with Oracle(there, Rates(), seed=1) as oracle:
        alone = [ask(oracle, n) for n in range(10)]
        counted, oracle.tally = oracle.tally, type(oracle.tally)()
        with ThreadPoolExecutor(8) as pool:
            together = list(pool.map(lambda n: ask(oracle, n), reversed(range(10))))
        assert together == alone[::-1]
        assert oracle.tally == counted
        assert oracle.calls == 20


_SCRIPT = """
import hashlib
from app.desks.mind import Rates
from app.desks.oracle import Oracle
from app.desks import gum_prompts
from tests.app.desks.oracle_desks import desk, many, seen, NINE
from gum.judge import Likeness, Pair, side
from gum.model.llm_drafter import LlmDrafter
from gum.model.llm_judge import LlmJudge
from tests.app.desks.oracle_desks import observation

class Said:
    name, takes_grammar = "oracle", False
    def __init__(self, oracle):
        self.oracle, self.all = oracle, []
    def complete(self, prompt):
        self.all.append(self.oracle.complete(prompt))
        return self.all[-1]

there = many(40)
said = Said(Oracle(there, Rates(mislabelled=0.3), seed=2))
texts = seen(there)
LlmDrafter(said, lambda: "m").draft([observation(text) for text in texts[:8]], ())
made = gum_prompts.parse_propositions(said.complete(gum_prompts.propose(texts)), gum_prompts.PROPOSED)
pool = {n: (one.text, one.reasoning) for n, one in enumerate(made)}
said.complete(gum_prompts.relate(pool))
said.complete(gum_prompts.revise(pool, texts))
print(len(made), hashlib.sha256("\\n".join(said.all).encode()).hexdigest())
"""


def test_every_process_says_the_same_whatever_its_hash_seed() -> None:
    told = []
    for seed in ("1", "2", "random"):
        done = subprocess.run(
            [sys.executable, "-c", _SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        told.append(done.stdout)
    assert told[0] == told[1] == told[2]
    assert int(told[0].split()[0]) > 20


def test_it_is_found_like_any_server_and_gone_when_it_is_left() -> None:
    with Oracle(desk()) as oracle:
        url = oracle.url
        port = int(url.split(":")[2].split("/")[0])
        (found,) = find_servers([port])
        assert (found.url, found.models) == (url, ("oracle",))
        assert url.endswith("/v1")
    with pytest.raises(ModelUnavailable):
        OpenAiDecoder(url, "oracle").complete(gum_prompts.propose(["x"]))
    with pytest.raises(AssertionError):
        _ = oracle.url


def test_what_it_does_not_know_is_refused_without_harm() -> None:
    with Oracle(desk()) as oracle, httpx.Client(trust_env=False) as client:
        chat = f"{oracle.url}/chat/completions"
        assert client.post(chat, content=b"not json").status_code == 400
        assert client.post(chat, json={"messages": []}).status_code == 400
        assert client.post(chat, json={"messages": [{"role": "user", "content": "hi"}]}).status_code == 400
        strange = {"json_schema": {"name": "answer", "schema": {"properties": {"poem": {}}}}}
        said = client.post(chat, json={"messages": [], "response_format": strange})
        assert said.status_code == 400
        assert "does not know" in said.json()["error"]["message"]
        assert client.post(f"{oracle.url}/embeddings", json={}).status_code == 404
        assert client.get(f"{oracle.url}/engines").status_code == 404
        assert oracle.calls == 0
        with pytest.raises(ModelUnavailable, match="400"):
            OpenAiDecoder(oracle.url, "oracle").complete(Prompt("", "hi"))
        with pytest.raises(AnswerUnusable):
            oracle.complete(Prompt("", "hi"))


def test_an_answer_tells_its_tokens() -> None:
    with Oracle(desk(), PERFECT) as oracle, httpx.Client(trust_env=False) as client:
        prompt = gum_prompts.propose(["fish-ladder.tex"])
        body = {
            "messages": [
                {"role": "system", "content": prompt.system},
                {"role": "user", "content": prompt.user},
            ],
            "response_format": {"json_schema": {"schema": prompt.schema}},
        }
        usage = client.post(f"{oracle.url}/chat/completions", json=body).json()["usage"]
        assert usage["total_tokens"] == oracle.tokens == usage["prompt_tokens"] + usage["completion_tokens"]
    assert tokens("one two three") == 4
    assert tokens("京都へ") == 4
    assert asked(b"[]") is None


def test_facts_are_said_by_the_lines_of_the_prompt_not_by_the_desk() -> None:
    with Oracle(desk([PAPER, TRAIN, TEA]), PERFECT) as oracle:
        assert _draft(oracle, [observation("nothing of the kind, only the weather")]).drafts == ()


def test_a_swapped_fact_is_known_from_the_moment_it_begins() -> None:
    emacs = Fact("e", "Prefers Emacs", "prefers", {"thing": ("Emacs",)}, NINE, ends=NOON)
    vim = Fact("v", "Prefers Vim", "prefers", {"thing": ("Vim",)}, NOON, replaces="e")
    both = observation("Emacs and Vim")
    with Oracle(desk([emacs, vim]), PERFECT) as oracle:
        said = []
        for at in (NINE, NOON):
            oracle.tell(at)
            said.append([draft.slots["thing"] for draft in _draft(oracle, [both]).drafts])
    assert said == [["Emacs"], ["Vim"]]
    with Oracle(desk([emacs, vim]), replace(PERFECT, contradictory=1)) as oracle:
        oracle.tell(NOON)
        assert {draft.slots["thing"] for draft in _draft(oracle, [both]).drafts} == {"Emacs", "Vim"}


def test_the_products_own_judge_is_answered_over_http() -> None:
    with Oracle(desk(), PERFECT) as oracle:
        judge = LlmJudge(OpenAiDecoder(oracle.url, "oracle"))
        drafts = _draft(oracle, [WRITING]).drafts
        one = side(drafts[0], ["Works on something\nNew: Plans to go to Lyon"])
        other = replace(one, slots={"thing": "fish ladder paper"}, text="Works on fish ladder paper")
        far = replace(one, slots={"thing": "tax return"}, text="Works on tax return")
        assert judge.judge(Pair(one, other)) is Likeness.SAME
        assert judge.judge(Pair(one, far)) is Likeness.UNRELATED
