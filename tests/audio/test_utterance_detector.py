"""Open microphone and push to talk, without a microphone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.audio.segmenter import SegmenterConfig
from voiceassist.audio.utterance_detector import UtteranceDetector
from voiceassist.audio.vad import FRAME_SAMPLES, SpeechDetector

CONFIG = SegmenterConfig(pre_roll_ms=96, hangover_ms=160, post_roll_ms=64, max_ms=640)
TAIL_FRAMES = 2


class LoudIsSpeech:
    """A speech detector for streams in which speech is what is not negative; it notes how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, frame, /) -> float:
        self.asked += 1
        return float(frame.mean() >= 0)

    def reset(self) -> None:
        pass


@pytest.fixture
def speech_detector():
    return LoudIsSpeech()


@pytest.fixture
def detector(speech_detector):
    return UtteranceDetector(lambda: speech_detector, CONFIG, tail_ms=TAIL_FRAMES * 32)


def frames(first: int, count: int, *, speech: bool = False) -> np.ndarray:
    """Frames that say their number, negative where nobody speaks."""
    numbers = np.repeat(np.arange(first, first + count, dtype=np.float32), FRAME_SAMPLES)
    return numbers if speech else -1 - numbers


def numbers_in(utterance) -> list[int]:
    numbers = utterance.samples.reshape(-1, FRAME_SAMPLES)[:, 0]
    return np.where(numbers < 0, -1 - numbers, numbers).astype(int).tolist()


def test_between_presses_nothing_is_heard_or_even_analysed(detector, speech_detector):
    assert detector.feed(frames(0, 50, speech=True)) == []
    assert speech_detector.asked == 0
    assert not detector.hearing


def test_a_press_hears_from_the_pre_roll_to_the_tail(detector):
    detector.feed(frames(0, 10))
    detector.press()
    assert detector.hearing
    assert detector.feed(frames(10, 9)) == []
    detector.release()
    (utterance,) = detector.feed(frames(19, 10))
    assert numbers_in(utterance) == list(range(7, 19 + TAIL_FRAMES))
    assert utterance.start_s == pytest.approx(7 * 0.032)
    assert not detector.hearing


@given(speech=st.integers(0, 6), silence=st.integers(0, 8))
def test_released_in_silence_nobody_waits_for_a_tail_that_changes_nothing(speech, silence):
    def press(tail_frames):
        detector = UtteranceDetector(LoudIsSpeech, CONFIG, tail_ms=tail_frames * 32)
        detector.feed(frames(0, 10))
        detector.press()
        said = [frames(10, speech, speech=True), frames(10 + speech, silence)]
        assert detector.feed(np.concatenate(said)) == []
        detector.release()
        waited = 0
        while not (ended := detector.feed(frames(10 + speech + silence + waited, 1))):
            waited += 1
        return waited + 1, numbers_in(*ended)

    waited, numbers = press(4)
    silence_kept = 2
    assert waited == (min(4, max(1, silence_kept - silence)) if speech else 4)
    assert numbers == (press(12)[1] if speech else list(range(7, 14 + silence)))


def test_pressing_again_during_the_tail_goes_on(detector):
    detector.press()
    detector.feed(frames(0, 5))
    detector.release()
    detector.feed(frames(5, 1))
    detector.press()
    assert detector.feed(frames(6, 5)) == []
    detector.release()
    (utterance,) = detector.feed(frames(11, 5))
    assert numbers_in(utterance) == list(range(11 + TAIL_FRAMES))


def test_the_next_press_does_not_hear_again_what_was_heard(detector):
    detector.press()
    detector.feed(frames(0, 4))
    detector.release()
    assert numbers_in(*detector.feed(frames(4, 3))) == list(range(6))
    detector.press()
    detector.feed(frames(7, 2))
    detector.release()
    assert numbers_in(*detector.feed(frames(9, 2))) == [6, 7, 8, 9, 10]


def test_releasing_what_is_not_pressed_does_nothing(detector):
    detector.release()
    assert detector.feed(frames(0, 20, speech=True)) == []


def test_the_open_microphone_finds_utterances_by_itself(detector):
    detector.listen(always=True)
    heard = detector.feed(np.concatenate([frames(0, 10), frames(10, 6, speech=True), frames(16, 10)]))
    assert [numbers_in(utterance) for utterance in heard] == [list(range(7, 18))]


def test_opened_late_it_has_the_pre_roll_and_the_right_time(detector):
    detector.feed(frames(0, 30))
    detector.listen(always=True)
    (utterance,) = detector.feed(np.concatenate([frames(30, 4, speech=True), frames(34, 6)]))
    assert numbers_in(utterance) == list(range(27, 36))
    assert utterance.start_s == pytest.approx(27 * 0.032)


