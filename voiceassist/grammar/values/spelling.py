"""Letters by their names and runs of them: ``b``, ``bravo``, ``double e``, ``capital x``, ``seven``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from string import ascii_lowercase

from voiceassist.grammar.language.numbers import SMALL
from voiceassist.grammar.values.spoken import Spoken

MOST_CHARACTERS = 10
"""So many characters at most are spelled in one go."""

_CODE_WORDS = (
    "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar papa quebec "
    "romeo sierra tango uniform victor whiskey x-ray yankee zulu"
)
_OTHER_NAMES = {"double u": "w", "zed": "z", "zee": "z", "alfa": "a", "juliett": "j"}
_SIGNS = {"dash": "-", "dot": ".", "underscore": "_", "space": " "}
_LETTERS = (
    {letter: letter for letter in ascii_lowercase}
    | {word.replace("-", " "): word[0] for word in _CODE_WORDS.split()}
    | _OTHER_NAMES
)
_CHARACTERS = _LETTERS | {word: str(digit) for digit, word in enumerate(SMALL[:10])} | _SIGNS


def letters() -> Spoken:
    """One letter; the value is the small letter."""
    return Spoken((_any(_LETTERS),), {}, read_letter)


def spelled(most: int = MOST_CHARACTERS) -> Spoken:
    """A run of letters, digits and a few signs; the value is the text."""
    # Code words are not doubled: that keeps the run half as large, and nobody says "double bravo".
    rules = {"short": _any({*ascii_lowercase, *SMALL[:10]}), "any": _any(_CHARACTERS)}
    rules["character"] = "(<any>|(capital|double) <short>)"
    rules["run1"] = "<character>"
    for length in range(2, most + 1):
        rules[f"run{length}"] = f"<character>[ <run{length - 1}>]"
    return Spoken((f"<run{most}>",), rules, read_spelled)


def read_letter(words: Sequence[str]) -> str:
    """The letter of a name.

    Raises:
        ValueError: the words are no letter.
    """
    said = " ".join(words)
    if said not in _LETTERS:
        raise ValueError(f"'{said}' is no letter")
    return _LETTERS[said]


def read_spelled(words: Sequence[str]) -> str:
    """The text that was spelled.

    Raises:
        ValueError: something in between is no character.
    """
    return "".join(_characters(list(words)))


def _characters(words: list[str]) -> Iterator[str]:
    at = 0
    while at < len(words):
        # A "double u" is a letter; before any other letter "double" means that it comes twice.
        how = words[at] if words[at] in {"capital", "double"} and words[at : at + 2] != ["double", "u"] else ""
        at += bool(how)
        length = next((n for n in (2, 1) if " ".join(words[at : at + n]) in _CHARACTERS), 0)
        if not length:
            raise ValueError(f"'{' '.join(words[at:])}' cannot be spelled")
        found = _CHARACTERS[" ".join(words[at : at + length])]
        yield {"capital": found.upper(), "double": found * 2}.get(how, found)
        at += length


def _any(words: Iterable[str]) -> str:
    return f"({'|'.join(sorted(words))})"
