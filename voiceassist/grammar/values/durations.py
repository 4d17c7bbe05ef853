"""Durations in words: ``an hour and a half``, ``two minutes thirty``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from voiceassist.grammar.values.number_grammars import NAMED_FRACTIONS, read_fraction, without_zero_fraction
from voiceassist.grammar.values.number_rules import NumberRules
from voiceassist.grammar.values.value_grammar import ValueGrammar

_UNITS_S = {"week": 604_800, "day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
_NEXT_UNIT_S = {86_400: 3_600, 3_600: 60, 60: 1}
_COUNTS = {
    "a": 1.0,
    "an": 1.0,
    "half a": 0.5,
    "half an": 0.5,
    "a couple of": 2.0,
    "a quarter of an": 0.25,
    "quarter of an": 0.25,
    "three quarters of an": 0.75,
}


def durations() -> ValueGrammar:
    """From a second to some weeks; the value is in seconds.

    Singular and plural are not told apart (``one minutes``): nobody is corrected while speaking.
    """
    numbers = NumberRules()
    count, rest, digit = numbers.whole(1, 999), numbers.whole(1, 59), numbers.whole(1, 9)
    rules = {
        "count": f"({count}|a|an)",
        "part": f"({count}[ (and a half|and a quarter|point {digit})]|a|an|half (a|an)|a half|a couple of)",
        "fraction": "[ and (a half|a quarter|three quarters)]",
        "weeks": "<part> week[s]<fraction>",
        "days": "<part> day[s]<fraction>",
        "hours": "(<part> hour[s]<fraction>|([a] quarter|three quarters) of an hour)",
        "minutes": "<part> minute[s]<fraction>",
        "seconds": "<part> second[s]",
        "minutes_more": "(<minutes>|<count> minute[s] [and] <seconds>|<seconds>)",
    }
    templates = (
        "(<weeks>|<days>|<hours>|<minutes_more>)",
        "<count> week[s] [and] <days>",
        "<count> day[s] [and] <hours>",
        f"<count> hour[s] [and] (<minutes_more>|{rest})",
        f"<count> minute[s] [and] {rest}",
    )
    return ValueGrammar(templates, rules | numbers.rules, read_duration)


def read_duration(words: Sequence[str]) -> int | float:
    """The seconds of a duration in words.

    Raises:
        ValueError: the words are not a duration.
    """
    total_s = 0.0
    unit_s = 0
    for said, unit in _parts(list(words)):
        fraction = NAMED_FRACTIONS.get(" ".join(said[1:3]), 0.0) if unit_s and said[:1] == ["and"] else 0.0
        # "an hour and a half" adds to the hour before it; in "an hour and a half minute" the half is the minute's.
        count = said
        if fraction and (len(said) > 3) == bool(unit) and said[3:4] != ["of"]:
            total_s += unit_s * fraction
            count = said[3:]
        if count or unit:
            unit_s = _UNITS_S[unit] if unit else _NEXT_UNIT_S.get(unit_s, 0)
            total_s += _read_count(count) * unit_s
    if not unit_s:
        raise ValueError(f"'{' '.join(words)}' is not a duration")
    return without_zero_fraction(round(total_s, 3))


def _parts(words: list[str]) -> Iterator[tuple[list[str], str]]:
    """Each count with its unit; what follows the last unit has none."""
    count: list[str] = []
    for word in words:
        singular = word.removesuffix("s")
        if singular in _UNITS_S:
            yield count, singular
            count = []
        else:
            count.append(word)
    if count:
        yield count, ""


def _read_count(words: list[str]) -> float:
    said = " ".join(words[1:] if words[:1] == ["and"] else words)
    if said in _COUNTS:
        return _COUNTS[said]
    number = read_fraction(said.split())
    if number is None:
        raise ValueError(f"'{said}' is not a number of units")
    return number
