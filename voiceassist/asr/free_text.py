"""Free text at the end of a sentence: whatever tokens fit best, each at a price."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr.viterbi_forward import Scores

Curve = NDArray[np.float64]
"""A score for each frame at which something could begin. Shape: ``(frames + 1,)``."""


class FreeTail:
    """The best free text from each frame to the end; it has at least one token.

    Args:
        scores: adjusted log-probabilities. Shape: ``(frames, tokens)``.
        blank: the blank token.
        token_price: what each token costs. Without a price, free text would fit everything better than any command.
    """

    def __init__(self, scores: Scores, blank: int, token_price: float) -> None:
        frames, tokens = scores.shape
        self._blank_scores = scores[:, blank].astype(np.float64)
        # Of each frame: the best and second best score from there on of text that begins with a token just there.
        self._best, self._second = np.full((2, frames + 1), -np.inf)
        self._first_token = np.full(frames + 1, -1)
        self._any = np.full(frames + 1, -np.inf)
        priced = np.empty(tokens)
        going_on, in_blank = np.zeros(tokens), 0.0
        for frame in range(frames - 1, -1, -1):
            # From a token to itself, into blank, or to the best other token.
            token = int(self._first_token[frame + 1])
            to_itself = max(going_on[token], in_blank, self._second[frame + 1])
            np.maximum(going_on, max(in_blank, self._best[frame + 1]), out=going_on)
            going_on[token] = to_itself
            going_on += scores[frame]
            in_blank = float(self._blank_scores[frame]) + max(in_blank, self._best[frame + 1])
            np.subtract(going_on, token_price, out=priced)
            priced[blank] = -np.inf
            self._remember(frame, priced)

    def _remember(self, frame: int, priced: Curve) -> None:
        token = int(np.argmax(priced))
        self._first_token[frame] = token
        self._best[frame] = priced[token]
        priced[token] = -np.inf
        self._second[frame] = priced.max()
        self._any[frame] = max(self._best[frame], self._blank_scores[frame] + self._any[frame + 1])

    def after(self, token: int) -> Curve:
        """For each frame the best text from there on after a token, which it repeats only after a blank."""
        direct = np.where(self._first_token == token, self._second, self._best)
        waited = np.full_like(direct, -np.inf)
        waited[:-1] = self._blank_scores + self._any[1:]
        return np.asarray(np.maximum(direct, waited))
