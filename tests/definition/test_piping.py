"""Piped text: looked up and inserted, nothing more."""

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.definition.piping import Piped, piece_words, pieces, pipe, piped_names, stray_brace


@pytest.mark.parametrize(
    ("text", "names", "is_stray"),
    [
        ("Hallo", set(), False),
        ("Over {provider}.", {"provider"}, False),
        ("{a}{b}{a}", {"a", "b"}, False),
        ("{{a}}", {"a"}, True),
        ("{ a }", set(), True),
        ("{A}", set(), True),
        ("{a.b}", set(), True),
        ("{a!r}", set(), True),
        ("{0}", set(), True),
        ("{}", set(), True),
        ("{a", set(), True),
        ("a}", set(), True),
    ],
)
def test_only_names_between_braces_are_piped(text: str, names: set[str], is_stray: bool) -> None:
    assert piped_names(text) == names
    assert stray_brace(text) is is_stray


def test_what_is_filled_in_is_never_piped_again() -> None:
    assert pipe("{a} en {b}", {"a": "{b}", "b": "%s {a}"}) == "{b} en %s {a}"


def test_an_answer_not_given_leaves_dots() -> None:
    assert pipe("U zei {a}.", {}) == "U zei …."
    assert pipe("U zei {a}.", {"a": ""}) == "U zei …."


@given(st.text("{}ab_A! \n{"), st.dictionaries(st.sampled_from(["a", "b", "ab", "a_"]), st.text()))
def test_piping_never_fails_and_leaves_no_name_behind(text: str, values: dict[str, str]) -> None:
    shown = pipe(text, values)
    if not piped_names(text):
        assert shown == text
    filled = pipe(text, dict.fromkeys(piped_names(text), "x"))
    assert not piped_names(filled) or stray_brace(text)


def test_a_filled_in_text_remembers_what_was_written() -> None:
    text = pipe("U had les bij {provider}.", {"provider": "Noord", "grade": "7"})
    assert isinstance(text, Piped)
    assert (text, text.template, text.values) == (
        "U had les bij Noord.",
        "U had les bij {provider}.",
        {"provider": "Noord"},
    )
    for same in (copy.copy(text), copy.deepcopy(text), pickle.loads(pickle.dumps(text))):
        assert (same, same.template, same.values) == (text, text.template, text.values)
    assert not isinstance(pipe("Hallo", {}), Piped)


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("U had les bij {provider}.", [(0, "U had les bij"), (None, "provider")]),
        ("{provider} leest dat.", [(None, "provider"), (2, "leest dat.")]),
        ("Van {a}, {b}, en meer? Ja!", [(0, "Van"), (None, "a"), (None, "b"), (4, "en meer? Ja!")]),
        ("({a})", [(None, "a")]),
        ("Hallo", [(0, "Hallo")]),
    ],
)
def test_a_text_is_heard_in_pieces_around_its_names(text: str, heard: list[tuple[int | None, str]]) -> None:
    assert list(pieces(text)) == heard
    assert all(piece_words(text, number) == words for number, words in heard if number is not None)


def test_a_piece_that_a_text_does_not_have_has_no_words() -> None:
    assert piece_words("Hallo {a}", 7) == ""
    assert piece_words("Hallo {a}", None) == "Hallo {a}"
