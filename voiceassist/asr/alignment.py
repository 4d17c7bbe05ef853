"""Viterbi alignment of known label sequences with CTC posteriors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Alignment:
    """The best alignment of a text.

    Attributes:
        log_prob: its score, summed over all frames.
        positions: index of the token aligned to each frame, from 0; -1 for a blank.
            Shape: ``(frames,)``.
    """

    log_prob: float
    positions: NDArray[np.int64]


def align(scores: NDArray[np.float32], tokens: Sequence[int], blank: int) -> Alignment | None:
    """Viterbi alignment of a token sequence; ``None`` if there are too few frames for it.

    Shape: ``scores`` is ``(frames, tokens)``.
    Source: Graves et al. 2006, section 4.1, with the maximum in place of the sum.
    """
    labels = np.full(2 * len(tokens) + 1, blank)
    labels[1::2] = tokens
    may_skip = np.zeros(len(labels), bool)
    may_skip[3::2] = labels[3::2] != labels[1:-2:2]
    best = np.full(len(labels), -np.inf)
    best[:2] = 0.0
    steps = np.zeros((len(scores), len(labels)), np.int8)
    for frame, row in enumerate(scores.astype(np.float64)):
        ways = np.stack([best, _shifted(best, 1), np.where(may_skip, _shifted(best, 2), -np.inf)])
        if frame:
            steps[frame] = np.argmax(ways, axis=0)
            best = ways.max(axis=0)
        best = best + row[labels]
    last = int(np.argmax(best[-2:])) + len(labels) - 2 if len(labels) > 1 else 0
    if not len(scores) or not np.isfinite(best[last]):
        return None
    return Alignment(float(best[last]), _positions(steps, last))


def likelihood_ratios(
    log_probs: NDArray[np.float32], texts: Sequence[Sequence[int]], blank: int
) -> NDArray[np.float32]:
    """Log-likelihood ratio of each text to unconstrained decoding, up to each frame; 0 is the maximum.

    Pass unadjusted posteriors: dividing by the prior helps to rank sentences, but raises improbable tokens in
    non-speech, which makes it harder to tell whether a text was said at all.

    Shape:
        ``log_probs`` is ``(frames, tokens)``; the result ``(texts, frames)``, with minus infinity where there are too
        few frames for a text.
    """
    (found,) = ratios_together([(log_probs, texts, blank)])
    return found


def ratios_together(
    heads: Sequence[tuple[NDArray[np.float32], Sequence[Sequence[int]], int]],
) -> list[NDArray[np.float32]]:
    """`likelihood_ratios` of several heads of one utterance, in the time of one: the number of steps is what costs."""
    frames, most = len(heads[0][0]), max((len(text) for _, texts, _ in heads for text in texts), default=0)
    labels = [labels_of(texts, blank, 2 * most + 1) for _, texts, blank in heads]
    emitted = np.concatenate(
        [
            (log_probs - log_probs.max(axis=1, keepdims=True)).take(own, axis=1)
            for (log_probs, _, _), own in zip(heads, labels, strict=True)
        ],
        axis=1,
    )
    kept = best_scores(emitted, np.concatenate(labels))
    counts = [2 * len(text) for _, texts, _ in heads for text in texts]
    rows, ends = np.arange(len(counts)), np.array(counts, np.intp) + 2  # the blank after the last token
    ratios = np.maximum(kept[:, rows, ends], kept[:, rows, ends - 1]).T.reshape(len(counts), frames)
    return np.split(ratios, np.cumsum([len(texts) for _, texts, _ in heads[:-1]]))


def labels_of(texts: Sequence[Sequence[int]], blank: int, width: int) -> NDArray[np.intp]:
    """The labels of each text with blanks around them. Shape: ``(texts, width)``."""
    labels = np.full((len(texts), width), blank, np.intp)
    for row, text in zip(labels, texts, strict=True):
        row[1 : 2 * len(text) : 2] = text
    return labels


def best_scores(emitted: NDArray[np.float32], labels: NDArray[np.intp], never: float = -np.inf) -> NDArray[np.float32]:
    """The best score of being in each label at each frame; two columns that nothing reaches come first.

    Args:
        emitted: score of each label in each frame. Shape: ``(frames, texts, labels)``.
        labels: the texts with blanks around their labels. Shape: ``(texts, labels)``.
        never: score of what cannot be.

    Shape: ``(frames, texts, labels + 2)``.
    """
    skips = np.full(labels.shape, never, np.float32)
    skips[:, 3::2] = np.where(labels[:, 3::2] != labels[:, 1:-2:2], 0.0, never)
    kept = np.full((*emitted.shape[:2], labels.shape[1] + 2), never, np.float32)
    kept[:1, :, 2:4] = emitted[:1, :, :2]
    came, skipped = np.empty(labels.shape, np.float32), np.empty(labels.shape, np.float32)
    for before, after, own in zip(kept, kept[1:, :, 2:], emitted[1:], strict=False):
        np.maximum(before[:, 2:], before[:, 1:-1], out=came)
        np.add(before[:, :-2], skips, out=skipped)
        np.maximum(came, skipped, out=came)
        np.add(came, own, out=after)
    return kept


def _shifted(values: NDArray[np.float64], by: int) -> NDArray[np.float64]:
    shifted = np.full_like(values, -np.inf)
    shifted[by:] = values[:-by]
    return shifted


def _positions(steps: NDArray[np.int8], last: int) -> NDArray[np.int64]:
    path = np.zeros(len(steps), np.int64)
    for frame in range(len(steps) - 1, -1, -1):
        path[frame] = last
        last -= int(steps[frame, last])
    return np.where(path % 2 == 1, path // 2, -1)
