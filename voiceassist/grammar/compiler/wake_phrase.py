"""The wake phrase: a prefix of spoken commands, configured as text.

`compile_automaton(commands, pronounce, wake=WakePrefix("hey computer"))` allows the phrase before every sentence;
`Interpretation.woken` is whether it was spoken. The phrase alone is the intent `WAKE_INTENT`, which runs no action.
If the prefix is required, spoken sentences are only accepted with it; typed text never needs it.
"""

from __future__ import annotations

from dataclasses import dataclass

from voiceassist.errors import GrammarError
from voiceassist.grammar.language.text_normalization import is_sayable, normalize

WAKE_INTENT = "WakePhrase"
"""The intent of the wake phrase alone."""
_MAX_WORDS = 10
_MIN_LETTERS = 4


@dataclass(frozen=True, slots=True)
class WakePrefix:
    """A wake phrase before spoken commands.

    Attributes:
        text: the phrase, for example ``hey computer``.
        required: whether spoken sentences are only accepted after it.
    """

    text: str
    required: bool = False

    def words(self) -> tuple[str, ...]:
        """The words of the phrase.

        Raises:
            GrammarError: it cannot be pronounced, or is too short or too long.
        """
        words = tuple(normalize(self.text))
        if not is_sayable(self.text) or not words:
            raise GrammarError(f"the wake phrase '{self.text}' cannot be pronounced", hint="use English words")
        if len(words) > _MAX_WORDS or len("".join(words)) < _MIN_LETTERS:
            raise GrammarError(
                f"the wake phrase '{self.text}' is too long or too short", hint="two or three words work best"
            )
        return words
