"""Places in a row, in words: ``first``, ``twenty first``."""

from __future__ import annotations

from collections.abc import Sequence

from voiceassist.grammar.language.numbers import ordinal
from voiceassist.grammar.values.number_rules import NumberRules
from voiceassist.grammar.values.spoken import Spoken

_PLACES = {ordinal(number): number for number in range(1, 100)}


def ordinals(last: int = 99) -> Spoken:
    """From ``first`` to a place below the hundredth."""
    numbers = NumberRules()
    return Spoken((numbers.ordinal(1, last),), numbers.rules, read_ordinal)


def read_ordinal(words: Sequence[str]) -> int:
    """The number of a place.

    Raises:
        ValueError: the words are no place up to the ninety ninth.
    """
    said = " ".join(words)
    if said not in _PLACES:
        raise ValueError(f"'{said}' is no place in a row")
    return _PLACES[said]
