from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gum.about import About
from gum.audit import (
    EXCERPT,
    PRIVATE,
    RULES,
    SILENT,
    STAGES,
    STRICTNESS,
    WHOSE,
    Decision,
    Exemption,
    Outcome,
    Question,
    Stage,
    excerpt,
    judge,
    screened,
    sifted,
    stricter,
    weighed,
)
from gum.claims import make
from gum.errors import AnswerUnusable, ModelUnavailable
from gum.sensitive import Kind
from gum.types import Sensitivity
from tests.builders import evidence, observation
from tests.gum.audit_corpus import LEAKS, ORDINARY

OUTSIDE = "the model server at models.example"


class Says:
    """Fake: a language model that answers `outcome`, or fails with `error`."""

    def __init__(self, outcome: Outcome = Outcome.ALLOW, error: Exception | None = None) -> None:
        self.outcome, self.error = outcome, error
        self.asked: list[tuple[Question, Sequence[str]]] = []

    def ask(self, question: Question, known: Sequence[str]) -> Decision:
        self.asked.append((question, known))
        if self.error is not None:
            raise self.error
        return Decision(self.outcome, "model-says-no", "because", question.stage)


def test_the_table_is_whole() -> None:
    assert set(STAGES) == set(About) == set(WHOSE)
    assert all(set(row) == set(Stage) for row in STAGES.values())
    assert set(PRIVATE) == set(Kind)
    for row in STAGES.values():  # the nearer to the door, the stricter
        order = [STRICTNESS.index(row[stage]) for stage in (Stage.DRAFT, Stage.STORE, Stage.LEAVE)]
        assert order == sorted(order)


def test_a_decision_says_why_in_the_persons_words() -> None:
    said = judge(Question(Stage.LEAVE, "My sister has cancer", OUTSIDE))
    assert said.rule == "other-health"
    assert said.reason == (
        "It tells of somebody else's health. It would have gone to the model server at models.example."
    )
    assert judge(Question(Stage.DRAFT, "the quarterly report")).rule == "ordinary"


def test_the_persons_own_matters_are_learnt_hidden_and_never_sent() -> None:
    text = "I am depressed"
    outcomes = [judge(Question(stage, text)).outcome for stage in Stage]
    assert outcomes == [Outcome.ALLOW, Outcome.HIDE, Outcome.WITHHOLD]


def test_an_exemption_holds_for_its_rule_and_place_alone() -> None:
    text = "My sister has cancer"
    allowed = {Exemption("other-health", "mail")}
    assert judge(Question(Stage.DRAFT, text, app="mail"), (), allowed).outcome is Outcome.ALLOW
    assert judge(Question(Stage.DRAFT, text, app="chat"), (), allowed).outcome is Outcome.WITHHOLD
    assert judge(Question(Stage.LEAVE, text, "mail2", app="mail"), (), allowed).outcome is Outcome.WITHHOLD
    both = "My sister has cancer and is depressed"
    assert judge(Question(Stage.DRAFT, both, app="mail"), (), allowed).rule == "other-mood"


def test_secrets_cannot_be_let_out_by_any_exemption() -> None:
    q = Question(Stage.LEAVE, "password: hunter2", OUTSIDE)
    assert judge(q, (), {Exemption("secret", OUTSIDE)}).outcome is Outcome.WITHHOLD


# --- the model may only make it stricter --------------------------------------------------------


@given(
    st.sampled_from(list(Stage)),
    st.sampled_from([*ORDINARY, *(text for _, text in LEAKS)]) | st.text(max_size=80),
    st.sampled_from(list(Outcome)),
    st.sampled_from([None, ModelUnavailable("late"), AnswerUnusable("nonsense"), RecursionError()]),
)
@example(Stage.STORE, "I am depressed", Outcome.ALLOW, None)  # the rules hide, the model sees no harm
def test_the_model_never_loosens(stage: Stage, text: str, outcome: Outcome, error: Exception | None) -> None:
    q = Question(stage, text, OUTSIDE)
    ruled = judge(q)
    both = weighed(q, ruled, Says(outcome, error))
    assert STRICTNESS.index(both.outcome) >= STRICTNESS.index(ruled.outcome)
    if error is None:
        assert (
            STRICTNESS.index(both.outcome) >= STRICTNESS.index(outcome) or ruled.outcome is Outcome.WITHHOLD
        )
    elif stage is Stage.LEAVE:
        assert both.outcome is Outcome.WITHHOLD


