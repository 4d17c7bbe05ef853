"""Fits the curves for words that were said and gaps in which nothing was, and the confidence in the values of slots."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr import ctc
from voiceassist.asr.confidence import fit_logistic, slot_confidence
from voiceassist.asr.ranking import Ranking, value_margins
from voiceassist.asr.recognizer import Posteriors, Recognizer
from voiceassist.packs.calibration import GAP_INPUTS, WORD_INPUTS, Calibration, EvidenceCurve
from voiceassist.train.evaluation.near_misses import FUNCTION_WORDS, KINDS, NearMissTrial
from voiceassist.train.evaluation.phrase_set import Phrase, automaton_of
from voiceassist.train.evaluation.wer import edit_distance

VALUES = 8
"""Number of values that a slot can have in the trials."""
SAMPLED = 200
"""Number of words of which those that sound most alike become values."""
VALUE_PHRASES = 40
"""So many phrases with a slot are a grammar."""
VALUE_SLOPES = np.geomspace(0.05, 2.0, 60)

UNFITTED = Calibration(
    0.0,
    1.0,
    0.0,
    act_prob=1.0,
    ask_prob=1.0,
    words=EvidenceCurve((0.0,) * WORD_INPUTS, 0.0, 0.0),
    gaps=EvidenceCurve((0.0,) * GAP_INPUTS, 0.0, 0.0),
)
"""The evidence is gathered with it, but nothing is made of it yet."""


@dataclass(frozen=True, slots=True)
class ValueTrial:
    """A phrase in which one word is a slot.

    Attributes:
        possible: whether the slot has the value that was said.
        margins: log-likelihood ratios of the best value to others.
        said_prob: probability that the word of the best value was said.
        right: whether the best value was said.
    """

    possible: bool
    margins: tuple[float, ...]
    said_prob: float
    right: bool


def words_and_gaps(said: str, found: str) -> tuple[list[bool], list[bool]]:
    """Which words of a sentence that was found were said, and in which gaps between them nothing else was."""
    words = found.split()
    was_said, empty = [False] * len(words), [True] * (len(words) + 1)
    for kind, _, _, begin, end in SequenceMatcher(None, said.split(), words, autojunk=False).get_opcodes():
        if kind == "equal":
            was_said[begin:end] = [True] * (end - begin)
        elif kind == "delete":
            empty[begin] = False
    return was_said, empty


def fit_evidence(trials: Sequence[NearMissTrial], calibration: Calibration) -> Calibration:
    """The calibration with curves for words and gaps, fitted on right phrases and near misses in content words."""
    tables: tuple[list[NDArray[np.float64]], list[NDArray[np.float64]]] = ([], [])
    labels: tuple[list[bool], list[bool]] = ([], [])
    for trial in trials:
        evidence = trial.features.evidence
        if evidence is None or not (trial.right or trial.kind in KINDS):
            continue
        for number, (table, own) in enumerate(
            zip((evidence.words, evidence.gaps), words_and_gaps(trial.said, trial.found), strict=True)
        ):
            tables[number].append(table)
            labels[number].extend(own)
    curves = []
    for inputs, own in zip(tables, labels, strict=True):
        slopes, intercept = fit_logistic(np.concatenate(inputs), np.array(own))
        curves.append(EvidenceCurve(tuple(slopes), intercept, 0.0))
    return replace(calibration, words=curves[0], gaps=curves[1])


def fit_values(
    recognizer: Recognizer,
    phrases: Sequence[Phrase],
    heard: Sequence[Posteriors],
    prior: NDArray[np.float32],
    calibration: Calibration,
) -> Calibration:
    """The calibration with the slope and the threshold for the values of slots.

    The slope makes the outcomes most likely where the slot has the value. At the threshold, as large a share of the
    right values is asked about as of the wrong ones is not; these include values that the slot lacks.
    """
    trials = list(value_trials(recognizer, phrases, heard, prior, calibration))
    if not trials:
        return calibration
    known = [trial for trial in trials if trial.possible and trial.margins]

    def log_prob(slope: float) -> float:
        own = replace(calibration, value_slope=slope)
        probs = np.array([slot_confidence(trial.margins, own) for trial in known])
        right = np.array([trial.right for trial in known])
        return float(np.log(np.clip(np.where(right, probs, 1 - probs), 1e-6, 1.0)).sum())

    fitted = replace(calibration, value_slope=round(float(max(VALUE_SLOPES, key=log_prob)), 4))
    confidences = np.array([slot_confidence(trial.margins, fitted) * trial.said_prob for trial in trials])
    return replace(fitted, value_prob=equal_error_prob(confidences, np.array([trial.right for trial in trials])))


def equal_error_prob(confidences: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """The threshold that as large a share of the right ones misses as of the wrong ones reaches."""
    candidates = np.unique(confidences)
    lost = np.array([np.sum(confidences[right] < prob) for prob in candidates]) / max(1, np.sum(right))
    passed = np.array([np.sum(confidences[~right] >= prob) for prob in candidates]) / max(1, np.sum(~right))
    return round(float(candidates[np.argmin(np.abs(lost - passed))]), 4)


def value_trials(
    recognizer: Recognizer,
    phrases: Sequence[Phrase],
    heard: Sequence[Posteriors],
    prior: NDArray[np.float32],
    calibration: Calibration,
) -> Iterator[ValueTrial]:
    """Phrases in which a content word is a slot that has the word among its values, and again with others only."""
    rng, ranking = np.random.default_rng(0), Ranking(recognizer, calibration)
    known = sorted({word for phrase in phrases for word in phrase.text.split()} - FUNCTION_WORDS)
    sounds = {word: recognizer.pronounce(word)[0] for word in known}
    for start in range(0, len(phrases), VALUE_PHRASES):
        group = range(start, min(start + VALUE_PHRASES, len(phrases)))
        slots = {n: place for n in group if (place := _content_word(phrases[n].text, rng)) is not None}
        for has_it in (True, False):
            values = {n: _values(phrases[n].text.split()[slots[n]], sounds, has_it, rng) for n in slots}
            sentences = {f"Phrase{n}": [_with_slot(phrases[n].text, place, n)] for n, place in slots.items()}
            automaton = automaton_of(sentences, recognizer, {f"value{n}": own for n, own in values.items()})
            for n in slots:
                scores = ctc.adjust(heard[n].phones, prior, calibration.prior_weight)
                ranked, beyond = ranking.readings(heard[n], scores, automaton)
                if not ranked or ranked[0].meaning.command.intent != f"Phrase{n}":
                    continue
                entity = ranked[0].meaning.entities[0]
                evidence = ranking.features(heard[n], automaton, ranked, beyond)[0]
                yield ValueTrial(
                    has_it,
                    tuple(value_margins(entity, ranked[0], ranked, beyond)),
                    float(evidence.word_probs(calibration)[slots[n]]),
                    ranked[0].meaning.text == phrases[n].text,
                )


def _content_word(text: str, rng: np.random.Generator) -> int | None:
    places = [place for place, word in enumerate(text.split()) if word not in FUNCTION_WORDS]
    return int(rng.choice(places)) if places else None


def _with_slot(text: str, place: int, number: int) -> str:
    words = text.split()
    return " ".join([*words[:place], f"{{value{number}}}", *words[place + 1 :]])


def _values(word: str, sounds: Mapping[str, Sequence[int]], has_it: bool, rng: np.random.Generator) -> list[str]:
    """Words that sound most like one, of some drawn at random, as numbers do; with the word itself or without."""
    drawn = [str(one) for one in rng.choice(list(sounds), min(SAMPLED, len(sounds)), replace=False)]
    distances = {other: edit_distance(sounds[word], sounds[other]) for other in drawn}
    alike = sorted((other for other, distance in distances.items() if distance), key=distances.__getitem__)
    return [*alike[: VALUES - 1], *([word] if has_it else [])]
