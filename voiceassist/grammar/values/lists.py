"""Lists: what can stand for ``{name}`` in a sentence, and what it means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any

from voiceassist.domain import ValueRange
from voiceassist.grammar.language.numbers import name_spellings, spell_digits, spellings
from voiceassist.grammar.language.templates import Template, escaped, parse_template
from voiceassist.grammar.language.text_normalization import is_sayable, normalize
from voiceassist.grammar.language.yaml_nodes import SourcePosition
from voiceassist.grammar.values.clock_times import times
from voiceassist.grammar.values.dates import dates
from voiceassist.grammar.values.durations import determined_durations, duration_adjectives, durations
from voiceassist.grammar.values.number_grammars import (
    can_be_said,
    decimals,
    numbers_between,
    numbers_outside,
    ordinals,
    percentages,
    whole_numbers,
    without_zero_fraction,
)
from voiceassist.grammar.values.spelling import letters, spelled
from voiceassist.grammar.values.value_grammar import ValueGrammar, ValueReader

MAX_RANGE_NUMBERS = 20_000
"""The most numbers in a range that has to be listed one by one because its step is not 1."""
MAX_NAME_LETTERS = 200
MAX_NAME_WORDS = 24
MAX_WORD_LETTERS = 45
"""Names from outside (a window title, an application) that exceed these limits are unlikely to be spoken."""


@dataclass(frozen=True, slots=True)
class TextValue:
    """One value of a list.

    Attributes:
        template: the template of its spoken forms.
        value: the output value; ignored if ``verbatim`` is set.
        verbatim: whether the output value is the recognized words.
        sounds_like: a respelling of the pronunciation; the displayed text is still that of the template.
        context: the context that the value adds to a sentence: the values of each key, such as ``{domain: (light,)}``.
    """

    template: Template
    value: Any = None
    verbatim: bool = False
    sounds_like: tuple[Template, ...] = ()
    context: Mapping[str, tuple[Any, ...]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class TextList:
    """A list of phrases, each with its meaning."""

    values: tuple[TextValue, ...]

    @classmethod
    def of(cls, pairs: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> TextList:
        """A list from names and values, for example the installed applications.

        Names are plain words, not templates; unpronounceable ones are left out, see `is_speakable`.
        """
        entries = pairs.items() if isinstance(pairs, Mapping) else pairs
        speakable = ((escaped(name), value) for name, value in entries if is_speakable(name))
        position = SourcePosition("list", 1, 1)
        return cls(tuple(TextValue(parse_template(text, lambda _: position), value) for text, value in speakable))


@dataclass(frozen=True, slots=True)
class RangeList:
    """The whole numbers from ``start`` to ``stop``.

    Attributes:
        fractions: the tenths that can follow a number: ``(5,)`` for halves.
        multiplier: every value is multiplied by it.
    """

    start: int
    stop: int
    step: int = 1
    fractions: tuple[int, ...] = ()
    multiplier: float | None = None

    def __len__(self) -> int:
        return len(range(self.start, self.stop + 1, self.step)) * (1 + len(self.fractions))

    def phrases(self) -> Iterator[tuple[str, int | float]]:
        """All spellings of all numbers, with their values."""
        for number in range(self.start, self.stop + 1, self.step):
            ways = spellings(number) + (name_spellings(str(number)) if number > 99 else ())
            yield from ((words, self._scaled(number)) for words in dict.fromkeys(ways))
            for tenths in self.fractions:
                value = self._scaled(float(f"{number}.{tenths}"))
                yield f"{spellings(number)[0]} point {spell_digits(str(tenths))}", value
                if tenths == 5:
                    yield f"{spellings(number)[0]} and a half", value

    @property
    def outside(self) -> GrammarList:
        """A list without values of its own that understands the numbers that are not in the range."""
        step = self.step if not self.fractions else {1: 0.5}.get(len(self.fractions), 0.1)
        return _outside(ValueRange(self.start, self.stop, step))

    def _scaled(self, number: float) -> int | float:
        return number if self.multiplier is None else without_zero_fraction(number * self.multiplier)


@dataclass(frozen=True)
class GrammarList:
    """A list whose values are composed, such as durations. Its templates are parsed on first use."""

    source: ValueGrammar
    lists: Mapping[str, AnyList] = field(default_factory=lambda: MappingProxyType({}))

    @cached_property
    def templates(self) -> tuple[Template, ...]:
        """The templates of the values."""
        return tuple(map(_builtin, self.source.templates))

    @cached_property
    def before_noun(self) -> tuple[Template, ...]:
        """Further templates, for values that are followed by more words."""
        return tuple(map(_builtin, self.source.before_noun))

    @cached_property
    def outside(self) -> tuple[Template, ...]:
        """Templates for numbers outside the limits of the list."""
        return tuple(map(_builtin, self.source.outside))

    @cached_property
    def rules(self) -> Mapping[str, Template]:
        """The rules that the templates refer to."""
        return {name: _builtin(text) for name, text in self.source.rules.items()}

    @property
    def one_number(self) -> bool:
        """Whether each value is a single number."""
        return self.source.one_number

    @property
    def limits(self) -> ValueRange | None:
        """The numbers of the list, if they are a range."""
        return self.source.limits

    @property
    def read(self) -> ValueReader:
        """Turns the words of a value into the value."""
        return self.source.read


@dataclass(frozen=True, slots=True)
class WildcardList:
    """Free text."""


@dataclass(frozen=True, slots=True)
class ProgramList:
    """A list whose values a program prints; `Programs` replaces it with a `TextList` before it is used.

    Attributes:
        argv: the program and its arguments.
        timeout_s: maximum run time of the program, in seconds.
        place: the position in the command file; the program runs in the folder of that file.
    """

    argv: tuple[str, ...]
    timeout_s: float
    place: SourcePosition

    @property
    def key(self) -> tuple[str, tuple[str, ...]]:
        """Equal for the same program anywhere in a file."""
        return self.place.file, self.argv


def join_lists(found: dict[str, AnyList], name: str, new: AnyList) -> None:
    """Add a list: the values of text lists of the same name are joined, any other list replaces an earlier one."""
    old = found.get(name)
    is_joined = isinstance(new, TextList) and isinstance(old, TextList)
    found[name] = TextList(old.values + new.values) if is_joined else new  # type: ignore[union-attr]


def is_speakable(name: str) -> bool:
    """Whether a name from outside can be a value: English letters, within the limits on word count and length."""
    if len(name) > MAX_NAME_LETTERS or not is_sayable(name):
        return False
    words = normalize(name)
    return 0 < len(words) <= MAX_NAME_WORDS and max(map(len, words)) <= MAX_WORD_LETTERS


AnyList = TextList | RangeList | GrammarList | WildcardList | ProgramList


def local_today() -> date:
    """The date in the time zone of this machine."""
    return datetime.now().astimezone().date()


def builtin_lists(today: Callable[[], date] = local_today) -> dict[str, AnyList]:
    """The lists that need no definition.

    ``app``, ``folder`` and ``window`` are empty until the caller fills them with what this machine has.

    Args:
        today: called for every utterance with a date.
    """
    return {**_timeless_lists(), "date": _date_list(today)}


@cache
def _date_list(today: Callable[[], date]) -> AnyList:
    return GrammarList(dates(today))


@cache
def _timeless_lists() -> Mapping[str, AnyList]:
    number = GrammarList(whole_numbers())
    return MappingProxyType(
        {
            **dict.fromkeys(("app", "folder", "window"), TextList(())),
            "number": number,
            "integer": number,
            "decimal": GrammarList(decimals()),
            "ordinal": GrammarList(ordinals()),
            "percent": GrammarList(percentages()),
            "duration": GrammarList(durations()),
            "duration_adjective": GrammarList(duration_adjectives()),
            "a_duration_adjective": GrammarList(determined_durations()),
            "time": GrammarList(times()),
            "letter": GrammarList(letters()),
            "spelled": GrammarList(spelled()),
        }
    )


@cache
def _outside(limits: ValueRange) -> GrammarList:
    return GrammarList(numbers_outside(limits))


@cache
def number_list(numbers: RangeList) -> AnyList:
    """The range as a small grammar; one with a step, or with numbers of more than nine digits, stays a list."""
    if numbers.step != 1 or not can_be_said(numbers.start, numbers.stop):
        return numbers
    return GrammarList(numbers_between(numbers.start, numbers.stop, numbers.fractions, numbers.multiplier))


def _builtin(text: str) -> Template:
    return parse_template(text, lambda offset: SourcePosition("built-in", 1, offset + 1))
