"""Batches of segments of like length, gathered on the device that holds all data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from voiceassist.domain import SAMPLE_RATE_HZ
from voiceassist.train.data.clip_table import ClipTable, Ints
from voiceassist.train.data.segments import Segments

LENGTH_CLASS_SAMPLES = 8_000
"""Segments are batched with segments of the same length in half seconds."""


def length_class(samples: int | Ints) -> Ints:
    """The length class of so many samples: the number of `LENGTH_CLASS_SAMPLES` that hold them."""
    return np.asarray(-(-np.asarray(samples) // LENGTH_CLASS_SAMPLES), np.int64)


def shuffled_batches(samples: Ints, batch_s: float, seed: int, rank: int = 0, size: int = 1) -> Iterator[Ints]:
    """One pass over segments in random order, as index arrays of about ``batch_s`` seconds of like length.

    All batches of a length class hold the same number of segments, because each new shape costs the preparation of
    kernels, on a CPU as on a GPU. What is left of a class joins the next longer one; only the last batch of all may be
    smaller.

    Each of ``size`` processes gets its own segments, in every step as many and as long ones as the others. A remainder
    of fewer segments than processes is left out of the pass.

    Args:
        samples: lengths of the segments ``(segments,)``.
        batch_s: seconds of audio in a batch of one process.
        seed: of the pass; the same on all processes.
        rank: number of this process.
        size: number of processes.
    """
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(samples))
    classes = length_class(samples)[order]
    batches: list[Ints] = []
    left = order[:0]
    for steps in np.unique(classes):
        members = rng.permutation(np.concatenate([left, order[classes == steps]]))
        count = size * max(1, int(batch_s * SAMPLE_RATE_HZ) // int(steps * LENGTH_CLASS_SAMPLES))
        full = len(members) // count * count
        batches += [members[first : first + count][rank::size] for first in range(0, full, count)]
        left = members[full:]
    left = left[: len(left) // size * size]
    if len(left):
        batches.append(left[rank::size])
    for index in rng.permutation(len(batches)):
        yield batches[index]


@dataclass(frozen=True, slots=True)
class Batch:
    """Segments of like length, padded with zeros. Lengths and counts stay on the host: shapes depend on them.

    Attributes:
        sound: float32 ``(batch, samples)``; lengths: ``(batch,)``.
        pieces: ``(batch, pieces)``, padded with 0; piece_counts: ``(batch,)``.
        earliest_ms, latest_ms: ``(batch, pieces)``.
        phones: ``(batch, steps)`` every 10 ms, padded with 0, silence.
        aligned: whether the phones of a row are known ``(batch,)``.
        soft_labels: uint8 ``(batch, steps, phones)``, zeros where there are none; no steps without any in the data.
    """

    sound: Tensor
    lengths: Tensor
    pieces: Tensor
    piece_counts: Tensor
    earliest_ms: Tensor
    latest_ms: Tensor
    phones: Tensor
    aligned: Tensor
    soft_labels: Tensor


class ResidentClips:
    """A clip table whose arrays live on the device of the model, so that a batch is a few gathers."""

    def __init__(self, table: ClipTable, device: torch.device) -> None:
        self.table = table
        self._device = device
        self.sound = self._upload(table.sound)
        self._pieces = self._upload(table.pieces)
        self._earliest_ms, self._latest_ms = self._upload(table.earliest_ms), self._upload(table.latest_ms)
        self._phones = self._upload(table.phones)
        self._soft_labels = self._upload(table.soft_labels)

    def batch(self, segments: Segments) -> Batch:
        """Gathers segments into a batch; a GPU is never waited for."""
        names = ("begin", "samples", "piece_begin", "piece_count", "step_begin", "steps", "soft_begin", "aligned")
        begin, samples, piece_begin, piece_count, step_begin, steps, soft_begin, aligned = self._send(
            np.stack([getattr(segments, name).astype(np.int64) for name in names])  # one transfer for all
        )
        shift_ms = self._send(segments.shift_ms)[:, None]
        sound, inside = self._gather(self.sound, begin, samples, int(segments.samples.max()))
        pieces, written = self._gather(self._pieces, piece_begin, piece_count, int(segments.piece_count.max()))
        earliest_ms, _ = self._gather(self._earliest_ms, piece_begin, piece_count, pieces.shape[1])
        latest_ms, _ = self._gather(self._latest_ms, piece_begin, piece_count, pieces.shape[1])
        span = int(segments.steps.max())
        phones, labelled = self._gather(self._phones, step_begin, steps, span)
        if len(self._soft_labels):
            soft_labels, _ = self._gather(self._soft_labels, soft_begin, steps, span)
            soft_labels = soft_labels * (labelled & (soft_begin >= 0)[:, None])[..., None]
        else:
            soft_labels = torch.zeros(len(segments), 0, 0, dtype=torch.uint8, device=self._device)
        return Batch(
            sound.float().mul_(1 / 32768).mul_(inside),
            torch.from_numpy(segments.samples),
            pieces * written,
            torch.from_numpy(segments.piece_count),
            (earliest_ms - shift_ms) * written,
            (latest_ms - shift_ms) * written,
            torch.where(labelled, phones.long(), 0),
            aligned > 0,
            soft_labels,
        )

    def _gather(self, values: Tensor, begin: Tensor, count: Tensor, span: int) -> tuple[Tensor, Tensor]:
        """``span`` values from ``begin`` on, and which are within ``count``. Shape: ``(batch, span, ...)``."""
        offset = torch.arange(span, device=self._device)
        index = (begin[:, None] + offset).clamp_(0, max(0, len(values) - 1))
        return values[index], offset < count[:, None]

    def _upload(self, values: NDArray[np.generic]) -> Tensor:
        return torch.from_numpy(values).to(self._device)

    def _send(self, values: NDArray[np.generic]) -> Tensor:
        sent = torch.from_numpy(values)
        return sent.pin_memory().to(self._device, non_blocking=True) if self._device.type == "cuda" else sent
