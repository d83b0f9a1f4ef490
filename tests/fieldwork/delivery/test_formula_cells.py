"""Guarding spreadsheet cells, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.fieldwork.delivery.formula_cells import guarded, unguarded

STARTS = "=+-@＝＋－＠'\t\ra 1"


@given(st.text(alphabet=STARTS + 'bé(;"\n', max_size=8))
def test_a_guarded_text_comes_back_unchanged_and_never_starts_like_a_formula(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in tuple("=+-@＝＋－＠\t\r")


@pytest.mark.parametrize("text", ["'s avonds laat", "goed", "", "'", "1 - 2"])
def test_ordinary_texts_are_left_alone(text: str) -> None:
    assert guarded(text) == text
    assert unguarded(text) == text


@pytest.mark.parametrize("text", ["=1+1", "+31", "-5 graden", "@naam", "\t=1", "＝1", "'=1"])
def test_what_looks_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert guarded(text) == f"'{text}"
