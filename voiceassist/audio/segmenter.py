"""Segments speech probabilities into utterances: a state machine without clock, device or thread."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import ceil

import numpy as np

from voiceassist.audio.vad import FRAME_MS, FRAME_SAMPLES, speech_prob_of
from voiceassist.domain import SAMPLE_RATE_HZ, Samples, Utterance


@dataclass(frozen=True, slots=True)
class SegmenterConfig:
    """When an utterance begins and ends.

    Attributes:
        start_prob: frames at least this likely count as speech.
        stop_prob: frames below this count as silence; between the two nothing changes.
        start_frames: frames of speech that begin an utterance.
        pre_roll_ms: how much is kept from before the first of them, so that no first syllable is clipped.
        hangover_ms: silence that ends an utterance.
        post_roll_ms: how much of that silence stays in the utterance.
        max_ms: an utterance is cut when it gets this long.
    """

    start_prob: float = 0.4
    stop_prob: float = 0.3
    start_frames: int = 2
    pre_roll_ms: float = 400.0
    hangover_ms: float = 600.0
    post_roll_ms: float = 400.0
    max_ms: float = 15_000.0

    def __post_init__(self) -> None:
        """Raises: ValueError if the values contradict each other."""
        if not 0.0 < self.stop_prob <= self.start_prob <= 1.0:
            raise ValueError("0 < stop_prob <= start_prob <= 1 must hold")
        if self.start_frames < 1 or self.hangover_ms <= 0.0:
            raise ValueError("start_frames and hangover_ms must be positive")
        if self.pre_roll_ms < 0.0 or not 0.0 <= self.post_roll_ms <= self.hangover_ms:
            raise ValueError("pre_roll_ms must not be negative and post_roll_ms must lie in 0 to hangover_ms")
        if self.max_frames <= self.pre_roll_frames + self.start_frames:
            raise ValueError("max_ms leaves no room for speech after the pre-roll")

    @property
    def pre_roll_frames(self) -> int:
        return ceil(self.pre_roll_ms / FRAME_MS)

    @property
    def hangover_frames(self) -> int:
        return ceil(self.hangover_ms / FRAME_MS)

    @property
    def post_roll_frames(self) -> int:
        return min(ceil(self.post_roll_ms / FRAME_MS), self.hangover_frames)

    @property
    def max_frames(self) -> int:
        return int(self.max_ms / FRAME_MS)


@dataclass(frozen=True, slots=True)
class _Heard:
    """A frame and how likely it is speech."""

    frame: Samples
    speech_prob: float


class Segmenter:
    """Cuts a stream of frames into utterances.

    No sample is ever in two utterances, and while speech goes on without a pause none is lost between them.
    """

    def __init__(self, config: SegmenterConfig | None = None) -> None:
        self._config = config or SegmenterConfig()
        self._before: deque[_Heard] = deque(maxlen=self._config.pre_roll_frames + self._config.start_frames)
        self._inside: list[_Heard] = []
        self._next_frame = 0
        self._active = False
        self._held = False
        self._speech_frames = 0
        self._silence_frames = 0

    @property
    def active(self) -> bool:
        """An utterance has begun and not ended."""
        return self._active

    @property
    def pause_ms(self) -> float:
        """Length of the silence at the end of the current utterance."""
        return self._silence_frames * FRAME_MS if self._active else 0.0

    def so_far(self) -> Utterance | None:
        """The samples of the current utterance so far."""
        if not self._inside:
            return None
        return self._utterance(self._inside, self._next_frame - len(self._inside))[0]

    @property
    def complete(self) -> bool:
        """Only more speech can change the utterance: all of the silence that is kept of it was heard."""
        silent = self._active and self._silence_frames >= self._config.post_roll_frames
        return silent and any(item.speech_prob >= self._config.stop_prob for item in self._inside)

    def settled(self) -> Utterance | None:
        """The utterance as it stays if only silence follows, at the frame that completes the silence kept of it."""
        heard = self._inside
        if self._silence_frames != self._config.post_roll_frames or not self.complete:
            return None
        first, last = self._spoken(heard)
        return self._utterance(heard[first:last], self._next_frame - len(heard) + first)[0]

    def feed(self, frame: Samples, speech_prob: float) -> list[Utterance]:
        """Take the next frame and return the utterance that it ended, if any.

        Shape:
            frame: ``(512,)``

        Raises:
            ValueError: the frame is of another length.
        """
        heard = self._next(frame, speech_prob)
        if self._active:
            return self._hear_inside(heard)
        self._before.append(heard)
        if heard.speech_prob >= self._config.start_prob:
            self._speech_frames += 1
        elif heard.speech_prob < self._config.stop_prob:
            self._speech_frames = 0
        if self._speech_frames >= self._config.start_frames:
            self._enter()
        return []

    def remember(self, frame: Samples, speech_prob: float) -> None:
        """Take the next frame as pre-roll only: it begins nothing. Not for use while an utterance is going on.

        Shape:
            frame: ``(512,)``

        Raises:
            ValueError: the frame is of another length.
        """
        self._before.append(self._next(frame, speech_prob))

    def begin(self) -> None:
        """Begin an utterance now, with its pre-roll; silence does not end it until ``end`` is called."""
        self._held = True
        if not self._active:
            self._enter()

    def end(self) -> list[Utterance]:
        """End what ``begin`` began and return it."""
        self._held = False
        return self.flush()

    def flush(self) -> list[Utterance]:
        """Return the utterance that is going on, if any: there is nothing more to come."""
        ended = self._leave(dropped_frames=0) if self._active else []
        self._before.clear()
        self._speech_frames = 0
        return ended

    def drop(self) -> None:
        """Forget the utterance that is going on; the stream goes on."""
        self.reset(self._next_frame)

    def reset(self, position_frames: int = 0) -> None:
        """Forget everything; the next frame fed is number ``position_frames`` of the stream."""
        self._before.clear()
        self._inside = []
        self._next_frame = position_frames
        self._active = self._held = False
        self._speech_frames = self._silence_frames = 0

    def _next(self, frame: Samples, speech_prob: float) -> _Heard:
        if frame.shape != (FRAME_SAMPLES,):
            raise ValueError(f"a frame has {FRAME_SAMPLES} samples, not {frame.shape}")
        self._next_frame += 1
        return _Heard(frame, speech_prob)

    def _hear_inside(self, heard: _Heard) -> list[Utterance]:
        self._inside.append(heard)
        silent = heard.speech_prob < self._config.stop_prob
        self._silence_frames = self._silence_frames + 1 if silent else 0
        if not self._held and self._silence_frames >= self._config.hangover_frames:
            return self._leave(self._config.hangover_frames - self._config.post_roll_frames)
        if len(self._inside) >= self._config.max_frames:
            ended = self._leave(dropped_frames=0, cut=True)
            self._active = self._held  # with the key held the utterance goes on; otherwise new speech must begin one
            return ended
        return []

    def _enter(self) -> None:
        self._inside = list(self._before)
        self._before.clear()
        self._active = True
        self._speech_frames = self._silence_frames = 0

    def _leave(self, dropped_frames: int, *, cut: bool = False) -> list[Utterance]:
        """Close the utterance; the silence dropped at its end may be the pre-roll of the next."""
        kept = len(self._inside) - dropped_frames
        first, last = (0, kept) if cut else self._spoken(self._inside[:kept])
        position = self._next_frame - len(self._inside) + first
        utterance = self._utterance(self._inside[first:last], position)
        self._before.extend(self._inside[last:])
        self._inside = []
        self._active = False
        self._silence_frames = 0
        return utterance

    def _spoken(self, heard: list[_Heard]) -> tuple[int, int]:
        """Where speech begins and ends with the margins kept around it: with a held key, speech may begin late.

        That silence would bias the model's feature normalisation. If no frame is speech, all frames are kept.
        """
        speech = [number for number, item in enumerate(heard) if item.speech_prob >= self._config.stop_prob]
        if not speech:
            return 0, len(heard)
        first = max(0, speech[0] - self._config.pre_roll_frames)
        return first, min(len(heard), speech[-1] + 1 + self._config.post_roll_frames)

    @staticmethod
    def _utterance(heard: list[_Heard], first_frame: int) -> list[Utterance]:
        if not heard:
            return []
        samples = np.concatenate([item.frame for item in heard])
        speech_prob = speech_prob_of([item.speech_prob for item in heard])
        return [Utterance(samples, first_frame * FRAME_SAMPLES / SAMPLE_RATE_HZ, speech_prob)]
