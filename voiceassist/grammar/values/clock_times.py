"""Clock times in words: ``half past six``, ``six thirty p m``.

An hour from one to twelve without a part of the day is open: ``five`` is 05:00 or 17:00. Parts of the day, named hours,
``five hundred`` and ``oh five thirty`` say which.
"""

from __future__ import annotations

from collections.abc import Sequence

from voiceassist.grammar.language.numbers import read_number
from voiceassist.grammar.values.number_rules import NumberRules
from voiceassist.grammar.values.value_grammar import ValueGrammar
from voiceassist.open_time import OpenTime

_NAMED_HOURS = {"noon": 12, "midday": 12, "midnight": 0}
_DAY_PARTS = {"morning": "am", "afternoon": "pm", "evening": "pm", "night": "night", "tonight": "night"}
_NAMED_MINUTES = {"half": 30, "quarter": 15}
_FILLERS = {"a", "minute", "minutes"}
_DIRECTIONS = {"past": 1, "after": 1, "to": -1, "till": -1, "before": -1}


def times() -> ValueGrammar:
    """Times of the twelve-hour and the twenty-four-hour clock; the value is ``HH:MM``."""
    numbers = NumberRules()
    twelve, day, minute = numbers.whole(1, 12), numbers.whole(0, 23), numbers.whole(1, 29)
    rules = {
        "day_part": "((in the|this) (morning|afternoon|evening)|at night|tonight|AM|PM)",
        "before": f"([a] quarter|{minute}|one minute|{numbers.whole(2, 29)} minutes) (past|after|to|till|before)",
        "past": "(half past|<before>)",
        "minutes": f"({numbers.whole(10, 59)}|oh {numbers.whole(1, 9)})",
    }
    templates = (
        f"(<past> {twelve}|{twelve} [o'clock]) [<day_part>]",
        f"half {twelve}",
        f"{twelve} <minutes> [<day_part>]",
        f"{day} (<minutes>|hundred [hours])",
        f"oh {numbers.whole(1, 9)} (<minutes>|hundred [hours])",
        "(<past> (noon|midday|midnight)|[twelve] (noon|midnight)|midday)",
    )
    return ValueGrammar(templates, rules | numbers.rules, read_clock)


def read_clock(words: Sequence[str]) -> str:
    """The time as ``HH:MM`` of the 24-hour clock; an `OpenTime` if the words do not say which half of the day.

    Raises:
        ValueError: the words are not a time of day.
    """
    rest, day_part = _split_day_part(list(words))
    is_24_hours = rest[0] == "oh" or "hundred" in rest
    rest = rest[rest[0] == "oh" :]
    offset = 0
    direction = next((at for at, word in enumerate(rest) if word in _DIRECTIONS), None)
    if direction is not None:
        count = [word for word in rest[:direction] if word not in _FILLERS]
        named = _NAMED_MINUTES.get(" ".join(count))
        minutes = _whole(count) if named is None else named
        offset, rest = _DIRECTIONS[rest[direction]] * minutes, rest[direction + 1 :]
    elif rest[0] == "half":
        offset, rest = 30, rest[1:]
    hour, minute = _hour_and_minute([word for word in rest if word not in {"o'clock", "hours"}])
    if day_part and hour <= 12:
        # Eleven at night is late, two at night is early.
        is_late = 5 <= hour < 12 if day_part == "night" else day_part == "pm"
        hour = hour % 12 + 12 * is_late
    total = (hour * 60 + minute + offset) % (24 * 60)
    time = f"{total // 60:02d}:{total % 60:02d}"
    is_open = not (day_part or is_24_hours or rest[-1] in _NAMED_HOURS) and 1 <= hour <= 12
    return OpenTime(time) if is_open else time


def _split_day_part(words: list[str]) -> tuple[list[str], str]:
    """Remove the part of the day from the end: the other words, and ``am``, ``pm``, ``night`` or nothing."""
    if words[-2:] in (["a", "m"], ["p", "m"]):
        return words[:-2], words[-2] + "m"
    if words[-1] in {"am", "pm"}:
        return words[:-1], words[-1]
    if words[-1] in _DAY_PARTS:
        name = _DAY_PARTS[words[-1]]
        while words[-1] in _DAY_PARTS or words[-1] in {"in", "the", "this", "at"}:
            words = words[:-1]
        return words, name
    return words, ""


def _hour_and_minute(words: list[str]) -> tuple[int, int]:
    if words[-1] in _NAMED_HOURS:
        return _NAMED_HOURS[words[-1]], 0
    if words[-1] == "hundred":
        return _whole(words[:-1]), 0
    if "oh" in words:
        at = words.index("oh")
        return _whole(words[:at]), _whole(words[at + 1 :])
    # The hour is the longest beginning that leaves two-digit minutes: twenty one fifteen is 21:15.
    for cut in (2, 1):
        hour, minute = read_number(words[:cut]), read_number(words[cut:])
        if hour is not None and hour < 24 and (len(words) <= cut or (minute is not None and minute >= 10)):
            return int(hour), int(minute or 0)
    raise ValueError(f"'{' '.join(words)}' is not a time of day")


def _whole(words: list[str]) -> int:
    number = read_number(words)
    if number is None:
        raise ValueError(f"'{' '.join(words)}' is not a number")
    return int(number)
