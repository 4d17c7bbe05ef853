"""Dates in words: ``tomorrow``, ``next friday``, ``in three days``, ``the third of may``, ``march three 2027``.

A weekday alone is the next one, today included; ``next`` is the one of the following week (weeks begin on Monday);
``last`` is the most recent one before today. A date without a year is the next one, today included.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta

from voiceassist.grammar.language.numbers import CENTURIES, CENTURIES_IN_FULL, ordinal, read_number, read_year, spell
from voiceassist.grammar.language.text_normalization import MONTHS
from voiceassist.grammar.values.number_grammars import read_ordinal
from voiceassist.grammar.values.number_rules import NumberRules
from voiceassist.grammar.values.value_grammar import ValueGrammar

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_RELATIVE_DAYS = {
    "yesterday": -1,
    "today": 0,
    "tomorrow": 1,
    "day after tomorrow": 2,
    "day before yesterday": -2,
}
_UNIT_DAYS = {"day": 1, "week": 7}
_UNIT_MONTHS = {"month": 1, "year": 12}
_COUNTS = {"a": 1, "a couple of": 2}
_FEBRUARY = 2
_LEAP_DAY = 29
_MAX_DAY = 31


def dates(today: Callable[[], date]) -> ValueGrammar:
    """Dates from 1900 to 2099; the value is ``YYYY-MM-DD``. ``today`` is called for every utterance."""
    numbers = NumberRules()
    rules = {
        "weekday": f"({'|'.join(WEEKDAYS)})",
        "year": _year_template(range(100)),
        "leapyear": _year_template([0, *range(4, 100, 4)]),
        "distance": f"((a|one) (day|week|month|year)|(a couple of|{numbers.whole(2, 99)}) (days|weeks|months|years))",
        "calendar": f"({'|'.join(_calendar(numbers))})",
        "ordinal": numbers.ordinal(1, _MAX_DAY),
    }
    templates = (
        "(yesterday|today|tomorrow|[the] day after tomorrow|[the] day before yesterday)",
        "[(this [coming]|next|last)] <weekday>",
        "(in <distance>|<distance> (from now|from today|ago))",
        "[<weekday>] (<calendar>|the <ordinal>)",
    )
    return ValueGrammar(templates, rules | numbers.rules, lambda words: read_date(words, today()))


def _calendar(numbers: NumberRules) -> Iterator[str]:
    """A day with its month: February has its own days, and its 29th exists in leap years only."""
    for length in (30, 31):
        names = "|".join(name for month, name in enumerate(MONTHS, 1) if monthrange(2000, month)[1] == length)
        yield _day_of(f"({names})", numbers.ordinal(1, length), numbers.whole(1, length), "year")
    name = MONTHS[_FEBRUARY - 1]
    yield _day_of(name, numbers.ordinal(1, _LEAP_DAY - 1), numbers.whole(1, _LEAP_DAY - 1), "year")
    yield _day_of(name, ordinal(_LEAP_DAY), spell(_LEAP_DAY), "leapyear")


def _day_of(month: str, ordinal_day: str, number: str, year: str) -> str:
    before = f"[the] {ordinal_day} of {month}|({ordinal_day}|{number}) {month}"
    return f"({before}|{month} ([the] {ordinal_day}|{number}))[ <{year}>]"


def _year_template(last_digits: Iterable[int]) -> str:
    """A template for the years of both centuries that end in these two digits."""
    wanted = sorted(last_digits)
    short = [f"{'oh ' if rest < 10 else ''}{spell(rest)}" for rest in wanted if rest]
    long = "|".join(spell(rest) for rest in wanted if rest)
    heads = "|".join(head for heads in CENTURIES_IN_FULL.values() for head in heads)
    full_centuries = f"|{heads}" if 0 in wanted else ""
    return f"(({'|'.join(CENTURIES.values())}) ({'|'.join(short)})|({heads}) [and] ({long}){full_centuries})"


def read_date(words: Sequence[str], today: date) -> str:
    """The date as ``YYYY-MM-DD``.

    Raises:
        ValueError: the words are not a date, or there is no such day.
    """
    left = [word for word in words if word not in {"the", "of", "this", "coming"}]
    days = _RELATIVE_DAYS.get(" ".join(left))
    found = today + timedelta(days) if days is not None else _weekday(left, today) or _counted(list(words), today)
    if found is None and left and left[0] in WEEKDAYS:
        left = left[1:]
    found = found or _in_calendar(left, today)
    if found is None:
        raise ValueError(f"'{' '.join(words)}' is not a date")
    return found.isoformat()


def _weekday(words: Sequence[str], today: date) -> date | None:
    if not words or words[-1] not in WEEKDAYS or len(words) > 2:
        return None
    index = WEEKDAYS.index(words[-1])
    if len(words) == 1:
        return today + timedelta((index - today.weekday()) % 7)
    if words[0] == "next":
        return today + timedelta(7 - today.weekday() + index)
    return today - timedelta((today.weekday() - index - 1) % 7 + 1) if words[0] == "last" else None


def _counted(words: list[str], today: date) -> date | None:
    """``in three days``, ``three days from now``, ``three days ago``."""
    if words[:1] == ["in"]:
        count, sign = words[1:], 1
    elif words[-2:] in (["from", "now"], ["from", "today"]):
        count, sign = words[:-2], 1
    elif words[-1:] == ["ago"]:
        count, sign = words[:-1], -1
    else:
        return None
    said, unit = " ".join(count[:-1]), count[-1].removesuffix("s") if count else ""
    number = _COUNTS.get(said) or read_number(count[:-1])
    if not isinstance(number, int):
        return None
    if unit in _UNIT_MONTHS:
        # the same day of another month, or the last day of that month
        year, month = divmod(today.year * 12 + today.month - 1 + (sign * number * _UNIT_MONTHS[unit]), 12)
        return _in_year(year, month + 1, today.day)
    return today + timedelta(sign * number * _UNIT_DAYS[unit]) if unit in _UNIT_DAYS else None


def _in_calendar(words: list[str], today: date) -> date | None:
    month = next((at for at, word in enumerate(words) if word in MONTHS), None)
    if month is None:
        day = _day(words)
        return None if day is None else _next_day(today, range(1, 13), day)
    number = MONTHS.index(words[month]) + 1
    before, after = words[:month], words[month + 1 :]
    for cut in range(len(after) + 1):
        day, rest = _day(before or after[:cut]), after[0 if before else cut :]
        year = read_year(" ".join(rest))
        if day is not None and (year or not rest):
            return _in_year(year, number, day) if year else _next_day(today, [number], day)
    return None


def _in_year(year: int, month: int, day: int) -> date:
    """A day of a month, or the last day of that month: the template accepts the 29th of February with any year."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def _next_day(today: date, months: Sequence[int], day: int) -> date | None:
    """The next date with this day and month, today included; a leap day can be eight years away."""
    for year in range(today.year, today.year + 9):
        for month in months:
            if day <= monthrange(year, month)[1] and date(year, month, day) >= today:
                return date(year, month, day)
    return None


def _day(words: list[str]) -> int | None:
    """The day of a month, spoken as an ordinal or a cardinal number."""
    try:
        return read_ordinal(words)
    except ValueError:
        number = read_number(words)
        return number if isinstance(number, int) and 1 <= number <= _MAX_DAY else None
