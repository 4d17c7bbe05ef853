"""Ranges of numbers as rules: exactly the numbers that were asked for, in every spelling."""

import pytest
from hassil import recognize
from hassil.intents import Intents
from hypothesis import given, settings
from hypothesis import strategies as st
from spoken_value_sampling import automaton_of, value, ways_to_say

from voiceassist.grammar.compiler.automaton import Automaton
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
from voiceassist.grammar.values.lists import GrammarList, RangeList, builtin_lists, number_list
from voiceassist.grammar.values.number_grammars import NAMED_FRACTIONS
from voiceassist.grammar.values.number_rules import NumberRules

LISTS = builtin_lists()
NUMBER, DECIMAL, ORDINAL = (automaton_of(f"{{{name}}}", LISTS) for name in ("number", "decimal", "ordinal"))


def said_by(automaton: Automaton, words: str) -> object:
    found = automaton.parse(words)
    return None if found is None or found.out_of_range else found.entities[0].value


@given(st.integers(-MAX_NUMBER, MAX_NUMBER))
def test_every_spelling_of_a_number_is_understood(number: int) -> None:
    for words in spellings(number):
        assert value(NUMBER, words) == number
    assert value(NUMBER, str(number)) == number
    assert value(NUMBER, f"{number:,}") == number


@pytest.mark.parametrize("text", ["minus", "one two", "a", "million", "one billion", "hundred", "minus minus one"])
def test_what_is_no_number_of_the_list(text: str) -> None:
    assert NUMBER.parse(text) is None


@given(st.integers(0, 3_000), st.integers(0, 3_000))
@settings(max_examples=25, deadline=None)
def test_a_range_holds_its_numbers_and_no_others(first: int, second: int) -> None:
    start, stop = sorted((first, second))
    automaton = automaton_of(f"{{{start}..{stop}}}", {})
    for number in {max(start - 1, 0), start, (start + stop) // 2, stop, stop + 1, start + 100, stop - 100}:
        if number >= 0:
            inside = number if start <= number <= stop else None
            assert {said_by(automaton, words) for words in spellings(number)} == {inside}


@given(st.integers(-MAX_NUMBER, MAX_NUMBER), st.integers(0, 5_000), st.data())
@settings(max_examples=40, deadline=None)
def test_every_way_to_say_a_number_is_one_of_its_spellings(start: int, size: int, data: st.DataObject) -> None:
    stop = min(start + size, MAX_NUMBER)
    numbers = number_list(RangeList(start, stop))
    assert isinstance(numbers, GrammarList)
    words = data.draw(ways_to_say(numbers))
    number = numbers.read(words)
    assert start <= number <= stop
    name = read_number_name(words[1:] if number < 0 else words)
    assert number in {read_number(words), None if name is None else name * (-1 if number < 0 else 1)}


@given(st.integers(0, 99_999), st.integers(0, 9_999), st.data())
@settings(max_examples=40, deadline=None)
def test_numbers_in_pairs_and_digits_are_within_the_range(start: int, size: int, data: st.DataObject) -> None:
    automaton = automaton_of(f"{{{start}..{start + size}}}", {})
    near = st.sampled_from([start - 100, start - 1, start, start + size, start + size + 1, start + size + 100])
    number = data.draw(st.integers(max(start - 50, 0), start + size + 50) | near.filter(lambda edge: edge >= 0))
    inside = number if start <= number <= start + size else None
    ways = name_spellings(str(number)) if number > 99 else spellings(number)
    assert {said_by(automaton, words) for words in ways} == {inside}


@given(st.integers(100, MAX_NUMBER))
def test_numbers_in_pairs_and_digits(number: int) -> None:
    for words in name_spellings(str(number)):
        assert value(NUMBER, words) == number
        assert value(NUMBER, f"minus {words}") == -number


def test_a_large_range_stays_small() -> None:
    assert automaton_of("{0..999999999}", {}).states < 2_000


def test_rules_for_no_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="no numbers"):
        NumberRules().whole(2, 1)
    with pytest.raises(ValueError, match="no numbers"):
        NumberRules().whole(0, MAX_NUMBER + 1)
    with pytest.raises(ValueError, match="no ordinals"):
        NumberRules().ordinal(1, 100)


