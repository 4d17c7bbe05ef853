"""Ranking of the meanings of n-best sentences, with confidence."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr import ctc
from voiceassist.asr.confidence import (
    MAX_MARGIN,
    Features,
    confidence,
    slot_confidence,
)
from voiceassist.asr.reading import GreedyTexts, Hypothesis, SentenceReader, Speller
from voiceassist.asr.recognizer import SILENCE, Posteriors
from voiceassist.asr.sentence_evidence import sentence_evidence
from voiceassist.domain import Entity, Interpretation
from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.automaton import Automaton
from voiceassist.packs.calibration import Calibration

MAX_PATHS = 48
HOPELESS = 2 * MAX_MARGIN
"""Limits on the search paths read to find these sentences: their number, and their distance to the best path in nats.
Many paths are pronunciation variants of the same words."""
_BATCHES = (4, 8, 12)
"""Batch sizes of rescoring; the stopping criterion is checked after each. A batch of many takes
little longer than one of few."""
SENTENCES = sum(_BATCHES)
"""Maximum number of sentences that are rescored; many differ only in an article."""
ALTERNATIVES = 2
"""Number of alternative meanings offered to the user."""
_MEANINGS = 2 * (ALTERNATIVES + 2)
"""The search stops at this many meanings without slots: more than are offered, so that there are rivals to compare."""


class Ranking:
    """Finds the sentences of an utterance and ranks their meanings.

    The search runs over phones; its best sentences are rescored with word pieces.

    Args:
        speller: tokenizer for word pieces.
        calibration: calibration of the recognizer's pack.
        phone_price: penalty per phone of free text, in nats.
    """

    def __init__(self, speller: Speller, calibration: Calibration, phone_price: float = ctc.TAIL_PHONE_PRICE) -> None:
        self._speller = speller
        self._calibration = calibration
        self._phone_price = phone_price

    def interpretations(
        self, heard: Posteriors, scores: ctc.Scores, automaton: Automaton
    ) -> tuple[Interpretation, ...]:
        """Distinct meanings, best first, each represented by its best sentence.

        Args:
            heard: posteriors of the model.
            scores: adjusted phone log-probabilities. Shape: ``(frames, phones)``.
            automaton: the grammar automaton.
        """
        ranked, beyond = self.readings(heard, scores, automaton)
        return self.rated(heard, automaton, ranked, beyond)

    def rated(
        self, heard: Posteriors, automaton: Automaton, ranked: Sequence[Hypothesis], beyond: Hypothesis | None
    ) -> tuple[Interpretation, ...]:
        """The offered meanings with score and confidence."""
        features = self.features(heard, automaton, ranked, beyond)
        return tuple(self._rated(one, ranked, beyond, own) for one, own in zip(ranked, features, strict=False))

    def passing(self, ranked: Sequence[Hypothesis], beyond: Hypothesis | None) -> Interpretation:
        """The best meaning with a confidence from score and margin alone, for what is shown while somebody speaks."""
        best = ranked[0]
        sure = confidence(Features(best.score, margin(best, ranked, beyond)), self._calibration)
        return replace(best.meaning, score=best.score, confidence=sure)

    def written(
        self,
        interpretations: Sequence[Interpretation],
        ranked: Sequence[Hypothesis],
        heard: Posteriors,
        automaton: Automaton,
    ) -> tuple[Interpretation, ...]:
        """The interpretations with their free text written with the letter model, if the best one has any.

        The search compares greedy texts, which are quicker. Score and confidence stay.
        """
        if not ranked or not (ranked[0].path.has_tail or ranked[0].path.free_after):
            return tuple(interpretations)  # a command without free text does not wait for that of its alternatives

        written = cache(GreedyTexts(heard.pieces, self._speller).written)
        pairs = zip(interpretations, ranked, strict=False)
        return tuple(_transcribed(found, one.path, automaton, written) for found, one in pairs)

    def features(
        self, heard: Posteriors, automaton: Automaton, ranked: Sequence[Hypothesis], beyond: Hypothesis | None
    ) -> list[Features]:
        """Confidence features of the best hypothesis and the alternatives."""
        shown = ranked[: 1 + ALTERNATIVES]
        if self._calibration.words is None:
            return [Features(one.score, margin(one, ranked, beyond)) for one in shown]
        paths, own = [one.path for one in shown], [one.score for one in shown]
        weighed = sentence_evidence(heard, paths, own, automaton, self._speller)
        return [
            Features(one.score, margin(one, ranked, beyond), evidence)
            for one, evidence in zip(shown, weighed, strict=True)
        ]

    def readings(
        self, heard: Posteriors, scores: ctc.Scores, automaton: Automaton
    ) -> tuple[list[Hypothesis], Hypothesis | None]:
        """The best hypothesis of each meaning, best first, and the last one read if the search was cut off."""
        search = ctc.Search(scores, automaton, blank=SILENCE, phone_price=self._phone_price)
        paths = _said_differently(search.paths())
        reader = SentenceReader(heard, scores, automaton, self._speller)
        read: list[Hypothesis | None] = []
        best: dict[str, Hypothesis] = {}
        for size in _BATCHES:
            taken = list(islice(paths, size))
            for found in reader.read(taken):
                read.append(found)
                if found is not None:
                    key = repr((found.meaning.command.intent, sorted(found.meaning.slots.items())))
                    best[key] = max(found, best.get(key, found), key=_log_prob)
            if len(taken) < size or _are_enough(best.values(), taken[-1].log_prob):
                break
        beyond = len(taken) == size and read[-1] is not None
        return sorted(best.values(), key=_log_prob, reverse=True), read[-1] if beyond else None

    def _rated(
        self, reading: Hypothesis, readings: Sequence[Hypothesis], beyond: Hypothesis | None, features: Features
    ) -> Interpretation:
        """Interpretation with score and confidence; meanings that were not read rank below ``beyond``."""
        sure_words = features.word_probs(self._calibration)
        entities = []
        for entity in reading.meaning.entities:
            right_prob = slot_confidence(value_margins(entity, reading, readings, beyond), self._calibration)
            said_prob = _said_prob(entity, reading, sure_words)
            entities.append(replace(entity, confidence=entity.confidence * right_prob * said_prob))
        sure = confidence(features, self._calibration)
        return replace(reading.meaning, score=reading.score, confidence=sure, entities=tuple(entities))


def value_margins(
    entity: Entity, reading: Hypothesis, readings: Sequence[Hypothesis], beyond: Hypothesis | None
) -> list[float]:
    """Log-likelihood ratios to the hypotheses of the same intent with another value in a slot."""
    intent = reading.meaning.command.intent
    rivals = [
        other
        for other in readings
        if other.meaning.command.intent == intent and other.meaning.slots.get(entity.name) != entity.value
    ]
    if not rivals and beyond is not None and beyond is not reading:
        rivals = [beyond]
    return [reading.log_prob - rival.log_prob for rival in rivals]


def margin(reading: Hypothesis, readings: Sequence[Hypothesis], beyond: Hypothesis | None) -> float:
    """Log-likelihood ratio of a hypothesis to the best one of another meaning; infinite if there is none."""
    others = [other.log_prob for other in readings if other is not reading]
    if not others and beyond is not None:
        others = [beyond.log_prob]
    return reading.log_prob - max(others, default=-math.inf)


def _transcribed(
    found: Interpretation, path: ctc.GrammarPath, automaton: Automaton, text_between: Callable[[int, int | None], str]
) -> Interpretation:
    """The interpretation with its free text as it is written."""
    inner = [text_between(span.first_frame, span.end_frame) for span in path.inner]
    tail = "" if path.tail_frame is None else text_between(path.tail_frame, None)
    if not any((*inner, tail)):
        return found
    try:
        meaning = automaton.meaning(path.states, tail, inner)
    except GrammarError:  # one of several texts is empty now
        return found
    if [entity.name for entity in meaning.entities] != [entity.name for entity in found.entities]:
        return found
    pairs = zip(meaning.entities, found.entities, strict=True)
    entities = tuple(replace(written, confidence=greedy.confidence) for written, greedy in pairs)
    return replace(meaning, score=found.score, confidence=found.confidence, entities=entities)


def _said_prob(entity: Entity, reading: Hypothesis, word_probs: NDArray[np.float64]) -> float:
    """Probability that the least certain word of a value was said.

    1 for free text, which was not looked for, and for values that the sentence as a whole stands for.
    """
    said, path = reading.meaning.text, reading.path
    own = len(said[entity.start : entity.end].split())
    before, after = len(said[: entity.start].split()), len(said[entity.end :].split())
    if not len(word_probs) or own == len(said.split()):
        return 1.0
    first_free = path.inner[0].words_before if path.inner else len(word_probs)
    if before + own <= first_free:
        return float(word_probs[before : before + own].min(initial=1.0))
    begin = len(word_probs) - after - own
    if path.tail_frame is None and path.inner and begin >= path.inner[-1].words_before:
        return float(word_probs[begin : begin + own].min(initial=1.0))
    return 1.0


def _said_differently(paths: Iterator[ctc.GrammarPath]) -> Iterator[ctc.GrammarPath]:
    """Drop paths that differ from a better one only in pronunciation."""
    seen: set[tuple[object, ...]] = set()
    best_log_prob = -math.inf
    for number, path in enumerate(paths):
        best_log_prob = max(best_log_prob, path.log_prob)
        if number >= MAX_PATHS or path.log_prob < best_log_prob - HOPELESS:
            return
        said = path.words, path.has_tail, *path.free_after
        if said not in seen:
            seen.add(said)
            yield path


def _are_enough(found: Collection[Hypothesis], last_log_prob: float) -> bool:
    """Stopping criterion of the n-best search.

    Best alignments of later paths score no better than that of the last one. The search stops when none that gains as
    much by summing as those found can come within `MAX_MARGIN` of the best, or when there are enough meanings. With
    slots it goes on, to find their competing values.
    """
    if not found:
        return False
    if last_log_prob + max(one.gain for one in found) < max(map(_log_prob, found)) - MAX_MARGIN:
        return True
    return len(found) >= _MEANINGS and not any(one.meaning.entities for one in found)


def _log_prob(hypothesis: Hypothesis) -> float:
    return hypothesis.log_prob
