"""Finds pauses by level: against the recent noise floor and the loudest frame of the utterance."""

from __future__ import annotations

import math

from voiceassist.audio.framing import level_db
from voiceassist.audio.vad import FRAME_MS
from voiceassist.domain import Samples

QUIETEST_DB = -90.0
"""Frames below this level are not analysed, whatever their distance from the floor."""
DROP_DB = 25.0
"""A level this far below the utterance's loudest frame is a pause. Soft final consonants are louder than that."""
NEAR_FLOOR_DB = 8.0
"""A level this close to the noise floor is a pause, if the utterance was ``CLEAR_DB`` above it before."""
CLEAR_DB = 15.0
_HALF_FRAMES = 32


class NoiseFloor:
    """The level of the quietest of the last 32 to 64 frames, which are one to two seconds."""

    def __init__(self) -> None:
        self._before = self._now = math.inf
        self._frames = 0

    def with_next(self, level: float) -> float:
        """The floor, the next frame included; in the unit of the levels."""
        if self._frames == _HALF_FRAMES:
            self._before, self._now, self._frames = self._now, math.inf, 0
        self._frames += 1
        self._now = min(self._now, level)
        return min(self._now, self._before)

    def rise_db(self, level_db: float) -> float:
        """How far the next frame stands above the floor."""
        level_db = max(level_db, QUIETEST_DB)
        return level_db - self.with_next(level_db)


class PauseDetector:
    """Detects the end of speech sooner than the speech detector, which takes a fifth of a second.

    In loud noise it never finds a pause.
    """

    def __init__(self) -> None:
        self._floor = NoiseFloor()
        self._loudest_db = -math.inf
        self._quiet_frames = 0

    @property
    def quiet_ms(self) -> float:
        """How long it has been quiet in the utterance."""
        return self._quiet_frames * FRAME_MS

    def feed(self, frame: Samples, *, inside: bool) -> None:
        """Take the next frame of the stream; ``inside`` an utterance or not.

        Shape:
            frame: ``(512,)``
        """
        level = level_db(frame)
        rise_db = self._floor.rise_db(level)
        if not inside:
            self._loudest_db, self._quiet_frames = -math.inf, 0
            return
        self._loudest_db = max(self._loudest_db, level)
        fall_db = self._loudest_db - level
        quiet = fall_db > DROP_DB or (fall_db > CLEAR_DB and rise_db < NEAR_FLOOR_DB)
        self._quiet_frames = self._quiet_frames + 1 if quiet else 0
