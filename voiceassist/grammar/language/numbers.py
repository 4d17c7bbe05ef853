"""Numbers in English words: spelling them and reading them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

_ONES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = ("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
SMALL = (*_ONES, "ten", *_TEENS)
TENS = ("", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
MAX_NUMBER = 999_999_999
_SCALES = ((1_000_000, "million"), (1_000, "thousand"))
_IRREGULAR_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
FIRST_YEAR, LAST_YEAR = 1900, 2099
CENTURIES = {19: "nineteen", 20: "twenty"}
CENTURIES_IN_FULL = {19: ("nineteen hundred",), 20: ("two thousand",)}
_DIGITS = {word: digit for digit, word in enumerate(SMALL)}
_TENS = {word: 10 * index for index, word in enumerate(TENS) if index > 1}
_UNIT_VALUES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}


def spell(number: int) -> str:
    """The first of the `spellings`: ``one hundred and five``."""
    return spellings(number)[0]


def spellings(number: int) -> tuple[str, ...]:
    """All common spellings of a whole number of up to nine digits, the most common first.

    Raises:
        ValueError: the number has more digits.
    """
    if abs(number) > MAX_NUMBER:
        raise ValueError(f"{number} has too many digits to be said as one number")
    if number < 0:
        return tuple(f"{sign} {words}" for sign in ("minus", "negative") for words in spellings(-number))
    return _positive(number)


def _positive(number: int) -> tuple[str, ...]:
    if number < 20:
        return (SMALL[number],)
    if number < 100:
        tens, ones = divmod(number, 10)
        return (f"{TENS[tens]} {SMALL[ones]}" if ones else TENS[tens],)
    if number < 1000:
        return _joined(number // 100, "hundred", number % 100)
    size, name = next(scale for scale in _SCALES if number >= scale[0])
    plain = _joined(number // size, name, number % size)
    # 1500 is "fifteen hundred", too.
    in_hundreds = 1_100 <= number < 10_000 and number // 100 % 10
    return plain + _joined(number // 100, "hundred", number % 100) if in_hundreds else plain


def _joined(count: int, name: str, rest: int) -> tuple[str, ...]:
    heads = [f"{words} {name}" for words in _positive(count)]
    if count == 1:
        heads.append(f"a {name}")
    if not rest:
        return tuple(heads)
    joints = (" and ", " ") if rest < 100 else (" ",)
    return tuple(head + joint + tail for head in heads for joint in joints for tail in _positive(rest))


def spell_digits(digits: str) -> str:
    """Spell digit by digit: ``4.05`` has ``zero five`` after the point."""
    return " ".join(SMALL[int(digit)] for digit in digits)


def name_spellings(digits: str) -> tuple[str, ...]:
    """All common spellings of a number in a name (a channel, a year, a model), the most common first.

    ``720`` is ``seven hundred and twenty``, ``seven twenty`` and ``seven two zero``.
    """
    said_digit_by_digit = len(digits) > 1 and (digits[0] == "0" or int(digits) > MAX_NUMBER)
    found = [] if said_digit_by_digit else [*spellings(int(digits))]
    head, tail = digits[:-2], digits[-2:]
    if len(digits) in {3, 4} and head[0] != "0" and tail != "00":
        # "one twenty", "four oh four"
        found.append(f"{spell(int(head))} {'oh ' if tail[0] == '0' else ''}{spell(int(tail))}")
    by_digit = [[SMALL[int(digit)] if digit != "0" else zero for digit in digits] for zero in ("zero", "oh")]
    found += map(" ".join, by_digit)
    for names in by_digit:
        # "double seven": each two equal digits in a row
        doubled: list[str] = []
        while names:
            pair = names[:2] == names[:1] * 2
            doubled.append(f"double {names[0]}" if pair else names[0])
            del names[: 2 if pair else 1]
        found.append(" ".join(doubled))
    return tuple(dict.fromkeys(found))


def ordinal(number: int) -> str:
    """``21`` as ``twenty first``."""
    *head, last = spell(number).split()
    if last in _IRREGULAR_ORDINALS:
        last = _IRREGULAR_ORDINALS[last]
    else:
        last = (f"{last[:-1]}ie" if last.endswith("y") else last) + "th"
    return " ".join([*head, last])


def year_spellings(year: int) -> tuple[str, ...]:
    """All common spellings of a year, the most common first: ``twenty twenty seven``, ``two thousand and seven``.

    Raises:
        ValueError: the year is not between `FIRST_YEAR` and `LAST_YEAR`.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"the year {year} is not between {FIRST_YEAR} and {LAST_YEAR}")
    century, rest = divmod(year, 100)
    if not rest:
        return CENTURIES_IN_FULL[century]
    in_full = tuple(f"{head} {joint}{spell(rest)}" for head in CENTURIES_IN_FULL[century] for joint in ("and ", ""))
    return (f"{CENTURIES[century]} {'oh ' if rest < 10 else ''}{spell(rest)}", *in_full)


@lru_cache(1_000)
def read_year(text: str) -> int | None:
    """The year, ``None`` if the words are not a year."""
    return next((year for year in range(FIRST_YEAR, LAST_YEAR + 1) if text in year_spellings(year)), None)


def read_number_name(words: Sequence[str]) -> int | None:
    """The value of a number in pairs or digit by digit, ``None`` if the words are neither.

    Two single digits are not read as one number, because they can also be two numbers.
    """
    digits = _paired_digits(words) or _single_digits(words)
    return int(digits) if digits and digits[0] != "0" and len(digits) <= len(str(MAX_NUMBER)) else None


def _paired_digits(words: Sequence[str]) -> str:
    for cut in (1, 2):
        head, tail = _read_whole(words[:cut]), list(words[cut:])
        rest = _read_whole(tail[1:]) if tail[:1] == ["oh"] else _read_whole(tail)
        limits = (1, 9) if tail[:1] == ["oh"] else (10, 99)
        if head is not None and rest is not None and 1 <= head <= 99 and limits[0] <= rest <= limits[1]:
            return f"{head}{rest:02d}"
    return ""


def _single_digits(words: Sequence[str]) -> str:
    digits, times = "", 1
    for word in words:
        value = 0 if word == "oh" else _DIGITS.get(word, 10)
        if word == "double" and times == 1:
            times = 2
        elif value < 10:
            digits, times = digits + str(value) * times, 1
        else:
            return ""
    return digits if times == 1 and (len(digits) > 2 or "double" in words) else ""


def read_number(words: Sequence[str]) -> int | float | None:
    """The value of a whole or decimal number in words, ``None`` if it is not one; the inverse of `spellings`."""
    words = list(words)
    if words and words[0] in {"minus", "negative"}:
        value = read_number(words[1:])
        return None if value is None else -value
    if "point" in words:
        point = list(words).index("point")
        value = _read_whole(words[:point])
        digits = [_DIGITS.get(word, 10) for word in words[point + 1 :]]
        if value is None or not digits or max(digits) > 9:
            return None
        return float(f"{value}." + "".join(map(str, digits)))
    return _read_whole(words)


def _read_whole(words: Sequence[str]) -> int | None:
    total = group = 0
    last = ""
    for word in words:
        if word in _DIGITS:
            group += _DIGITS[word]
        elif word in _TENS:
            group += _TENS[word]
        elif word == "a":
            group += 1
        elif word == "hundred":
            group *= 100
        elif word in _UNIT_VALUES:
            total, group = total + group * _UNIT_VALUES[word], 0
        elif word != "and":
            return None
        last = word
    value = total + group
    said = " ".join(words)
    return value if last and value <= MAX_NUMBER and said in spellings(value) else None
