"""Sentences that are almost what was said: one word missing, exchanged or too many.

Real voices: phrases of the dev recordings, each against a grammar that has only a near miss of it. To act on that would
be wrong. Near misses that differ in a function word ("the", "of") are counted apart: they harm nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr import ctc
from voiceassist.asr.confidence import Features, confidence
from voiceassist.asr.ranking import Ranking
from voiceassist.asr.recognizer import Recognizer
from voiceassist.packs.calibration import Calibration
from voiceassist.train.evaluation.phrase_set import Phrase, phrase_automaton

FUNCTION_WORDS = frozenset((
    "a", "an", "the", "of", "to", "in", "on", "at", "by", "for", "from", "with", "and", "or", "but", "as", "is",
    "are", "was", "were", "be", "been", "am", "it", "its", "he", "she", "they", "we", "you", "i", "me", "him",
    "her", "them", "us", "his", "their", "our", "your", "my", "this", "that", "these", "those", "there", "so", "if",
    "then", "than", "do", "does", "did", "had", "has", "have", "will", "would", "shall", "should", "can", "could",
    "may", "might", "must", "up", "out", "into",
))  # fmt: skip
MIN_WORDS = 3
GRAMMAR_PHRASES = 40
"""So many phrases, or near misses of them, are a grammar."""
FUNCTION = "function"
"""The kind of near miss that differs in a function word only."""
KINDS = ("missing", "exchanged", "before", "after", "added")
"""Kinds of near misses in content words. ``before`` and ``after``: words were said there that the sentence lacks."""
SHARES = (0.005, 0.01, 0.02, 0.03, 0.05, 0.1)


@dataclass(frozen=True, slots=True)
class NearMissTrial:
    """A phrase against a grammar: features of the best sentence, and whether it is what was said.

    Attributes:
        kind: one of `KINDS`, `FUNCTION`, or ``right`` where the grammar has the phrase itself.
        features: of the best sentence.
        right: whether that is the phrase.
        said: the phrase.
        found: the best sentence.
    """

    kind: str
    features: Features
    right: bool
    said: str = ""
    found: str = ""


def near_miss(words: Sequence[str], kind: str, strangers: Sequence[str], rng: np.random.Generator) -> list[str] | None:
    """A sentence that is almost the given words; ``None`` where there is none of that kind.

    Args:
        words: what was said.
        kind: one of `KINDS`, or `FUNCTION`.
        strangers: content words to exchange and add.
        rng: chooses the word.
    """
    content = [place for place, word in enumerate(words) if word not in FUNCTION_WORDS]
    function = [place for place, word in enumerate(words) if word in FUNCTION_WORDS]
    stranger = str(rng.choice(strangers))
    changed = list(words)
    if kind == "added":
        changed.insert(int(rng.integers(len(words) + 1)), stranger)
    elif kind == "before" and words[0] not in FUNCTION_WORDS:
        del changed[0]
    elif kind == "after" and words[-1] not in FUNCTION_WORDS:
        del changed[-1]
    elif kind == "missing" and content:
        del changed[int(rng.choice(content))]
    elif kind == "exchanged" and content:
        changed[int(rng.choice(content))] = stranger
    elif kind == FUNCTION and function:
        del changed[int(rng.choice(function))]
    return changed if changed != list(words) else None


def near_miss_trials(
    recognizer: Recognizer, phrases: Sequence[Phrase], prior: NDArray[np.float32], calibration: Calibration
) -> list[NearMissTrial]:
    """Every phrase against a grammar of all phrases, and for each kind against one of near misses only."""
    phrases = [phrase for phrase in phrases if len(phrase.text.split()) >= MIN_WORDS]
    heard = [recognizer.hear(phrase.samples) for phrase in phrases]
    ranking, trials = Ranking(recognizer, calibration), list[NearMissTrial]()

    def listen(kind: str, texts: Sequence[str | None]) -> None:
        for number, (phrase, posteriors, text) in enumerate(zip(phrases, heard, texts, strict=True)):
            if number % GRAMMAR_PHRASES == 0:
                around = texts[number : number + GRAMMAR_PHRASES]
                automaton = phrase_automaton([text for text in around if text is not None], recognizer)
            scores = ctc.adjust(posteriors.phones, prior, calibration.prior_weight)
            ranked, beyond = ranking.readings(posteriors, scores, automaton) if text is not None else ([], None)
            if ranked:
                features = ranking.features(posteriors, automaton, ranked, beyond)[0]
                found = ranked[0].meaning.text
                trials.append(NearMissTrial(kind, features, found == phrase.text, phrase.text, found))

    listen("right", [phrase.text for phrase in phrases])
    strangers = sorted({word for phrase in phrases for word in phrase.text.split()} - FUNCTION_WORDS)
    said = {phrase.text for phrase in phrases}
    for number, kind in enumerate((*KINDS, FUNCTION)):
        rng = np.random.default_rng(number)
        changed = [near_miss(phrase.text.split(), kind, strangers, rng) for phrase in phrases]
        listen(kind, [None if words is None or " ".join(words) in said else " ".join(words) for words in changed])
    return trials


def acted_on(trials: Sequence[NearMissTrial], calibration: Calibration, act_prob: float) -> dict[str, dict[str, Any]]:
    """Of each kind, how many phrases would be acted on at a threshold."""
    found: dict[str, dict[str, Any]] = {}
    for trial in trials:
        counts = found.setdefault(trial.kind, {"phrases": 0, "acted": 0})
        counts["phrases"] += 1
        acts = confidence(trial.features, calibration) >= act_prob
        counts["acted"] += acts and (trial.right or trial.kind != "right")
    for counts in found.values():
        counts["percent"] = round(100 * counts["acted"] / counts["phrases"], 1)
    return found


def near_miss_curve(trials: Sequence[NearMissTrial], calibration: Calibration) -> list[dict[str, float]]:
    """The share of right phrases that are acted on where a given share of the near misses is."""
    wrong = [confidence(trial.features, calibration) for trial in trials if trial.kind in KINDS]
    said = [trial for trial in trials if trial.kind == "right"]
    right = np.array([confidence(trial.features, calibration) if trial.right else 0.0 for trial in said])
    return [
        {
            "near_misses_percent": 100 * share,
            "threshold": round(float(np.quantile(wrong, 1 - share)), 4),
            "right_percent": round(100 * float(np.mean(right > np.quantile(wrong, 1 - share))), 1),
        }
        for share in SHARES
    ]


def measure_near_misses(
    recognizer: Recognizer, phrases: Sequence[Phrase], thresholds: Mapping[str, float]
) -> dict[str, Any]:
    """The benchmark: counts at the pack's thresholds to act, and the curve.

    Args:
        recognizer: with the pack.
        phrases: of speakers that did not calibrate it.
        thresholds: to act, by way of listening.
    """
    manifest = recognizer.pack.manifest
    prior = np.array(manifest.log_prior, np.float32)
    trials = near_miss_trials(recognizer, phrases, prior, manifest.calibration)
    return {
        "at_thresholds": {
            name: {"act_prob": prob} | acted_on(trials, manifest.calibration, prob) for name, prob in thresholds.items()
        },
        "curve": near_miss_curve(trials, manifest.calibration),
    }
