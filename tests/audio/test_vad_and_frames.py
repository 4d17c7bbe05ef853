"""Speech is found where it is, and the framing is independent of how the stream is cut."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.audio.framing import Framer, frames_of, level_db
from voiceassist.audio.vad import FRAME_SAMPLES, SpeechDetector, speech_prob_of


def test_a_voice_is_speech_and_noise_is_not(command):
    detector = SpeechDetector()
    assert np.mean([detector(frame) for frame in frames_of(command)]) > 0.7
    detector.reset()
    noise = np.random.default_rng(1).normal(0, 0.05, 16_000).astype(np.float32)
    assert max(detector(frame) for frame in frames_of(noise)) < 0.5


def test_reset_makes_the_detector_repeat_itself(command):
    detector = SpeechDetector()
    first = [detector(frame) for frame in frames_of(command)]
    detector.reset()
    assert [detector(frame) for frame in frames_of(command)] == first


@given(st.lists(st.floats(0, 1), min_size=4, max_size=50), st.integers(0, 50))
def test_pauses_make_speech_no_less_likely(frame_probs, pauses):
    likely = speech_prob_of(frame_probs)
    assert min(frame_probs) - 1e-9 <= likely <= max(frame_probs) + 1e-9
    assert speech_prob_of([0.0] * pauses + frame_probs) == likely


def test_a_syllable_is_speech_and_a_click_is_not():
    assert speech_prob_of([0.1] * 20 + [1.0] * 4) == 1.0
    assert speech_prob_of([0.1] * 20 + [1.0] * 2) < 0.6


def test_refuses_a_frame_of_another_length():
    with pytest.raises(ValueError, match="512"):
        SpeechDetector()(np.zeros(511, dtype=np.float32))


@given(lengths=st.lists(st.integers(0, 2000), max_size=12))
def test_framer_gives_the_same_frames_however_the_stream_is_cut(lengths):
    stream = np.arange(sum(lengths), dtype=np.float32)
    framer = Framer()
    blocks = np.split(stream, np.cumsum(lengths)[:-1]) if lengths else []
    frames = [frame for block in blocks for frame in framer.push(block)]
    whole = stream.size // FRAME_SAMPLES * FRAME_SAMPLES
    assert np.array_equal(np.concatenate([np.zeros(0), *frames]), stream[:whole])


@given(st.integers(0, 3000))
def test_frames_of_a_recording_hold_all_of_it(length):
    samples = np.arange(1, length + 1, dtype=np.float32)
    frames = frames_of(samples)
    assert frames.shape[1] == FRAME_SAMPLES
    assert np.array_equal(frames.reshape(-1)[:length], samples)
    assert not frames.reshape(-1)[length:].any()


@pytest.mark.parametrize(
    ("samples", "expected_db"),
    [([], -120.0), ([0.0, 0.0], -120.0), ([1.0, -1.0], 0.0), ([0.1] * 100, -20.0), ([1e-9], -120.0)],
)
def test_level(samples, expected_db):
    assert level_db(np.array(samples, dtype=np.float32)) == pytest.approx(expected_db, abs=0.01)
