"""Lengths of time in words: ``an hour and a half``, ``two minutes thirty``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from voiceassist.grammar.numbers import read_number

DURATION_RULES = {
    "count": "({amount}|{amount} and a half|{amount} point {digit}|a|an|half (a|an)|a half|a couple of)",
    "days": "<count> day[s][ and a half]",
    "hours": "(<count> hour[s][ and a half]|(a quarter|quarter|three quarters) of an hour)",
    "minutes": "<count> minute[s][ and a half]",
    "seconds": "<count> second[s]",
}
"""Counts are looser than grammar books (``one minutes``): nobody is corrected while speaking."""

DURATION_TEMPLATES = (
    "<days> [[and] <hours>]",
    "<hours> [[and] <minutes>] [[and] <seconds>]",
    "<minutes> [[and] <seconds>]",
    "<seconds>",
    "{amount} hour[s] [and] {rest}",
    "{amount} minute[s] [and] {rest}",
)

_UNITS_S = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
_NEXT_UNIT_S = {86_400: 3_600, 3_600: 60, 60: 1}
_COUNTS = {
    "a": 1.0,
    "an": 1.0,
    "half a": 0.5,
    "half an": 0.5,
    "a half": 0.5,
    "a couple of": 2.0,
    "a quarter of an": 0.25,
    "quarter of an": 0.25,
    "three quarters of an": 0.75,
}
_HALF = ["and", "a", "half"]


def read_duration(words: Sequence[str]) -> int | float:
    """The seconds of a duration in words.

    Raises:
        ValueError: the words are no duration.
    """
    total_s = 0.0
    unit_s = 0
    for said, unit in _parts(list(words)):
        # "an hour and a half" adds to the hour before it; "an hour and a half minute" does not.
        adds_half = said[:3] == _HALF and unit_s and (len(said) > 3) == bool(unit)
        total_s += unit_s / 2 if adds_half else 0
        count = said[3:] if adds_half else said
        if count or unit:
            unit_s = _UNITS_S[unit] if unit else _NEXT_UNIT_S.get(unit_s, 0)
            total_s += _read_count(count) * unit_s
    if not unit_s:
        raise ValueError(f"'{' '.join(words)}' is no duration")
    seconds = round(total_s, 3)
    return int(seconds) if seconds == int(seconds) else seconds


def _parts(words: list[str]) -> Iterator[tuple[list[str], str]]:
    """Each count with its unit; what follows the last unit comes without one."""
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
    if words[:1] == ["and"]:
        words = words[1:]
    said = " ".join(words)
    if said in _COUNTS:
        return _COUNTS[said]
    half = words[-3:] == _HALF
    number = read_number(words[:-3] if half else words)
    if number is None:
        raise ValueError(f"'{said}' is no number of units")
    return number + (0.5 if half else 0)
