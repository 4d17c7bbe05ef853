"""Confidence calibration: fits a pack's logistic curve, thresholds and prior weight on held-out speech."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr import ctc
from voiceassist.asr.confidence import Features, confidence, fit_logistic
from voiceassist.asr.ranking import Ranking
from voiceassist.asr.recognizer import Posteriors, Recognizer
from voiceassist.domain import Samples
from voiceassist.grammar.compiler.automaton import Automaton
from voiceassist.packs.calibration import Calibration, Thresholds
from voiceassist.train.evaluation.evidence_fit import UNFITTED, fit_evidence, fit_values
from voiceassist.train.evaluation.near_misses import KINDS, NearMissTrial, near_miss_trials
from voiceassist.train.evaluation.phrase_set import Phrase, phrase_automaton

PRIOR_WEIGHTS = (0.0, 0.3, 0.5)
STRICT_ACT_SHARE, STRICT_ASK_SHARE = 0.1, 0.25
"""Accepted share of out-of-grammar phrases that are acted on, and acted on or asked about, when the strict thresholds
are fitted. The set is hard: its hundreds of random phrases are close together. Noise and speech raise the thresholds
later."""
HELD_ACT_SHARE, HELD_ASK_SHARE = 0.02, 0.2
"""Accepted share of near misses that are acted on, and acted on or asked about, in speech addressed to the program."""
WAKE_ACT_SHARE, WAKE_ASK_SHARE = 0.01, 0.15
"""The same after a wake phrase, which is sometimes heard where nobody said it. Sound without commands raises these
thresholds later."""
TOLERATED_POINTS = 1.0
"""Accuracy difference in percentage points that counts as chance on a few hundred phrases."""
MIN_SLOPE = 1e-6
NOISE_WEIGHT = 5
"""How often each noise counts: the recordings are few, and an open microphone hears mostly noise."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One phrase decoded with a grammar: its confidence features, and whether the best sentence was correct."""

    features: Features
    right: bool


def run_trials(
    ranking: Ranking,
    heard: Sequence[Posteriors],
    phrases: Sequence[Phrase],
    automaton: Automaton,
    prior: NDArray[np.float32],
    weight: float,
) -> list[Trial]:
    """Decode each phrase with a grammar; a phrase without any hypothesis yields no trial."""
    trials = []
    for posteriors, phrase in zip(heard, phrases, strict=True):
        ranked, beyond = ranking.readings(posteriors, ctc.adjust(posteriors.phones, prior, weight), automaton)
        if ranked:
            features = ranking.features(posteriors, automaton, ranked, beyond)[0]
            trials.append(Trial(features, ranked[0].meaning.text == phrase.text))
    return trials


def calibrate(
    recognizer: Recognizer, phrases: Sequence[Phrase], prior: NDArray[np.float32], noise: Iterable[Samples] = ()
) -> tuple[Calibration, dict[str, float]]:
    """Choose the prior weight and fit the logistic curve and thresholds.

    Half of the phrases form the grammar; the other half serves as out-of-grammar speech. Near misses of all phrases and
    noise are further negatives. Among prior weights within `TOLERATED_POINTS` of the best accuracy the largest is
    chosen: these phrases are clean, and larger weights do better on single words and noise.

    Returns:
        the calibration, and the accuracy in percent on in-grammar phrases per prior weight.
    """
    inside, outside = phrases[::2], phrases[1::2]
    automaton = phrase_automaton([phrase.text for phrase in inside], recognizer)
    ranking = Ranking(recognizer, UNFITTED)
    all_heard = [recognizer.hear(phrase.samples) for phrase in phrases]
    heard, strange = all_heard[::2], all_heard[1::2]
    trials = {weight: run_trials(ranking, heard, inside, automaton, prior, weight) for weight in PRIOR_WEIGHTS}
    accuracy = {
        weight: round(100 * sum(trial.right for trial in found) / len(inside), 1) for weight, found in trials.items()
    }
    good = [weight for weight in PRIOR_WEIGHTS if accuracy[weight] >= max(accuracy.values()) - TOLERATED_POINTS]
    weight = max(good)
    strangers = run_trials(ranking, strange, outside, automaton, prior, weight)
    near = near_miss_trials(recognizer, phrases, prior, replace(UNFITTED, prior_weight=weight))
    sounds = [Phrase("", samples) for samples in noise]
    noisy = run_trials(ranking, [recognizer.hear(one.samples) for one in sounds], sounds, automaton, prior, weight)
    fitted = fit_calibration(weight, trials[weight], strangers, near, noisy)
    fitted = fit_values(recognizer, phrases, all_heard, prior, fitted)
    return fitted, {f"{weight:g}": points for weight, points in accuracy.items()}


def fit_calibration(
    weight: float,
    trials: Sequence[Trial],
    strangers: Sequence[Trial],
    near: Sequence[NearMissTrial],
    noise: Sequence[Trial] = (),
) -> Calibration:
    """Fit the logistic curve and thresholds on in-grammar phrases, out-of-grammar speech, near misses and noise."""
    right = [trial.features for trial in trials if trial.right]
    right += [trial.features for trial in near if trial.kind == "right" and trial.right]
    missed = [trial.features for trial in near if trial.kind in KINDS]
    noisy = [one.features for one in noise if not one.right]
    wrong = [*missed, *(one.features for one in (*strangers, *trials) if not one.right), *noisy * NOISE_WEIGHT]
    curve = fit_evidence(near, replace(UNFITTED, prior_weight=weight))
    inputs = np.array([features.vector(curve) for features in (*right, *wrong)])
    slopes, intercept = fit_logistic(inputs, np.arange(len(inputs)) < len(right))
    # the fit of a model that has learned nothing may have any sign; more evidence never makes a sentence less likely
    slope, margin_slope, words, gaps = (max(0.0, value) for value in slopes)
    curve = replace(
        curve,
        slope=max(MIN_SLOPE, slope),
        margin_slope=margin_slope,
        intercept=intercept,
        words=curve.words and replace(curve.words, weight=words),
        gaps=curve.gaps and replace(curve.gaps, weight=gaps),
    )
    held = _thresholds(missed, curve, HELD_ACT_SHARE, HELD_ASK_SHARE)
    wake = _thresholds(missed, curve, WAKE_ACT_SHARE, WAKE_ASK_SHARE)
    strict = _thresholds([one.features for one in strangers], curve, STRICT_ACT_SHARE, STRICT_ASK_SHARE)
    return replace(curve, act_prob=strict.act_prob, ask_prob=strict.ask_prob, held=held, wake=wake)


def _thresholds(wrong: Sequence[Features], curve: Calibration, act_share: float, ask_share: float) -> Thresholds:
    probs = [confidence(features, curve) for features in wrong]
    act_prob, ask_prob = np.quantile(probs, [1 - act_share, 1 - ask_share]).round(4)
    return Thresholds(float(act_prob), float(ask_prob))
