"""Which letters follow which: a letter n-gram model of English that free text is written with.

It knows no words, so it can write any name. Stored are rows of probabilities for those contexts whose letters differ
from what a shorter context says; all others are read from the longest context that is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voiceassist.config.files import read_untrusted
from voiceassist.errors import VoiceAssistError

ALPHABET = " abcdefghijklmnopqrstuvwxyz'"
"""The space stands between words, and before the first and after the last one."""
MAX_CONTEXT = 12
NATS_PER_STEP = 1 / 16
"""Costs are stored in steps of this size: at most 16 nats."""
_MAX_BYTES = 1 << 24
_MAX_REMEMBERED = 1 << 12
_CODES = {letter: number for number, letter in enumerate(ALPHABET, 1)}
_BASE = len(ALPHABET) + 1
_ROW = np.dtype([("context", "<u8"), ("costs", "u1", (len(ALPHABET),))])


def context_key(context: str) -> int:
    """A number for the letters before a letter; the last of them is the lowest digit, so lengths never collide."""
    key = 0
    for letter in context:
        key = key * _BASE + _CODES[letter]
    return key


class LetterModel:
    """Costs of letters, given the letters before them.

    Args:
        contexts: `context_key` of each stored context, ascending, beginning with the empty one. Shape: ``(rows,)``.
        costs: ``-log p`` of each letter of `ALPHABET` after it, in `NATS_PER_STEP`. Shape: ``(rows, letters)``.

    Raises:
        ValueError: the arrays do not fit together.
    """

    def __init__(self, contexts: NDArray[np.uint64], costs: NDArray[np.uint8]) -> None:
        if contexts.dtype != np.uint64 or costs.dtype != np.uint8 or costs.shape != (len(contexts), len(ALPHABET)):
            raise ValueError("contexts and costs do not fit together")
        if not len(contexts) or contexts[0] != 0 or (contexts[1:] <= contexts[:-1]).any():
            raise ValueError("the contexts are not in order")
        if contexts[-1] >= _BASE**MAX_CONTEXT:
            raise ValueError(f"a context is longer than {MAX_CONTEXT} letters")
        self.contexts, self.costs = contexts, costs
        self._rows = {key: row * len(ALPHABET) for row, key in enumerate(contexts.tolist())}
        self._flat = costs.tobytes()  # read faster than numpy does for one number
        self.order = next(n for n in range(MAX_CONTEXT, -1, -1) if contexts[-1] >= (_BASE ** (n - 1) if n else 0))
        """Letters of the longest stored context."""
        self._remembered: dict[tuple[str, str], float] = {}
        self._found: dict[str, int] = {}

    @classmethod
    def load(cls, path: Path) -> LetterModel:
        """Reads a file of `to_bytes`.

        Raises:
            VoiceAssistError: there is none, or it is damaged.
        """
        try:
            rows = np.frombuffer(read_untrusted(path, _MAX_BYTES), _ROW)
            return cls(rows["context"].copy(), rows["costs"].copy())
        except (OSError, ValueError) as error:
            raise VoiceAssistError(
                f"{path.name} is no letter model: {error}", hint="install voiceassist again"
            ) from error

    def to_bytes(self) -> bytes:
        """The model as a file for `load`."""
        rows = np.empty(len(self.contexts), _ROW)
        rows["context"], rows["costs"] = self.contexts, self.costs
        return rows.tobytes()

    def cost(self, context: str, letters: str) -> float:
        """``-log p`` of letters that follow a context, in nats. Letters outside `ALPHABET` cost most, and end it."""
        key = context[-self.order :] if self.order else "", letters
        known = self._remembered.get(key)
        if known is None:
            if len(self._remembered) >= _MAX_REMEMBERED:
                self._remembered.clear()
                self._found.clear()
            known = self._remembered[key] = sum(self._costs(*key)) * NATS_PER_STEP
        return known

    def _costs(self, context: str, letters: Iterable[str]) -> Iterator[int]:
        for letter in letters:
            code = _CODES.get(letter)
            if code is None:
                context = ""
                yield 255
                continue
            row = self._found.get(context)
            if row is None:
                row = self._found[context] = self._row(context)
            yield self._flat[row + code - 1]
            context = (context + letter)[-self.order :] if self.order else ""

    def _row(self, context: str) -> int:
        """Where the costs after the longest stored context begin that ends this one."""
        found, key, digit = 0, 0, 1
        for letter in reversed(context):
            key += _CODES[letter] * digit
            digit *= _BASE
            found = self._rows.get(key, found)
        return found
