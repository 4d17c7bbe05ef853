"""Lays the encoder's frames over a sound the same way each time, wherever the recording of it begins.

The encoder looks at the sound in steps of 40 ms and is not indifferent to where they fall: the same command, cut a few
milliseconds earlier or later, differed in confidence by up to 0.6. The loudest moment of the sound is the same in
every recording of it; the frames are counted from there.
"""

from __future__ import annotations

import numpy as np

from voiceassist.domain import SAMPLE_RATE_HZ, Samples

WINDOW_SAMPLES = SAMPLE_RATE_HZ // 10
"""Loudness is that of 100 ms: long enough that no single period of the voice decides."""
_MIN_FRAMES = 8


def aligned(samples: Samples, frame_ms: float) -> Samples:
    """The sound without its first few milliseconds, less than a frame, so that the loudest moment begins a frame.

    Shape:
        samples: ``(samples,)``
        returns: ``(samples,)``, a view
    """
    frame_samples = round(frame_ms * SAMPLE_RATE_HZ / 1000)
    if samples.size < _MIN_FRAMES * frame_samples or samples.size <= WINDOW_SAMPLES:
        return samples
    energy = np.concatenate(([0.0], np.cumsum(np.square(samples, dtype=np.float64))))
    loudest = int(np.argmax(energy[WINDOW_SAMPLES:] - energy[:-WINDOW_SAMPLES])) + WINDOW_SAMPLES // 2
    return samples[loudest % frame_samples :]
