"""An energy gate in front of the speech detector: it is not run in silence, and its state is reset when stale.

Computing the level costs a hundredth of the detector. The detector is recurrent, too: after seconds without speech it
misses short words, and detects them better if its state is rebuilt from the most recent frames only.
"""

from __future__ import annotations

from collections import deque

from voiceassist.audio.framing import level_db
from voiceassist.audio.pause_detector import NoiseFloor
from voiceassist.audio.vad import Detector
from voiceassist.domain import Samples

RISE_DB = 3.0
"""A level this far above the noise floor activates the detector. Steady noise varies by less from frame to frame."""
_SPEECH_PROB = 0.1
_CALM_FRAMES = 48
_WARM_UP_FRAMES = 12


class GatedDetector:
    """A speech detector that is skipped while the level stays near the noise floor.

    It runs on every frame from the first that is louder than the floor, after replaying the frames just
    before, until it has reported no speech for a while. Two levels are measured: of the signal and of its
    first difference, in which hum does not mask hiss and consonants.

    Thread: one at a time.
    """

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._recent: deque[Samples] = deque(maxlen=_WARM_UP_FRAMES)
        self._floors = (NoiseFloor(), NoiseFloor())
        self._unspoken_frames = 0
        self._steady_frames = 0
        self._asleep = False

    def __call__(self, frame: Samples) -> float:
        """Probability that the frame holds speech; 0 while the detector is skipped.

        Shape:
            frame: ``(512,)``
        """
        levels = level_db(frame), level_db(frame[1:] - frame[:-1])
        rises = [floor.rise_db(level) for floor, level in zip(self._floors, levels, strict=True)]
        self._steady_frames = 0 if max(rises) > RISE_DB else self._steady_frames + 1
        prob = 0.0
        if not self._asleep or self._steady_frames == 0:
            if self._unspoken_frames >= _CALM_FRAMES:  # stale: on activation, and now and then in long noise
                self._unspoken_frames = 0
                self._detector.reset()
                for before in self._recent:
                    self._detector(before)
            prob = self._detector(frame)
            self._unspoken_frames = 0 if prob >= _SPEECH_PROB else self._unspoken_frames + 1
        self._asleep = self._steady_frames >= _CALM_FRAMES and self._unspoken_frames >= _CALM_FRAMES
        self._recent.append(frame)
        return prob

    def reset(self) -> None:
        """Reset the detector's state, but keep the noise floor."""
        self._recent.clear()
        self._asleep, self._unspoken_frames, self._steady_frames = False, 0, 0
        self._detector.reset()
