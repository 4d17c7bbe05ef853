"""A wake phrase: words that come before a command, typed as text like everything else.

`compile_automaton(commands, pronounce, wake=WakePrefix("hey computer"))` lets the phrase come before every sentence.
What is understood then tells by `Interpretation.woken` whether it was said. The phrase by itself is understood, too: as
the intent `WAKE_INTENT`, which runs no action. Where the prefix is required, nothing else is a spoken sentence without
it; typed text never needs it.
"""

from __future__ import annotations

from dataclasses import dataclass

from voiceassist.errors import GrammarError
from voiceassist.grammar.language.text_normalization import is_sayable, normalize

WAKE_INTENT = "WakePhrase"
"""The intent of a wake phrase with nothing after it."""
_MOST_WORDS = 10
_FEWEST_LETTERS = 4


@dataclass(frozen=True, slots=True)
class WakePrefix:
    """What is said to be listened to.

    Attributes:
        text: the phrase, for example ``hey computer``.
        required: a spoken sentence without it is none.
    """

    text: str
    required: bool = False

    def words(self) -> tuple[str, ...]:
        """The spoken words.

        Raises:
            GrammarError: they cannot be said, or are too short or too long to be a wake phrase.
        """
        words = tuple(normalize(self.text))
        if not is_sayable(self.text) or not words:
            raise GrammarError(f"the wake phrase '{self.text}' cannot be said", hint="write English words")
        if len(words) > _MOST_WORDS or len("".join(words)) < _FEWEST_LETTERS:
            raise GrammarError(
                f"the wake phrase '{self.text}' is too long or too short", hint="two or three words work best"
            )
        return words
