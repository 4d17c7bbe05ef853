"""Forced alignment of words and phones by the CTC posteriors of any phone classifier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr.pronunciation import Pronunciations
from voiceassist.asr.recognizer import SILENCE
from voiceassist.train.data.forced_alignment import Span
from voiceassist.train.data.store import StoredClip
from voiceassist.train.data.torchaudio_backend import audio_ops
from voiceassist.train.phones import PHONE_STEP_MS, PHONES

Scores = NDArray[np.float32]
"""Log-probabilities of one clip. Shape: ``(frames, phones)``."""
Phones = tuple[int, ...]

PRIOR_WEIGHT = 0.3
MIN_MEAN_SCORE = -0.6
"""Nats a frame between the text and the best phones; below that the text is not what was said."""


@dataclass(frozen=True, slots=True)
class FrameTimes:
    """Frame times of a classifier: centre of the first frame and frame shift, from the start of the clip."""

    first_ms: float
    step_ms: float

    def centres_ms(self, frames: int) -> NDArray[np.float64]:
        """Shape: ``(frames,)``."""
        return self.first_ms + self.step_ms * np.arange(frames, dtype=np.float64)

    def phones(self, spans: Sequence[Span], frames: int) -> NDArray[np.int64]:
        """The phone at the centre of each frame; silence between the spans."""
        times, phones = self.centres_ms(frames), np.zeros(frames, np.int64)
        for span in spans:
            phones[(times >= span.start_ms) & (times < span.end_ms)] = PHONES.index(span.label)
        return phones

    def resampled(self, values: NDArray[np.float32], steps: int) -> NDArray[np.float32]:
        """Values of frames at steps of `PHONE_STEP_MS`, by linear interpolation.

        Shape: ``(frames, phones)`` -> ``(steps, phones)``.
        """
        place = ((np.arange(steps) * PHONE_STEP_MS - self.first_ms) / self.step_ms).clip(0, len(values) - 1)
        left = np.minimum(place.astype(np.int64), max(0, len(values) - 2))
        share = (place - left)[:, None]
        between: NDArray[np.float32] = (1 - share) * values[left] + share * values[
            np.minimum(left + 1, len(values) - 1)
        ]
        return between

    def span(self, label: str, frames: NDArray[np.int64]) -> Span:
        """The time span of consecutive frames."""
        edges = self.first_ms + self.step_ms * (np.array([frames[0], frames[-1] + 1]) - 0.5)
        return Span(label, *(max(0, round(float(edge))) for edge in edges))


class CtcAligner:
    """Computes the times of words and phones.

    Args:
        pronunciations: phones of words.
        times: frame times of the classifier.
        log_prior: log-prior of its phones. Shape: ``(phones,)``.
    """

    def __init__(self, pronunciations: Pronunciations, times: FrameTimes, log_prior: NDArray[np.float32]) -> None:
        self._pronunciations, self._times, self._log_prior = pronunciations, times, log_prior

    def aligned(self, item: StoredClip, log_probs: Scores) -> StoredClip:
        """The item with times of its words and phones, or without any where its text does not fit the audio."""
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
        if worse.mean() < MIN_MEAN_SCORE:
            return replace(item, words=(), phones=())
        frames = [np.flatnonzero(positions == number) for number in range(len(phones))]
        spans = [self._times.span(PHONES[phone], where) for phone, where in zip(phones, frames, strict=True)]
        edges = np.cumsum([0, *map(len, ways)])
        words = [
            Span(word, spans[first].start_ms, spans[end - 1].end_ms)
            for word, first, end in zip(item.text.split(), edges[:-1], edges[1:], strict=True)
        ]
        return replace(item, words=tuple(words), phones=tuple(span for span in spans if span.end_ms > span.start_ms))


def _fit(scores: Scores, choices: Sequence[Sequence[Phones]]) -> tuple[list[Phones], NDArray[np.int64]] | None:
    """The pronunciation of each word, and the index of the phone in each frame.

    The first alignment uses the most likely pronunciation of each word; then the alternatives are tried in place.
    """
    if not choices or not all(choices):
        return None
    ways = [choice[0] for choice in choices]
    first = audio_ops().align(scores, [phone for way in ways for phone in way], SILENCE)
    if first is None:
        return None
    edges = np.cumsum([0, *map(len, ways)])
    for number, choice in enumerate(choices):
        if len(choice) > 1:
            inside = (first.positions >= edges[number]) & (first.positions < edges[number + 1])
            frames = np.flatnonzero(inside)
            part = scores[max(0, frames[0] - 1) : frames[-1] + 2]
            fits = [audio_ops().align(part, way, SILENCE) for way in choice]
            ways[number] = choice[int(np.argmax([one.log_prob if one else -np.inf for one in fits]))]
    again = audio_ops().align(scores, [phone for way in ways for phone in way], SILENCE)
    return (ways, again.positions) if again else None
