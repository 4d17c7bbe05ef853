"""Per-frame phone posteriors of a pretrained encoder, stored next to the audio store."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voiceassist.config.files import write_atomically
from voiceassist.errors import DataError
from voiceassist.train.data.store import AudioStore

SOFT_LABELS_NAME = "opinions.u8"
"""Prepared data of earlier versions has it under this name."""
PHONE_CLASSES = 40
STEP_SAMPLES = 160
"""A soft label every 10 ms, like the phones of an alignment."""


def steps_of(samples: int) -> int:
    """Number of soft labels of a clip."""
    return samples // STEP_SAMPLES + 1


class SoftLabels:
    """The soft labels of a store, if there are any."""

    def __init__(self, steps: NDArray[np.int64], values: NDArray[np.uint8]) -> None:
        self._edges, self._values = np.concatenate([[0], np.cumsum(steps)]), values

    @classmethod
    def of(cls, store: AudioStore) -> SoftLabels:
        """Reads the soft labels of a store.

        Raises:
            DataError: the file belongs to another store.
        """
        path = store.folder / SOFT_LABELS_NAME
        steps = np.array([steps_of(item.samples) for item in store.items], np.int64)
        if not path.exists():
            return cls(np.zeros_like(steps), np.zeros((0, PHONE_CLASSES), np.uint8))
        values = np.fromfile(path, np.uint8)
        if len(values) != steps.sum() * PHONE_CLASSES:
            raise DataError(
                f"{path} does not match the recordings beside it",
                hint="delete it and run: python -m voiceassist.train listen",
            )
        return cls(steps, values.reshape(-1, PHONE_CLASSES))

    def of_clip(self, number: int) -> NDArray[np.uint8]:
        """Shape: ``(steps, phones)``, 255 for probability 1; no steps where the store has no soft labels."""
        return self._values[self._edges[number] : self._edges[number + 1]]


def write_soft_labels(folder: Path, values: NDArray[np.uint8]) -> None:
    """Writes the soft labels of all clips, concatenated ``(steps, phones)``, next to their store."""
    write_atomically(folder / SOFT_LABELS_NAME, values.tobytes())
