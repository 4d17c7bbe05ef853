"""Small grammars for values that are composed of words, such as durations: templates, and a reader for their words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from voiceassist.domain import ValueRange

ValueReader = Callable[[Sequence[str]], Any]
"""Turns the words of a value into the value."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A reader for words that always mean the same value."""

    value: Any

    def __call__(self, words: Sequence[str]) -> Any:  # noqa: ARG002 - all readers share a signature
        """The value."""
        return self.value


def read_verbatim(words: Sequence[str]) -> str:
    """The words themselves."""
    return " ".join(words)


@dataclass(frozen=True, slots=True)
class ValueGrammar:
    """The grammar of all values of one kind.

    Attributes:
        templates: templates of the values. ``read`` accepts everything that they generate.
        rules: the expansion rules that the templates and the rules themselves refer to.
        read: turns the words into the value.
        before_noun: further templates, for values that stand before a noun: ``ten minute`` in ``ten minute timer``.
        limits: the numbers that the templates generate, if they are a range.
        outside: templates for numbers in general. They are recognized, so that a number beyond the limits is not
            mistaken for one within them, but never executed. They may generate numbers within the limits, too.
        one_number: each value is a single number.
    """

    templates: tuple[str, ...]
    rules: Mapping[str, str] = field(default_factory=dict)
    read: ValueReader = " ".join
    before_noun: tuple[str, ...] = ()
    limits: ValueRange | None = None
    outside: tuple[str, ...] = ()
    one_number: bool = False
