"""Alignment against brute force, and what is expected of a model."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.asr.alignment import (
    Window,
    align,
    ratios_in_windows,
    ratios_together,
    relative_probs,
    summed_in_windows,
    summed_together,
)
from voiceassist.asr.confusion import FRAMES, Confusion
from voiceassist.errors import PackError
from voiceassist.train.phones import PHONES


def collapsed(path: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(token for token, _ in itertools.groupby(path) if token)


@given(st.integers(1, 6), st.lists(st.integers(1, 2), min_size=1, max_size=3), st.integers(0, 1_000))
def test_an_alignment_is_the_best_of_all(frames: int, tokens: list[int], seed: int) -> None:
    scores = np.random.default_rng(seed).standard_normal((frames, 3)).astype(np.float32)
    ways = [path for path in itertools.product(range(3), repeat=frames) if collapsed(path) == tuple(tokens)]
    found = align(scores, tokens, blank=0)
    if not ways:
        assert found is None
        return
    assert found is not None
    best = max(sum(float(scores[frame, token]) for frame, token in enumerate(path)) for path in ways)
    assert found.log_prob == pytest.approx(best, abs=1e-4)
    path = tuple(0 if at < 0 else tokens[at] for at in found.positions)
    assert collapsed(path) == tuple(tokens)
    assert sum(float(scores[frame, token]) for frame, token in enumerate(path)) == pytest.approx(best, abs=1e-4)


def test_an_alignment_of_nothing_is_all_blanks() -> None:
    found = align(np.zeros((4, 3), np.float32), [], blank=0)
    assert found is not None
    assert found.positions.tolist() == [-1] * 4
    assert align(np.zeros((0, 3), np.float32), [1], blank=0) is None


def test_measured_confusion_survives_its_file() -> None:
    rng = np.random.default_rng(3)
    probs = rng.dirichlet(np.full(20, 0.05), 20).astype(np.float32)
    read = Confusion.from_json(Confusion(probs, measured=True).to_json(), 20)
    assert read.measured
    assert read.probs.sum(axis=1) == pytest.approx(np.ones(20), abs=1e-5)
    assert np.abs(read.probs - probs).max() < 0.01


@pytest.mark.parametrize("text", ["", "[]", "{}", "[[[0,1]],[[9,1]]]", "[[[0,1]],[[0,-1]]]", "[[[0,1]],[3]]", "[1,2]"])
def test_a_damaged_file_is_refused(text: str) -> None:
    with pytest.raises(PackError, match="confusion"):
        Confusion.from_json(text, 2)


def test_a_guess_prefers_the_phone_itself_and_then_its_like() -> None:
    guess = Confusion.guessed(PHONES)
    assert not guess.measured
    assert guess.probs.argmax(axis=1).tolist() == list(range(len(PHONES)))
    assert guess.probs.sum(axis=1) == pytest.approx(np.ones(len(PHONES)), abs=1e-5)
    row = guess.probs[PHONES.index("S")]
    assert row[PHONES.index("Z")] > row[PHONES.index("IY")]
    expected = guess.expected([1, 2])
    assert expected.shape == (2 * FRAMES + 2, len(PHONES))
    assert expected.argmax(axis=1).tolist() == [0, *[1] * FRAMES, *[2] * FRAMES, 0]


@given(
    st.integers(1, 6), st.lists(st.lists(st.integers(1, 3), max_size=3), min_size=1, max_size=4), st.integers(0, 1_000)
)
def test_ratios_of_many_texts_are_those_of_their_alignments(frames: int, texts: list[list[int]], seed: int) -> None:
    log_probs = np.random.default_rng(seed).standard_normal((frames, 4)).astype(np.float32)
    (ratios,) = ratios_together([(log_probs, texts, 0)])
    assert ratios.shape == (len(texts), frames)
    for text, ratio in zip(texts, ratios, strict=True):
        for end in range(1, frames + 1):
            found = align(log_probs[:end], text, blank=0)
            free = float(log_probs[:end].max(axis=1).sum())
            assert ratio[end - 1] == pytest.approx(-np.inf if found is None else found.log_prob - free, abs=1e-4)


@given(
    st.integers(1, 5), st.lists(st.lists(st.integers(1, 2), max_size=3), min_size=1, max_size=3), st.integers(0, 1_000)
)
def test_sums_of_many_texts_are_those_over_all_alignments(frames: int, texts: list[list[int]], seed: int) -> None:
    heads = [np.random.default_rng(seed + n).standard_normal((frames, 3)).astype(np.float32) for n in range(2)]
    found = summed_together([(relative_probs(head), texts, 0) for head in heads])
    for head, sums in zip(heads, found, strict=True):
        assert sums.shape == (len(texts), frames)
        for text, ratios in zip(texts, sums, strict=True):
            for end in range(1, frames + 1):
                ways = [path for path in itertools.product(range(3), repeat=end) if collapsed(path) == tuple(text)]
                each = [sum(float(head[frame, label]) for frame, label in enumerate(path)) for path in ways]
                free = float(head[:end].max(axis=1).sum())
                expected = np.logaddexp.reduce(each) - free if each else -np.inf
                assert ratios[end - 1] == pytest.approx(expected, abs=1e-4)


@given(st.integers(2, 20), st.integers(1, 5), st.integers(0, 1_000), st.data())
def test_texts_in_frames_of_their_own_score_as_each_by_itself(
    frames: int, most: int, seed: int, data: st.DataObject
) -> None:
    log_probs = [
        np.random.default_rng(seed + n).standard_normal((frames, 3 + n)).astype(np.float32) * 3 for n in (0, 1)
    ]
    probs, blanks = [relative_probs(own) for own in log_probs], (0, 2)
    starts = data.draw(st.lists(st.integers(0, frames - 1), min_size=1, max_size=most))
    windows = [
        Window(
            n % 2, start, data.draw(st.integers(start + 1, frames)), data.draw(st.lists(st.integers(0, 2), max_size=4))
        )
        for n, start in enumerate(starts)
    ]
    found = summed_in_windows(list(zip(probs, blanks, strict=True)), windows)
    for window, sums in zip(windows, found, strict=True):
        alone = probs[window.head][window.start : window.stop], [window.text], blanks[window.head]
        assert sums == pytest.approx(summed_together([alone])[0][0], abs=1e-5)
    best = ratios_in_windows(log_probs[0], 0, windows)
    for window, ratio in zip(windows, best, strict=True):
        alone = log_probs[0][window.start : window.stop], [window.text], 0
        assert ratio == pytest.approx(float(ratios_together([alone])[0][0, -1]), abs=1e-5)


def test_long_unlikely_speech_has_a_sum() -> None:
    unlikely = np.tile(np.array([0.0, -50.0, -50.0], np.float32), (400, 1))
    (sums,) = summed_together([(relative_probs(unlikely), [[1, 2] * 10], 0)])
    assert sums[0, -1] == pytest.approx(-50.0 * 20 + math.log(math.comb(400, 20)), abs=0.01)
