"""Synchronous pipeline from utterance to recognition, without threads, audio devices or actions."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from types import TracebackType
from typing import Protocol

import numpy as np

from voiceassist.asr import ctc
from voiceassist.asr.grammar_path import GrammarPath
from voiceassist.asr.negation import NegationSpotter, negations_in
from voiceassist.asr.opposites import OppositeSpotter
from voiceassist.asr.ranking import Ranking
from voiceassist.asr.reading import Hypothesis
from voiceassist.asr.recognizer import SILENCE, Posteriors, Recognizer
from voiceassist.asr.state_layout import layout_of
from voiceassist.asr.viterbi_forward import Scores
from voiceassist.domain import (
    SAMPLE_RATE_HZ,
    Decision,
    Interpretation,
    Latency,
    Recognition,
    Utterance,
    Verdict,
)
from voiceassist.engine.endpoint import Endings, PartialResult, Preview
from voiceassist.engine.policy import ActiveApplication, decide, decide_typed, negated, nothing_heard, veto
from voiceassist.grammar.compiler.automaton import Automaton, compile_automaton
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.language.text_normalization import normalize
from voiceassist.packs.calibration import ACT_FLOOR_PROB

TEXT_MODEL = "text"
"""Model name in recognitions of typed text."""


@dataclass(frozen=True, slots=True)
class Understood:
    """Search result of an utterance.

    Attributes:
        free_text: transcript without a grammar, greedy.
        interpretations: interpretations with greedy free text, best first.
        negation: a word like "not", or the opposite of a word, that was heard but is not part of the best sentence.
        latency: time of each stage.
        written: the interpretations with their free text written with the letter model; computed once.
        transcript: the same for the transcript.
    """

    free_text: str
    interpretations: tuple[Interpretation, ...]
    negation: str | None
    latency: Latency
    written: Callable[[], tuple[Interpretation, ...]]
    transcript: Callable[[], str]


@dataclass(frozen=True, slots=True)
class _Searched:
    """What the model gave for an utterance, and the sentences that were found in it; see `Ranking.readings`."""

    heard: Posteriors
    scores: Scores
    free_text: str
    ranked: list[Hypothesis]
    beyond: Hypothesis | None
    latency: Latency


class Pipeline:
    """Recognises utterances with one model and one grammar. Owns and closes its recognizer.

    Thread: one at a time.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        automaton: Automaton,
        active_application: ActiveApplication | None = None,
    ) -> None:
        self._recognizer = recognizer
        self._active_application = active_application
        self._automaton = automaton
        self._manifest = recognizer.pack.manifest
        self._endings = Endings(recognizer.pronounce)
        self._ranking = Ranking(recognizer, self._manifest.calibration)
        self._negations = NegationSpotter(recognizer.pronounce, SILENCE)
        self._opposites = OppositeSpotter(recognizer.pronounce, recognizer)
        self._log_prior = np.array(self._manifest.log_prior, np.float32)
        self._answers: tuple[CommandSet, Automaton] | None = None

    @property
    def model(self) -> str:
        """Name of the model pack."""
        return self._manifest.name

    @property
    def automaton(self) -> Automaton:
        """The active grammar automaton; `use` replaces it."""
        return self._automaton

    @property
    def closed(self) -> bool:
        """Whether the model was freed."""
        return self._recognizer.closed

    def pronounce(self, word: str) -> tuple[tuple[int, ...], ...]:
        """Pronunciations of a word in the model's phones, for compiling commands.

        Raises:
            GrammarError: the model cannot pronounce the word.
        """
        return self._recognizer.pronounce(word)

    def use(self, automaton: Automaton) -> None:
        """Replace the grammar from the next utterance on. The search layout is computed here, not during recognition.

        Thread: any.
        """
        layout_of(automaton)
        self._automaton = automaton

    def recognize(self, utterance: Utterance, *, depth: int | None = None, file: str | None = None) -> Recognition:
        """Recognise an utterance and decide whether to act, ask or reject.

        Args:
            utterance: utterance from the segmenter or a file.
            depth: number of model layers to run; all by default.
            file: name of the recording, for the event.

        Raises:
            UsageError: the model has fewer layers than ``depth``.
        """
        found = self._understood(utterance, self._automaton, depth)
        return self._finished(self._decided(found, utterance, file), found)

    def glance(self, utterance: Utterance) -> PartialResult:
        """Result of an utterance that may be unfinished; its texts are written when it is reported."""
        found = self._understood(utterance, self._automaton, None)
        decided = self._decided(found, utterance)
        return self._endings.glance(decided, self._automaton, lambda: self._finished(decided, found))

    def preview(self, utterance: Utterance) -> Preview:
        """What seems to have been said so far: half the layers and the best sentence alone."""
        searched = self._searched(utterance, self._automaton, max(1, self._manifest.layers // 2))
        if not searched.ranked:
            return Preview(searched.free_text)
        best = self._ranking.passing(searched.ranked, searched.beyond)
        fits = self._decide(best, utterance).verdict is not Verdict.REJECT
        return Preview(best.text if fits else searched.free_text, best.woken, best.command.action, fits)

    def recognize_answer(self, utterance: Utterance, answers: CommandSet) -> Recognition:
        """Recognise one of a small set of answers; the risk of the command in question plays no part."""
        if self._answers is None or self._answers[0] is not answers:  # compiled once for each question
            self._answers = (answers, compile_automaton(answers, self.pronounce))
        found = self._understood(utterance, self._answers[1], None)
        return self._finished(self._decided(found, utterance), found)

    def reject(self, *, audio_ms: float, level_db: float, file: str | None = None) -> Recognition:
        """Recognition of a recording without speech."""
        return Recognition("", "", None, (), nothing_heard(level_db), self.model, audio_ms, 0.0, file)

    def parse(self, text: str) -> Recognition:
        """Parse a typed command; it must match the grammar exactly."""
        return parse_text(text, self._automaton, self._active_application)

    def understand(self, utterance: Utterance, depth: int | None = None) -> Understood:
        """Search the grammar for an utterance, without a decision."""
        return self._understood(utterance, self._automaton, depth)

    def _decide(self, best: Interpretation | None, utterance: Utterance) -> Decision:
        return decide(best, self._manifest.calibration, utterance.addressing, utterance.speech_prob)

    def _decided(self, found: Understood, utterance: Utterance, file: str | None = None) -> Recognition:
        """The recognition with greedy texts, wherever it was said."""
        best = found.interpretations[0] if found.interpretations else None
        decision = self._decide(best, utterance)
        if decision.verdict is Verdict.ACT and found.negation is not None:
            decision = negated(found.negation)
        return Recognition(
            text=found.free_text if best is None or decision.verdict is Verdict.REJECT else best.text,
            heard=found.free_text,
            best=best,
            alternatives=found.interpretations[1:],
            decision=decision,
            model=self.model,
            audio_ms=len(utterance.samples) * 1000 / SAMPLE_RATE_HZ,
            latency_ms=found.latency.total,
            file=file,
            latency=found.latency,
        )

    def _finished(self, decided: Recognition, found: Understood) -> Recognition:
        """The recognition for the application in the foreground now, with its texts written."""
        started = time.perf_counter()
        decision = veto(decided.decision, decided.best, self._active_application)
        offered = decided.best is not None and decision.verdict is not Verdict.REJECT
        written = found.written() if offered else found.interpretations
        heard = found.free_text
        if heard and decision.verdict is not Verdict.ACT:  # nobody reads it beside what was done
            heard = found.transcript() or heard
        latency = replace(found.latency, ranking=found.latency.ranking + (time.perf_counter() - started) * 1000)
        return replace(
            decided,
            text=written[0].text if offered else heard,
            heard=heard,
            best=written[0] if written else None,
            alternatives=written[1:],
            decision=decision,
            latency_ms=latency.total,
            latency=latency,
        )

    def _understood(self, utterance: Utterance, automaton: Automaton, depth: int | None) -> Understood:
        searched = self._searched(utterance, automaton, depth)
        heard, ranked = searched.heard, searched.ranked
        started = time.perf_counter()
        found = self._ranking.rated(heard, automaton, ranked, searched.beyond)
        negation = self._negation_beside(ranked[0], searched.free_text, heard, automaton) if ranked else None
        if negation is None and found and found[0].confidence >= ACT_FLOOR_PROB:  # else nothing is done anyway
            negation = self._opposite(ranked[0].path, searched, automaton)
        latency = replace(searched.latency, ranking=(time.perf_counter() - started) * 1000)
        return Understood(
            searched.free_text,
            found,
            negation,
            latency,
            written=cache(lambda: self._ranking.written(found, ranked, heard, automaton)),
            transcript=cache(lambda: self._recognizer.transcribe(heard.pieces)),
        )

    def _searched(self, utterance: Utterance, automaton: Automaton, depth: int | None) -> _Searched:
        recognizer = self._recognizer
        started = time.perf_counter()
        heard = recognizer.hear(utterance.samples, depth)
        encoded = time.perf_counter()
        scores = ctc.adjust(heard.phones, self._log_prior, self._manifest.calibration.prior_weight)
        free_text = recognizer.decode(ctc.greedy(heard.pieces, recognizer.blank))
        ranked, beyond = self._ranking.readings(heard, scores, automaton)
        latency = Latency(encoder=(encoded - started) * 1000, search=(time.perf_counter() - encoded) * 1000)
        return _Searched(heard, scores, free_text, ranked, beyond, latency)

    def _negation_beside(self, best: Hypothesis, free_text: str, heard: Posteriors, automaton: Automaton) -> str | None:
        """Negation that was heard but is not part of the best sentence."""
        written = negations_in(normalize(free_text), normalize(best.meaning.text))
        if written is not None:
            return written
        path = best.path
        if path.inner:
            return None
        phones = heard.phones[: path.tail_frame]
        spotted = self._negations.spot(phones, automaton.phones_of_words(path.states), path.words)
        in_free_text = path.tail_frame is not None and spotted is not None and spotted.place == len(path.words)
        return None if spotted is None or in_free_text else spotted.phrase

    def _opposite(self, path: GrammarPath, searched: _Searched, automaton: Automaton) -> str | None:
        """Opposite that fits better than the word of the best sentence."""
        if path.inner:
            return None
        scores, pieces = searched.scores[: path.tail_frame], searched.heard.pieces[: path.tail_frame]
        return self._opposites.spot(scores, pieces, automaton.phones_of_words(path.states), path.words)

    def close(self) -> None:
        """Free the model. Idempotent."""
        self._recognizer.close()

    def __enter__(self) -> Pipeline:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Parser(Protocol):
    """Parser for typed text: a compiled grammar."""

    def parse(self, text: str) -> Interpretation | None: ...


def parse_text(text: str, grammar: Parser, active_application: ActiveApplication | None = None) -> Recognition:
    """Recognise typed text without a model."""
    started = time.perf_counter()
    best = grammar.parse(text)
    return Recognition(
        text=text if best is None else best.text,
        heard=text,
        best=best,
        alternatives=(),
        decision=veto(decide_typed(best, text), best, active_application),
        model=TEXT_MODEL,
        audio_ms=0.0,
        latency_ms=(time.perf_counter() - started) * 1000,
    )
