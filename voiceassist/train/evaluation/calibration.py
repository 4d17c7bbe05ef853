"""From scores to probabilities: how far a pack's scores can be trusted, learned on held-out speech."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from voiceassist.asr import ctc
from voiceassist.asr.confidence import MAX_MARGIN, confidence, fit_logistic
from voiceassist.asr.ranking import Ranking, margin
from voiceassist.asr.recognizer import Posteriors, Recognizer
from voiceassist.grammar.compiler.automaton import Automaton, compile_automaton
from voiceassist.grammar.files.merge import load_commands
from voiceassist.packs.manifest import Calibration
from voiceassist.train.evaluation.phrase_set import Phrase

PRIOR_WEIGHTS = (0.0, 0.3, 0.5)
FALSE_ACTION_SHARE = 0.1
"""Share of phrases outside the grammar that may still be acted upon, in the hard case of this set: hundreds of random
phrases lie close together. Against the default commands the same threshold lets far fewer through."""
ASK_SHARE = 0.25
"""Share of them that may be acted upon or asked about."""
TOLERATED_POINTS = 1.0
"""Of accuracy; less than that is chance on a few hundred phrases."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One phrase against a grammar: score and margin as the policy weighs them, and whether the best was right."""

    score: float
    margin: float
    right: bool


def phrase_automaton(phrases: Sequence[Phrase], recognizer: Recognizer) -> Automaton:
    """A grammar of just these phrases, each of its own intent."""
    intents = {f"Phrase{number}": [phrase.text] for number, phrase in enumerate(phrases)}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "phrases.yaml"
        file.write_text(yaml.safe_dump({"intents": intents}), encoding="utf-8")
        return compile_automaton(load_commands([file]), recognizer.pronounce)


def run_trials(
    ranking: Ranking,
    heard: Sequence[Posteriors],
    phrases: Sequence[Phrase],
    automaton: Automaton,
    prior: NDArray[np.float32],
    weight: float,
) -> list[Trial]:
    """Searches a grammar for each phrase; one that fits no sentence at all has no trial."""
    trials = []
    for posteriors, phrase in zip(heard, phrases, strict=True):
        readings, beyond = ranking.readings(posteriors, ctc.adjust(posteriors.phones, prior, weight), automaton)
        if readings:
            best = readings[0]
            apart = min(margin(best, readings, beyond), MAX_MARGIN)
            trials.append(Trial(best.score, apart, best.meaning.text == phrase.text))
    return trials


def calibrate(
    recognizer: Recognizer, phrases: Sequence[Phrase], prior: NDArray[np.float32]
) -> tuple[Calibration, dict[str, float]]:
    """Chooses the prior's weight and fits the logistic curve and thresholds.

    Half of the phrases are the grammar; the other half is speech that is no command. Of the weights that are about as
    accurate as the best one the largest is taken: these phrases are clean, and single words and noise like it better.

    Returns:
        the calibration, and the accuracy in percent on the phrases of the grammar per prior weight.
    """
    inside, outside = phrases[::2], phrases[1::2]
    automaton = phrase_automaton(inside, recognizer)
    ranking = Ranking(recognizer, recognizer.pack.manifest.calibration)
    heard, strange = ([recognizer.hear(phrase.samples) for phrase in half] for half in (inside, outside))
    accuracy: dict[float, float] = {}
    fits: dict[float, Calibration] = {}
    for weight in PRIOR_WEIGHTS:
        trials = run_trials(ranking, heard, inside, automaton, prior, weight)
        strangers = run_trials(ranking, strange, outside, automaton, prior, weight)
        accuracy[weight] = round(100 * sum(trial.right for trial in trials) / len(inside), 1)
        fits[weight] = _fit(weight, trials, strangers)
    good = [weight for weight in PRIOR_WEIGHTS if accuracy[weight] >= max(accuracy.values()) - TOLERATED_POINTS]
    return fits[max(good)], {f"{weight:g}": points for weight, points in accuracy.items()}


def _fit(weight: float, trials: Sequence[Trial], strangers: Sequence[Trial]) -> Calibration:
    everything = [*trials, *strangers]
    inputs = np.array([(trial.score, trial.margin) for trial in everything])
    right = np.array([trial.right for trial in trials] + [False] * len(strangers))
    (slope, margin_slope), intercept = fit_logistic(inputs, right)
    curve = Calibration(weight, slope, intercept, act_prob=1.0, ask_prob=1.0, margin_slope=margin_slope)
    strange_probs = [confidence(trial.score, trial.margin, curve) for trial in strangers]
    act_prob, ask_prob = np.quantile(strange_probs, [1 - FALSE_ACTION_SHARE, 1 - ASK_SHARE]).round(4)
    return replace(curve, act_prob=float(act_prob), ask_prob=float(ask_prob))
