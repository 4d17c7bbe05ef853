"""Problems of a sound that was not recognised: clipping, or channels that cancel each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CLIPPED_LEVEL = 0.99
CLIPPED_SHARE = 0.001
_CANCELLED_SHARE = 0.02
"""Power of the mix relative to the channels' mean, below which they cancel; unrelated channels keep half."""
_MIN_POWER = 1e-6

CLIPPED = "The sound is too loud and cut off: lower the input level, or move away a little."
CANCELLED = (
    "Its two channels cancel each other: one of them is reversed. Record one channel only, or swap the wires of one."
)
LENGTH_UNKNOWN = (
    "Its length was never written, as when a recording is interrupted: what there is was read, but its end may be "
    "missing. Record it again."
)


@dataclass(slots=True)
class SoundMeter:
    """Accumulates the statistics for the hints, block by block."""

    samples: int = 0
    clipped_samples: int = 0
    power: float = 0.0
    mixed_power: float = 0.0

    def feed(self, block: NDArray[np.float32], mixed: NDArray[np.float32]) -> None:
        """Add the next block and its mix.

        Shape:
            block: ``(frames, channels)``
            mixed: ``(frames,)``
        """
        self.samples += block.size
        self.clipped_samples += int(np.count_nonzero(np.abs(block) >= CLIPPED_LEVEL))
        if block.shape[1] > 1:
            self.power += float(np.square(block, dtype=np.float64).mean(axis=1).sum())
            self.mixed_power += float(np.square(mixed, dtype=np.float64).sum())

    @property
    def clipped(self) -> bool:
        """Too many samples are at full scale."""
        return self.clipped_samples > CLIPPED_SHARE * self.samples

    @property
    def cancelled(self) -> bool:
        """The channels have opposite polarity, so that their mix is nearly silent."""
        loud_enough = self.power > _MIN_POWER * max(1, self.samples)
        return loud_enough and self.mixed_power < _CANCELLED_SHARE * self.power

    @property
    def hints(self) -> tuple[str, ...]:
        """Messages for the user: each problem and its remedy."""
        return tuple(words for holds, words in ((self.cancelled, CANCELLED), (self.clipped, CLIPPED)) if holds)
