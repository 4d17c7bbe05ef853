"""Numbers with a fraction in words: ``two point five``, ``minus three and a half``, ``a quarter``."""

from __future__ import annotations

from collections.abc import Sequence

from voiceassist.grammar.language.numbers import LARGEST, read_number
from voiceassist.grammar.values.number_rules import NumberRules
from voiceassist.grammar.values.spoken import Spoken

MOST_DIGITS = 4
"""So many digits at most are said after the point."""

SHARES = {
    "half": 0.5,
    "a half": 0.5,
    "one half": 0.5,
    "quarter": 0.25,
    "a quarter": 0.25,
    "one quarter": 0.25,
    "three quarters": 0.75,
}
"""The fractions that have a name."""

_SIGNS = {"minus", "negative"}


def decimals(largest: int = 999_999) -> Spoken:
    """Numbers with or without a fraction, positive and negative, whose value is always a ``float``."""
    numbers = NumberRules()
    whole, digit = numbers.whole(0, largest), numbers.whole(0, 9)
    digits = digit
    for _ in range(MOST_DIGITS - 1):
        digits = f"{digit}[ {digits}]"
    rules = numbers.rules | {
        "digits": digits,
        "share": "(a half|one half|a quarter|one quarter|three quarters)",
        "amount": f"({whole}[ (point <digits>|and <share>)]|point <digits>|<share>)",
    }
    return Spoken(("[(minus|negative)] <amount>",), rules, read_decimal)


def read_decimal(words: Sequence[str]) -> float:
    """The value of a number with or without a fraction.

    Raises:
        ValueError: the words are no number.
    """
    value = read_fraction(words)
    if value is None:
        raise ValueError(f"'{' '.join(words)}' is no number")
    return float(value)


def read_fraction(words: Sequence[str]) -> int | float | None:
    """The value of a number that may have a fraction, by its digits or by its name; ``None`` where it is none."""
    words = list(words)
    if words and words[0] in _SIGNS:
        value = read_fraction(words[1:])
        return None if value is None or words[1:2] == words[:1] else -value
    if words[:1] == ["point"]:
        return read_number(["zero", *words])
    if " ".join(words) in SHARES:
        return SHARES[" ".join(words)]
    number, share = split_share(words)
    value = read_number(number)
    return value + share if value is not None and share else value


def split_share(words: Sequence[str]) -> tuple[list[str], float]:
    """Take ``and a half`` from the end: the words before it, and how much it adds."""
    share = SHARES.get(" ".join(words[-2:]), 0.0) if list(words[-3:-2]) == ["and"] else 0.0
    return (list(words[:-3]), share) if share else (list(words), 0.0)


def numbers_between(start: int, stop: int, tenths: Sequence[int], multiplier: float | None) -> Spoken:
    """The numbers of a range, with the fractions that it allows and its values multiplied."""
    numbers = NumberRules()
    said = numbers.whole(start, stop)
    if tenths:
        ways = [numbers.whole(digit, digit) for digit in tenths]
        half = "|and a half" if 5 in tenths else ""
        said += f"[ (point ({'|'.join(ways)}){half})]"

    def read(words: Sequence[str]) -> int | float:
        value = read_fraction(words)
        if value is None:
            raise ValueError(f"'{' '.join(words)}' is no number")
        return value if multiplier is None else plain(value * multiplier)

    return Spoken((said,), numbers.rules, read)


def whole_numbers(start: int = -999_999, stop: int = 999_999) -> Spoken:
    """Whole numbers, also below zero."""
    return numbers_between(start, stop, (), None)


def can_be_said(start: int, stop: int) -> bool:
    """Whether all numbers between have at most nine digits."""
    return max(abs(start), abs(stop)) <= LARGEST


def plain(value: float) -> int | float:
    """The number without a fraction of nothing: 600.0 as 600."""
    return int(value) if value == int(value) else value
