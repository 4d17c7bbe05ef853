"""Numbers in words and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.grammar.language.numbers import (
    MAX_NUMBER,
    name_spellings,
    ordinal,
    read_number,
    read_number_name,
    spell,
    spell_digits,
    spellings,
)


@given(st.integers(-MAX_NUMBER, MAX_NUMBER))
def test_every_spelling_is_read_as_its_number(number: int) -> None:
    for words in spellings(number):
        assert read_number(words.split()) == number


@given(st.integers(0, 9999), st.text("0123456789", min_size=1, max_size=4))
def test_decimals_are_read(whole: int, fraction: str) -> None:
    assert read_number(f"{spell(whole)} point {spell_digits(fraction)}".split()) == float(f"{whole}.{fraction}")


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "zero"), (13, "thirteen"), (40, "forty"), (75, "seventy five"), (105, "one hundred and five"),
     (1000, "one thousand"), (2024, "two thousand and twenty four"), (-3, "minus three")],
)  # fmt: skip
def test_the_plainest_spelling(number: int, words: str) -> None:
    assert spell(number) == words


@pytest.mark.parametrize("words", ["", "two three", "twenty ten", "hundred", "five hundred hundred", "and", "x"])
def test_what_is_no_number_is_none(words: str) -> None:
    assert read_number(words.split()) is None


def test_a_number_that_nobody_says_is_refused() -> None:
    with pytest.raises(ValueError, match="too many digits"):
        spellings(MAX_NUMBER + 1)


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "first"), (2, "second"), (8, "eighth"), (12, "twelfth"), (20, "twentieth"), (31, "thirty first")],
)
def test_ordinals(number: int, words: str) -> None:
    assert ordinal(number) == words


@pytest.mark.parametrize(
    ("digits", "words"),
    [("120", "one twenty"), ("404", "four oh four"), ("404", "four zero four"), ("77", "double seven"),
     ("1984", "nineteen eighty four"), ("264", "two six four"), ("720", "seven twenty"), ("1080", "ten eighty"),
     ("007", "double oh seven"), ("66", "sixty six"), ("2005", "twenty oh five"), ("422", "four double two"),
     ("1500", "fifteen hundred"), ("2500", "twenty five hundred"),
     ("1234567890", "one two three four five six seven eight nine oh")],
)  # fmt: skip
def test_numbers_that_name_something(digits: str, words: str) -> None:
    assert words in name_spellings(digits)


@given(st.integers(100, MAX_NUMBER))
def test_every_way_to_say_the_number_of_something_is_read(number: int) -> None:
    for words in name_spellings(str(number)):
        assert number in {read_number(words.split()), read_number_name(words.split())}


@pytest.mark.parametrize(
    "words", ["one two", "five", "twenty five", "oh one two", "double", "double double two", "one oh", "ten five", ""]
)
def test_what_is_not_a_number_in_pairs_or_digits(words: str) -> None:
    assert read_number_name(words.split()) is None
