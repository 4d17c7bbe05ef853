"""The logistic curve over scores, its fit, and the thresholds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.asr.confidence import (
    FREE_PHONE_GAP,
    FREE_PIECE_GAP,
    MAX_MARGIN,
    Features,
    confidence,
    fit_logistic,
    thresholds_above,
)
from voiceassist.packs.manifest import Calibration

CALIBRATION = Calibration(
    prior_weight=0.0,
    slope=2.0,
    intercept=3.0,
    act_prob=0.8,
    ask_prob=0.4,
    margin_slope=4.0,
    phone_gap_slope=-0.2,
    piece_gap_slope=-0.3,
    phone_word_slope=0.3,
    piece_word_slope=0.1,
)


NATS = st.floats(-1e6, 1e6)


@given(NATS, NATS, st.integers(0, 5))
def test_confidence_is_a_probability_that_grows_with_evidence_and_falls_with_gaps(
    one: float, other: float, place: int
) -> None:
    def sure(value: float) -> float:
        values = [0.0] * 6
        values[place] = value
        return confidence(Features(*values), CALIBRATION)

    low, high = (sure(value) for value in sorted((one, other)))
    low, high = (high, low) if place in (2, 3) else (low, high)
    assert 0 <= low <= high <= 1


def test_confidence_is_the_calibrated_curve_and_large_margins_count_no_more() -> None:
    exponent = 3 + 2 * -1.0 + 4 * 0.5 - 0.2 * (6 - FREE_PHONE_GAP) + 0.3 * -2
    features = Features(-1.0, 0.5, phone_gap=6.0, piece_gap=FREE_PIECE_GAP, phone_word=-2.0)
    assert confidence(features, CALIBRATION) == pytest.approx(1 / (1 + math.exp(-exponent)))
    assert confidence(Features(0.0, 50.0), CALIBRATION) == confidence(Features(0.0, MAX_MARGIN), CALIBRATION)


def test_without_evidence_in_the_pack_only_score_and_margin_count() -> None:
    old = Calibration(prior_weight=0.0, slope=2.0, intercept=3.0, act_prob=0.8, ask_prob=0.4, margin_slope=4.0)
    assert not old.uses_evidence
    assert confidence(Features(-1.0, 0.5, 20.0, 20.0, -9.0, -9.0), old) == confidence(Features(-1.0, 0.5), old)


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


@given(
    act=st.floats(0, 1),
    ask=st.floats(0, 1),
    confidences=st.lists(st.floats(0, 1), max_size=20),
    questions=st.integers(0, 20),
)
def test_thresholds_rise_above_all_that_was_no_command(
    act: float, ask: float, confidences: list[float], questions: int
) -> None:
    ask, act = sorted((ask, act))
    higher_act, higher_ask = thresholds_above(act, ask, confidences, questions)
    assert higher_act >= act
    assert ask <= higher_ask <= higher_act <= max(act, 1.0)
    assert all(value <= higher_act for value in confidences)
    assert sum(value > higher_ask for value in confidences) <= questions
