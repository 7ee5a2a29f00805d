"""Finding runs of words and copying them as they stand."""

from app.desks.word_runs import copied, fold, occurs, place, read, spanning
from gum.grammar import locate, row


def test_what_is_copied_stands_there_letter_by_letter_and_the_product_finds_it() -> None:
    line = read("*Fish-Ladder.tex (draft 2) – Mousepad")
    cut = copied(["fish-ladder.tex"], line)
    assert cut == "*Fish-Ladder.tex"
    assert locate(cut, [row(line.row.text)]) is not None


def test_a_run_that_begins_inside_a_piece_is_copied_with_the_whole_piece() -> None:
    assert copied(["ladder paper"], read("the fish-ladder paper, again")) == "fish-ladder paper,"


def test_accents_and_case_do_not_count_but_come_along() -> None:
    assert copied(["resume"], read("Mon Résumé est prêt")) == "Résumé"
    assert fold("ÉCOLE Straße") == "ecole strasse"


def test_the_longest_alternative_wins() -> None:
    assert copied(["paper", "fish ladder paper"], read("my fish ladder paper")) == "fish ladder paper"


def test_words_are_whole_words() -> None:
    assert not occurs("art", "start of the party")
    assert occurs("art", "state of the art")
    assert not occurs("", "anything")


def test_scripts_without_spaces_go_letter_by_letter() -> None:
    line = read("明日は京都へ旅行する")
    assert copied(["京都"], line) == "京都"
    assert spanning(["旅行", "京都"], line) == "京都へ旅行"
    assert not occurs("か", "が")


def test_a_spanning_cut_holds_every_run_or_is_none() -> None:
    line = read("Last call: a cruise to sunny Madeira from 399")
    assert spanning(["Madeira", "cruise"], line) == "cruise to sunny Madeira"
    assert spanning(["cruise", "Azores"], line) == ""


def test_what_is_too_long_for_a_slot_is_no_cut() -> None:
    line = read("cruise " + "very " * 40 + "Madeira")
    assert spanning(["cruise", "Madeira"], line) == ""
    assert place("Madeira", line) == (41, 41)