@given(st.sampled_from(list(Outcome)), st.sampled_from(list(Outcome)))
def test_the_stricter_of_two_is_one_of_them(a: Outcome, b: Outcome) -> None:
    one, other = (Decision(outcome, "r", "", Stage.DRAFT) for outcome in (a, b))
    assert STRICTNESS.index(stricter(one, other).outcome) == max(map(STRICTNESS.index, (a, b)))


def test_what_the_rules_withhold_is_not_shown_to_the_model() -> None:
    asker = Says()
    q = Question(Stage.LEAVE, "My sister has cancer", OUTSIDE)
    assert weighed(q, judge(q), asker).outcome is Outcome.WITHHOLD
    assert asker.asked == []


def test_a_silent_model_withholds_what_leaves_and_what_was_unclear() -> None:
    silent = Says(error=ModelUnavailable("gone"))
    q = Question(Stage.LEAVE, "the quarterly report", OUTSIDE)
    assert weighed(q, judge(q), silent).rule == SILENT
    unclear = observation("Pregnancy test kit, bought together with vitamins for my sister", title="")
    assert sifted(unclear)[0] is not None
    assert sifted(unclear, asker=silent)[0] is None
    plain = observation("the quarterly report")
    assert sifted(plain, asker=silent) == (plain, [])


def test_out_of_the_house_hiding_is_withholding() -> None:
    q = Question(Stage.LEAVE, "the quarterly report", OUTSIDE)
    assert weighed(q, judge(q), Says(Outcome.HIDE)).outcome is Outcome.WITHHOLD
    allowed = {Exemption("model-says-no", OUTSIDE)}
    assert weighed(q, judge(q), Says(Outcome.HIDE), (), allowed).outcome is Outcome.ALLOW


# --- before drafting ----------------------------------------------------------------------------


def test_only_the_line_goes_and_the_rest_stays_to_the_letter() -> None:
    seen = observation("Chapter 3\n  My sister has cancer.\nReferences  ", title="notes.md - Editor")
    left, [entry] = sifted(seen)
    assert left == replace(seen, text="Chapter 3\nReferences  ")
    assert entry.question.observation_id == seen.id
    assert entry.question.place == "mousepad"


def test_a_title_and_search_words_count_too() -> None:
    seen = observation("", title="Anna's cancer - Mail", url="https://duckduckgo.com/?q=my+sister+has+cancer")
    left, held = sifted(seen)
    assert left is None and len(held) == 2


# --- before storing -----------------------------------------------------------------------------


def test_a_private_claim_is_kept_hidden_and_an_allowed_one_is_not() -> None:
    draft = make("interested_in", {"topic": "therapy for depression"}, [evidence("o")], 0.5)
    kept, entry = screened(draft, "chromium")
    assert kept is not None and kept.sensitivity is Sensitivity.SENSITIVE
    assert entry is not None and entry.decision.outcome is Outcome.HIDE
    allowed = {Exemption(f"own-{kind}", "chromium") for kind in Kind}
    assert screened(draft, "chromium", (), allowed) == (replace(draft, sensitivity=Sensitivity.NORMAL), None)
    assert screened(draft, "mail", (), allowed)[1] is not None


def test_a_claim_of_somebody_elses_matter_is_not_kept() -> None:
    draft = make("working_on", {"thing": "my sister has cancer"}, [evidence("o")], 0.5)
    assert screened(draft, "mail")[0] is None


def test_an_ordinary_claim_stays_as_it_is_and_the_model_may_hide_it() -> None:
    draft = make("working_on", {"thing": "thesis.md"}, [evidence("o")], 0.5)
    assert screened(draft, "mail") == (draft, None)
    kept, entry = screened(draft, "mail", asker=Says(Outcome.HIDE), known=["Is a teacher"])
    assert kept is not None and kept.sensitivity is Sensitivity.SENSITIVE and entry is not None
    assert screened(draft, "mail", asker=Says(error=AnswerUnusable("?"))) == (draft, None)


@pytest.mark.parametrize(
    "kind", ["bad at maths", "a slow learner", "incompetent", "unfähig", "incapaz", "無能"]
)
def test_judgements_of_ability_are_hidden(kind: str) -> None:
    draft = make("interested_in", {"topic": kind}, [evidence("o")], 0.5)
    assert draft.sensitivity is Sensitivity.SENSITIVE


@given(st.text(max_size=400))
def test_an_excerpt_is_short_and_on_one_line(text: str) -> None:
    made = excerpt(text)
    assert len(made) <= EXCERPT + 1 and "\n" not in made


def test_every_rule_has_a_reason() -> None:
    assert all(reason.endswith(".") for _, reason in RULES.values())
