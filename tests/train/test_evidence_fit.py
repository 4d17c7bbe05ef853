"""The curves for words and gaps, and the threshold for values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.asr.confidence import Features
from voiceassist.asr.sentence_evidence import SentenceEvidence
from voiceassist.train.evaluation.evidence_fit import UNFITTED, equal_error_prob, fit_evidence, words_and_gaps
from voiceassist.train.evaluation.near_misses import FUNCTION_WORDS, NearMissTrial

WORDS = st.lists(st.sampled_from(["river", "gold", "deep", "lantern"]), min_size=1, max_size=5, unique=True)


def test_words_and_gaps_are_told_from_the_texts() -> None:
    assert words_and_gaps("a b c", "a b c") == ([True] * 3, [True] * 4)
    assert words_and_gaps("a b c", "a c") == ([True] * 2, [True, False, True])
    assert words_and_gaps("a b c", "a d c") == ([True, False, True], [True] * 4)
    assert words_and_gaps("a b", "c a b") == ([False, True, True], [True] * 4)


@given(WORDS, st.integers(0, 4))
def test_a_word_taken_out_leaves_one_gap_that_is_not_empty(words: list[str], place: int) -> None:
    place %= len(words)
    said, empty = words_and_gaps(" ".join(words), " ".join(words[:place] + words[place + 1 :]))
    assert all(said)
    assert [number for number, one in enumerate(empty) if not one] == [place]


def test_the_curves_learn_what_tells_words_and_gaps_apart() -> None:
    rng = np.random.default_rng(0)

    def trial(found: str) -> NearMissTrial:
        said, empty = words_and_gaps("gold river", found)
        words = np.array([[rng.normal(3 if one else -3), 0.0, 0.0, 0.0, 4.0, 0.0, 0.0] for one in said])
        gaps = np.array([[abs(rng.normal(1 if one else 8)), 0.0, 0.0, 0.0, 0.0] for one in empty])
        kind = "right" if found == "gold river" else "missing"
        return NearMissTrial(
            kind, Features(0.0, 0.0, SentenceEvidence(words, gaps)), kind == "right", "gold river", found
        )

    trials = [trial(found) for found in ("gold river", "gold", "gold lantern") for _ in range(200)]
    fitted = fit_evidence(trials, UNFITTED)
    assert fitted.words is not None
    assert fitted.gaps is not None
    assert fitted.words.slopes[0] > 0.5
    assert fitted.gaps.slopes[0] < -0.3
    assert not {"gold", "river", "lantern"} & FUNCTION_WORDS


@given(st.integers(0, 2**32 - 1), st.integers(20, 200))
def test_the_threshold_for_values_loses_as_many_as_it_lets_through(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    right = np.arange(2 * count) < count
    confidences = np.concatenate([rng.beta(5, 2, count), rng.beta(2, 5, count)])
    prob = equal_error_prob(confidences, right)
    lost, passed = np.mean(confidences[right] < prob), np.mean(confidences[~right] >= prob)
    assert abs(lost - passed) <= 2 / count + 0.01


@pytest.mark.parametrize("right", [True, False])
def test_a_threshold_of_values_that_are_all_right_or_all_wrong_errs_with_none(right: bool) -> None:
    confidences = np.array([0.2, 0.5, 0.9])
    prob = equal_error_prob(confidences, np.full(3, right))
    assert prob == (0.2 if right else 0.9)
