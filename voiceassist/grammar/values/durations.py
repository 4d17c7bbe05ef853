"""Lengths of time in words: ``an hour and a half``, ``two minutes thirty``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from voiceassist.grammar.values.decimals import SHARES, plain, read_fraction
from voiceassist.grammar.values.number_rules import NumberRules
from voiceassist.grammar.values.spoken import Spoken

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


def durations() -> Spoken:
    """From a second to some weeks; the value is in seconds.

    Counts are looser than grammar books (``one minutes``): nobody is corrected while speaking.
    """
    numbers = NumberRules()
    count, rest, digit = numbers.whole(1, 999), numbers.whole(1, 59), numbers.whole(1, 9)
    rules = {
        "count": f"({count}|a|an)",
        "part": f"({count}[ (and a half|and a quarter|point {digit})]|a|an|half (a|an)|a half|a couple of)",
        "share": "[ and (a half|a quarter|three quarters)]",
        "weeks": "<part> week[s]<share>",
        "days": "<part> day[s]<share>",
        "hours": "(<part> hour[s]<share>|([a] quarter|three quarters) of an hour)",
        "minutes": "<part> minute[s]<share>",
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
    return Spoken(templates, rules | numbers.rules, read_duration)


def read_duration(words: Sequence[str]) -> int | float:
    """The seconds of a duration in words.

    Raises:
        ValueError: the words are no duration.
    """
    total_s = 0.0
    unit_s = 0
    for said, unit in _parts(list(words)):
        share = SHARES.get(" ".join(said[1:3]), 0.0) if unit_s and said[:1] == ["and"] else 0.0
        # "an hour and a half" adds to the hour before it; in "an hour and a half minute" the half is the minute's.
        count = said
        if share and (len(said) > 3) == bool(unit) and said[3:4] != ["of"]:
            total_s += unit_s * share
            count = said[3:]
        if count or unit:
            unit_s = _UNITS_S[unit] if unit else _NEXT_UNIT_S.get(unit_s, 0)
            total_s += _read_count(count) * unit_s
    if not unit_s:
        raise ValueError(f"'{' '.join(words)}' is no duration")
    return plain(round(total_s, 3))


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
    said = " ".join(words[1:] if words[:1] == ["and"] else words)
    if said in _COUNTS:
        return _COUNTS[said]
    number = read_fraction(said.split())
    if number is None:
        raise ValueError(f"'{said}' is no number of units")
    return number
