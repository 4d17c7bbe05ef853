"""Sentences that are almost what was said, and how often they would be acted on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceassist.asr.confidence import Features
from voiceassist.packs.calibration import Calibration
from voiceassist.train.evaluation.near_misses import (
    FUNCTION,
    FUNCTION_WORDS,
    KINDS,
    NearMissTrial,
    acted_on,
    near_miss,
    near_miss_curve,
)

CURVE = Calibration(prior_weight=0.0, slope=1.0, intercept=0.0, act_prob=0.9, ask_prob=0.5)
WORDS = ("the", "river", "of", "gold", "was", "deep")


@given(st.sampled_from([*KINDS, FUNCTION]), st.integers(0, 1000))
def test_a_near_miss_differs_by_one_word(kind: str, seed: int) -> None:
    changed = near_miss(WORDS, kind, ["lantern"], np.random.default_rng(seed))
    if changed is None:
        assert kind == "before"  # it begins with a function word
        return
    lost, won = set(WORDS) - set(changed), set(changed) - set(WORDS)
    assert (len(lost), len(won)) == {"added": (0, 1), "exchanged": (1, 1)}.get(kind, (1, 0))
    assert all((word in FUNCTION_WORDS) is (kind == FUNCTION) for word in lost)


def trial(kind: str, score: float, *, right: bool = False) -> NearMissTrial:
    return NearMissTrial(kind, Features(score, 0.0), right)


def test_what_is_acted_on_is_counted_by_kind_and_wrong_ones_are_not_right() -> None:
    trials = [trial("right", 3, right=True), trial("right", 3), trial("missing", 3), trial("missing", -3)]
    found = acted_on(trials, CURVE, 0.9)
    assert found["right"] == {"phrases": 2, "acted": 1, "percent": 50.0}
    assert found["missing"] == {"phrases": 2, "acted": 1, "percent": 50.0}


def test_the_curve_sets_the_threshold_by_content_words_only() -> None:
    rng = np.random.default_rng(3)
    trials = [trial("missing", score) for score in rng.normal(-2, 1, 500)]
    trials += [trial("right", score, right=True) for score in rng.normal(2, 1, 500)]
    plain = near_miss_curve(trials, CURVE)
    assert [point["right_percent"] for point in plain] == sorted(point["right_percent"] for point in plain)
    with_function_words = near_miss_curve([*trials, *[trial(FUNCTION, 9)] * 500], CURVE)
    assert with_function_words == plain
    at_five = next(point for point in plain if point["near_misses_percent"] == pytest.approx(5))
    assert at_five["right_percent"] > 95