@given(st.integers(0, 30), st.integers(1, 40), st.integers(1, 9))
@settings(max_examples=20, deadline=None)
def test_hassil_has_the_same_range(start: int, length: int, step: int) -> None:
    stop = start + length
    layout = {"language": "en", "intents": {"I": {"data": [{"sentences": [f"go {{{start}..{stop},{step}:n}}"]}]}}}
    intents, automaton = Intents.from_dict(layout), automaton_of(f"go {{{start}..{stop},{step}:n}}", {})
    for number in range(start, stop + 2):
        theirs = recognize(f"go {number}", intents)
        assert said_by(automaton, f"go {number}") == (None if theirs is None else theirs.entities["n"].value)


@given(st.integers(0, 40), st.integers(1, 60), st.sampled_from([(), (5,), tuple(range(1, 10))]), st.booleans())
@settings(max_examples=30, deadline=None)
def test_a_small_range_says_what_the_written_out_one_says(
    start: int, size: int, fractions: tuple[int, ...], scaled: bool
) -> None:
    numbers = RangeList(start, start + size, 1, fractions, 10.0 if scaled else None)
    short = number_list(numbers)
    automaton = automaton_of("{n}", {"n": short})
    for words, wanted in numbers.phrases():
        assert value(automaton, words) == pytest.approx(wanted)
    assert isinstance(short, GrammarList)


@given(st.integers(0, 9_999), st.text("0123456789", min_size=1, max_size=4), st.booleans())
def test_decimals(whole: int, fraction: str, below_zero: bool) -> None:
    number = float(f"{'-' * below_zero}{whole}.{fraction}")
    said = f"{'minus ' * below_zero}{spell(whole)} point {spell_digits(fraction)}"
    assert value(DECIMAL, said) == value(DECIMAL, f"{'-' * below_zero}{whole}.{fraction}") == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("two point five", 2.5), ("a half", 0.5), ("two and a half", 2.5), ("three quarters", 0.75), ("point five", 0.5),
     ("minus one and three quarters", -1.75), ("seven", 7.0), ("minus a quarter", -0.25), ("2 1/2", 2.5), ("-.5", -0.5),
     ("1½", 1.5), ("one half", 0.5)],
)  # fmt: skip
def test_decimals_that_people_say(text: str, number: float) -> None:
    found = value(DECIMAL, text)
    assert found == number
    assert isinstance(found, float)


@given(st.integers(0, 999), st.sampled_from([name for name in NAMED_FRACTIONS if " " in name]))
def test_named_fractions(whole: int, fraction: str) -> None:
    assert value(DECIMAL, f"{spell(whole)} and {fraction}") == whole + NAMED_FRACTIONS[fraction]


@given(st.integers(1, 99))
def test_ordinals(number: int) -> None:
    ending = "th" if 10 < number < 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    assert value(ORDINAL, ordinal(number)) == value(ORDINAL, f"{number}{ending}") == number


@pytest.mark.parametrize("text", ["zeroth", "two", "hundredth", "twenty thirtieth", "first second"])
def test_what_is_no_ordinal(text: str) -> None:
    assert ORDINAL.parse(text) is None


@given(st.integers(0, 20), st.integers(0, 30), st.sampled_from(["halves", "tenths"]), st.sampled_from([1, 10]))
@settings(max_examples=20, deadline=None)
def test_hassil_has_the_same_fractions(start: int, size: int, fractions: str, multiplier: int) -> None:
    limits = {"from": start, "to": start + size, "fractions": fractions, "multiplier": multiplier}
    layout = {
        "language": "en",
        "intents": {"I": {"data": [{"sentences": ["go {n}"]}]}},
        "lists": {"n": {"range": limits}},
    }
    tenths = (5,) if fractions == "halves" else tuple(range(1, 10))
    ours = number_list(RangeList(start, start + size, 1, tenths, multiplier))
    intents, automaton = Intents.from_dict(layout), automaton_of("go {n}", {"n": ours})
    for text in (f"go {start}", f"go {start}.5", f"go {start}.7", f"go {start + size}.5", f"go {start + size + 1}.5"):
        theirs, found = recognize(text, intents), said_by(automaton, text)
        assert found == (None if theirs is None else pytest.approx(theirs.entities["n"].value)), text
