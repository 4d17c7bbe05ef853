"""The logistic curve over scores, its fit, and the thresholds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.asr.confidence import MAX_MARGIN, Features, confidence, fit_logistic, threshold_above
from voiceassist.asr.sentence_evidence import SentenceEvidence
from voiceassist.packs.calibration import Calibration, EvidenceCurve

CALIBRATION = Calibration(
    prior_weight=0.0,
    slope=2.0,
    intercept=3.0,
    act_prob=0.8,
    ask_prob=0.4,
    margin_slope=4.0,
    words=EvidenceCurve((0.2, 0.3, *[0.0] * 5), 1.0, 0.5),
    gaps=EvidenceCurve((-0.2, -0.3, *[0.0] * 3), 2.0, 2.0),
)


NATS = st.floats(-12, 10)
GAINS = st.floats(0, 20)


def evidence(words: list[list[float]], gaps: list[list[float]]) -> SentenceEvidence:
    return SentenceEvidence(
        np.array([[*word, 0.0, 0.0, 3.0, 0.0, 0.0] for word in words]).reshape(-1, 7),
        np.array([[*gap, 0.0, 0.0, 0.0] for gap in gaps]).reshape(-1, 5),
    )


@given(st.lists(NATS, min_size=2, max_size=2), st.lists(GAINS, min_size=2, max_size=2))
def test_confidence_grows_with_evidence_for_words_and_falls_with_that_beside_them(
    words: list[float], gaps: list[float]
) -> None:
    def sure(word: float, gap: float) -> float:
        said = evidence([[1.0, 1.0], [word, 0.0]], [[0.0, 0.0], [gap, 0.0]])
        return confidence(Features(-1.0, 1.0, said), CALIBRATION)

    assert 0 <= sure(min(words), gaps[0]) <= sure(max(words), gaps[0]) <= 1
    assert sure(words[0], max(gaps)) <= sure(words[0], min(gaps))


def test_confidence_is_the_calibrated_curve_and_large_margins_count_no_more() -> None:
    features = Features(-1.0, 0.5, evidence([[-2.0, 1.0]], [[6.0, 0.0]]))
    said, empty = (1 / (1 + math.exp(-odds)) for odds in (1 + 0.2 * -2 + 0.3, 2 - 0.2 * 6))
    assert features.word_probs(CALIBRATION).tolist() == pytest.approx([said])
    exponent = 3 + 2 * -1.0 + 4 * 0.5 + 0.5 * math.log(said) + 2.0 * math.log(empty)
    assert confidence(features, CALIBRATION) == pytest.approx(1 / (1 + math.exp(-exponent)))
    assert confidence(Features(0.0, 50.0), CALIBRATION) == confidence(Features(0.0, MAX_MARGIN), CALIBRATION)


def test_without_curves_in_the_pack_only_score_and_margin_count() -> None:
    old = Calibration(prior_weight=0.0, slope=2.0, intercept=3.0, act_prob=0.8, ask_prob=0.4, margin_slope=4.0)
    weighed = Features(-1.0, 0.5, evidence([[-9.0, -9.0]], [[20.0, 20.0]]))
    assert confidence(weighed, old) == confidence(Features(-1.0, 0.5), old)


def test_the_logistic_curve_is_that_which_made_the_data() -> None:
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(20_000, 2))
    right = rng.random(20_000) < 1 / (1 + np.exp(-(2 * inputs[:, 0] - inputs[:, 1])))
    (first, second), intercept = fit_logistic(inputs, right)
    assert (first, second, intercept) == pytest.approx((2, -1, 0), abs=0.1)


def test_cleanly_parted_scores_give_a_finite_curve() -> None:
    inputs = np.array([[-2.0, 0.0], [-1.0, 0.0], [1.0, 0.5], [2.0, 0.5]])
    (slope, _), _ = fit_logistic(inputs, np.array([False, False, True, True]))
    assert 0 < slope < 1e3


@given(least=st.floats(0, 1), confidences=st.lists(st.floats(0, 1), max_size=20), spared=st.integers(0, 20))
def test_a_threshold_rises_above_all_that_was_no_command(least: float, confidences: list[float], spared: int) -> None:
    threshold = threshold_above(least, confidences, spared)
    assert least <= threshold <= max(least, 1.0)
    assert sum(value > threshold for value in confidences) <= spared
