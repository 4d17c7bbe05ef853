"""Known label sequences against CTC posteriors: their best alignment, and the sum over all alignments."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Head = tuple[NDArray[np.floating], Sequence[Sequence[int]], int]
"""Scores ``(frames, tokens)``, the texts to look for in them, and the blank."""


class Window(NamedTuple):
    """A text that is looked for in some frames: the number of its head, its first frame, the end, and its labels."""

    head: int
    start: int
    stop: int
    text: Sequence[int]


_RESCALED_EVERY = 8
_RESCALED_TO = 1e200
"""Frames between two rescalings, and the new largest value: neither does it overflow before the next one, nor does a
text vanish that is hundreds of nats less likely than silence."""


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


def ratios_together(heads: Sequence[Head]) -> list[NDArray[np.float32]]:
    """Log-likelihood ratio of each text to unconstrained decoding, up to each frame; 0 is the maximum.

    Several heads of one utterance take the time of one: the number of steps is what costs. To tell whether a text was
    said at all, pass unadjusted posteriors: dividing by the prior helps to rank sentences, but raises improbable tokens
    in non-speech.

    Shape:
        of each head ``(texts, frames)``, with minus infinity where there are too few frames for a text.
    """
    emitted, labels = _stacked([(against_best(scores), texts, blank) for scores, texts, blank in heads])
    kept = best_scores(emitted, labels)
    rows, ends = _ends(heads)
    return _split(np.maximum(kept[:, rows, ends], kept[:, rows, ends - 1]), heads)


def summed_together(heads: Sequence[Head]) -> list[NDArray[np.float32]]:
    """Like `ratios_together`, with the sum over all alignments of a text in place of the best one.

    The scores are `relative_probs`: an utterance needs them once, and not for each of its texts.

    A text is as likely as all its alignments together, and the sum differs between texts: it ranks sentences better
    (500 phrases of strangers 95.0 instead of 94.4 %). It is above 0 where many alignments are likely.

    Source: Graves et al. 2006, section 4.1.
    """
    windows = [Window(n, 0, len(scores), text) for n, (scores, texts, _) in enumerate(heads) for text in texts]
    return _split(_summed([(scores, blank) for scores, _, blank in heads], windows), heads)


def summed_in_windows(
    heads: Sequence[tuple[NDArray[np.floating], int]], windows: Sequence[Window]
) -> list[NDArray[np.float32]]:
    """`summed_together` for texts in frames of their own: up to each frame of each window. Shape: each ``(frames,)``.

    Args:
        heads: the `relative_probs` of one utterance and the blank of each head.
        windows: the texts.
    """
    logs = _summed(heads, windows)
    return [logs[: window.stop - window.start, number] for number, window in enumerate(windows)]


def _summed(heads: Sequence[tuple[NDArray[np.floating], int]], windows: Sequence[Window]) -> NDArray[np.float32]:
    """Shape: ``(frames of the longest window, windows)``."""
    firsts = np.cumsum([0, *(probs.shape[1] for probs, _ in heads)])
    width = 2 * max((len(window.text) for window in windows), default=0) + 1
    own_heads = [window.head for window in windows]
    blanks = np.array([blank for _, blank in heads], np.intp)[own_heads, None]
    labels = labels_of([window.text for window in windows], blanks, width) + firsts[own_heads, None]
    found, scales = _summed_probs(np.concatenate([probs for probs, _ in heads], axis=1), labels, windows)
    with np.errstate(divide="ignore"):
        return np.asarray((np.log(found) + scales).astype(np.float32))


def ratios_in_windows(scores: NDArray[np.float32], blank: int, windows: Sequence[Window]) -> list[float]:
    """`ratios_together` of one head for texts in frames of their own, at the end of each window."""
    width = 2 * max((len(window.text) for window in windows), default=0) + 1
    labels = labels_of([window.text for window in windows], blank, width)
    ratios = against_best(scores)
    emitted = np.zeros((max(window.stop - window.start for window in windows), *labels.shape), np.float32)
    for number, window in enumerate(windows):
        own = ratios[window.start : window.stop]
        emitted[: len(own), number] = own.take(labels[number], axis=1)
    kept = best_scores(emitted, labels)
    ends = [(window.stop - window.start - 1, n, 2 * len(window.text) + 2) for n, window in enumerate(windows)]
    return [float(max(kept[frame, n, end], kept[frame, n, end - 1])) for frame, n, end in ends]


def against_best(log_probs: NDArray[np.float32]) -> NDArray[np.float32]:
    """Log-likelihood ratios of each label to the likeliest one of its frame. Shape: ``(frames, labels)``."""
    return np.asarray(log_probs - log_probs.max(axis=1, keepdims=True))


def relative_probs(log_probs: NDArray[np.float32]) -> NDArray[np.float64]:
    """Probabilities relative to the likeliest label of each frame. Shape: ``(frames, labels)``."""
    return np.exp(against_best(log_probs), dtype=np.float64)


def _stacked(heads: Sequence[Head]) -> tuple[NDArray[Any], NDArray[np.intp]]:
    """The scores of each label of all texts, and these labels.

    Shape: ``(frames, texts, labels)`` and ``(texts, labels)``.
    """
    most = max((len(text) for _, texts, _ in heads for text in texts), default=0)
    labels = [labels_of(texts, blank, 2 * most + 1) for _, texts, blank in heads]
    emitted = [scores.take(own, axis=1) for (scores, _, _), own in zip(heads, labels, strict=True)]
    return np.concatenate(emitted, axis=1), np.concatenate(labels)


def _ends(heads: Sequence[Head]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The row of each text and the column of the blank after its last token."""
    counts = np.array([2 * len(text) for _, texts, _ in heads for text in texts], np.intp)
    return np.arange(len(counts)), counts + 2


