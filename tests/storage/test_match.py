from hypothesis import example, given
from hypothesis import strategies as st
from sqlcipher3 import dbapi2

from gum.text import PIECES, pieces
from storage import match


def table(tokenizer: str, rows: list[str]) -> dbapi2.Connection:
    db = dbapi2.connect(":memory:")
    db.execute(f"CREATE VIRTUAL TABLE f USING fts5 (x, tokenize='{tokenizer}')")
    db.executemany("INSERT INTO f VALUES (?)", [(r,) for r in rows])
    return db


def hits(db: dbapi2.Connection, expression: str) -> list[str]:
    return [r[0] for r in db.execute("SELECT x FROM f WHERE f MATCH ?", (expression,))]


WORDS = table("unicode61 remove_diacritics 2", ["the deadline is near", "NEAR OR AND", "a*b", 'say "hello"'])
GRAMS = table("trigram remove_diacritics 1", ["東京旅行計画", "the deadline"])


@given(st.text(st.characters(codec="utf-8"), max_size=40))
@example('"')
@example("NEAR(a b)")
@example("x AND OR NOT y*")
@example("col: ^a -b {c} \\")
@example("a\0b")
def test_nothing_that_is_typed_is_syntax(typed: str) -> None:
    words = [match.word(piece) for piece in pieces(typed)]
    for expression in (match.all_of(words), match.any_of(words)):
        if expression:
            hits(WORDS, expression)
    for run in match.runs(typed):
        if match.grams(run):
            hits(GRAMS, match.any_gram(match.grams(run)))


def test_operators_are_words() -> None:
    assert hits(WORDS, match.all_of(map(match.word, pieces("NEAR AND")))) == ["NEAR OR AND"]
    assert hits(WORDS, match.all_of(map(match.word, pieces('"hello')))) == ['say "hello"']


def test_a_long_word_finds_its_longer_forms_and_a_short_one_does_not() -> None:
    assert hits(WORDS, match.word("dead")) == ["the deadline is near"]
    assert hits(WORDS, match.word("ne")) == []


def test_scripts_without_spaces_are_found_by_parts() -> None:
    [run] = match.runs("GPT旅行計画!")
    assert match.grams(run) == ["旅行計", "行計画"]
    assert hits(GRAMS, match.any_gram(match.grams(run))) == ["東京旅行計画"]
    assert match.grams("旅行") == []


def test_nothing_to_look_for_is_no_expression() -> None:
    assert match.any_word(" ?! \0 ") is None
    assert pieces("") == []


def test_a_pattern_matches_its_text_only() -> None:
    db = dbapi2.connect(":memory:")
    found = db.execute(
        "SELECT ? LIKE ? ESCAPE '\\', ? LIKE ? ESCAPE '\\'", ("a%_b", match.like("%_"), "ab", match.like("_"))
    )
    assert found.fetchone() == (1, 0)


def test_a_very_long_query_is_cut() -> None:
    assert len(pieces(" ".join(f"w{n}" for n in range(1000)))) == PIECES
