"""An energy gate in front of the speech detector: it is not run in silence, and its state is reset when stale.

Computing the level costs a hundredth of the detector. The detector is recurrent, too: after seconds without speech it
misses short words, and detects them better if its state is rebuilt from the most recent frames only.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from voiceassist.audio.pause_detector import QUIETEST_DB, NoiseFloor
from voiceassist.audio.vad import Detector
from voiceassist.domain import Samples

RISE_DB = 3.0
"""A level this far above the noise floor activates the detector. Steady noise varies by less from frame to frame."""
_SPEECH_PROB = 0.1
_CALM_FRAMES = 48
_WARM_UP_FRAMES = 12
_QUIETEST_POWER = 10 ** (QUIETEST_DB / 10)


class LevelRise:
    """Finds the blocks that are louder than the quietest of the 32 to 64 before.

    Two levels are measured: of the signal and of its first difference, in which hum does not mask hiss and consonants.

    Attributes:
        steady_blocks: number of blocks since the last that was louder.
    """

    def __init__(self, rise_db: float = RISE_DB, channels: int = 1) -> None:
        """``channels``: of blocks that hold the samples of all channels in turn."""
        self.steady_blocks = 0
        self._factor = 10 ** (rise_db / 10)
        self._channels = channels
        self._floor, self._step_floor = NoiseFloor(), NoiseFloor()

    def feed(self, block: Samples) -> bool:
        """Take the next block; whether it is louder.

        Shape:
            block: ``(samples,)``
        """
        steps = block[self._channels :] - block[: -self._channels]
        power = max(float(np.dot(block, block)) / block.size, _QUIETEST_POWER)
        step_power = max(float(np.dot(steps, steps)) / max(1, steps.size), _QUIETEST_POWER)
        floor, step_floor = self._floor.with_next(power), self._step_floor.with_next(step_power)
        louder = power > self._factor * floor or step_power > self._factor * step_floor
        self.steady_blocks = 0 if louder else self.steady_blocks + 1
        return louder


class GatedDetector:
    """A speech detector that is skipped while the level stays near the noise floor.

    It runs on every frame from the first that is louder than the floor, after replaying the frames just
    before, until it has reported no speech for a while.

    Thread: one at a time.
    """

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._recent: deque[Samples] = deque(maxlen=_WARM_UP_FRAMES)
        self._rise = LevelRise()
        self._unspoken_frames = 0
        self._asleep = False

    def __call__(self, frame: Samples) -> float:
        """Probability that the frame holds speech; 0 while the detector is skipped.

        Shape:
            frame: ``(512,)``
        """
        louder = self._rise.feed(frame)
        prob = 0.0
        if not self._asleep or louder:
            if self._unspoken_frames >= _CALM_FRAMES:  # stale: on activation, and now and then in long noise
                self._unspoken_frames = 0
                self._detector.reset()
                for before in self._recent:
                    self._detector(before)
            prob = self._detector(frame)
            self._unspoken_frames = 0 if prob >= _SPEECH_PROB else self._unspoken_frames + 1
        self._asleep = self._rise.steady_blocks >= _CALM_FRAMES and self._unspoken_frames >= _CALM_FRAMES
        self._recent.append(frame)
        return prob

    def reset(self) -> None:
        """Reset the detector's state, but keep the noise floor."""
        self._recent.clear()
        self._asleep, self._unspoken_frames, self._rise.steady_blocks = False, 0, 0
        self._detector.reset()
