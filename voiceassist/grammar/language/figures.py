"""Figures as they are said: ``75``, ``2.5``, ``-3``, ``21st``, ``6:30``, ``1/2``, ``10 min``, ``2027-05-03``."""

from __future__ import annotations

import re

from voiceassist.grammar.language.numbers import LARGEST, ordinal, spell, spell_digits

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_DATE = re.compile(r"(?<![\w.-])(?P<year>(?:19|20)\d\d)-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])(?![\w-])")
_SHARE = re.compile(r"(?<![\d/.,])(?:(?P<whole>\d{1,9})\s+)?(?P<share>1/2|1/4|3/4)(?![\d/])")
_SHARES = {"1/2": "a half", "1/4": "a quarter", "3/4": "three quarters"}
_UNIT = re.compile(r"(?<=\d)(h|\s?(?:hrs?|mins?|secs?))\b")
_UNITS = {"h": "hours", "hr": "hours", "min": "minutes", "sec": "seconds"}
_NUMBER = re.compile(
    r"(?P<minus>(?<![\w.])-(?=\.?\d))?"
    r"(?:(?P<hour>\d{1,2}):(?P<minute>[0-5]\d)(?!\d)"
    r"|(?P<ordinal>\d{1,9})(?:st|nd|rd|th)\b"
    r"|(?P<whole>\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.(?P<fraction>\d+))?"
    r"|(?<![\w.])\.(?P<tail>\d+))"
)


def in_words(text: str) -> str:
    """The text with its figures in words."""
    if not any(map(str.isdigit, text)):
        return text
    text = _DATE.sub(_date, text)
    text = _UNIT.sub(lambda match: f" {_UNITS[match[1].strip().removesuffix('s')]}", text)
    text = _SHARE.sub(_share, text)
    return _NUMBER.sub(_number, text)


def _date(match: re.Match[str]) -> str:
    month = MONTHS[int(match["month"]) - 1]
    return f" the {ordinal(int(match['day']))} of {month} {spell(int(match['year']))} "


def _share(match: re.Match[str]) -> str:
    share = _SHARES[match["share"]]
    return f" {match['whole']} and {share} " if match["whole"] else f" {share} "


def _number(match: re.Match[str]) -> str:
    sign = " minus " if match["minus"] else " "
    if match["hour"]:
        return f"{sign}{spell(int(match['hour']))} {_minutes(match['minute'])} "
    if match["ordinal"]:
        return f"{sign}{ordinal(int(match['ordinal']))} "
    if match["tail"]:
        return f"{sign}point {spell_digits(match['tail'])} "
    whole = match["whole"].replace(",", "")
    # Telephone numbers and the like: longer than a number anybody says, or with leading zeros.
    by_digit = int(whole) > LARGEST or (len(whole) > 1 and whole[0] == "0")
    words = spell_digits(whole) if by_digit else spell(int(whole))
    if match["fraction"]:
        words += f" point {spell_digits(match['fraction'])}"
    return f"{sign}{words} "


def _minutes(digits: str) -> str:
    if digits == "00":
        return "o'clock"
    return f"oh {spell(int(digits))}" if digits[0] == "0" else spell(int(digits))
