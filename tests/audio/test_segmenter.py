"""What must hold for every stream of probabilities."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from voiceassist.audio.segmenter import Segmenter, SegmenterConfig
from voiceassist.audio.vad import FRAME_SAMPLES, speech_prob_of
from voiceassist.domain import SAMPLE_RATE_HZ

SHORT = SegmenterConfig(
    start_prob=0.5, stop_prob=0.35, start_frames=3, pre_roll_ms=96, hangover_ms=160, post_roll_ms=64, max_ms=640
)
probs = st.lists(st.sampled_from([0.0, 0.1, 0.4, 0.6, 0.9]) | st.floats(0, 1), max_size=120)


def numbered(count: int) -> list[np.ndarray]:
    """Frames whose samples say which frame they are."""
    return [np.full(FRAME_SAMPLES, number, dtype=np.float32) for number in range(count)]


def run(speech_probs, config=SHORT):
    segmenter = Segmenter(config)
    frames = numbered(len(speech_probs))
    utterances = [
        item for frame, prob in zip(frames, speech_probs, strict=True) for item in segmenter.feed(frame, prob)
    ]
    return utterances + segmenter.flush()


def frame_numbers(utterance) -> list[int]:
    return utterance.samples.reshape(-1, FRAME_SAMPLES)[:, 0].astype(int).tolist()


def is_cut(utterance) -> bool:
    return len(frame_numbers(utterance)) == SHORT.max_frames


@given(probs)
def test_utterances_are_unbroken_in_order_and_disjoint(speech_probs):
    heard = [number for utterance in run(speech_probs) for number in frame_numbers(utterance)]
    assert heard == sorted(set(heard))
    for utterance in run(speech_probs):
        numbers = frame_numbers(utterance)
        assert numbers == list(range(numbers[0], numbers[-1] + 1))


@given(probs)
@example([0.0] * 8 + [1.0] * 8 + [0.0] * 8)
def test_each_utterance_knows_where_it_began_and_how_likely_it_is_speech(speech_probs):
    for utterance in run(speech_probs):
        numbers = frame_numbers(utterance)
        assert utterance.start_s == numbers[0] * FRAME_SAMPLES / SAMPLE_RATE_HZ
        assert utterance.speech_prob == speech_prob_of([speech_probs[number] for number in numbers])


@given(probs)
def test_every_run_of_enough_speech_is_heard_completely(speech_probs):
    heard = {number for utterance in run(speech_probs) for number in frame_numbers(utterance)}
    speech = [prob >= SHORT.start_prob for prob in speech_probs]
    for number in range(len(speech) - SHORT.start_frames + 1):
        window = range(number, number + SHORT.start_frames)
        cut_there = any(is_cut(utterance) for utterance in run(speech_probs))
        if all(speech[at] for at in window) and not cut_there:
            assert set(window) <= heard


@given(probs)
@example([1.0] * 60)
def test_nothing_is_longer_than_allowed(speech_probs):
    assert all(len(frame_numbers(utterance)) <= SHORT.max_frames for utterance in run(speech_probs))


@given(st.integers(3, 200))
def test_unbroken_speech_loses_no_sample_between_utterances(count):
    heard = [number for utterance in run([1.0] * count) for number in frame_numbers(utterance)]
    assert heard == list(range(len(heard)))
    assert count - len(heard) < SHORT.start_frames  # after a cut the rest may be too short to be speech


@given(silence=st.integers(0, 40), speech=st.integers(3, 10))
def test_the_pre_roll_is_there_or_all_that_there_was(silence, speech):
    (utterance,) = run([0.0] * silence + [1.0] * speech + [0.0] * 20)
    numbers = frame_numbers(utterance)
    assert numbers[0] == max(0, silence - SHORT.pre_roll_frames)
    assert numbers[-1] == silence + speech - 1 + SHORT.post_roll_frames


def test_the_defaults_keep_400_ms_before_and_end_after_600_ms():
    config = SegmenterConfig()
    segmenter = Segmenter(config)
    ended_at = None
    for number, prob in enumerate([0.0] * 50 + [1.0] * 20 + [0.0] * 50):
        for utterance in segmenter.feed(numbered(200)[number], prob):
            ended_at = number
            assert utterance.start_s == pytest.approx(50 * 0.032 - 0.4, abs=0.032)
    assert ended_at is not None
    assert (ended_at - 69) * 32 == pytest.approx(600, abs=32)


def test_a_click_is_no_utterance():
    assert run([0.0] * 10 + [1.0, 1.0] + [0.0] * 20) == []


def test_between_the_thresholds_nothing_changes():
    assert len(run([0.9, 0.4, 0.9, 0.4, 0.9] + [0.4] * 10)) == 1
    assert run([0.9, 0.4, 0.9, 0.1, 0.9]) == []


def test_a_pause_shorter_than_the_hangover_does_not_split():
    assert len(run([1.0] * 4 + [0.0] * 4 + [1.0] * 4 + [0.0] * 9)) == 1
    assert len(run([1.0] * 4 + [0.0] * 5 + [1.0] * 4 + [0.0] * 9)) == 2


def test_held_it_goes_on_through_silence_until_it_is_ended():
    segmenter = Segmenter(SHORT)
    frames = numbered(18)
    for frame in frames[:5]:
        segmenter.remember(frame, 0.0)
    segmenter.begin()
    assert segmenter.active
    assert [item for frame in frames[5:17] for item in segmenter.feed(frame, 0.0)] == []
    (utterance,) = segmenter.end()
    assert frame_numbers(utterance) == list(range(17))
    assert not segmenter.active


def test_held_for_longer_than_allowed_loses_nothing():
    segmenter = Segmenter(SHORT)
    segmenter.begin()
    utterances = [item for frame in numbered(50) for item in segmenter.feed(frame, 0.0)] + segmenter.end()
    assert [number for utterance in utterances for number in frame_numbers(utterance)] == list(range(50))
    assert [is_cut(utterance) for utterance in utterances] == [True, True, False]


def test_held_without_a_frame_gives_nothing():
    segmenter = Segmenter(SHORT)
    segmenter.begin()
    assert segmenter.end() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"stop_prob": 0.6},
        {"start_prob": 1.5},
        {"start_frames": 0},
        {"hangover_ms": 0},
        {"pre_roll_ms": -1},
        {"post_roll_ms": 700},
        {"max_ms": 400},
    ],
)
def test_refuses_a_configuration_that_contradicts_itself(wrong):
    with pytest.raises(ValueError, match=r"must|no room"):
        SegmenterConfig(**wrong)


def test_refuses_a_frame_of_another_length():
    with pytest.raises(ValueError, match="512"):
        Segmenter().feed(np.zeros(500, dtype=np.float32), 0.0)


def test_what_was_said_so_far_can_be_looked_at_and_dropped():
    segmenter = Segmenter(SHORT)
    frames = numbered(12)
    assert segmenter.so_far() is None
    for frame in frames[:6]:
        segmenter.feed(frame, 1.0)
    for count, frame in enumerate(frames[6:9], start=1):
        segmenter.feed(frame, 0.0)
        assert segmenter.pause_ms == pytest.approx(32 * count)
    so_far = segmenter.so_far()
    assert so_far is not None
    assert np.array_equal(so_far.samples, np.concatenate(frames[:9]))
    segmenter.drop()
    assert not segmenter.active
    assert segmenter.pause_ms == 0
    assert segmenter.so_far() is None
    for frame in frames[9:12]:
        segmenter.feed(frame, 1.0)
    (utterance,) = segmenter.flush()
    assert np.array_equal(utterance.samples, np.concatenate(frames[9:12]))
    assert utterance.start_s == pytest.approx(9 * 0.032)


def test_silence_while_a_key_is_held_is_cut_like_silence_elsewhere():
    config = SegmenterConfig()
    segmenter = Segmenter(config)
    segmenter.begin()
    probs = [0.0] * 40 + [0.9] * 10 + [0.0] * 40
    for number, prob in enumerate(probs):
        segmenter.feed(np.full(FRAME_SAMPLES, number, np.float32), prob)
    (utterance,) = segmenter.end()
    kept = utterance.samples[::FRAME_SAMPLES].astype(int).tolist()
    assert kept == list(range(40 - config.pre_roll_frames, 50 + config.post_roll_frames))
    assert utterance.start_s == pytest.approx(kept[0] * FRAME_SAMPLES / 16_000)


def test_what_holds_no_speech_at_all_is_kept_as_it_is():
    segmenter = Segmenter()
    segmenter.begin()
    for _ in range(30):
        segmenter.feed(np.zeros(FRAME_SAMPLES, np.float32), 0.0)
    (utterance,) = segmenter.end()
    assert utterance.samples.size == 30 * FRAME_SAMPLES


@given(probs, st.booleans(), st.integers(0, 30))
def test_what_has_settled_is_what_ends_if_only_silence_follows(speech_probs, held, silence):
    segmenter, settled = Segmenter(SHORT), None
    if held:
        segmenter.begin()
    heard = [*speech_probs, *[0.0] * silence]
    for frame, prob in zip(numbered(len(heard)), heard, strict=True):
        ended = segmenter.feed(frame, prob)
        for utterance in ended if settled is not None else ():
            was_cut = len(frame_numbers(utterance)) == SHORT.max_frames
            assert was_cut or (frame_numbers(utterance), utterance.start_s, utterance.speech_prob) == settled
        found = segmenter.settled()
        if found is not None:
            settled = frame_numbers(found), found.start_s, found.speech_prob
        elif ended or segmenter.pause_ms == 0.0:
            settled = None
    for utterance in segmenter.end():
        assert settled is None or (frame_numbers(utterance), utterance.start_s, utterance.speech_prob) == settled


def test_an_utterance_settles_once_before_it_ends_and_silence_alone_never():
    segmenter = Segmenter(SegmenterConfig())
    segmenter.begin()
    for frame in numbered(40):
        segmenter.feed(frame, 0.0)
        assert segmenter.settled() is None
    assert segmenter.end()
    speech_probs = [0.9] * 10 + [0.0] * 19
    found = []
    for number, (frame, prob) in enumerate(zip(numbered(29), speech_probs, strict=True), 1):
        ended = segmenter.feed(frame, prob)
        found += [(number, utterance) for utterance in [segmenter.settled()] if utterance is not None]
    ((number, settled),) = found
    assert number == 23
    assert frame_numbers(settled) == frame_numbers(ended[0])
