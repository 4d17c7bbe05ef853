"""When each word and phone of a known text sounds, by the probabilities of any listener that tells phones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr import alignment
from voiceassist.asr.pronunciation import Pronunciations
from voiceassist.asr.recognizer import SILENCE
from voiceassist.train.data.batches import PHONES
from voiceassist.train.data.forced_alignment import Span
from voiceassist.train.data.store import StoredClip

Scores = NDArray[np.float32]
"""Of one clip. Shape: ``(frames, phones)``."""
Way = tuple[int, ...]

PRIOR_WEIGHT = 0.3
WORST_FRAME = -0.6
"""Nats a frame that a text may fit worse than what sounds most likely; below that something else was said."""


@dataclass(frozen=True, slots=True)
class FrameTimes:
    """Where the frames of a listener stand: centre of the first one and distance, from the start of the clip."""

    first_ms: float
    step_ms: float

    def centres_ms(self, frames: int) -> NDArray[np.float64]:
        """Shape: ``(frames,)``."""
        return self.first_ms + self.step_ms * np.arange(frames, dtype=np.float64)

    def span(self, label: str, frames: NDArray[np.int64]) -> Span:
        """From the beginning of the first to the end of the last of some frames."""
        edges = self.first_ms + self.step_ms * (np.array([frames[0], frames[-1] + 1]) - 0.5)
        return Span(label, *(max(0, round(float(edge))) for edge in edges))


class CtcAligner:
    """Puts new times into items.

    Args:
        pronunciations: how words sound.
        times: of the listener's frames.
        log_prior: of its phones. Shape: ``(phones,)``.
    """

    def __init__(self, pronunciations: Pronunciations, times: FrameTimes, log_prior: NDArray[np.float32]) -> None:
        self._pronunciations, self._times, self._log_prior = pronunciations, times, log_prior

    def aligned(self, item: StoredClip, log_probs: Scores) -> StoredClip:
        """The item with times of its words and phones, or with none where its text does not fit."""
        found = _fit(
            log_probs - np.float32(PRIOR_WEIGHT) * self._log_prior,
            [self._pronunciations.ways(word) for word in item.text.split()],
        )
        if found is None:
            return replace(item, words=(), phones=())
        ways, positions = found
        phones = np.array([phone for way in ways for phone in way])
        path = np.where(positions >= 0, phones[positions], SILENCE)
        worse = log_probs[np.arange(len(path)), path] - log_probs.max(axis=1)
        if worse.mean() < WORST_FRAME:
            return replace(item, words=(), phones=())
        frames = [np.flatnonzero(positions == number) for number in range(len(phones))]
        spans = [self._times.span(PHONES[phone], where) for phone, where in zip(phones, frames, strict=True)]
        edges = np.cumsum([0, *map(len, ways)])
        words = [
            Span(word, spans[first].start_ms, spans[end - 1].end_ms)
            for word, first, end in zip(item.text.split(), edges[:-1], edges[1:], strict=True)
        ]
        return replace(item, words=tuple(words), phones=tuple(span for span in spans if span.end_ms > span.start_ms))


def _fit(scores: Scores, choices: Sequence[Sequence[Way]]) -> tuple[list[Way], NDArray[np.int64]] | None:
    """How each word is said, and which phone of all stands in each frame.

    Words are first taken to be said in the usual way; where each stands, its other ways are then tried.
    """
    if not choices or not all(choices):
        return None
    ways = [choice[0] for choice in choices]
    first = alignment.align(scores, [phone for way in ways for phone in way], SILENCE)
    if first is None:
        return None
    edges = np.cumsum([0, *map(len, ways)])
    for number, choice in enumerate(choices):
        if len(choice) > 1:
            inside = (first.positions >= edges[number]) & (first.positions < edges[number + 1])
            ways[number] = _best_way(scores, np.flatnonzero(inside), choice)
    again = alignment.align(scores, [phone for way in ways for phone in way], SILENCE)
    return (ways, again.positions) if again else None


def _best_way(scores: Scores, frames: NDArray[np.int64], choice: Sequence[Way]) -> Way:
    part = scores[max(0, frames[0] - 1) : frames[-1] + 2]
    found = [alignment.align(part, way, SILENCE) for way in choice]
    return choice[int(np.argmax([one.log_prob if one else -np.inf for one in found]))]
