"""Numbers in words and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.grammar.language.numbers import MAX_NUMBER, ordinal, read_number, spell, spell_digits, spellings


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
