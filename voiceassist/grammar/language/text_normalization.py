"""What is written, as it is said: lower-case words of ``a`` to ``z`` and the apostrophe."""

from __future__ import annotations

import re
import unicodedata
from string import ascii_letters

from voiceassist.grammar.language.figures import in_words

BREAK = " "
"""The fragment that ends a word."""

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
_SITE_DOT = re.compile(r"(?<=[A-Za-z])\.(?=[A-Za-z])")
_LETTERS = frozenset(ascii_letters + "'")
_PLAIN = re.compile(r"[a-z' ]*")
_RUN = re.compile(r"[A-Za-z']+|[^A-Za-z']+")
_ABBREVIATION = re.compile(r"([A-Z]{2,5})('?s)?")


def fragments(text: str, *, abbreviations: bool = True) -> list[str]:
    """Cut a piece of a template into parts of words and `BREAK`.

    Parts that are not parted by a `BREAK` belong to one word, also across the pieces of a template: ``light[s]``.
    An abbreviation such as ``TV`` stays in capitals, because it may be said as a word or letter by letter;
    everything else is lower case.
    """
    if _PLAIN.fullmatch(text):
        return [BREAK if run[0] == " " else run for run in _RUN.findall(text)]
    plain = _DOTTED.sub(lambda match: match[0].replace(".", "").upper(), _folded(text))
    plain = _SITE_DOT.sub(" dot ", plain)
    plain = in_words(plain)
    plain = _SYMBOL.sub(lambda match: _SYMBOLS[match[0]], plain)
    found: list[str] = []
    for run in _RUN.findall(plain):
        abbreviation = _ABBREVIATION.fullmatch(run) if abbreviations else None
        if abbreviation:
            found.extend(part for part in abbreviation.groups() if part)
        else:
            found.append(run.lower() if run[0] in _LETTERS else BREAK)
    return found


def normalize(text: str) -> list[str]:
    """The words of a whole text: ``Set the TV to 75%`` is ``set the tv to seventy five percent``."""
    words = "".join(fragments(text)).lower().split()
    return [word for word in (raw.strip("'") for raw in words) if word]


def is_sayable(text: str) -> bool:
    """Whether all letters of the text can be said in English words; those of scripts other than Latin cannot."""
    return text.isascii() or all(char.isascii() or not char.isalpha() for char in _folded(text))


def _folded(text: str) -> str:
    """Letters without accents."""
    parts = unicodedata.normalize("NFKD", text.translate(_FOLDED))
    return "".join(char for char in parts if not unicodedata.combining(char))
