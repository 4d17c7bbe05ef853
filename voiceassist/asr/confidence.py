"""How sure a result is: features of the search, the logistic curve over them, thresholds, and how both are fitted."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr.sentence_evidence import SentenceEvidence
from voiceassist.packs.calibration import Calibration, EvidenceCurve

MAX_MARGIN = 10.0
"""Larger margins count as this: beyond it they only tell how few commands there are."""

FREE_TEXT_PENALTY = 1.5
"""Subtracted from the score of a sentence that ends in free text: any long speech that begins like it would match."""

SLOT_SHARPNESS = 2.0
_USUAL_MARGIN_SLOPE = 0.22
"""For packs without a slope for values: times their slope for margins, or the usual one."""

_RIDGE = 1e-3


@dataclass(frozen=True, slots=True)
class Features:
    """What the confidence in a sentence is computed from, in nats.

    Attributes:
        score: log-likelihood ratio of the sentence to free decoding, per phone.
        margin: log-likelihood ratio to the best sentence with another meaning. Speech that is no command fits several
            commands equally badly. Not per phone: one clear word makes the difference in a long sentence, too.
        evidence: for each word and each gap; ``None`` for packs that do not use it.
    """

    score: float
    margin: float
    evidence: SentenceEvidence | None = None

    def vector(self, calibration: Calibration) -> list[float]:
        """The inputs of the logistic curve: score, margin, and the log-probabilities that all words were said and that
        nothing else was."""
        return [
            self.score,
            min(self.margin, MAX_MARGIN),
            float(np.log(self.word_probs(calibration)).sum()),
            float(np.log(_probs(None if self.evidence is None else self.evidence.gaps, calibration.gaps)).sum()),
        ]

    def word_probs(self, calibration: Calibration) -> NDArray[np.float64]:
        """The probability of each word outside of free text that it was said. Shape: ``(words,)``."""
        return _probs(None if self.evidence is None else self.evidence.words, calibration.words)


def _probs(inputs: NDArray[np.float64] | None, curve: EvidenceCurve | None) -> NDArray[np.float64]:
    if inputs is None or curve is None:
        return np.ones(0)
    odds = inputs[:, : len(curve.slopes)] @ np.array(curve.slopes) + curve.intercept
    probs: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
    return probs


def confidence(features: Features, calibration: Calibration) -> float:
    """Probability that a sentence is what was said, all of it and nothing else."""
    slopes = (
        calibration.slope,
        calibration.margin_slope,
        0.0 if calibration.words is None else calibration.words.weight,
        0.0 if calibration.gaps is None else calibration.gaps.weight,
    )
    exponent = -sum(slope * value for slope, value in zip(slopes, features.vector(calibration), strict=True))
    return 1 / (1 + math.exp(min(exponent - calibration.intercept, 700.0)))


def slot_confidence(margins: Iterable[float], calibration: Calibration) -> float:
    """Probability that a slot has the value of the best path, if the intent is right.

    Args:
        margins: log-likelihood ratios to the best paths of the same intent with other values there.
        calibration: of the pack.
    """
    learned = 0.0 if calibration.words is not None else calibration.margin_slope  # beside evidence it means less
    slope = calibration.value_slope or SLOT_SHARPNESS * (learned or _USUAL_MARGIN_SLOPE)
    return 1 / (1 + sum(math.exp(min(-slope * margin, 700.0)) for margin in margins))


def fit_logistic(inputs: NDArray[np.float64], right: NDArray[np.bool_]) -> tuple[list[float], float]:
    """Slopes and intercept of the logistic curve of greatest likelihood, by Newton's method.

    The two classes weigh the same: how much of what a microphone hears is a command is not known. Targets stand
    a trace off 0 and 1, which keeps the curve finite where the classes part cleanly (Platt 1999).

    Shape: ``(trials, features)`` and ``(trials,)``.
    """
    weights = np.where(right, 0.5 / max(1, right.sum()), 0.5 / max(1, (~right).sum())) * len(right)
    targets = np.where(right, 1 - 1 / (right.sum() + 2), 1 / ((~right).sum() + 2))
    design = np.column_stack([inputs, np.ones(len(inputs))])
    curve = np.zeros(design.shape[1])
    for _ in range(100):
        probs = 1 / (1 + np.exp(-np.clip(design @ curve, -30, 30)))
        gradient = design.T @ (weights * (probs - targets)) + _RIDGE * curve
        hessian = (design * (weights * probs * (1 - probs))[:, None]).T @ design + _RIDGE * np.eye(len(curve))
        step = np.linalg.solve(hessian, gradient)
        curve -= step * min(1.0, 2 / (np.abs(step).max() + 1e-9))
    *slopes, intercept = (round(float(value), 5) for value in curve)
    return slopes, intercept


_SPARE_PROB = 0.005


def threshold_above(least: float, confidences: Sequence[float], spared: int = 0) -> float:
    """A threshold above the confidences of sound that is no command.

    Args:
        least: the least threshold.
        confidences: of sound that is no command.
        spared: so many of these sounds may pass.
    """
    falling = sorted(confidences, reverse=True)[spared:]
    return max(least, round(min(falling[0] + _SPARE_PROB, 1.0), 4)) if falling else least
