"""Letters by name and spelled words: ``b``, ``bravo``, ``double e``, ``capital x``, ``seven``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from string import ascii_lowercase

from voiceassist.grammar.language.numbers import SMALL
from voiceassist.grammar.values.value_grammar import ValueGrammar

MAX_CHARACTERS = 10
"""The longest run that is spelled in one go."""

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


def letters() -> ValueGrammar:
    """One letter; the value is the lower-case letter."""
    return ValueGrammar((_any(_LETTERS),), {}, read_letter)


def spelled(max_characters: int = MAX_CHARACTERS) -> ValueGrammar:
    """A run of letters, digits and a few signs; the value is the text."""
    # Only short names can be doubled: that halves the size of a run, and "double bravo" is not used.
    rules = {"short": _any({*ascii_lowercase, *SMALL[:10]}), "any": _any(_CHARACTERS)}
    rules["character"] = "(<any>|(capital|double) <short>)"
    rules["run1"] = "<character>"
    for length in range(2, max_characters + 1):
        rules[f"run{length}"] = f"<character>[ <run{length - 1}>]"
    return ValueGrammar((f"<run{max_characters}>",), rules, read_spelled)


def read_letter(words: Sequence[str]) -> str:
    """The letter with a name.

    Raises:
        ValueError: the words are not a letter.
    """
    said = " ".join(words)
    if said not in _LETTERS:
        raise ValueError(f"'{said}' is not a letter")
    return _LETTERS[said]


def read_spelled(words: Sequence[str]) -> str:
    """The text that was spelled.

    Raises:
        ValueError: a word is not the name of a character.
    """
    words, found, at = list(words), "", 0
    while at < len(words):
        # "double u" is the letter w; before any other letter "double" repeats it.
        modifier = words[at] if words[at] in {"capital", "double"} and words[at : at + 2] != ["double", "u"] else ""
        at += bool(modifier)
        length = next((n for n in (2, 1) if " ".join(words[at : at + n]) in _CHARACTERS), 0)
        if not length:
            raise ValueError(f"'{' '.join(words[at:])}' cannot be spelled")
        character = _CHARACTERS[" ".join(words[at : at + length])]
        found += {"capital": character.upper(), "double": character * 2}.get(modifier, character)
        at += length
    return found


def _any(words: Iterable[str]) -> str:
    return f"({'|'.join(sorted(words))})"
