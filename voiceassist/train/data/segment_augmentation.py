"""Aligned recordings cut into short pieces and joined anew, so that lengths look like commands."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from voiceassist.train.data.batches import TrainingClip, usable
from voiceassist.train.phones import NO_PHONE, PHONE_STEP_MS

MAX_SEGMENT_WORDS = 6
"""Of a piece; commands are rarely longer."""
JOIN_PROB = 0.3
"""Of a piece to be joined with the next one of the same recording, which need not follow it there."""
MAX_MARGIN_MS = 60
"""How far a cut may go beyond a word where the neighbouring word leaves so much room."""


def split_random_clips(
    examples: Sequence[TrainingClip], prob: float, longest_s: float, seed: int
) -> list[TrainingClip]:
    """Cuts a random share of the examples whose words are known; all their words are heard, in short clips."""
    if not prob:
        return list(examples)
    rng = np.random.default_rng(seed)
    made: list[TrainingClip] = []
    for example in examples:
        if len(example.word_ms) > 1 and rng.random() < prob:
            made += [
                clip for clip in split_segments(example, rng) if usable(len(clip.sound), len(clip.pieces), longest_s)
            ]
        else:
            made.append(example)
    return made


def split_segments(example: TrainingClip, rng: np.random.Generator) -> list[TrainingClip]:
    """Cuts an example between its words into clips of a few words, shuffles them and joins some of them."""
    words = len(example.word_ms)
    sizes = rng.integers(1, MAX_SEGMENT_WORDS + 1, words)
    edges = [0, *(int(edge) for edge in np.cumsum(sizes) if edge < words), words]
    clips = [cut(example, first, end) for first, end in itertools.pairwise(edges)]
    made: list[TrainingClip] = []
    for index in rng.permutation(len(clips)):
        clip = clips[index]
        short = made and len(made[-1].word_ms) + len(clip.word_ms) <= MAX_SEGMENT_WORDS
        if short and rng.random() < JOIN_PROB:
            made[-1] = join(made[-1], clip)
        else:
            made.append(clip)
    return made


def cut(example: TrainingClip, first: int, end: int) -> TrainingClip:
    """The words from ``first`` up to ``end`` with half of the gaps around them, at most ``MAX_MARGIN_MS``."""
    words, samples = example.word_ms, len(example.sound)
    before_ms = words[first - 1, 1] if first else 0
    after_ms = words[end, 0] if end < len(words) else samples / 16
    begin_ms = words[first, 0] - min(MAX_MARGIN_MS, max(0, words[first, 0] - before_ms) / 2)
    end_ms = words[end - 1, 1] + min(MAX_MARGIN_MS, max(0, after_ms - words[end - 1, 1]) / 2)
    step = round(begin_ms / PHONE_STEP_MS)  # on the grid of the phones, so that these need not be resampled
    last = max(step + 1, min(round(end_ms / PHONE_STEP_MS), samples // (16 * PHONE_STEP_MS)))
    chosen = (example.word_of >= first) & (example.word_of < end)
    moved_ms = np.float32(step * PHONE_STEP_MS)
    return TrainingClip(
        example.sound[step * PHONE_STEP_MS * 16 : last * PHONE_STEP_MS * 16],
        example.pieces[chosen],
        example.earliest_ms[chosen] - moved_ms,
        example.latest_ms[chosen] - moved_ms,
        example.phones[step:last],
        words[first:end] - moved_ms,
        example.word_of[chosen] - first,
        example.soft_labels[step:last],
    )


def join(one: TrainingClip, other: TrainingClip) -> TrainingClip:
    """One clip after the other. Both must begin and end on the grid of the phones, as those that ``cut`` makes do."""
    steps = len(one.sound) // (16 * PHONE_STEP_MS)
    moved_ms = np.float32(steps * PHONE_STEP_MS)
    phones = np.full(steps, NO_PHONE, np.int64)
    phones[: min(steps, len(one.phones))] = one.phones[:steps]
    return replace(
        one,
        sound=np.concatenate([one.sound[: steps * 16 * PHONE_STEP_MS], other.sound]),
        pieces=np.concatenate([one.pieces, other.pieces]),
        earliest_ms=np.concatenate([one.earliest_ms, other.earliest_ms + moved_ms]),
        latest_ms=np.concatenate([one.latest_ms, other.latest_ms + moved_ms]),
        phones=np.concatenate([phones, other.phones]),
        word_ms=np.concatenate([one.word_ms, other.word_ms + moved_ms]),
        word_of=np.concatenate([one.word_of, other.word_of + len(one.word_ms)]),
        soft_labels=_joined(one.soft_labels, steps, other.soft_labels),
    )


def _joined(one: NDArray[np.uint8], steps: int, other: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """What is thought of both clips, the first of which lasts so many steps; zeros where nothing is."""
    if not len(one) and not len(other):
        return one
    first = np.zeros((steps, one.shape[1]), np.uint8)
    first[: min(steps, len(one))] = one[:steps]
    return np.concatenate([first, other])
