"""Fillers against enumeration of everything that could have been said, and every place of a filler."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from enumeration import BLANK, VOCABULARY, collapsed, random_scores
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceassist.asr.alignment import against_best, ratios_together
from voiceassist.asr.evidence import Part, weigh

PRICE = 0.5
WORDS = st.lists(st.lists(st.integers(1, VOCABULARY - 1), min_size=1, max_size=2), min_size=1, max_size=3)


def best_of(scores: np.ndarray, labels: Sequence[int]) -> float:
    """The best alignment of labels that fills these frames."""
    return max(
        (
            float(sum(scores[frame, label] for frame, label in enumerate(alignment)))
            for alignment in itertools.product(range(VOCABULARY), repeat=len(scores))
            if collapsed(alignment) == tuple(labels)
        ),
        default=-np.inf,
    )


def with_filler(scores: np.ndarray, before: Sequence[int], after: Sequence[int]) -> float:
    """The best score with one filler, of any length, between two parts of a sentence."""
    frames = len(scores)
    return max(
        best_of(scores[:first], before) - PRICE * (end - first) + best_of(scores[end:], after)
        for first in range(frames + 1)
        for end in range(first, frames + 1)
    )


@settings(max_examples=25, deadline=None)
@given(WORDS, st.integers(3, 5), st.integers(0, 2**32 - 1))
def test_gaps_and_words_are_weighed_as_enumeration_weighs_them(words: list[list[int]], frames: int, seed: int) -> None:
    scores = random_scores(frames, seed)
    (found,) = weigh([Part(against_best(scores), words, BLANK)], PRICE)
    labels = list(itertools.chain(*words))
    ratios = scores - scores.max(axis=1, keepdims=True)
    plain = best_of(ratios, labels)
    if not np.isfinite(plain):
        assert found.plain < -1000  # the sentence does not fit into so few frames
        return
    assert found.plain == pytest.approx(plain, abs=1e-3)
    assert found.plain == pytest.approx(float(ratios_together([(scores, [labels], BLANK)])[0][0, -1]), abs=1e-3)
    cuts = [0, *itertools.accumulate(map(len, words))]
    for number, cut in enumerate(cuts):
        gain = max(0.0, with_filler(ratios, labels[:cut], labels[cut:]) - plain)
        assert found.gaps[number] == pytest.approx(gain, abs=1e-3)
    for number, (begin, end) in enumerate(itertools.pairwise(cuts)):
        instead = with_filler(ratios, labels[:begin], labels[end:])
        assert found.words[number] == pytest.approx(plain - instead, abs=1e-3)


def test_parts_of_different_heads_and_frames_are_weighed_as_each_by_itself() -> None:
    first, second = against_best(random_scores(9, 7)), against_best(random_scores(12, 8))
    parts = [
        Part(first, [[1], [2, 3]], BLANK),
        Part(second, [[3, 1, 2]], BLANK),
        Part(first[2:], [[2], [2], [1]], BLANK),
        Part(second[:3], [[1], [1]], BLANK),
        Part(second[:, ::-1], [[1, 2]], 0),
    ]
    for found, part in zip(weigh(parts), parts, strict=True):
        (alone,) = weigh([part])
        assert found.plain == pytest.approx(alone.plain, abs=1e-4)
        assert found.gaps == pytest.approx(alone.gaps, abs=1e-4)
        assert found.words == pytest.approx(alone.words, abs=1e-4)


def test_a_word_that_the_sentence_lacks_shows_in_its_gap_and_one_that_was_not_said_in_its_place() -> None:
    heard = np.log(np.eye(VOCABULARY, dtype=np.float32)[[1, 0, 3, 0, 2, 0]] + 0.001)
    (lacking,) = weigh([Part(against_best(heard), [[1], [2]], BLANK)])
    assert np.argmax(lacking.gaps) == 1
    assert lacking.gaps[1] > 5
    (right,) = weigh([Part(against_best(heard), [[1], [3], [2]], BLANK)])
    assert right.gaps.max() < 0.1
    assert right.words == pytest.approx([PRICE] * 3)  # each was said for a frame
    (added,) = weigh([Part(against_best(heard), [[1], [1], [3], [2]], BLANK)])
    assert np.argmin(added.words) in (0, 1)
    assert added.words.min() < -3
