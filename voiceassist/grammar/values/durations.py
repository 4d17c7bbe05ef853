"""Durations in words: ``an hour and a half``, ``two minutes thirty``, and ``ten minute`` before a noun."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from voiceassist.domain import ValueRange
from voiceassist.grammar.values.number_grammars import NAMED_FRACTIONS, read_fraction, without_zero_fraction
from voiceassist.grammar.values.number_rules import NumberRules
from voiceassist.grammar.values.value_grammar import ValueGrammar

_UNITS_S = {"week": 604_800, "day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
_NEXT_UNIT_S = {3_600: 60, 60: 1}
_MAX_COUNT = {"week": 99, "day": 999, "hour": 999, "minute": 9_999, "second": 99_999}
_MAX_REST = {"day": 6, "hour": 23, "minute": 59, "second": 59}
"""The largest count after a larger unit: "an hour ninety minutes" is not idiomatic."""
_DETERMINERS = "another|a new"
_COUNTS = {
    "": 1.0,
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
    """From a second to some weeks; the value is in seconds. Articles, singular and plural agree with the unit."""
    numbers = NumberRules()
    digit, spoken_rest = numbers.whole(0, 9), numbers.whole(10, 59)
    rules = {
        "fraction": "(a half|a quarter|three quarters)",
        "minutes_and_seconds": "(<rest_minute>[ [and] <rest_second>]|<rest_second>)",
        "adjective": f"({'|'.join(_adjectives(numbers))})",
    }
    for unit, largest in _MAX_COUNT.items():
        article = "an" if unit == "hour" else "a"
        rules[f"one_{unit}"] = f"(one|{article}) {unit}"
        rules[f"count_{unit}"] = f"(<one_{unit}>|{numbers.whole(2, largest)} {unit}s)"
        rules[f"rest_{unit}"] = f"(<one_{unit}>|{numbers.whole(2, _MAX_REST.get(unit, 2))} {unit}s)"
        rules[f"part_{unit}"] = (
            f"(<count_{unit}>[ and a half]|<one_{unit}> and <fraction>|(half {article}|a half) {unit}"
            f"|a couple of {unit}s|{numbers.whole(1, 99)} and <fraction> {unit}s"
            f"|{numbers.whole(0, 99)} point {digit} {unit}s)"
        )
    templates = (
        "(<part_week>|<part_day>|<part_hour>|<part_minute>|<part_second>)",
        "([a] quarter|three quarters) of an hour",
        "<count_week> [and] <rest_day>",
        "<count_day> [and] <rest_hour>",
        "<count_hour> [and] <minutes_and_seconds>",
        "<count_minute> [and] <rest_second>",
        # A single digit here would be ambiguous with a separate number: "ten minutes five".
        f"(<count_hour>|<count_minute>) {spoken_rest}",
    )
    outside = [f"(zero|{numbers.whole(largest + 1, 999_999)}) {unit}s" for unit, largest in _MAX_COUNT.items()]
    return ValueGrammar(
        templates,
        rules | numbers.rules,
        read_duration,
        before_noun=("<adjective>",),
        limits=ValueRange(1, 999),
        outside=(f"({'|'.join(outside)})",),
    )


def duration_adjectives() -> ValueGrammar:
    """Durations before a noun, after its article: ``ten minute``, ``half hour``; the value is in seconds."""
    numbers = NumberRules()
    return ValueGrammar(tuple(_adjectives(numbers)), numbers.rules, read_duration)


def determined_durations() -> ValueGrammar:
    """Adjectival durations with or without a determiner: ``an eight hour``, ``another half hour``, ``ten minute``."""
    numbers = NumberRules()
    units = f"({'|'.join(_MAX_COUNT)})"
    vowel = f"(eight|eleven|eighteen|{numbers.whole(80, 89)})"
    consonant = "|".join(numbers.whole(*limits) for limits in ((1, 7), (9, 10), (12, 17), (19, 79), (90, 99)))
    templates = (
        *_adjectives(numbers),
        f"({_DETERMINERS}|an) {vowel}[ and a half] {units}",
        f"({_DETERMINERS}|a) ({consonant})[ and a half] {units}",
        f"({_DETERMINERS}|a) (half (day|hour|minute)|minute [and a half])",
        f"({_DETERMINERS}|an) hour [and a half]",
    )
    return ValueGrammar(templates, numbers.rules, _read_determined)


def _adjectives(numbers: NumberRules) -> Iterator[str]:
    """``ten minute`` and the like, without a determiner."""
    minutes, units = numbers.whole(1, 59), f"({'|'.join(_MAX_COUNT)})"
    yield f"{numbers.whole(1, 999)}[ (and a half|point {numbers.whole(0, 9)})] {units}"
    yield "half (day|hour|minute)"
    yield f"{numbers.whole(1, 23)} hour ([and] {minutes} minute|{numbers.whole(10, 59)})"
    yield f"{minutes} minute [and] {minutes} second"


def _read_determined(words: Sequence[str]) -> int | float:
    """The seconds of a duration that may have a determiner; ``a`` belongs to the number in ``a hundred``."""
    rest = list(words)
    while rest[:1] != ["a"] or rest[1:2] != ["hundred"]:
        if rest[:1] not in (["a"], ["an"], ["another"], ["new"]):
            break
        rest = rest[1:]
    return read_duration(rest)


def read_duration(words: Sequence[str]) -> int | float:
    """The seconds of a duration in words.

    Raises:
        ValueError: the words are not a duration.
    """
    total_s = 0.0
    unit_s = 0
    for said, unit in _parts(list(words)):
        # "an hour and a half" adds to the hour before it; in "two and a half hours" the half has a unit of its own.
        fraction = NAMED_FRACTIONS.get(" ".join(said[1:]), 0.0) if said[:1] == ["and"] and not unit else 0.0
        if fraction and unit_s:
            total_s += unit_s * fraction
        else:
            unit_s = _UNITS_S[unit] if unit else _NEXT_UNIT_S.get(unit_s, 0)
            count = " ".join(said[1:] if said[:1] == ["and"] else said)
            number = _COUNTS.get(count, read_fraction(count.split()))
            if number is None:
                raise ValueError(f"'{count}' is not a number of units")
            total_s += number * unit_s
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
