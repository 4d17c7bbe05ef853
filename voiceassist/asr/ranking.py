"""Rescoring of n-best sentences with word pieces, and ranking of their meanings with confidence."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr import ctc
from voiceassist.asr.alignment import ratios_together, summed_together
from voiceassist.asr.confidence import (
    FREE_TEXT_PENALTY,
    MAX_MARGIN,
    Features,
    confidence,
    slot_confidence,
)
from voiceassist.asr.recognizer import SILENCE, Posteriors
from voiceassist.asr.sentence_evidence import sentence_evidence
from voiceassist.domain import Entity, Interpretation
from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.automaton import FREE_TEXT, Automaton
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
PIECE_WEIGHT = 0.5
"""Weight of word-piece log-likelihood relative to phone log-likelihood. Of 400 phrases, 97 % are correct with both,
96 % with phones alone, 92 % with pieces alone."""
WORST_PIECES = -200.0
"""Lower bound of the piece score, in nats; also used where there are too few frames for the pieces."""
WORST_PHONES = -1_000.0
"""Lower bound of the summed phone score, in nats: smaller sums are not told from none."""
_PIECE_SLACK = 4
"""Maximum offset between a piece and the sound that it transcribes, in frames."""
TAIL_PIECE_PRICE = 4.0
"""Penalty per piece of free text, in nats of the piece score; compare ``ctc.TAIL_PHONE_PRICE``."""


class Speller(Protocol):
    """Tokenizer for the model's word pieces; a recognizer implements it."""

    blank: int

    def decode(self, tokens: Sequence[int]) -> str:
        """The text of pieces."""
        ...

    def transcribe(self, pieces: NDArray[np.float32]) -> str:
        """The text of frames, written with a model of the language. Shape: ``(frames, tokens)``."""
        ...

    def starts_word(self, token: int) -> bool:
        """Whether a piece starts a new word."""
        ...

    def spell(self, words: Sequence[str]) -> Sequence[int] | None:
        """Tokenize words; ``None`` if the vocabulary cannot represent them."""
        ...


@dataclass(frozen=True, slots=True)
class FreeText:
    """Decoded free text: its words, the geometric mean probability of its pieces (0 to 1), and the number of pieces."""

    text: str
    confidence: float
    pieces: int


class _PartRatios:
    """Cached log-likelihood ratios of sentence parts to unconstrained decoding; many sentences share parts."""

    def __init__(self, heard: Posteriors, scores: ctc.Scores, blank: int) -> None:
        self._heard = heard
        self._scores = scores
        self._blank = blank
        self._phones: dict[tuple[tuple[int, ...], int, int], tuple[float, float]] = {}
        self._pieces: dict[tuple[tuple[int, ...], int, int], float] = {}

    def of_phones(self, phones: tuple[int, ...], start: int, stop: int) -> tuple[float, float]:
        """Log-likelihood ratio of phones between two frames, and what summing over alignments adds to their score."""
        key = (phones, start, stop)
        if key not in self._phones:
            scores = (self._scores[start:stop], [phones], SILENCE)
            ratios, summed = summed_together([(self._heard.phones[start:stop], [phones], SILENCE), scores])
            (best,) = ratios_together([scores])
            ratio, total, alone = (max(float(one[0, -1]), WORST_PHONES) for one in (ratios, summed, best))
            self._phones[key] = ratio, total - alone
        return self._phones[key]

    def of_pieces(self, pieces: tuple[int, ...], start: int, stop: int) -> float:
        """Log-likelihood ratio of pieces between two frames, with `_PIECE_SLACK` for their loose timing."""
        key = (pieces, start, stop)
        if key not in self._pieces:
            begins = {max(start - _PIECE_SLACK, 0), start} if pieces else set()
            heard = (self._heard.pieces[begin : stop + _PIECE_SLACK] for begin in begins)
            found = [float(summed_together([(some, [pieces], self._blank)])[0].max()) for some in heard]
            self._pieces[key] = max(WORST_PIECES, *found) if found else 0.0
        return self._pieces[key]


