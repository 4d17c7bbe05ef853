"""Pronunciation of written names: signs (``C#``, ``.NET``, ``$5``), and words in mixed case (``IPv6``, ``YouTube``)."""

from __future__ import annotations

import re

_MIXED_CASE = re.compile(r"[A-Za-z]+[A-Z][A-Za-z]*")
_INITIALS = re.compile(r"[A-Z]{2,}[a-z]?")
_CASE_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SIGNS = (
    (re.compile(r"(?<=[A-Za-z])#"), " sharp "),
    (re.compile(r"#(?=\d)"), " number "),
    (re.compile(r"(?<![\w.])\.(?=[A-Za-z])"), " dot "),
)
_CURRENCIES = {"$": "dollar", "€": "euro", "£": "pound", "USD": "dollar", "EUR": "euro", "GBP": "pound"}
_AMOUNT = re.compile(
    r"(?P<sign>[$€£])\s?(?P<whole>\d[\d,]*)(?:\.(?P<hundredths>\d\d)\b)?"
    r"|(?P<number>(?<![\d.,])\d[\d,.]*)\s?(?P<code>[$€£]|(?:USD|EUR|GBP)\b)"
)


def spell_signs(text: str) -> str:
    """Spell out signs in names and amounts of money; digits stay: ``$5`` is ``5 dollars``."""
    for sign, spoken in _SIGNS:
        text = sign.sub(spoken, text)
    return _AMOUNT.sub(_spell_amount, text)


def is_mixed_case(word: str) -> bool:
    """Whether a word has capitals after its first letter but is not all capitals: ``macOS``."""
    return _MIXED_CASE.fullmatch(word) is not None and not word.isupper()


def case_parts(word: str) -> list[str]:
    """The lower-case words of an abbreviation or a name in mixed case: ``t v``, ``i p v``, ``you tube``."""
    if _INITIALS.fullmatch(word):
        return list(word.lower())
    parts = _CASE_PART.findall(word)
    return [word for part in parts for word in (part.lower() if part.isupper() and len(part) > 1 else [part.lower()])]


def _spell_amount(match: re.Match[str]) -> str:
    currency = _CURRENCIES[match["sign"] or match["code"]]
    number = match["whole"] or match["number"]
    unit = currency if number == "1" else f"{currency}s"
    return f" {number} {unit} {match['hundredths'] or ''}"
