"""From the sentences that a search finds to what they mean, with confidence: best first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr import ctc
from voiceassist.asr.alignment import likelihood_ratio
from voiceassist.domain import Entity, Interpretation
from voiceassist.engine.policy import FREE_TEXT_DOUBT, confidence, slot_confidence
from voiceassist.grammar.automaton import Automaton
from voiceassist.packs.manifest import Calibration

SENTENCES = 12
"""How many sentences are looked at; many of them differ in a ``the`` only."""
ALTERNATIVES = 2
"""How many other meanings are offered."""
_MEANINGS = ALTERNATIVES + 2
"""With so many meanings without slots the search ends: one more than is offered, to compare with."""


class Speller(Protocol):
    """What knows the model's tokens: a recognizer."""

    blank: int

    def decode(self, tokens: Sequence[int]) -> str:
        """The text of tokens."""
        ...


@dataclass(frozen=True, slots=True)
class FreeText:
    """The free text of a path: its words, and how sure the model was of its tokens, 0 to 1."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class _Reading:
    """A sentence, what it means, and how well its words fit: the log-likelihood ratio to free decoding, per token."""

    meaning: Interpretation
    path: ctc.GrammarPath
    score: float


class Ranking:
    """Looks for sentences in an utterance and weighs them against each other.

    Args:
        speller: writes out free text.
        calibration: of the recognizer's pack.
    """

    def __init__(self, speller: Speller, calibration: Calibration) -> None:
        self._speller = speller
        self._calibration = calibration

    def interpretations(
        self, log_probs: NDArray[np.float32], scores: ctc.Scores, automaton: Automaton
    ) -> tuple[Interpretation, ...]:
        """What the sentences mean, best first; of those that mean the same the best one counts.

        Args:
            log_probs: of the model. Shape: ``(frames, tokens)``.
            scores: the same, adjusted. Shape: ``(frames, tokens)``.
            automaton: what can be said.
        """
        search = ctc.Search(scores, automaton, blank=self._speller.blank)
        readings: dict[str, _Reading] = {}
        last: ctc.GrammarPath | None = None
        for number, path in enumerate(search.paths(), start=1):
            reading = self._read(path, log_probs, automaton)
            if reading is not None:
                readings.setdefault(_meaning_key(reading.meaning), reading)
            if number == SENTENCES or _are_enough(readings.values()):
                last = path
                break
        ranked = list(readings.values())
        found = ctc.SearchResult(tuple(reading.path for reading in ranked), search.free)
        return tuple(self._rated(reading, ranked, found, last) for reading in ranked[: 1 + ALTERNATIVES])

    def _read(self, path: ctc.GrammarPath, log_probs: NDArray[np.float32], automaton: Automaton) -> _Reading | None:
        """What a sentence means; nothing if it ends in free text and there is none."""
        tokens = automaton.token[list(path.states)]
        score = likelihood_ratio(log_probs[: path.tail_frame], tokens.tolist(), self._speller.blank)
        if path.tail_frame is None:
            return _Reading(automaton.meaning(path.states), path, score)
        free = self.free_text(log_probs[path.tail_frame :], int(tokens[-1]))
        if not free.text:
            return None
        meaning = automaton.meaning(path.states, free.text)
        entities = tuple(_with_free_confidence(entity, free) for entity in meaning.entities)
        return _Reading(replace(meaning, entities=entities), path, score - FREE_TEXT_DOUBT)

    def free_text(self, log_probs: NDArray[np.float32], last_token: int) -> FreeText:
        """What is said in frames ``(frames, tokens)`` without any grammar, after a token that may go on at first.

        As in the transcript, the model's own probabilities count: adjusted ones find words better in a closed grammar,
        but write more that was not said.
        """
        best = np.argmax(log_probs, axis=1)
        begin = int(np.argmax(best != last_token)) if (best != last_token).any() else len(best)
        tokens = ctc.greedy(log_probs[begin:], self._speller.blank)
        spoken = np.flatnonzero(best[begin:] != self._speller.blank) + begin
        sure = float(np.exp(log_probs[spoken, best[spoken]].mean())) if len(spoken) else 0.0
        return FreeText(self._speller.decode(tokens), sure)

    def _rated(
        self,
        reading: _Reading,
        readings: Sequence[_Reading],
        found: ctc.SearchResult,
        beyond: ctc.GrammarPath | None,
    ) -> Interpretation:
        """With score and confidence; whatever else could be meant comes after the path ``beyond``."""
        meaning, path = reading.meaning, reading.path
        others = [other.path for other in readings if other is not reading]
        if not others and beyond is not None:
            others = [beyond]
        entities = tuple(self._weighed(entity, reading, readings, beyond) for entity in meaning.entities)
        sure = confidence(reading.score, found.margin(path, others), self._calibration)
        return replace(meaning, score=reading.score, confidence=sure, entities=entities)

    def _weighed(
        self, entity: Entity, reading: _Reading, readings: Sequence[_Reading], beyond: ctc.GrammarPath | None
    ) -> Entity:
        """With the confidence that the slot has this value and no other, given that the intent is right."""
        intent = reading.meaning.command.intent
        rivals = [
            other.path
            for other in readings
            if other.meaning.command.intent == intent and other.meaning.slots.get(entity.name) != entity.value
        ]
        if not rivals and beyond is not None and beyond is not reading.path:
            rivals = [beyond]
        margins = (reading.path.log_prob - rival.log_prob for rival in rivals)
        return replace(entity, confidence=entity.confidence * slot_confidence(margins, self._calibration))


def _are_enough(readings: Collection[_Reading]) -> bool:
    """There is something to compare with; where slots were filled, their other values are wanted, too."""
    return len(readings) == _MEANINGS and not any(reading.meaning.entities for reading in readings)


def _meaning_key(meaning: Interpretation) -> str:
    return repr((meaning.command.intent, sorted(meaning.slots.items())))


def _with_free_confidence(entity: Entity, free: FreeText) -> Entity:
    is_free = entity.raw_value == free.text and entity.raw_value != ""
    return replace(entity, confidence=free.confidence) if is_free else entity
