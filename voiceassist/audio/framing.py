"""Blocks of any length in, frames of one length out."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from voiceassist.audio.vad import FRAME_SAMPLES
from voiceassist.domain import Samples

SILENCE_DB = -120.0


class Framer:
    """Cuts a stream into frames; how the stream is cut into blocks makes no difference.

    Shape:
        frames: ``(512,)`` each
    """

    def __init__(self) -> None:
        self._rest: Samples = np.zeros(0, dtype=np.float32)

    def push(self, block: Samples) -> Iterator[Samples]:
        """Take a block and return the frames that are complete now."""
        stream = np.concatenate((self._rest, block))
        whole = stream.size - stream.size % FRAME_SAMPLES
        self._rest = stream[whole:]
        return iter(stream[:whole].reshape(-1, FRAME_SAMPLES))

    def clear(self) -> None:
        """Discard the incomplete frame."""
        self._rest = self._rest[:0]


def frames_of(samples: Samples) -> Samples:
    """All frames of a recording, the last one filled up with silence.

    Shape:
        samples: ``(samples,)``
        returns: ``(frames, 512)``
    """
    missing = -samples.size % FRAME_SAMPLES
    return np.pad(samples, (0, missing)).reshape(-1, FRAME_SAMPLES)


def level_db(samples: Samples) -> float:
    """RMS level in dB relative to full scale; -120 dB for silence or an empty array.

    Shape:
        samples: ``(samples,)``
    """
    if samples.size == 0:
        return SILENCE_DB
    power = float(np.dot(samples, samples)) / samples.size
    return max(SILENCE_DB, 10.0 * math.log10(power)) if power > 0.0 else SILENCE_DB
