"""How sure a result is: features of the search, the logistic curve over them, thresholds, and how both are fitted."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voiceassist.packs.manifest import Calibration

MAX_MARGIN = 10.0
"""Larger margins count as this: beyond it they only tell how few commands there are."""

FREE_TEXT_PENALTY = 1.5
"""Subtracted from the score of a sentence that ends in free text: any long speech that begins like it would match."""

SLOT_SHARPNESS = 2.0
"""Times the pack's slope for margins, which was learned on whole sentences. See `models/results/search-*.json`."""

_USUAL_MARGIN_SLOPE = 0.22
"""For packs that were calibrated without margins, or with evidence beside them."""

FREE_PHONE_GAP = 4.0
FREE_PIECE_GAP = 3.0
"""So much a filler gains beside right sentences too: breath, clicks, half of a neighbouring word."""
MAX_GAP = 20.0
MIN_WORD, MAX_WORD = -12.0, 10.0
"""Bounds of the evidence, beyond which it tells no more."""

_RIDGE = 1e-3


@dataclass(frozen=True, slots=True)
class Features:
    """What the confidence in a sentence is computed from, in nats.

    Attributes:
        score: log-likelihood ratio of the sentence to free decoding, per phone.
        margin: log-likelihood ratio to the best sentence with another meaning. Speech that is no command fits several
            commands equally badly. Not per phone: one clear word makes the difference in a long sentence, too.
        phone_gap: what a filler beside the words gains in the phones: evidence of words that are not in the sentence.
        piece_gap: the same in the word pieces.
        phone_word: what the least certain word gains over a filler in its place: evidence that all words were said.
        piece_word: the same in the word pieces.
    """

    score: float
    margin: float
    phone_gap: float = 0.0
    piece_gap: float = 0.0
    phone_word: float = 0.0
    piece_word: float = 0.0

    def vector(self) -> list[float]:
        """The inputs of the logistic curve: each bounded, so that none can outweigh all others."""
        return [
            self.score,
            min(self.margin, MAX_MARGIN),
            _between(0.0, self.phone_gap - FREE_PHONE_GAP, MAX_GAP),
            _between(0.0, self.piece_gap - FREE_PIECE_GAP, MAX_GAP),
            _between(MIN_WORD, self.phone_word, MAX_WORD),
            _between(MIN_WORD, self.piece_word, MAX_WORD),
        ]


def confidence(features: Features, calibration: Calibration) -> float:
    """Probability that a sentence is what was said, all of it and nothing else."""
    slopes = (
        calibration.slope,
        calibration.margin_slope,
        calibration.phone_gap_slope,
        calibration.piece_gap_slope,
        calibration.phone_word_slope,
        calibration.piece_word_slope,
    )
    exponent = -sum(slope * value for slope, value in zip(slopes, features.vector(), strict=True))
    return 1 / (1 + math.exp(min(exponent - calibration.intercept, 700.0)))


def _between(least: float, value: float, most: float) -> float:
    return min(max(value, least), most)


def slot_confidence(margins: Iterable[float], calibration: Calibration) -> float:
    """Probability that a slot has the value of the best path, if the intent is right.

    Args:
        margins: log-likelihood ratios to the best paths of the same intent with other values there.
        calibration: of the pack.
    """
    learned = 0.0 if calibration.uses_evidence else calibration.margin_slope  # beside evidence it tells something else
    slope = SLOT_SHARPNESS * (learned or _USUAL_MARGIN_SLOPE)
    return 1 / (1 + sum(math.exp(min(-slope * margin, 700.0)) for margin in margins))


CLARITY_INTERCEPT = 3.0


def value_clarity(features: Features, calibration: Calibration) -> float:
    """What the evidence for the least certain word leaves of the confidence in numbers; 1 for packs without evidence.

    A command survives a word that was hardly heard; a number may be that word. Names are told apart by the margin.
    """
    if not calibration.uses_evidence:
        return 1.0
    phone_word, piece_word = features.vector()[-2:]
    evidence = calibration.phone_word_slope * phone_word + calibration.piece_word_slope * piece_word
    return 1 / (1 + math.exp(-min(CLARITY_INTERCEPT + evidence, 700.0)))


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


def thresholds_above(
    act_prob: float, ask_prob: float, confidences: Sequence[float], questions: int
) -> tuple[float, float]:
    """Thresholds to act and to ask above the confidences of sound that is no command.

    Args:
        act_prob: the least threshold to act.
        ask_prob: the least threshold to ask.
        confidences: of sound that is no command.
        questions: for so many of these sounds the user may be asked.
    """
    falling = sorted(confidences, reverse=True)
    act_prob = _above(act_prob, falling)
    return act_prob, min(act_prob, _above(ask_prob, falling[questions:]))


def _above(least: float, confidences: Sequence[float]) -> float:
    return max(least, round(min(confidences[0] + _SPARE_PROB, 1.0), 4)) if confidences else least
