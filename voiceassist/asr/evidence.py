"""Evidence that a sentence was said and nothing else: what fillers would gain beside its words or in their place.

A filler is any stretch of sound that the sentence does not explain. It scores as free decoding does, less a price per
frame. Where a filler beside the words gains much, something else was said there; where a filler instead of a word loses
little, that word was not said. A mean over the sentence hides both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]

FILLER_PRICE = 0.5
"""What a frame of filler costs against free decoding, in nats."""
_NEVER = np.float32(-1e4)
"""Instead of minus infinity, of which differences could not be taken."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one head of the model says of a sentence. All values are log-likelihood ratios in nats.

    Attributes:
        plain: the sentence against free decoding; at most 0.
        filled: the same where fillers may stand before, between and after the words.
        gaps: what one filler gains before each word and after the last; at least 0. Shape: ``(words + 1,)``.
        words: what each word gains over a filler in its place. Shape: ``(words,)``.
    """

    plain: float
    filled: float
    gaps: NDArray[np.float32]
    words: NDArray[np.float32]


def weigh(
    log_probs: Scores, sentences: Sequence[Sequence[Sequence[int]]], blank: int, price: float = FILLER_PRICE
) -> list[Evidence]:
    """The evidence for sentences, each given as the phones or pieces of its words.

    One forward pass gives the best score of every beginning up to each frame, one backward pass that of every end; a
    filler from frame ``s`` to frame ``t`` between the two costs ``price * (t - s)``, so that the best ``s`` for each
    ``t`` is a running maximum.

    Shape:
        ``log_probs`` is ``(frames, labels)``.
    Source: Graves et al. 2006, section 4.1, with the maximum in place of the sum.
    """
    frames = len(log_probs)
    rows = [[label for word in sentence for label in word] for sentence in sentences]
    table = _table(log_probs, blank, price)
    filler = log_probs.shape[1]
    boundaries = [np.cumsum([0, *map(len, sentence)]) for sentence in sentences]
    scores = _best_scores(table, rows, boundaries, blank, filler)
    paid = np.arange(frames + 1, dtype=np.float32) * np.float32(price)
    found = []
    for number, (row, cuts) in enumerate(zip(rows, boundaries, strict=True)):
        begun = _at_boundaries(scores[:, 0, number], cuts)
        ended = _at_boundaries(scores[:, 1, number], len(row) - cuts)[::-1]
        filled = float(_at_boundaries(scores[:, 2, number], cuts[-1:])[-1, 0])
        plain = float(begun[-1, -1])
        opened = np.maximum.accumulate(begun + paid[:, None])
        closed = ended - paid[:, None]
        gaps = (opened + closed).max(axis=0) - plain
        words = plain - (opened[:, :-1] + closed[:, 1:]).max(axis=0)
        found.append(Evidence(plain, filled, np.maximum(gaps, 0.0), words))
    return found


def partial_scores(log_probs: Scores, words: Sequence[Sequence[int]], blank: int) -> tuple[Scores, Scores]:
    """Against free decoding: of every beginning of a sentence up to each frame, and of every end from there on.

    Shape: both ``(frames + 1, words + 1)``.
    """
    row = [label for word in words for label in word]
    cuts = np.cumsum([0, *map(len, words)])
    table = _table(log_probs, blank, FILLER_PRICE)
    scores = _best_scores(table, [row], [cuts], blank, log_probs.shape[1])
    return _at_boundaries(scores[:, 0, 0], cuts), _at_boundaries(scores[:, 1, 0], len(row) - cuts)[::-1]


def _table(log_probs: Scores, blank: int, price: float) -> Scores:
    """Scores against free decoding, with a column for a blank that may also be filler."""
    ratios = log_probs - log_probs.max(axis=1, keepdims=True)
    return np.column_stack([ratios, np.maximum(ratios[:, blank], np.float32(-price))])


def _best_scores(
    table: Scores, rows: Sequence[Sequence[int]], boundaries: Sequence[NDArray[np.intp]], blank: int, filler: int
) -> Scores:
    """The best scores of all beginnings up to each frame: forward, backward, and forward with fillers.

    Shape: ``(frames + 1, 3, sentences, 2 * labels + 1)``.
    """
    frames, longest = len(table), max(map(len, rows), default=0)
    labels = np.full((3, len(rows), 2 * longest + 1), blank, np.intp)
    for number, (row, cuts) in enumerate(zip(rows, boundaries, strict=True)):
        labels[0, number, 1 : 2 * len(row) : 2] = row
        labels[1, number, 1 : 2 * len(row) : 2] = row[::-1]
        labels[2, number] = labels[0, number]
        labels[2, number, 2 * cuts] = filler
    width = table.shape[1]
    columns = labels.copy()
    columns[1] += width
    both = np.column_stack([table, table[::-1]])
    skips = np.zeros(labels.shape, np.float32)
    skips[..., :3] = _NEVER
    skips[..., ::2] = _NEVER
    skips[..., 3::2] = np.where(labels[..., 3::2] != labels[..., 1:-2:2], 0.0, _NEVER)
    kept = np.full((frames + 1, *labels.shape), _NEVER, np.float32)
    kept[0, ..., 0] = 0.0
    best = np.full((*labels.shape[:2], labels.shape[2] + 2), _NEVER, np.float32)  # two that nothing leads to come first
    best[..., 2] = 0.0
    came, skipped = np.empty(labels.shape, np.float32), np.empty(labels.shape, np.float32)
    emitted = both[:, columns]
    for frame in range(frames):
        np.maximum(best[..., 2:], best[..., 1:-1], out=came)
        np.add(best[..., :-2], skips, out=skipped)
        np.maximum(came, skipped, out=came)
        np.add(came, emitted[frame], out=kept[frame + 1])
        best[..., 2:] = kept[frame + 1]
    return kept


def _at_boundaries(scores: Scores, cuts: NDArray[np.intp]) -> Scores:
    """The best score of having said all before each boundary. Shape: ``(frames + 1, boundaries)``."""
    blanks = scores[:, 2 * cuts]
    last = np.where(cuts > 0, scores[:, np.maximum(2 * cuts - 1, 0)], _NEVER)
    return np.asarray(np.maximum(blanks, last))
