"""Free text at the end or in the middle of a sentence: whatever phones fit best, each at a price."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr.viterbi_forward import Scores

Curve = NDArray[np.float64]
"""A score for each frame at which something could begin. Shape: ``(frames + 1,)``."""


NO_PHONE = -1


@dataclass(frozen=True, slots=True)
class FreeTextScores:
    """What free text costs in an utterance.

    Attributes:
        tail_after: for a phone, the best free text from each frame to the end. Shape of its result: ``(frames + 1,)``.
        prices: what each phone costs; infinite for the blank. Shape: ``(phones,)``.
    """

    tail_after: Callable[[int], Curve]
    prices: Scores


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


class FreeSegment:
    """The best free text from each frame to what follows it; it has at least one phone.

    All scores are whole, from the frame to the end of the sentence, with blanks before it.

    Args:
        gains: of each phone, what it adds to blanks, summed over the frames before. Shape: ``(frames + 1, phones)``.
        following: the score of what follows, for each last phone and the frame at which that is over.
            Shape: ``(phones, frames + 1)``.
        prices: what each phone costs; infinite for the blank. Shape: ``(phones,)``.
    """

    def __init__(
        self, gains: NDArray[np.float64], following: NDArray[np.float64], prices: NDArray[np.floating]
    ) -> None:
        frames = len(gains) - 1
        self._gains, self._following, self._prices = gains, following, prices
        self.first = np.full((len(prices), frames + 1), -np.inf)
        """The score of text that begins with each phone at each frame."""
        self.awaited = np.full(frames + 1, -np.inf)
        """The score of text that begins at each frame or later."""
        best = np.full(len(prices), -np.inf)
        for frame in range(frames - 1, -1, -1):
            after = np.maximum(following[:, frame + 1], self.awaited[frame + 1])
            np.maximum(best, after + gains[frame + 1], out=best)
            self.first[:, frame] = best - gains[frame] - prices
            self.awaited[frame] = max(self.first[:, frame].max(), self.awaited[frame + 1])
        self.entered = self.first.max(axis=0)
        """The score of text that begins at each frame."""
        self._best = self.first.argmax(axis=0)
        rest = self.first.copy()
        rest[self._best, np.arange(frames + 1)] = -np.inf
        self._second = rest.max(axis=0)

    def after(self, phone: int) -> Curve:
        """For each frame the best text from there on after a phone, which it repeats only after a blank."""
        direct = np.where(self._best == phone, self._second, self.entered)
        later = np.full_like(direct, -np.inf)
        later[:-1] = self.awaited[1:]
        return np.asarray(np.maximum(direct, later))

    def trace(self, begin: int, before: int) -> tuple[int, int, int]:
        """Where the best text begins and is over, and its last phone.

        Args:
            begin: the first frame at which it can begin.
            before: the phone that is over just there, `NO_PHONE` if there is none.
        """
        first = self.first[:, begin:].copy()
        first[before if before != NO_PHONE else [], 0] = -np.inf
        begin += int(first.max(axis=0).argmax())
        start = int(first[:, begin - len(self.awaited)].argmax())
        begun = np.full(len(first), -np.inf)
        begun[start] = -self._gains[begin, start]
        best, ended, found = -np.inf, -np.inf, (begin, begin + 1, start)
        for frame in range(begin + 1, len(self._gains)):
            inside = begun + self._gains[frame]
            totals = inside + self._following[:, frame]
            last = int(totals.argmax())
            if totals[last] > best:
                best, found = float(totals[last]), (begin, frame, last)
            ended = max(ended, float(inside.max()))
            np.maximum(begun, ended - self._gains[frame] - self._prices, out=begun)
        return found
