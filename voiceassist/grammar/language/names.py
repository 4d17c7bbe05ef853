"""Pronunciation of written names: signs (``C#``, ``.NET``, ``$5``), and words in mixed case (``IPv6``, ``YouTube``)."""

from __future__ import annotations

import re

_MIXED_CASE = re.compile(r"[A-Za-z]+[A-Z][A-Za-z]*")
_INITIALS = re.compile(r"[A-Z]{2,}[a-z]?")
_CASE_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SIGNS = (
    (re.compile(r"(?<=[A-Za-z])#"), " sharp "),
    (re.compile(r"#(?=\d)|\b[Nn]o\.\s?(?=\d)"), " number "),
    (re.compile(r"(?<![\w.])\.(?=[A-Za-z])"), " dot "),
    (re.compile(r"(?<=[A-Za-z])\$(?=[A-Za-z])"), "s"),
    (re.compile(r"(?<=[A-Za-z])!(?=[a-z])"), "i"),
    (re.compile(r"(?i)\b(wi)-(?=fi\b)"), r"\1"),
)
_CURRENCIES = {
    **dict.fromkeys(("$", "USD"), ("dollar", "dollars", "cents")),
    **dict.fromkeys(("€", "EUR"), ("euro", "euros", "cents")),
    **dict.fromkeys(("£", "GBP"), ("pound", "pounds", "pence")),
    **dict.fromkeys(("¥", "JPY"), ("yen", "yen", "sen")),
    "¢": ("cent", "cents", ""),
}
"""Singular, plural and hundredths of the currencies."""
_SCALES = {"m": "million", "bn": "billion", "k": "thousand"}
AMOUNT = re.compile(
    r"(?P<sign>[$€£¥]\s?)?(?<![\d.,])(?P<whole>\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.(?P<part>\d+))?"
    r"(?:\s?(?P<scale>million|billion|bn|m|k)\b)?(?(sign)|\s?(?P<code>[$€£¥¢]|(?:USD|EUR|GBP|JPY)\b))"
)
"""An amount of money, with the currency before or after it."""


def spell_signs(text: str) -> str:
    """Spell out signs in names: ``C#`` is ``C sharp``, ``#3`` is ``number 3``."""
    for sign, spoken in _SIGNS:
        text = sign.sub(spoken, text)
    return text


def amount_readings(match: re.Match[str]) -> list[str]:
    """The readings of an `AMOUNT`, the most common first: ``2 dollars 50``, ``2 dollars and 50 cents``, ``2 50``."""
    singular, plural, hundredths = _CURRENCIES[(match["sign"] or match["code"]).strip()]
    whole, part, scale = match["whole"], match["part"] or "", match["scale"] or ""
    if scale or len(part) not in {0, 2}:
        number = f"{whole}.{part}" if part else whole
        return [" ".join(filter(None, (number, _SCALES.get(scale, scale), plural)))]
    amount = f"{whole} {singular if whole == '1' else plural}"
    if not int(part or 0):
        return [amount]
    in_full = f"{amount} and {int(part)} {hundredths}"
    return [in_full] if part[0] == "0" else [f"{amount} {part}", in_full, f"{whole} {part}"]


def is_mixed_case(word: str) -> bool:
    """Whether a word has capitals after its first letter but is not all capitals: ``macOS``."""
    return _MIXED_CASE.fullmatch(word) is not None and not word.isupper()


def case_parts(word: str) -> list[str]:
    """The lower-case words of an abbreviation or a name in mixed case: ``t v``, ``i p v``, ``you tube``."""
    if _INITIALS.fullmatch(word):
        return list(word.lower())
    parts = _CASE_PART.findall(word)
    return [word for part in parts for word in (part.lower() if part.isupper() and len(part) > 1 else [part.lower()])]
