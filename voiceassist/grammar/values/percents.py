"""Percentages in words: ``fifty percent``."""

from __future__ import annotations

from collections.abc import Sequence

from voiceassist.grammar.language.numbers import read_number
from voiceassist.grammar.values.number_rules import NumberRules
from voiceassist.grammar.values.spoken import Spoken

_UNIT = {"percent", "per", "cent"}


def percentages() -> Spoken:
    """From nothing to all."""
    numbers = NumberRules()
    return Spoken((f"({numbers.whole(0, 100)}|hundred) (percent|per cent)",), numbers.rules, read_percent)


def read_percent(words: Sequence[str]) -> int:
    """The number before ``percent``: ``fifty per cent`` is 50.

    Raises:
        ValueError: the words are no percentage.
    """
    number = [word for word in words if word not in _UNIT]
    value = 100 if number == ["hundred"] else read_number(number)
    if value is None:
        raise ValueError(f"'{' '.join(words)}' is no percentage")
    return int(value)
