"""Free text at the end of a sentence or inside it: the best unconstrained phone path, with a penalty per phone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr.viterbi_forward import Scores

Curve = NDArray[np.float64]
"""Score by start frame. Shape: ``(frames + 1,)``."""


NO_PHONE = -1


@dataclass(frozen=True, slots=True)
class FreeTextScores:
    """Free-text scores of an utterance.

    Attributes:
        tail_after: maps the previous phone to the score of the best free text from each frame to the end. Shape of the
            result: ``(frames + 1,)``.
        prices: penalty of each phone, in nats; infinite for the blank. Shape: ``(phones,)``.
    """

    tail_after: Callable[[int], Curve]
    prices: Scores


class FreeTail:
    """Scores of the best free text, of at least one phone, from each frame to the end.

    Args:
        scores: adjusted log-probabilities. Shape: ``(frames, phones)``.
        blank: index of the blank.
        phone_price: penalty per phone, in nats. Without it, free text would score better than any command.
    """

    def __init__(self, scores: Scores, blank: int, phone_price: float) -> None:
        frames, phones = scores.shape
        self._blank_scores = scores[:, blank].astype(np.float64)
        # Per frame: best and second-best score over the first phone of text that starts exactly at the frame.
        self._best, self._second = np.full((2, frames + 1), -np.inf)
        self._first_phone = np.full(frames + 1, -1)
        self._any = np.full(frames + 1, -np.inf)
        priced = np.empty(phones)
        going_on, in_blank = np.zeros(phones), 0.0
        for frame in range(frames - 1, -1, -1):
            # Transitions of a phone: to itself, to blank, or to the best other phone.
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
        """Score of the best text from each frame on after a phone, which may repeat only after a blank."""
        direct = np.where(self._first_phone == phone, self._second, self._best)
        waited = np.full_like(direct, -np.inf)
        waited[:-1] = self._blank_scores + self._any[1:]
        return np.asarray(np.maximum(direct, waited))


class FreeSegment:
    """Scores of the best free text, of at least one phone, between a start frame and the rest of the sentence.

    Each score covers the whole utterance: blanks before the start frame, and the rest of the sentence after the text.

    Args:
        gains: cumulative score of each phone relative to blank, before each frame. Shape: ``(frames + 1, phones)``.
        following: score of the rest of the sentence, by the last phone of the text and its end frame.
            Shape: ``(phones, frames + 1)``.
        prices: penalty of each phone, in nats; infinite for the blank. Shape: ``(phones,)``.
    """

    def __init__(
        self, gains: NDArray[np.float64], following: NDArray[np.float64], prices: NDArray[np.floating]
    ) -> None:
        frames = len(gains) - 1
        self._gains, self._following, self._prices = gains, np.ascontiguousarray(following.T), prices
        beginning, first = gains + prices, np.full((frames + 1, len(prices)), -np.inf)
        self.first = first.T
        """Score of text that starts with a phone at a frame. Shape: ``(phones, frames + 1)``."""
        self.awaited = np.full(frames + 1, -np.inf)
        """Score of text that starts at a frame or later."""
        best, after, awaited = np.full(len(prices), -np.inf), np.empty(len(prices)), -np.inf
        for frame in range(frames - 1, -1, -1):
            np.maximum(self._following[frame + 1], awaited, out=after)
            np.add(after, gains[frame + 1], out=after)
            np.maximum(best, after, out=best)
            np.subtract(best, beginning[frame], out=first[frame])
            awaited = max(float(first[frame].max()), awaited)
            self.awaited[frame] = awaited
        self.entered = self.first.max(axis=0)
        """Score of text that starts exactly at a frame."""
        self._best = self.first.argmax(axis=0)
        rest = self.first.copy()
        rest[self._best, np.arange(frames + 1)] = -np.inf
        self._second = rest.max(axis=0)

    def after(self, phone: int) -> Curve:
        """Score of the best text from each frame on after a phone, which may repeat only after a blank."""
        direct = np.where(self._best == phone, self._second, self.entered)
        later = np.full_like(direct, -np.inf)
        later[:-1] = self.awaited[1:]
        return np.asarray(np.maximum(direct, later))

    def trace(self, begin: int, before: int) -> tuple[int, int, int]:
        """Backtrace of the best text: first frame, end frame (exclusive), last phone.

        Args:
            begin: earliest start frame.
            before: phone that ends at ``begin``, `NO_PHONE` if there is none.
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
            totals = inside + self._following[frame]
            last = int(totals.argmax())
            if totals[last] > best:
                best, found = float(totals[last]), (begin, frame, last)
            ended = max(ended, float(inside.max()))
            np.maximum(begun, ended - self._gains[frame] - self._prices, out=begun)
        return found