def _split(ratios: NDArray[np.float32], heads: Sequence[Head]) -> list[NDArray[np.float32]]:
    return np.split(ratios.T, np.cumsum([len(texts) for _, texts, _ in heads[:-1]]))


def labels_of(texts: Sequence[Sequence[int]], blank: int | NDArray[np.intp], width: int) -> NDArray[np.intp]:
    """The labels of each text with blanks around them. Shape: ``(texts, width)``.

    ``blank`` is that of all texts, or one for each. Shape: ``(texts, 1)``.
    """
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


def _summed_probs(
    probs: NDArray[np.floating], labels: NDArray[np.intp], windows: Sequence[Window]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """`best_scores` with sums of probabilities: those of whole texts, and the logarithms of their scales.

    Only two frames are kept, so that they stay in the fastest memory.

    Args:
        probs: probability of each label of all heads in each frame. Shape: ``(frames, all labels)``.
        labels: the texts with blanks around their labels. Shape: ``(texts, labels)``.
        windows: the frames of each text. What comes after the last of them is not to be used.

    Shape: each ``(frames of the longest window, texts)``.
    """
    frames = max((window.stop - window.start for window in windows), default=0)
    skips = np.zeros(labels.shape)
    skips[:, 3::2] = labels[:, 3::2] != labels[:, 1:-2:2]
    before, after = np.zeros((2, len(labels), labels.shape[1] + 2))  # two columns that nothing reaches come first
    before[:, 2] = _RESCALED_TO  # a blank before the first frame, from which a text begins with blank or label
    last = np.array([2 * len(window.text) + 2 for window in windows], np.intp)
    ends = np.arange(len(windows)) * before.shape[1] + np.stack([last, last - 1])
    found, scales = np.empty((frames, 2, len(labels))), np.zeros((frames, len(labels)))
    scales[:1] = -math.log(_RESCALED_TO)
    own, came, skipped = (np.empty(labels.shape) for _ in range(3))
    flat = probs.ravel()
    places = labels + np.array([window.start * probs.shape[1] for window in windows], np.intp)[:, None]
    for frame in range(frames):
        flat[frame * probs.shape[1] :].take(places, out=own, mode="clip")
        np.add(before[:, 2:], before[:, 1:-1], out=came)
        np.multiply(before[:, :-2], skips, out=skipped)
        np.add(came, skipped, out=came)
        np.multiply(came, own, out=after[:, 2:])
        if frame and frame % _RESCALED_EVERY == 0:
            scale = after.max(axis=1) / _RESCALED_TO
            scale[scale == 0] = 1.0  # nothing reaches this text
            np.divide(after, scale[:, None], out=after)
            scales[frame] = np.log(scale)
        after.take(ends, out=found[frame], mode="clip")
        before, after = after, before
    return found.sum(axis=1), np.cumsum(scales, axis=0)


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
