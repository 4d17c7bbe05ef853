"""A ring buffer of fixed size between the sound system's thread and ours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class RingBuffer:
    """Holds the samples that were captured and not yet read; counts those dropped for lack of room.

    What does not fit is dropped at the new end: the writer never moves the reader's position, so neither side has to
    wait for the other.

    Thread: one writer and one reader, which may be different threads.
    """

    def __init__(self, capacity_samples: int) -> None:
        """Raises: ValueError if there is no room for a single sample."""
        if capacity_samples < 1:
            raise ValueError(f"a ring buffer needs room for at least one sample, not {capacity_samples}")
        self._memory = np.zeros(capacity_samples, dtype=np.float32)
        self._written_samples = 0
        self._read_samples = 0
        self._dropped_samples = 0

    @property
    def capacity_samples(self) -> int:
        """How many samples fit."""
        return self._memory.size

    @property
    def available_samples(self) -> int:
        """How many samples wait to be read."""
        return self._written_samples - self._read_samples

    @property
    def dropped_samples(self) -> int:
        """How many samples were lost so far because nobody read in time."""
        return self._dropped_samples

    def write(self, block: NDArray[np.float32]) -> int:
        """Copy a block in and return how many of its last samples had to be dropped.

        Shape:
            block: ``(samples,)``
        """
        taken = min(block.size, self.capacity_samples - self.available_samples)
        at = self._written_samples % self.capacity_samples
        before_wrap = min(taken, self.capacity_samples - at)
        self._memory[at : at + before_wrap] = block[:before_wrap]
        self._memory[: taken - before_wrap] = block[before_wrap:taken]
        dropped = block.size - taken
        self._dropped_samples += dropped
        self._written_samples += taken  # last: from here on the reader may see them
        return dropped

    def read(self, count: int | None = None) -> NDArray[np.float32]:
        """Take out the oldest samples: all of them, or at most ``count``.

        Shape:
            returns: ``(samples,)``, a copy
        """
        taken = self.available_samples if count is None else max(0, min(count, self.available_samples))
        at = self._read_samples % self.capacity_samples
        before_wrap = min(taken, self.capacity_samples - at)
        samples = self._memory[at : at + before_wrap].copy()
        if taken > before_wrap:
            samples = np.concatenate((samples, self._memory[: taken - before_wrap]))
        self._read_samples += taken  # last: from here on the writer may overwrite them
        return samples
