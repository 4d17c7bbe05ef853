"""Recordings cut and joined anew: every word stays with its sound, its pieces, its phones and its times."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.train.data.batches import TrainingClip
from voiceassist.train.data.segment_augmentation import MAX_SEGMENT_WORDS, cut, join, split_random_clips, split_segments

SLACK_MS = 160


def recording(words: list[tuple[int, int]], pieces_per_word: list[int]) -> TrainingClip:
    """Each word, given as gap and length in ms, is a constant in sound and phones: its number, from 1."""
    spans, now = [], 0
    for gap_ms, length_ms in words:
        spans.append((now + gap_ms, now + gap_ms + length_ms))
        now = spans[-1][1]
    samples = (now + 50) * 16
    sound, phones = np.zeros(samples, np.int16), np.zeros(samples // 160 + 1, np.int64)
    pieces, word_of, early, late = [], [], [], []
    for number, ((begin, end), count) in enumerate(zip(spans, pieces_per_word, strict=False)):
        sound[begin * 16 : end * 16] = number + 1
        phones[begin // 10 : end // 10] = number + 1
        for edge, next_edge in pairwise(np.linspace(begin, end, count + 1)):
            pieces.append(100 * (number + 1) + len(pieces))
            word_of.append(number)
            early.append(edge - SLACK_MS)
            late.append(next_edge + SLACK_MS)
    return TrainingClip(
        sound, np.array(pieces), np.array(early, np.float32), np.array(late, np.float32), phones,
        np.array(spans, np.float32), np.array(word_of), np.tile(phones[:, None], (1, 40)).astype(np.uint8),
    )  # fmt: skip


recordings = st.integers(2, 25).flatmap(
    lambda count: st.builds(
        recording,
        st.lists(
            st.tuples(st.sampled_from([0, 0, 10, 45, 200, 900]), st.integers(60, 700)), min_size=count, max_size=count
        ),
        st.lists(st.integers(1, 5), min_size=count, max_size=count),
    )
)


def assert_right(clip: TrainingClip) -> None:
    """What each word is can be read off its pieces; sound and phones must say the same."""
    assert len(clip.pieces) == len(clip.word_of) == len(clip.earliest_ms) == len(clip.latest_ms)
    for number, (begin_ms, end_ms) in enumerate(clip.word_ms):
        own = clip.pieces[clip.word_of == number]
        (word,) = set(own // 100)
        middle_ms = (begin_ms + end_ms) / 2
        assert clip.sound[int(middle_ms * 16)] == word
        assert clip.phones[int(middle_ms / 10)] == word
        assert (clip.soft_labels[int(middle_ms / 10)] == word).all()
        assert (np.bincount(clip.sound, minlength=word + 1)[word]) >= (end_ms - begin_ms - 20) * 16
        early, late = clip.earliest_ms[clip.word_of == number], clip.latest_ms[clip.word_of == number]
        assert np.allclose(early[0] + SLACK_MS, begin_ms, atol=1)
        assert np.allclose(late[-1] - SLACK_MS, end_ms, atol=1)
        assert np.allclose(early[1:] + SLACK_MS, late[:-1] - SLACK_MS, atol=1)
    assert (np.diff(clip.word_of) >= 0).all()


@given(recordings, st.integers(0, 1000))
def test_every_word_is_heard_once_with_its_sound_and_times(example: TrainingClip, seed: int) -> None:
    clips = split_segments(example, np.random.default_rng(seed))
    for clip in clips:
        assert_right(clip)
        assert len(clip.word_ms) <= MAX_SEGMENT_WORDS
    assert sorted(int(piece) for clip in clips for piece in clip.pieces) == sorted(example.pieces.tolist())


@given(recordings, st.data())
def test_a_cut_has_only_its_words_and_little_more(example: TrainingClip, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(example.word_ms) - 1))
    end = data.draw(st.integers(first + 1, len(example.word_ms)))
    clip = cut(example, first, end)
    assert_right(clip)
    heard = np.bincount(clip.sound)
    strangers = [number for number in np.flatnonzero(heard) if number and not first < number <= end]
    assert all(heard[number] <= 10 * 16 for number in strangers), "more than a step of the grid of a neighbour"
    assert len(clip.sound) / 16 <= example.word_ms[end - 1, 1] - example.word_ms[first, 0] + 2 * (60 + 10)


@given(recordings, recordings)
def test_joining_keeps_both_parts(one: TrainingClip, other: TrainingClip) -> None:
    both = join(cut(one, 0, 1), cut(other, 0, 2))
    assert_right(both)
    assert both.word_of.max() == 2


def test_how_many_are_cut_is_drawn_and_can_be_repeated() -> None:
    examples = [recording([(0, 300)] * 9, [2] * 9) for _ in range(200)]
    assert split_random_clips(examples, 0.0, 16.0, 1) == examples
    some, again, other = (split_random_clips(examples, 0.5, 16.0, seed) for seed in (1, 1, 2))
    whole = sum(len(clip.word_ms) == 9 for clip in some)
    assert 70 < whole < 130
    assert [len(clip.sound) for clip in some] == [len(clip.sound) for clip in again]
    assert [len(clip.sound) for clip in some] != [len(clip.sound) for clip in other]


def test_recordings_without_word_times_stay_whole() -> None:
    plain = recording([(0, 300)] * 3, [1] * 3)
    unaligned = TrainingClip(
        plain.sound, plain.pieces, plain.earliest_ms, plain.latest_ms, plain.phones,
        np.zeros((0, 2), np.float32), np.zeros(0, np.int64), plain.soft_labels,
    )  # fmt: skip
    assert split_random_clips([unaligned], 1.0, 16.0, 1) == [unaligned]
