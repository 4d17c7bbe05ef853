"""Grammars for numbers: whole numbers, ranges, decimals (``minus three and a half``), ordinals and percentages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from voiceassist.domain import ValueRange
from voiceassist.grammar.language.numbers import MAX_NUMBER, ordinal, read_number, read_number_name
from voiceassist.grammar.values.number_rules import NumberRules
from voiceassist.grammar.values.value_grammar import ValueGrammar

MAX_FRACTION_DIGITS = 4
"""The longest run of digits after the point."""

NAMED_FRACTIONS = {
    "half": 0.5,
    "a half": 0.5,
    "one half": 0.5,
    "quarter": 0.25,
    "a quarter": 0.25,
    "one quarter": 0.25,
    "three quarters": 0.75,
}

_SIGNS = {"minus", "negative"}
_ORDINALS = {ordinal(number): number for number in range(1, 100)}
_PERCENT = {"percent", "per", "cent"}


def whole_numbers() -> ValueGrammar:
    """Whole numbers of up to nine digits, negative ones included."""
    numbers = NumberRules()
    templates = (numbers.whole(-MAX_NUMBER, MAX_NUMBER), *_names(numbers, -MAX_NUMBER, MAX_NUMBER))
    return ValueGrammar(templates, numbers.rules, read_whole_or_fraction, one_number=True)


def numbers_between(start: int, stop: int, tenths: Sequence[int], multiplier: float | None) -> ValueGrammar:
    """The numbers of a range, optionally with some tenths after the point, each multiplied by ``multiplier``."""
    numbers = NumberRules()
    template = numbers.whole(start, stop)
    outside = _any_number(numbers, start, stop)
    if tenths:
        digits = [numbers.whole(digit, digit) for digit in tenths]
        half = "|and a half" if 5 in tenths else ""
        template += f"[ (point ({'|'.join(digits)}){half})]"

    read = read_whole_or_fraction if multiplier is None else MultipliedNumber(multiplier)
    limits = ValueRange(start, stop, {0: 1, 1: 0.5}.get(len(tenths), 0.1))
    templates = (template, *_names(numbers, start, stop))
    return ValueGrammar(templates, numbers.rules, read, limits=limits, outside=(outside,), one_number=True)


@dataclass(frozen=True, slots=True)
class MultipliedNumber:
    """A reader for numbers that are multiplied by a constant."""

    multiplier: float

    def __call__(self, words: Sequence[str]) -> int | float:
        """The product."""
        return without_zero_fraction(read_whole_or_fraction(words) * self.multiplier)


def _names(numbers: NumberRules, start: int, stop: int) -> Iterator[str]:
    """Templates for the numbers from ``start`` to ``stop`` in pairs and digit by digit."""
    positive, negative = numbers.name(max(start, 0), stop), numbers.name(max(1, -stop), -start)
    if positive:
        yield positive
    if negative:
        yield f"(minus|negative) {negative}"


def numbers_outside(limits: ValueRange) -> ValueGrammar:
    """Numbers in general, none of which is within the limits of a list."""
    numbers = NumberRules()
    outside = _any_number(numbers, int(limits.lowest), int(limits.highest))
    return ValueGrammar((), numbers.rules, read_whole_or_fraction, limits=limits, outside=(outside,), one_number=True)


def _any_number(numbers: NumberRules, start: int, stop: int) -> str:
    """A template for numbers in general, as alternatives to one between ``start`` and ``stop``."""
    largest = max(abs(start), abs(stop))
    beyond = next(limit for limit in (9_999, 999_999, MAX_NUMBER) if largest * 10 <= limit or limit == MAX_NUMBER)
    fraction = f" (point {numbers.whole(1, 9)}|and a half)"
    positive = f"{numbers.whole(1, beyond)}[{fraction}]|{numbers.name(0, beyond // 10)}"
    return f"([(minus|negative) ](zero{fraction}|{positive})|zero)"


def can_be_said(start: int, stop: int) -> bool:
    """Whether all numbers of a range have at most nine digits."""
    return max(abs(start), abs(stop)) <= MAX_NUMBER


def without_zero_fraction(value: float) -> int | float:
    """A whole number as an ``int``: 600.0 becomes 600."""
    return int(value) if value == int(value) else value


def decimals(largest: int = MAX_NUMBER) -> ValueGrammar:
    """Numbers with or without a fraction, positive and negative; the value is always a ``float``."""
    numbers = NumberRules()
    whole, digit = numbers.whole(0, largest), numbers.whole(0, 9)
    digits = digit
    for _ in range(MAX_FRACTION_DIGITS - 1):
        digits = f"{digit}[ {digits}]"
    rules = numbers.rules | {
        "digits": digits,
        "fraction": "(a half|one half|a quarter|one quarter|three quarters)",
        "amount": f"({whole}[ (point <digits>|and <fraction>)]|point <digits>|<fraction>)",
    }
    return ValueGrammar(
        ("[(minus|negative)] <amount>",), rules, lambda words: float(read_whole_or_fraction(words)), one_number=True
    )


def read_whole_or_fraction(words: Sequence[str]) -> int | float:
    """The value of a number as it is said, also of one in pairs or digit by digit.

    Raises:
        ValueError: the words are not a number.
    """
    value = read_fraction(words)
    if value is None:
        negative = bool(words) and words[0] in _SIGNS
        value = read_number_name(words[1:] if negative else words)
        value = -value if negative and value is not None else value
    if value is None:
        raise ValueError(f"'{' '.join(words)}' is not a number")
    return value


def read_fraction(words: Sequence[str]) -> int | float | None:
    """The value of a number, optionally with decimal digits or a named fraction; ``None`` if it is not a number."""
    words = list(words)
    if words and words[0] in _SIGNS:
        value = read_fraction(words[1:])
        return None if value is None or words[1:2] == words[:1] else -value
    if words[:1] == ["point"]:
        return read_number(["zero", *words])
    if " ".join(words) in NAMED_FRACTIONS:
        return NAMED_FRACTIONS[" ".join(words)]
    # "two and a half"
    fraction = NAMED_FRACTIONS.get(" ".join(words[-2:]), 0.0) if words[-3:-2] == ["and"] else 0.0
    value = read_number(words[:-3] if fraction else words)
    return value + fraction if value is not None and fraction else value


def ordinals(last: int = 99) -> ValueGrammar:
    """``first`` to ``ninety ninth``; the value is the number."""
    numbers = NumberRules()
    return ValueGrammar((numbers.ordinal(1, last),), numbers.rules, read_ordinal)


def read_ordinal(words: Sequence[str]) -> int:
    """The number of an ordinal.

    Raises:
        ValueError: the words are not an ordinal up to the ninety ninth.
    """
    text = " ".join(words)
    if text not in _ORDINALS:
        raise ValueError(f"'{text}' is not an ordinal")
    return _ORDINALS[text]


def percentages() -> ValueGrammar:
    """``zero percent`` to ``one hundred percent``; the value is the number."""
    numbers = NumberRules()
    return ValueGrammar(
        (f"({'|'.join((numbers.whole(0, 100), 'hundred', *_names(numbers, 0, 100)))}) (percent|per cent)",),
        numbers.rules,
        _read_percent,
        limits=ValueRange(0, 100),
        outside=(f"{_any_number(numbers, 0, 100)} (percent|per cent)",),
        one_number=True,
    )


def _read_percent(words: Sequence[str]) -> int | float:
    number = [word for word in words if word not in _PERCENT]
    return 100 if number == ["hundred"] else read_whole_or_fraction(number)
