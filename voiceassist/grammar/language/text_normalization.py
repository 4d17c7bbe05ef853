"""Text normalization: converts written text to spoken lower-case words of ``a`` to ``z`` and the apostrophe.

Digits and signs are spelled out: ``75%``, ``2.5``, ``-3``, ``21st``, ``6:30``, ``1/2``, ``10 min``, ``2027-05-03``.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from string import ascii_letters

from voiceassist.grammar.language.names import AMOUNT, amount_readings, is_mixed_case, spell_signs
from voiceassist.grammar.language.numbers import (
    MAX_NUMBER,
    name_spellings,
    ordinal,
    spell,
    spell_digits,
    year_spellings,
)

_MAX_READINGS = 6
_CACHED_TEXTS = 4_096
"""Texts of rules, such as those of numbers, are compiled once per place where they are used."""
BREAK = " "
"""The fragment that ends a word."""

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

_FOLDED = str.maketrans(
    {
        "\u2019": "'",
        "\u2018": "'",
        "`": "'",
        "ß": "ss",
        "æ": "ae",
        "Æ": "Ae",
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "œ": "oe",
        "½": " 1/2",
        "¼": " 1/4",
        "¾": " 3/4",
        "\u2212": "-",
    }
)
_SYMBOLS = {"%": " percent ", "&": " and ", "@": " at ", "+": " plus ", "=": " equals ", "°": " degrees "}
_SYMBOL = re.compile("[" + re.escape("".join(_SYMBOLS)) + "]")
_DOTTED = re.compile(r"\b(?:[A-Za-z]\.){2,}")
_DOMAIN_DOT = re.compile(r"(?<=[A-Za-z])\.(?=[A-Za-z])")
_LETTERS = frozenset(ascii_letters + "'")
_PLAIN = re.compile(r"[a-z' ]*")
_RUN = re.compile(r"[A-Za-z']+|[^A-Za-z']+")
_ABBREVIATION = re.compile(r"([A-Z]{2,5})('?s)?")

_DATE = re.compile(r"(?<![\w.-])(?P<year>(?:19|20)\d\d)-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])(?![\w-])")
_YEAR = re.compile(rf"(?i)(\b(?:{'|'.join(MONTHS)})\b[a-z\d\s,]{{0,20}}?\s)((?:19|20)\d\d)\b(?![.,:]?\d)")
_FRACTION = re.compile(r"(?<![\d/.,])(?:(?P<whole>\d{1,9})\s+)?(?P<fraction>1/2|1/4|3/4)(?![\d/])")
_FRACTION_WORDS = {"1/2": "a half", "1/4": "a quarter", "3/4": "three quarters"}
_UNIT = re.compile(r"(?<![\d/])(?P<count>(?:\d+\s+)?\d+/\d+|\d[\d.,]*)(?P<unit>h|\s?(?:hrs?|mins?|secs?))\b")
_UNIT_WORDS = {"h": "hour", "hr": "hour", "min": "minute", "sec": "second"}
_SEPARATED = re.compile(r"\d[\d.,]*\d")
_SWAPPED = str.maketrans(".,", ",.")
_DECIMAL_COMMA = re.compile(
    r"(af|be|bg|ca|cs|da|de|el|es|et|eu|fi|fr|gl|hr|hu|id|is|it|lt|lv|nb|nl|nn|no|pl|pt|ro|ru|sk|sl|sr|sv|tr|uk|vi)"
    r"([-_].*)?"
)
"""Languages that write two and a half as 2,5 and a thousand as 1.000. Source: Unicode CLDR."""
_UNIT_NAMES = {
    "km": "kilometers",
    "cm": "centimeters",
    "mm": "millimeters",
    "kg": "kilograms",
    "ml": "milliliters",
    "Hz": "hertz",
    "kHz": "kilohertz",
    "MHz": "megahertz",
    "GHz": "gigahertz",
    "MB": "megabytes",
    "GB": "gigabytes",
    "TB": "terabytes",
    "mph": "miles per hour",
}
_READINGS = re.compile(
    rf"(?P<amount>{AMOUNT.pattern})"
    r"|(?P<roman>\b(?=[IVX]{2,5}\b)X{0,2}(?:IX|IV|V?I{0,3})\b)"
    rf"|(?:^|(?<=\d))\s*(?P<unit>{'|'.join(_UNIT_NAMES)})\b"
    r"|(?P<number>(?<![\d.,:/])(?<!(?<![A-Za-z])-)\d{2,}"
    r"(?![\d%]|[.,:/-]\d|\s+\d+/\d|(?:st|nd|rd|th|h|\s?(?:hrs?|mins?|secs?|percent|per\s+cent))\b))"
)
"""Parts of a name with several readings: money, Roman numerals, units after numbers, and numbers, which may be spoken
in pairs or digit by digit."""
_ROMAN = {"I": 1, "V": 5, "X": 10}
_BETWEEN_NUMBERS = re.compile(r"(?<=\d)(?:[\s;]+|,\s+|,(?!\d{3}(?!\d)))(?=\d)(?!\d+/\d)")
_ZERO_HOUR = re.compile(r"(?<![\d:.])0\d:[0-5]\d(?![\d:])")
_NUMBER = re.compile(
    r"(?P<minus>(?<![\w.])-(?=\.?\d))?"
    r"(?:(?P<hour>\d{1,2}):(?P<minute>[0-5]\d)(?!\d)"
    r"|(?P<ordinal>\d{1,9})(?:st|nd|rd|th)\b"
    r"|(?P<whole>\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.(?P<fraction>\d+))?"
    r"|(?<![\w.])\.(?P<tail>\d+))"
)


@lru_cache(_CACHED_TEXTS)
def template_fragments(text: str, *, abbreviations: bool = True) -> tuple[str | tuple[str, ...], ...]:
    """The `fragments` of a template; a part with several readings is a tuple of them, that of `normalize` first.

    ``a 720p film`` has ``a``, ``("seven hundred and twenty", "seven twenty", ...)``, ``p`` and ``film``.
    """
    text = spell_signs(text)
    found: list[str | tuple[str, ...]] = []
    at = 0
    for match in _READINGS.finditer(text):
        before = fragments(text[at : match.start()], abbreviations=abbreviations)
        found += [*before, BREAK, tuple(dict.fromkeys(_readings(match))), BREAK]
        at = match.end()
    return *found, *fragments(text[at:], abbreviations=abbreviations)


def _readings(match: re.Match[str]) -> Iterable[str]:
    if match["amount"]:
        return (" ".join(normalize(reading)) for reading in amount_readings(match))
    if match["number"]:
        return name_spellings(match["number"])
    if match["unit"]:
        written = match["unit"].lower()
        return written, _UNIT_NAMES[match["unit"]], " ".join(written)
    written = match["roman"].lower()
    values = [_ROMAN[sign] for sign in match["roman"]]
    number = sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))
    return written, " ".join(written), spell(number), f"the {ordinal(number)}"


def readings(text: str) -> list[str]:
    """The first readings of a name, the most common first: ``720p`` is ``seven twenty p``, too."""
    parts = [part if isinstance(part, tuple) else (part.lower(),) for part in template_fragments(text)]
    variants = itertools.islice(itertools.product(*parts), _MAX_READINGS)
    return list(dict.fromkeys(" ".join(normalize("".join(words))) for words in variants))


def fragments(text: str, *, abbreviations: bool = True, singular_units: bool = False) -> list[str]:
    """Split a text into parts of words and `BREAK`.

    Parts without a `BREAK` between them belong to one word, also across the pieces of a template: ``light[s]``.
    An abbreviation such as ``TV`` stays in capitals, because it may be spoken as a word or letter by letter;
    everything else is lower case. ``10 min`` is ``ten minutes``, or with ``singular_units`` ``ten minute``, as before
    a noun.
    """
    if _PLAIN.fullmatch(text):
        return [BREAK if run[0] == " " else run for run in _RUN.findall(text)]
    plain = _DOTTED.sub(lambda match: match[0].replace(".", "").upper(), _without_accents(text))
    plain = _DOMAIN_DOT.sub(" dot ", plain)
    plain = AMOUNT.sub(lambda match: f" {amount_readings(match)[0]} ", spell_signs(plain))
    if any(map(str.isdigit, plain)):
        plain = _DATE.sub(_spell_date, plain)
        plain = _YEAR.sub(lambda match: match[1] + year_spellings(int(match[2]))[0], plain)
        plain = _UNIT.sub(lambda match: _spell_unit(match, singular=singular_units), plain)
        plain = _NUMBER.sub(
            _spell_number,
            _FRACTION.sub(
                lambda match: (
                    f" {match['whole'] + ' and ' if match['whole'] else ''}{_FRACTION_WORDS[match['fraction']]} "
                ),
                plain,
            ),
        )
    plain = _SYMBOL.sub(lambda match: _SYMBOLS[match[0]], plain)
    found: list[str] = []
    for run in _RUN.findall(plain):
        abbreviation = _ABBREVIATION.fullmatch(run) if abbreviations else None
        if abbreviation:
            found.extend(part for part in abbreviation.groups() if part)
        elif abbreviations and is_mixed_case(run):
            found.append(run)
        else:
            found.append(run.lower() if run[0] in _LETTERS else BREAK)
    return found


def normalize(text: str, *, singular_units: bool = False) -> list[str]:
    """The words of a whole text: ``Set the TV to 75%`` is ``set the tv to seventy five percent``."""
    words = "".join(fragments(text, singular_units=singular_units)).lower().split()
    return [word for word in (raw.strip("'") for raw in words) if word]


def has_decimal_comma(language: str) -> bool:
    """Whether a language, for example ``de`` or ``de-AT``, writes numbers as 1.250,5."""
    return _DECIMAL_COMMA.fullmatch(language.strip().lower()) is not None


def with_decimal_points(text: str) -> str:
    """A text with numbers such as 1.250,5 in English notation."""
    return _SEPARATED.sub(lambda match: match[0].translate(_SWAPPED), text)


def second_numbers(text: str) -> frozenset[int]:
    """The word indices at which a number in digits follows another one directly.

    ``from 20 5 to 7`` has one at 2: 20 5 is not 25.
    """
    return frozenset(len(normalize(text[: match.start()])) for match in _BETWEEN_NUMBERS.finditer(text))


def zero_hours(text: str) -> frozenset[int]:
    """The word indices at which a time such as 05:00 begins: its zero says that it is of the morning."""
    return frozenset(len(normalize(text[: match.start()])) for match in _ZERO_HOUR.finditer(text))


def is_sayable(text: str) -> bool:
    """Whether all letters of the text are pronounceable in English; those of non-Latin scripts are not."""
    return text.isascii() or all(char.isascii() or not char.isalpha() for char in _without_accents(text))


def _without_accents(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.translate(_FOLDED))
    return "".join(char for char in parts if not unicodedata.combining(char))


def _spell_date(match: re.Match[str]) -> str:
    month = MONTHS[int(match["month"]) - 1]
    return f" the {ordinal(int(match['day']))} of {month} {year_spellings(int(match['year']))[0]} "


def _spell_unit(match: re.Match[str], *, singular: bool) -> str:
    plural = "" if singular or match["count"] in {"1", "1/2", "1/4"} else "s"
    return f"{match['count']} {_UNIT_WORDS[match['unit'].strip().removesuffix('s')]}{plural}"


def _spell_number(match: re.Match[str]) -> str:
    sign = " minus " if match["minus"] else " "
    if match["hour"]:
        hour, minutes = int(match["hour"]), match["minute"]
        exact = "o'clock" if 1 <= hour <= 12 else "hundred"
        after = exact if minutes == "00" else f"{'oh ' if minutes[0] == '0' else ''}{spell(int(minutes))}"
        return f"{sign}{spell(hour)} {after} "
    if match["ordinal"]:
        return f"{sign}{ordinal(int(match['ordinal']))} "
    if match["tail"]:
        return f"{sign}point {spell_digits(match['tail'])} "
    whole = match["whole"].replace(",", "")
    # Telephone numbers and the like begin with a zero, or are too long to be read as one number.
    by_digit = int(whole) > MAX_NUMBER or (len(whole) > 1 and whole[0] == "0")
    words = spell_digits(whole) if by_digit else spell(int(whole))
    if match["fraction"]:
        words += f" point {spell_digits(match['fraction'])}"
    return f"{sign}{words} "
