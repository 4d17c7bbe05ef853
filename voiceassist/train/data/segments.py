"""The segments of an epoch: whole clips, and clips cut anew between their words into command-length segments."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from voiceassist.domain import SAMPLE_RATE_HZ
from voiceassist.train.data.clip_table import NO_SOFT_LABELS, ClipTable, Floats, Ints, is_trainable
from voiceassist.train.phones import PHONE_STEP_MS

CUT_PROB = 0.29
"""Probability of a cut between two words of a clip that is cut: three and a half words a segment."""
MAX_MARGIN_MS = 60.0
"""Audio kept around the outer words of a segment, at most half of the gap to the next word."""
STEP_SAMPLES = SAMPLE_RATE_HZ * PHONE_STEP_MS // 1000


@dataclass(frozen=True, slots=True)
class Segments:
    """Segments as offsets into a `ClipTable`, all ``(segments,)``; a whole clip is a segment, too.

    Attributes:
        begin, samples: in the samples of the table.
        piece_begin, piece_count: in its pieces; shift_ms: start of the segment in its clip.
        step_begin, steps: in its phones; soft_begin: in its soft labels.
        aligned: whether the phones are known.
    """

    begin: Ints
    samples: Ints
    piece_begin: Ints
    piece_count: Ints
    shift_ms: Floats
    step_begin: Ints
    steps: Ints
    soft_begin: Ints
    aligned: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.begin)

    def take(self, chosen: Ints | NDArray[np.bool_]) -> Segments:
        """Some of the segments, by index or mask."""
        return Segments(*(getattr(self, field.name)[chosen] for field in fields(self)))


def draw_segments(
    table: ClipTable, clips: Ints, cut_prob: float, max_clip_s: float, rng: np.random.Generator
) -> Segments:
    """Cuts a random share of the aligned clips between words; the others stay whole."""
    cut = (table.word_count[clips] > 1) & (rng.random(len(clips)) < cut_prob)
    parts = whole_clips(table, clips[~cut]), cut_clips(table, clips[cut], rng)
    joined = Segments(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Segments)))
    return joined.take(is_trainable(joined.samples, joined.piece_count, max_clip_s))


def whole_clips(table: ClipTable, clips: Ints) -> Segments:
    """Clips as segments."""
    return Segments(
        table.begin[clips],
        table.samples[clips],
        table.piece_begin[clips],
        table.piece_count[clips],
        np.zeros(len(clips), np.float32),
        table.step_begin[clips],
        table.steps[clips],
        table.soft_begin[clips],
        table.aligned[clips],
    )


def cut_clips(table: ClipTable, clips: Ints, rng: np.random.Generator) -> Segments:
    """Cuts clips with word times at random word boundaries; every word is in exactly one segment."""
    counts = table.word_count[clips]
    clip_of = np.repeat(clips, counts)
    word = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts) + table.word_begin[clip_of]
    first_word = word == table.word_begin[clip_of]
    starts = np.flatnonzero(first_word | (rng.random(len(word)) < CUT_PROB))
    ends = np.append(starts[1:], len(word))[: len(starts)] - 1
    return _segments(table, clip_of[starts], word[starts], word[ends])


def _segments(table: ClipTable, clip: Ints, first: Ints, last: Ints) -> Segments:
    """The segments from word ``first`` to word ``last`` of clips, on the grid of the phone labels."""
    is_first = first == table.word_begin[clip]
    is_last = last == table.word_begin[clip] + table.word_count[clip] - 1
    following = np.minimum(last + 1, len(table.word_piece) - 1)
    start_ms, end_ms = table.word_start_ms[first], table.word_end_ms[last]
    before_ms = np.where(is_first, 0.0, table.word_end_ms[np.maximum(first - 1, 0)])
    after_ms = np.where(is_last, table.samples[clip] * 1000 / SAMPLE_RATE_HZ, table.word_start_ms[following])
    begin_ms = start_ms - np.clip((start_ms - before_ms) / 2, 0, MAX_MARGIN_MS)
    until_ms = end_ms + np.clip((after_ms - end_ms) / 2, 0, MAX_MARGIN_MS)
    clip_steps = table.samples[clip] // STEP_SAMPLES
    step = np.clip(np.rint(begin_ms / PHONE_STEP_MS).astype(np.int64), 0, clip_steps - 1)
    until = np.maximum(step + 1, np.minimum(np.rint(until_ms / PHONE_STEP_MS).astype(np.int64), clip_steps))
    piece = table.word_piece[first]
    next_piece = np.where(is_last, table.piece_count[clip], table.word_piece[following])
    soft = table.soft_begin[clip]
    return Segments(
        table.begin[clip] + step * STEP_SAMPLES,
        (until - step) * STEP_SAMPLES,
        table.piece_begin[clip] + piece,
        next_piece - piece,
        (step * PHONE_STEP_MS).astype(np.float32),
        table.step_begin[clip] + step,
        until - step,
        np.where(soft == NO_SOFT_LABELS, NO_SOFT_LABELS, soft + step),
        table.aligned[clip],
    )
