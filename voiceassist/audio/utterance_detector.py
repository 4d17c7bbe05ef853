"""Blocks of sound in, utterances out: framing, voice activity detection, segmentation, open microphone and held key."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from math import ceil

from voiceassist.audio.framing import Framer
from voiceassist.audio.pause_detector import PauseDetector
from voiceassist.audio.segmenter import Segmenter, SegmenterConfig
from voiceassist.audio.vad import FRAME_MS, Detector
from voiceassist.domain import Samples, Utterance


class UtteranceDetector:
    """Listens all the time (open microphone) or while a key is held (push to talk).

    In push-to-talk mode, nothing is analysed between presses; only the pre-roll is kept.
    """

    def __init__(self, make_detector: Callable[[], Detector], config: SegmenterConfig, *, tail_ms: float) -> None:
        self._detector = make_detector()
        self._segmenter = Segmenter(config)
        self._framer = Framer()
        self._pauses = PauseDetector()
        self._recent: deque[Samples] = deque(maxlen=config.pre_roll_frames)
        self._tail_frames = ceil(tail_ms / FRAME_MS)
        self._frames_heard = 0
        self._open = False
        self._held = False
        self._tail_left: int | None = None
        self._fading = False
        self._stop_prob = config.stop_prob

    @property
    def open(self) -> bool:
        """The microphone is open: speech itself begins an utterance."""
        return self._open

    @property
    def analysing(self) -> bool:
        """Frames are analysed for speech, and not only kept as the moment before a press."""
        return self._open or self._pushed

    @property
    def hearing(self) -> bool:
        """An utterance is in progress."""
        return self._segmenter.active

    @property
    def held(self) -> bool:
        """The key is held, or was released a moment ago: silence does not end the utterance."""
        return self._pushed

    @property
    def position_s(self) -> float:
        """Length of the stream so far."""
        return self._frames_heard * FRAME_MS / 1000

    @property
    def pause_ms(self) -> float:
        """Length of the pause at the end of the current utterance, by the speech detector or by level."""
        return max(self._segmenter.pause_ms, self._pauses.quiet_ms) if self.hearing else 0.0

    def so_far(self) -> Utterance | None:
        """The samples of the current utterance so far."""
        return self._segmenter.so_far()

    def settled(self) -> Utterance | None:
        """The current utterance when nothing but speech can change it any more; see `Segmenter.settled`."""
        return self._segmenter.settled()

    def end_now(self) -> list[Utterance]:
        """End the utterance that is going on and return it.

        The detector stays active on the last word for a while; that begins no new utterance, new words do.
        """
        self._held, self._tail_left = False, None
        self._fading = self._segmenter.active
        return self._segmenter.end()

    def cancel(self) -> None:
        """Forget the utterance that is going on, held or not."""
        self._held, self._tail_left = False, None
        self._segmenter.drop()

    def listen(self, *, always: bool) -> None:
        """Open or close the microphone; an utterance with the key held continues."""
        if always and not self.analysing:
            self._wake()
        elif not always and not self._pushed:
            self._segmenter.reset(self._frames_heard)
        self._open = always

    def press(self) -> None:
        """Begin an utterance at once, with the pre-roll."""
        if not self.analysing:
            self._wake()
        self._held, self._fading = True, False
        self._tail_left = None
        self._segmenter.begin()

    def release(self) -> None:
        """End the utterance after a short tail: the key is often released before the last syllable ends.

        Where it was released long after that, there is no tail.
        """
        if self._held:
            self._held = False
            self._tail_left = self._tail_frames

    def interrupt(self) -> list[Utterance]:
        """Handle a gap in the stream: drop the utterance, and begin a new one if the key is still held.

        An utterance whose key was released already has been said; it is returned without the rest of its tail.
        """
        held = self._held
        ended = self._segmenter.end() if self._tail_left is not None else []
        self._framer.clear()
        self._recent.clear()
        self._detector.reset()
        self._segmenter.reset(self._frames_heard)
        self._held, self._tail_left, self._fading = False, None, False
        if held:
            self.press()
        return ended

    def feed(self, block: Samples) -> list[Utterance]:
        """Process a block and return the utterances that ended in it.

        Shape:
            block: ``(samples,)``, any number of them
        """
        return [utterance for frame in self._framer.push(block) for utterance in self._hear(frame)]

    @property
    def _pushed(self) -> bool:
        return self._held or self._tail_left is not None

    def _wake(self) -> None:
        """Analyse the pre-roll, which was only stored so far."""
        self._detector.reset()
        self._segmenter.reset(self._frames_heard - len(self._recent))
        for frame in self._recent:
            self._segmenter.remember(frame, self._detector(frame))
        self._recent.clear()

    def _hear(self, frame: Samples) -> list[Utterance]:
        self._frames_heard += 1
        if not self.analysing:
            self._recent.append(frame)
            return []
        speech_prob = self._detector(frame)
        # the detector is still active on the last word, and nothing louder has followed
        if self._fading:
            self._pauses.feed(frame, inside=True)
            self._fading = speech_prob >= self._stop_prob and self._pauses.quiet_ms > 0.0
        if self._fading:
            self._segmenter.remember(frame, speech_prob)
            return []
        ended = self._segmenter.feed(frame, speech_prob)
        if self._tail_left is not None:
            self._tail_left -= 1
            if self._tail_left <= 0 or self._segmenter.complete:
                self._tail_left = None
                ended += self._segmenter.end()
        self._pauses.feed(frame, inside=self._segmenter.active)
        return ended
