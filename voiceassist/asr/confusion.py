"""What a model can be expected to hear where a token is said."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr.recognizer import Recognizer
from voiceassist.errors import PackError

_KEPT = 12
_SCALE = 10_000
_LEAST = 1e-4
_SURE = 0.6
"""Of a guess by spelling: how likely the token itself is."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """For each token what the model gives on average in the frames in which it is said.

    Attributes:
        probs: the row of the blank is what it gives between tokens. Shape: ``(tokens, tokens)``, rows sum to 1.
        measured: on speech; otherwise it was guessed from how the pieces are spelled.
    """

    probs: NDArray[np.float32]
    measured: bool

    def expected(self, tokens: Sequence[int], blank: int) -> NDArray[np.float32]:
        """The log-probabilities to be expected for a text: a frame for each token, a blank one around each.

        Shape: ``(2 * len(tokens) + 1, tokens)``.
        """
        said = np.full(2 * len(tokens) + 1, blank)
        said[1::2] = tokens
        expected: NDArray[np.float32] = np.log(np.maximum(self.probs[said], _LEAST)).astype(np.float32)
        return expected

    def to_json(self) -> str:
        """The likeliest tokens of each row, in ten-thousandths: a few kilobytes."""
        rows = []
        for row in self.probs:
            best = np.argsort(-row, kind="stable")[:_KEPT]
            rows.append([[int(token), round(float(row[token]) * _SCALE)] for token in best if row[token] >= 1 / _SCALE])
        return json.dumps(rows, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str, tokens: int) -> Confusion:
        """Read what `to_json` wrote; what it left out is spread evenly.

        Raises:
            PackError: it is something else, or for another number of tokens.
        """
        try:
            probs = _dense(json.loads(text), tokens)
        except (ValueError, TypeError, IndexError) as error:
            hint = "measure it again with `python -m voiceassist.train.confusion`"
            raise PackError(f"the confusion of word pieces cannot be read: {error}", hint=hint) from error
        return cls(_whole(probs), measured=True)

    @classmethod
    def by_spelling(cls, recognizer: Recognizer) -> Confusion:
        """A guess without any measurement: pieces that are spelled alike sound alike."""
        count, blank = recognizer.pack.manifest.tokens, recognizer.blank
        spelled = [recognizer.decode([token]) for token in range(count)]
        probs = np.eye(count, dtype=np.float32) * _SURE
        for token, text in enumerate(spelled):
            if token != blank:
                probs[token] += _likeness(text, spelled, blank) * (1 - _SURE) / 2
                probs[token, blank] += (1 - _SURE) / 2
        probs[blank, blank] = 1.0
        return cls(_whole(probs), measured=False)


def _dense(rows: list[list[tuple[int, int]]], tokens: int) -> NDArray[np.float32]:
    if len(rows) != tokens:
        raise ValueError(f"{len(rows)} rows for {tokens} tokens")
    probs = np.zeros((tokens, tokens), np.float32)
    for row, entries in enumerate(rows):
        for token, share in entries:
            if not (0 <= token < tokens and 0 <= share <= _SCALE):
                raise ValueError(f"token {token}: {share}")
            probs[row, token] = share / _SCALE
    left_out = np.maximum(1 - probs.sum(axis=1, keepdims=True), 0)
    return np.asarray(probs + left_out / tokens, np.float32)


def _likeness(text: str, spelled: Sequence[str], blank: int) -> NDArray[np.float32]:
    ratios = [difflib.SequenceMatcher(None, text, other, autojunk=False).ratio() ** 2 for other in spelled]
    likeness = np.array(ratios, np.float32)
    likeness[blank] = 0.0
    return np.asarray(likeness / max(likeness.sum(), 1e-6), np.float32)


def _whole(probs: NDArray[np.float32]) -> NDArray[np.float32]:
    filled = probs + _LEAST
    whole: NDArray[np.float32] = (filled / filled.sum(axis=1, keepdims=True)).astype(np.float32)
    return whole
