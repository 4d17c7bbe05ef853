"""What a pretrained listener thinks of each recording, kept beside the store that it was asked about."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voiceassist.config.files import write_atomically
from voiceassist.errors import DataError
from voiceassist.train.data.store import AudioStore

OPINIONS_NAME = "opinions.u8"
PHONE_CLASSES = 40
STEP_SAMPLES = 160
"""An opinion every 10 ms, as the phones of an alignment."""


def steps_of(samples: int) -> int:
    """How many opinions there are of a clip."""
    return samples // STEP_SAMPLES + 1


class SoftLabels:
    """The opinions about a store, or none."""

    def __init__(self, steps: NDArray[np.int64], values: NDArray[np.uint8]) -> None:
        self._edges, self._values = np.concatenate([[0], np.cumsum(steps)]), values

    @classmethod
    def of(cls, store: AudioStore) -> SoftLabels:
        """Reads what stands beside a store.

        Raises:
            DataError: it belongs to another store.
        """
        path = store.folder / OPINIONS_NAME
        steps = np.array([steps_of(item.samples) for item in store.items], np.int64)
        if not path.exists():
            return cls(np.zeros_like(steps), np.zeros((0, PHONE_CLASSES), np.uint8))
        values = np.fromfile(path, np.uint8)
        if len(values) != steps.sum() * PHONE_CLASSES:
            raise DataError(f"{path} is about other recordings", hint="run: python -m voiceassist.train listen")
        return cls(steps, values.reshape(-1, PHONE_CLASSES))

    def of_clip(self, number: int) -> NDArray[np.uint8]:
        """Shape: ``(steps, phones)``, 255 for certain; no steps where there is no opinion."""
        return self._values[self._edges[number] : self._edges[number + 1]]


def write_opinions(folder: Path, values: NDArray[np.uint8]) -> None:
    """Writes the opinions of all clips one after the other ``(all steps, phones)`` beside their store."""
    write_atomically(folder / OPINIONS_NAME, values.tobytes())
