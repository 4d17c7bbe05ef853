"""Evidence that a sentence was said and nothing else: what fillers would gain beside its words or in their place.

A filler is any stretch of sound that the sentence does not explain. It scores as free decoding does, less a price per
frame. Where a filler beside the words gains much, something else was said there; where a filler instead of a word loses
little, that word was not said. A mean over the sentence hides both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr.alignment import best_scores, labels_of

Scores = NDArray[np.float32]

FILLER_PRICE = 0.5
"""What a frame of filler costs against free decoding, in nats."""
_NEVER = -1e4
"""Instead of minus infinity, of which differences could not be taken."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one head of the model says of a sentence. All values are log-likelihood ratios in nats.

    Attributes:
        plain: the sentence against free decoding; at most 0.
        gaps: what one filler gains before each word and after the last; at least 0. Shape: ``(words + 1,)``.
        words: what each word gains over a filler in its place. Shape: ``(words,)``.
    """

    plain: float
    gaps: NDArray[np.float32]
    words: NDArray[np.float32]


class Part(NamedTuple):
    """A sentence or a part of one, and the frames in which it was found.

    Attributes:
        ratios: of the labels to free decoding, see `alignment.against_best`. Shape: ``(frames, labels)``.
        words: the phones or pieces of each word.
        blank: index of the blank.
    """

    ratios: Scores
    words: Sequence[Sequence[int]]
    blank: int


def weigh(parts: Sequence[Part], price: float = FILLER_PRICE) -> list[Evidence]:
    """The evidence for sentences or parts of them.

    One forward pass gives the best score of every beginning up to each frame, one backward pass that of every end; a
    filler from frame ``s`` to frame ``t`` between the two costs ``price * (t - s)``, so that the best ``s`` for each
    ``t`` is a running maximum.

    Source: Graves et al. 2006, section 4.1, with the maximum in place of the sum.
    """
    found = []
    for begun, ended in partial_scores(parts):
        paid = (np.arange(len(begun), dtype=np.float32) * np.float32(price))[:, None]
        plain = float(begun[-1, -1])
        opened, closed = np.maximum.accumulate(begun + paid), ended - paid
        gaps = (opened + closed).max(axis=0) - plain
        words = plain - (opened[:, :-1] + closed[:, 1:]).max(axis=0)
        found.append(Evidence(plain, np.maximum(gaps, 0.0), words))
    return found


def partial_scores(parts: Sequence[Part]) -> list[tuple[Scores, Scores]]:
    """Against free decoding: of every beginning of each part up to each frame, and of every end from there on.

    All parts are followed through their frames together, once forward and once backward: the number of steps is what
    costs.

    Shape: each ``(frames + 1, words + 1)``.
    """
    rows = [[label for word in part.words for label in word] for part in parts]
    width = 2 * max(map(len, rows), default=0) + 1
    most = max((len(part.ratios) for part in parts), default=0)
    emitted = np.zeros((most, 2 * len(parts), width), np.float32)
    labels = np.empty((2 * len(parts), width), np.intp)
    for number, (part, row) in enumerate(zip(parts, rows, strict=True)):
        own = labels[2 * number : 2 * number + 2] = labels_of([row, row[::-1]], part.blank, width)
        emitted[: len(part.ratios), 2 * number] = part.ratios.take(own[0], axis=1)
        emitted[: len(part.ratios), 2 * number + 1] = part.ratios[::-1].take(own[1], axis=1)
    scores = best_scores(emitted, labels, _NEVER)
    found = []
    for number, (part, row) in enumerate(zip(parts, rows, strict=True)):
        cuts = np.cumsum([0, *map(len, part.words)])
        begun, ended = scores[: len(part.ratios), 2 * number], scores[: len(part.ratios), 2 * number + 1]
        found.append((_at_boundaries(begun, cuts), _at_boundaries(ended, len(row) - cuts)[::-1]))
    return found


def _at_boundaries(scores: Scores, cuts: NDArray[np.intp]) -> Scores:
    """The best score of having said all before each boundary. Shape: ``(frames + 1, boundaries)``."""
    said = np.empty((len(scores) + 1, len(cuts)), np.float32)
    said[0] = np.where(cuts > 0, _NEVER, 0.0)
    # after two columns that nothing reaches, the blank after so many labels stands behind the last of them
    np.maximum(scores[:, 2 * cuts + 2], scores[:, 2 * cuts + 1], out=said[1:])
    return said
