"""Lists: what may stand for ``{name}`` in a sentence, and what it then means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any

from voiceassist.grammar.language.numbers import spell_digits, spellings
from voiceassist.grammar.language.templates import Template, parse_template
from voiceassist.grammar.language.text_normalization import is_sayable, normalize
from voiceassist.grammar.language.yaml_nodes import SourcePosition
from voiceassist.grammar.values.clock_times import times
from voiceassist.grammar.values.dates import dates
from voiceassist.grammar.values.decimals import can_be_said, decimals, numbers_between, whole_numbers
from voiceassist.grammar.values.durations import durations
from voiceassist.grammar.values.ordinals import ordinals
from voiceassist.grammar.values.percents import percentages
from voiceassist.grammar.values.spelling import letters, spelled
from voiceassist.grammar.values.spoken import Read, Spoken

LARGEST_RANGE = 20_000
"""So many numbers at most are in a range that has to be written out, because its step is not one."""


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


@dataclass(frozen=True)
class SpokenList:
    """A list whose values are composed, such as durations. Its templates are parsed when they are first needed."""

    source: Spoken
    lists: Mapping[str, AnyList] = field(default_factory=lambda: MappingProxyType({}))

    @cached_property
    def templates(self) -> tuple[Template, ...]:
        """The ways to say a value."""
        return tuple(map(_builtin, self.source.templates))

    @cached_property
    def rules(self) -> Mapping[str, Template]:
        """What the templates name."""
        return {name: _builtin(text) for name, text in self.source.rules.items()}

    @property
    def read(self) -> Read:
        """Gives the meaning of the words of a value."""
        return self.source.read


@dataclass(frozen=True, slots=True)
class WildcardList:
    """Free text. It is known, so that it can be refused where it is used."""


@dataclass(frozen=True, slots=True)
class ProgramList:
    """A list whose values a program prints. `programlists.Programs` puts them in its place before it is used.

    Attributes:
        argv: the program and its arguments.
        timeout_s: it is given so long.
        place: where the command file says so; the program runs in the file's folder.
    """

    argv: tuple[str, ...]
    timeout_s: float
    place: SourcePosition

    @property
    def key(self) -> tuple[str, tuple[str, ...]]:
        """The same wherever in the file it stands."""
        return self.place.file, self.argv


AnyList = TextList | RangeList | SpokenList | WildcardList | ProgramList


def local_today() -> date:
    """The day that the clock of this machine shows."""
    return datetime.now().astimezone().date()


def builtin_lists(today: Callable[[], date] = local_today) -> dict[str, AnyList]:
    """The lists that are there without a definition.

    ``app``, ``folder`` and ``window`` are empty: who knows the machine gives them their values.

    Args:
        today: asked for the day whenever something is said with a date.
    """
    return {**_timeless_lists(), "date": _date_list(today)}


@cache
def _date_list(today: Callable[[], date]) -> AnyList:
    return SpokenList(dates(today))


@cache
def _timeless_lists() -> Mapping[str, AnyList]:
    number = SpokenList(whole_numbers())
    return MappingProxyType(
        {
            **dict.fromkeys(("app", "folder", "window"), TextList(())),
            "number": number,
            "integer": number,
            "decimal": SpokenList(decimals()),
            "ordinal": SpokenList(ordinals()),
            "percent": SpokenList(percentages()),
            "duration": SpokenList(durations()),
            "time": SpokenList(times()),
            "letter": SpokenList(letters()),
            "spelled": SpokenList(spelled()),
        }
    )


@cache
def number_list(numbers: RangeList) -> AnyList:
    """The range as a list that stays small; one with steps, or with numbers too long to be said, stays as it is."""
    if numbers.step != 1 or not can_be_said(numbers.start, numbers.stop):
        return numbers
    return SpokenList(numbers_between(numbers.start, numbers.stop, numbers.fractions, numbers.multiplier))


def _builtin(text: str) -> Template:
    return parse_template(text, lambda offset: SourcePosition("built-in", 1, offset + 1))


def _plain(name: str) -> Template:
    """The words of a name, whatever signs are in it."""
    escaped = "".join(f"\\{char}" if char in "()[]{}<>|;\\" else char for char in name)
    return parse_template(escaped, lambda offset: SourcePosition("list", 1, offset + 1))
