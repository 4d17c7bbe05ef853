"""Lists: what may stand for ``{name}`` in a sentence, and what it then means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from voiceassist.grammar.clock import CLOCK_RULES, CLOCK_TEMPLATES, read_clock
from voiceassist.grammar.durations import DURATION_RULES, DURATION_TEMPLATES, read_duration
from voiceassist.grammar.numbers import read_number, spell_digits, spellings
from voiceassist.grammar.source import Place
from voiceassist.grammar.templates import Template, parse_template
from voiceassist.grammar.text import is_sayable, normalize

LARGEST_RANGE = 20_000
"""So many numbers at most are in one range."""

Read = Callable[[Sequence[str]], Any]
"""Gives the meaning of the words of a value."""


@dataclass(frozen=True, slots=True)
class TextValue:
    """One value of a list.

    Attributes:
        template: how it is said.
        value: what it means; ``None`` with ``said`` is the words as they were said.
        said: the value is what was said.
    """

    template: Template
    value: Any = None
    said: bool = False


@dataclass(frozen=True, slots=True)
class TextList:
    """A list of phrases, each with its meaning."""

    values: tuple[TextValue, ...]

    @classmethod
    def of(cls, pairs: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> TextList:
        """A list from spoken names and values, for example of the installed applications.

        The names are taken as plain words; those that cannot be said in English are left out.
        """
        entries = pairs.items() if isinstance(pairs, Mapping) else pairs
        return cls(
            tuple(TextValue(_plain(name), value) for name, value in entries if normalize(name) and is_sayable(name))
        )


@dataclass(frozen=True, slots=True)
class RangeList:
    """The whole numbers from ``start`` to ``stop``.

    Attributes:
        fractions: the tenths that may be added: ``(5,)`` for halves.
        multiplier: each value is multiplied by it.
    """

    start: int
    stop: int
    step: int = 1
    fractions: tuple[int, ...] = ()
    multiplier: float | None = None

    def __len__(self) -> int:
        return len(range(self.start, self.stop + 1, self.step)) * (1 + len(self.fractions))

    def phrases(self) -> Iterator[tuple[str, int | float]]:
        """Every way to say every number, with its value."""
        for number in range(self.start, self.stop + 1, self.step):
            yield from ((words, self._scaled(number)) for words in spellings(number))
            for tenths in self.fractions:
                value = self._scaled(float(f"{number}.{tenths}"))
                yield f"{spellings(number)[0]} point {spell_digits(str(tenths))}", value
                if tenths == 5:
                    yield f"{spellings(number)[0]} and a half", value

    def _scaled(self, number: float) -> int | float:
        if self.multiplier is None:
            return number
        scaled = number * self.multiplier
        return int(scaled) if scaled == int(scaled) else scaled


@dataclass(frozen=True, slots=True)
class SpokenList:
    """A built-in list whose values are composed, such as durations: templates, and a reader for what was said."""

    templates: tuple[Template, ...]
    lists: Mapping[str, AnyList]
    rules: Mapping[str, Template]
    read: Read


@dataclass(frozen=True, slots=True)
class WildcardList:
    """Free text. It is known, so that it can be refused where it is used."""


AnyList = TextList | RangeList | SpokenList | WildcardList


def builtin_lists() -> dict[str, AnyList]:
    """The lists that are there without a definition: number, integer, percent, duration, time."""
    hundred = RangeList(0, 100)
    percent = ("{number} (percent|per cent)",)
    return {
        "number": hundred,
        "integer": hundred,
        "percent": _spoken(percent, {}, {"number": hundred}, read_percent),
        "duration": _spoken(
            DURATION_TEMPLATES,
            DURATION_RULES,
            {"amount": RangeList(1, 120), "rest": RangeList(1, 59), "digit": RangeList(1, 9)},
            read_duration,
        ),
        "time": _spoken(
            CLOCK_TEMPLATES,
            CLOCK_RULES,
            {
                "twelve": RangeList(1, 12),
                "day": RangeList(0, 23),
                "tens": RangeList(10, 59),
                "ones": RangeList(1, 9),
                "minute": RangeList(1, 29),
            },
            read_clock,
        ),
    }


def read_percent(words: Sequence[str]) -> int:
    """The number before ``percent``: ``fifty per cent`` is 50.

    Raises:
        ValueError: the words are no percentage.
    """
    value = read_number([word for word in words if word not in {"percent", "per", "cent"}])
    if value is None:
        raise ValueError(f"'{' '.join(words)}' is no percentage")
    return int(value)


def _spoken(
    templates: tuple[str, ...], rules: Mapping[str, str], lists: Mapping[str, AnyList], read: Read
) -> SpokenList:
    parsed = {name: _builtin(text) for name, text in rules.items()}
    return SpokenList(tuple(_builtin(text) for text in templates), lists, parsed, read)


def _builtin(text: str) -> Template:
    return parse_template(text, lambda offset: Place("built-in", 1, offset + 1))


def _plain(name: str) -> Template:
    """The words of a name, whatever signs are in it."""
    escaped = "".join(f"\\{char}" if char in "()[]{}<>|;\\" else char for char in name)
    return parse_template(escaped, lambda offset: Place("list", 1, offset + 1))