def test_a_press_at_the_open_microphone_ends_with_the_release(detector):
    detector.listen(always=True)
    detector.feed(frames(0, 4))
    detector.press()
    assert detector.feed(np.concatenate([frames(4, 4, speech=True), frames(8, 8)])) == []
    detector.release()
    (utterance,) = detector.feed(frames(16, 3))
    last = min(16 + TAIL_FRAMES, 8 + CONFIG.post_roll_frames)  # silence while the key was held is cut as elsewhere
    assert numbers_in(utterance) == list(range(max(0, 4 - CONFIG.pre_roll_frames), last))
    assert detector.open


def test_closing_the_microphone_drops_what_is_being_said(detector):
    detector.listen(always=True)
    detector.feed(frames(0, 5, speech=True))
    detector.listen(always=False)
    assert not detector.hearing
    assert detector.feed(frames(5, 20)) == []


def test_closing_the_microphone_does_not_touch_a_held_key(detector):
    detector.listen(always=True)
    detector.press()
    detector.feed(frames(0, 5))
    detector.listen(always=False)
    detector.release()
    assert numbers_in(*detector.feed(frames(5, 5))) == list(range(5 + TAIL_FRAMES))


def test_a_gap_after_the_release_ends_the_utterance_early_and_loses_none_of_it(detector):
    detector.press()
    detector.feed(frames(0, 4, speech=True))
    detector.release()
    assert detector.feed(frames(4, 1, speech=True)) == []  # the tail goes on
    (utterance,) = detector.interrupt()
    assert numbers_in(utterance) == [0, 1, 2, 3, 4]
    assert not detector.held
    assert detector.interrupt() == []


def test_a_hole_in_the_stream_is_never_inside_an_utterance(detector):
    detector.press()
    detector.feed(frames(0, 5))
    detector.interrupt()
    assert detector.hearing  # the key is still held
    detector.feed(frames(105, 5))
    detector.release()
    assert numbers_in(*detector.feed(frames(110, 5))) == list(range(105, 110 + TAIL_FRAMES))


@given(cuts=st.lists(st.integers(1, 9_000), max_size=8))
def test_how_the_stream_is_cut_into_blocks_makes_no_difference(cuts):
    stream = np.concatenate(
        [frames(0, 9), frames(9, 8, speech=True), frames(17, 12), frames(29, 5, speech=True), frames(34, 9)]
    )
    detector = UtteranceDetector(LoudIsSpeech, CONFIG, tail_ms=64)
    detector.listen(always=True)
    heard = [item for block in np.split(stream, sorted(cuts)) for item in detector.feed(block)]
    assert [numbers_in(item) for item in heard] == [list(range(6, 19)), list(range(26, 36))]


def test_hears_a_real_voice_in_a_quiet_room(command):
    detector = UtteranceDetector(SpeechDetector, SegmenterConfig(), tail_ms=200)
    detector.listen(always=True)
    silence = np.zeros(16_000, dtype=np.float32)
    heard = detector.feed(np.concatenate([silence, command, silence, silence, command, silence]))
    assert len(heard) == 2
    loud = int((np.abs(command) > 0.02).sum())
    assert all(int((np.abs(utterance.samples) > 0.02).sum()) == loud for utterance in heard)


class LateDetector:
    """Hears speech for six frames after it has ended, as real detectors do."""

    def __init__(self) -> None:
        self.left = 0

    def __call__(self, frame, /) -> float:
        self.left = 6 if np.abs(frame).max() > 0.1 else self.left - 1
        return float(self.left >= 0)

    def reset(self) -> None:
        self.left = 0


def sounding(loud: bool, count: int) -> np.ndarray:
    return np.full(count * FRAME_SAMPLES, 0.5 if loud else 1e-4, np.float32)


def test_what_the_detector_still_hears_after_an_early_end_begins_nothing():
    detector = UtteranceDetector(LateDetector, CONFIG, tail_ms=64)
    detector.listen(always=True)
    detector.feed(np.concatenate([sounding(False, 20), sounding(True, 8), sounding(False, 3)]))
    assert len(detector.end_now()) == 1
    assert detector.feed(sounding(False, 30)) == []
    assert not detector.hearing


def test_new_words_right_after_an_early_end_are_heard_from_their_beginning():
    detector = UtteranceDetector(LateDetector, CONFIG, tail_ms=64)
    detector.listen(always=True)
    detector.feed(np.concatenate([sounding(False, 20), sounding(True, 8), sounding(False, 3)]))
    detector.end_now()
    (utterance,) = detector.feed(np.concatenate([sounding(False, 1), sounding(True, 8), sounding(False, 20)]))
    assert int((utterance.samples > 0.1).sum()) == 8 * FRAME_SAMPLES


def test_a_press_right_after_an_early_end_hears_everything():
    detector = UtteranceDetector(LateDetector, CONFIG, tail_ms=64)
    detector.listen(always=True)
    detector.feed(np.concatenate([sounding(False, 20), sounding(True, 8), sounding(False, 3)]))
    detector.end_now()
    detector.press()
    detector.feed(sounding(True, 7))
    detector.release()
    (utterance,) = detector.feed(sounding(False, 5))
    assert utterance.samples.size >= 7 * FRAME_SAMPLES