class GreedyTexts:
    """Greedily decoded free texts of an utterance; many sentences share them.

    Args:
        pieces: log-probabilities of word pieces. Shape: ``(frames, tokens)``.
        speller: tokenizer of these pieces.
    """

    def __init__(self, pieces: NDArray[np.float32], speller: Speller) -> None:
        self._speller = speller
        self._pieces = pieces
        self._best = np.argmax(pieces, axis=1) if len(pieces) else np.empty(0, np.intp)
        self._log_probs = np.take_along_axis(pieces, self._best[:, None], axis=1)[:, 0]
        spoken = self._best != speller.blank
        changed = np.flatnonzero(spoken & (np.diff(self._best, prepend=-1) != 0)).tolist()
        self._word_starts = [frame for frame in changed if speller.starts_word(int(self._best[frame]))]
        self._known: dict[tuple[int, int | None], FreeText] = {}

    def between(self, begin: int, end: int | None = None) -> FreeText:
        """The words that start between two frames; ``end`` defaults to the last frame."""
        key = begin, end
        if key not in self._known:
            start, stop = self._bounds(begin, end)
            best = self._best[start:stop]
            spoken = best != self._speller.blank
            tokens = best[spoken & (np.diff(best, prepend=-1) != 0)].tolist()
            sure = float(np.exp(self._log_probs[start:stop][spoken].mean())) if tokens else 0.0
            self._known[key] = FreeText(self._speller.decode(tokens), sure, len(tokens))
        return self._known[key]

    def written(self, begin: int, end: int | None) -> str:
        """The same words, written with the letter model."""
        start, stop = self._bounds(begin, end)
        return self._speller.transcribe(self._pieces[start:stop])

    def _bounds(self, begin: int, end: int | None) -> tuple[int, int]:
        """The frames from the first word start at or after ``begin`` to the next one near ``end``.

        A word start one frame early counts, too. Text up to ``end`` without a word start begins at ``begin``.
        """
        starts, stop = self._word_starts, len(self._best) if end is None else end
        own = next((at for at in starts if begin <= at < stop), begin - 1 if begin - 1 in starts else None)
        if end is None:
            return stop if own is None else own, stop
        first = begin if own is None else own
        near = [at for at in starts if at > first and abs(at - end) <= _PIECE_SLACK]
        return first, min(near, key=lambda at: abs(at - end), default=end)


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A rescored sentence.

    Attributes:
        meaning: its interpretation.
        log_prob: combined log-likelihood of phones and pieces, up to a constant of the utterance.
        score: log-likelihood ratio of its words to unconstrained decoding, per phone.
        path: its search path, with the score of its best alignment.
        gain: what the sum over all alignments of its phones adds to that, in nats.
    """

    meaning: Interpretation
    log_prob: float
    score: float
    path: ctc.GrammarPath
    gain: float


class _Reader:
    """Rescores the sentences of one utterance with word pieces and reads their meanings."""

    def __init__(self, heard: Posteriors, scores: ctc.Scores, automaton: Automaton, speller: Speller) -> None:
        self._heard, self._scores, self._automaton, self._speller = heard, scores, automaton, speller
        self._free = float(scores.max(axis=1).sum(dtype=np.float64)) if len(scores) else 0.0
        self._texts = GreedyTexts(heard.pieces, speller)
        self._ratios = _PartRatios(heard, scores, speller.blank)

    def read(self, paths: Sequence[ctc.GrammarPath]) -> list[Hypothesis | None]:
        """Rescore a batch of paths; ``None`` for a path whose free text decodes to nothing."""
        heard, phone = self._heard, self._automaton.phone
        said = [[] if path.free_after else phone[list(path.states)].tolist() for path in paths]
        spelled = [self._speller.spell(path.words) for path in paths]
        known = [pieces for pieces in spelled if pieces is not None]
        # Otherwise piece scores would penalise only the tokenizable sentences.
        written = known if len(known) == len(paths) else []
        phones, summed, pieces = summed_together(
            [(heard.phones, said, SILENCE), (self._scores, said, SILENCE), (heard.pieces, written, self._speller.blank)]
        )
        phones, summed = np.maximum(phones, WORST_PHONES), np.maximum(summed, WORST_PHONES)
        tails = [n for n, path in enumerate(paths) if path.has_tail]
        ends = [len(heard.phones) - 1 if path.tail_frame is None else path.tail_frame - 1 for path in paths]
        # a sentence without free text has the score of its best alignment already
        best = np.array([path.log_prob for path in paths]) - self._free
        (before,) = ratios_together([(self._scores, [said[n] for n in tails], SILENCE)])
        best[tails] = before[np.arange(len(tails)), [ends[n] for n in tails]]
        gains = summed[np.arange(len(paths)), ends] - best
        pieces = np.maximum(pieces, WORST_PIECES) if written else np.zeros((len(paths), 1), np.float32)
        return [
            self._reading_around(path)
            if path.free_after
            else self._reading(path, float(phones[n, ends[n]]), pieces[n], float(gains[n]))
            for n, path in enumerate(paths)
        ]

    def _reading(
        self, path: ctc.GrammarPath, phones: float, pieces: NDArray[np.float32], gain: float
    ) -> Hypothesis | None:
        automaton, tail = self._automaton, path.tail_frame
        if tail is None:
            log_prob = path.log_prob + gain + PIECE_WEIGHT * float(pieces[-1])
            score = (phones + PIECE_WEIGHT * float(pieces[-1])) / len(path.states)
            return Hypothesis(automaton.meaning(path.states), log_prob, score, path, gain)
        free = self._texts.between(tail)
        if not free.text:
            return None
        meaning = automaton.meaning(path.states, free.text)
        entities = tuple(_with_free_confidence(entity, free) for entity in meaning.entities)
        before = float(pieces.max())  # the timing of pieces is loose: take the best frame
        log_prob = path.log_prob + gain + PIECE_WEIGHT * (before - TAIL_PIECE_PRICE * free.pieces)
        score = (phones + PIECE_WEIGHT * before) / len(path.states) - FREE_TEXT_PENALTY
        return Hypothesis(replace(meaning, entities=entities), log_prob, score, path, gain)

    def _reading_around(self, path: ctc.GrammarPath) -> Hypothesis | None:
        """Hypothesis for a path with inner free text; the parts around the free text are scored separately."""
        automaton, ratios = self._automaton, self._ratios
        frames = len(self._heard.phones) if path.tail_frame is None else path.tail_frame
        texts = [self._texts.between(span.first_frame, span.end_frame) for span in path.inner]
        tail = None if path.tail_frame is None else self._texts.between(path.tail_frame)
        free = [*texts, *([] if tail is None else [tail])]
        if not all(text.text for text in free):
            return None
        phones = automaton.phone[list(path.states)]
        parts = [part[part != FREE_TEXT].tolist() for part in np.split(phones, np.flatnonzero(phones == FREE_TEXT))]
        starts = [0, *(span.end_frame for span in path.inner)]
        stops = [*(span.first_frame for span in path.inner), frames]
        words = [0, *(span.words_before for span in path.inner), len(path.words)]
        both = pieces = gain = 0.0
        for number, (part, start, stop) in enumerate(zip(parts, starts, stops, strict=True)):
            spelled = self._speller.spell(path.words[words[number] : words[number + 1]])
            if part and stop > start:
                ratio, more = ratios.of_phones(tuple(part), start, stop)
                both, gain = both + ratio, gain + more
                pieces += ratios.of_pieces(tuple(spelled or ()), start, stop)
        meaning = automaton.meaning(path.states, "" if tail is None else tail.text, [text.text for text in texts])
        entities = tuple(_with_any_confidence(entity, free) for entity in meaning.entities)
        log_prob = path.log_prob + gain + PIECE_WEIGHT * (pieces - TAIL_PIECE_PRICE * sum(text.pieces for text in free))
        score = (both + PIECE_WEIGHT * pieces) / sum(map(len, parts)) - FREE_TEXT_PENALTY
        return Hypothesis(replace(meaning, entities=entities), log_prob, score, path, gain)


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
        reader = _Reader(heard, scores, automaton, self._speller)
        read: list[Hypothesis | None] = []
        best: dict[str, Hypothesis] = {}
        for size in _BATCHES:
            taken = list(islice(paths, size))
            for found in reader.read(taken):
                read.append(found)
                if found is not None:
                    key = _meaning_key(found.meaning)
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
        entities = tuple(
            replace(entity, confidence=entity.confidence * _said_prob(entity, reading, sure_words))
            for entity in (self._weighed(entity, reading, readings, beyond) for entity in reading.meaning.entities)
        )
        sure = confidence(features, self._calibration)
        return replace(reading.meaning, score=reading.score, confidence=sure, entities=entities)

    def _weighed(
        self, entity: Entity, reading: Hypothesis, readings: Sequence[Hypothesis], beyond: Hypothesis | None
    ) -> Entity:
        """Entity with the confidence of its value, given that the intent is correct."""
        margins = value_margins(entity, reading, readings, beyond)
        return replace(entity, confidence=entity.confidence * slot_confidence(margins, self._calibration))


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


def _meaning_key(meaning: Interpretation) -> str:
    return repr((meaning.command.intent, sorted(meaning.slots.items())))


def _with_any_confidence(entity: Entity, texts: Sequence[FreeText]) -> Entity:
    for text in texts:
        entity = _with_free_confidence(entity, text)
    return entity


def _with_free_confidence(entity: Entity, free: FreeText) -> Entity:
    is_free = entity.raw_value == free.text and entity.raw_value != ""
    return replace(entity, confidence=free.confidence) if is_free else entity
