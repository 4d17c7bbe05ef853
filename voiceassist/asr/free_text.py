"""Free text at the end of a sentence: whatever phones fit best, each at a price."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr.viterbi_forward import Scores

Curve = NDArray[np.float64]
"""A score for each frame at which something could begin. Shape: ``(frames + 1,)``."""


class FreeTail:
    """The best free text from each frame to the end; it has at least one phone.

    Args:
        scores: adjusted log-probabilities. Shape: ``(frames, phones)``.
        blank: the blank phone.
        phone_price: what each phone costs. Without a price, free text would fit everything better than any command.
    """

    def __init__(self, scores: Scores, blank: int, phone_price: float) -> None:
        frames, phones = scores.shape
        self._blank_scores = scores[:, blank].astype(np.float64)
        # Of each frame: the best and second best score from there on of text that begins with a phone just there.
        self._best, self._second = np.full((2, frames + 1), -np.inf)
        self._first_phone = np.full(frames + 1, -1)
        self._any = np.full(frames + 1, -np.inf)
        priced = np.empty(phones)
        going_on, in_blank = np.zeros(phones), 0.0
        for frame in range(frames - 1, -1, -1):
            # From a phone to itself, into blank, or to the best other phone.
            phone = int(self._first_phone[frame + 1])
            to_itself = max(going_on[phone], in_blank, self._second[frame + 1])
            np.maximum(going_on, max(in_blank, self._best[frame + 1]), out=going_on)
            going_on[phone] = to_itself
            going_on += scores[frame]
            in_blank = float(self._blank_scores[frame]) + max(in_blank, self._best[frame + 1])
            np.subtract(going_on, phone_price, out=priced)
            priced[blank] = -np.inf
            self._remember(frame, priced)

    def _remember(self, frame: int, priced: Curve) -> None:
        phone = int(np.argmax(priced))
        self._first_phone[frame] = phone
        self._best[frame] = priced[phone]
        priced[phone] = -np.inf
        self._second[frame] = priced.max()
        self._any[frame] = max(self._best[frame], self._blank_scores[frame] + self._any[frame + 1])

    def after(self, phone: int) -> Curve:
        """For each frame the best text from there on after a phone, which it repeats only after a blank."""
        direct = np.where(self._first_phone == phone, self._second, self._best)
        waited = np.full_like(direct, -np.inf)
        waited[:-1] = self._blank_scores + self._any[1:]
        return np.asarray(np.maximum(direct, waited))
