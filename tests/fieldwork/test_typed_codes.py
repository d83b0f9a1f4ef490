"""Typed codes: what people get wrong, and what we can tell them."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from app.fieldwork.typed_codes import (
    ALPHABET,
    N_CHECKS,
    N_SYMBOLS,
    PRIME,
    TypedCode,
    grouped,
    new_code,
    normalise_code,
    read_code,
    with_checks,
)

codes = (
    st.lists(st.integers(0, len(ALPHABET) - 1), min_size=N_SYMBOLS - N_CHECKS, max_size=N_SYMBOLS - N_CHECKS)
    .map(with_checks)
    .filter(bool)
)
places = st.integers(0, N_SYMBOLS - 1)


def test_a_code_holds_sixty_bits_in_symbols_that_do_not_look_alike() -> None:
    bits = (N_SYMBOLS - N_CHECKS) * math.log2(len(ALPHABET)) + N_CHECKS * math.log2(len(ALPHABET) / PRIME)
    assert bits >= 60
    assert not set(ALPHABET) & set("0O1ILQSZBU")


@settings(max_examples=500)
@given(codes)
def test_a_new_code_is_read_back(code: str) -> None:
    assert len(code) == 16 and set(code) <= set(ALPHABET)
    assert read_code(grouped(code)) == TypedCode(code)


@settings(max_examples=500)
@given(codes, st.data())
def test_case_spaces_dashes_and_look_alikes_are_forgiven(code: str, data: st.DataObject) -> None:
    typed = "".join(data.draw(st.sampled_from({"8": "8Bb", "5": "5Ss", "2": "2zZ", "V": "vuU", "D": "D0oO"}.get(
        symbol, symbol + symbol.lower()))) + data.draw(st.sampled_from(["", "", " ", "-", " – ", "."]))
        for symbol in code)  # fmt: skip
    assert normalise_code(typed) == code
    assert read_code(typed).problem is None


@settings(max_examples=1000)
@given(codes, places, st.sampled_from(ALPHABET))
def test_one_wrong_symbol_names_its_group(code: str, place: int, symbol: str) -> None:
    typed = code[:place] + symbol + code[place + 1 :]
    expected = TypedCode(code) if symbol == code[place] else TypedCode(typed, "check", place // 4 + 1)
    assert read_code(typed) == expected


@settings(max_examples=1000)
@given(codes, st.integers(0, N_SYMBOLS - 2))
def test_two_swapped_neighbours_name_the_group_of_the_first(code: str, place: int) -> None:
    typed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert read_code(typed) == (TypedCode(code) if typed == code else TypedCode(typed, "check", place // 4 + 1))


@settings(max_examples=1000)
@given(codes, places, places, st.sampled_from(ALPHABET), st.sampled_from(ALPHABET))
def test_two_wrong_symbols_are_always_noticed(code: str, one: int, other: int, a: str, b: str) -> None:
    symbols = list(code)
    symbols[one], symbols[other] = a, b
    typed = "".join(symbols)
    assert (read_code(typed).problem is None) == (typed == code)


def test_an_impossible_character_names_its_group() -> None:
    code = new_code()
    assert read_code(code[:9] + "1" + code[10:]).wrong_group == 3
    assert read_code(code[:9] + "1" + code[10:]).problem == "character"


def test_a_group_with_a_symbol_too_few_is_named_when_the_groups_were_typed() -> None:
    one, two, three, four = grouped(new_code()).split("-")
    assert read_code(f"{one} {two[:3]} {three} {four}") == TypedCode(one + two[:3] + three + four, "length", 2)
    assert read_code(one + two[:3] + three + four).wrong_group is None


@settings(max_examples=2000)
@given(st.text())
def test_any_text_is_read_without_failing(text: str) -> None:
    read = read_code(text)
    assert read.code == normalise_code(text)
    assert read.problem in (None, "empty", "character", "length", "check")
