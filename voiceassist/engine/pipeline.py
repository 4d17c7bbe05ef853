"""Utterance in, recognition out: synchronous, without threads and without an audio device."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Protocol

import numpy as np

from voiceassist.actions.registry import ActionRegistry
from voiceassist.asr import ctc
from voiceassist.asr.recognizer import Recognizer
from voiceassist.domain import (
    SAMPLE_RATE_HZ,
    ActionOutcome,
    Decision,
    Interpretation,
    Recognition,
    Utterance,
    Verdict,
)
from voiceassist.engine.endpoint import Endings, PartialResult
from voiceassist.engine.policy import ActiveApplication, decide, decide_typed, nothing_heard, veto
from voiceassist.engine.ranking import Ranking
from voiceassist.errors import ActionError
from voiceassist.grammar.compiler.automaton import Automaton

TEXT_MODEL = "text"
"""What stands for the model where a command was typed."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What the search made of an utterance: the free transcript and the interpretations, best first."""

    free_text: str
    interpretations: tuple[Interpretation, ...]


class Pipeline:
    """Understands utterances with one model and one grammar, and acts.

    The pipeline closes its recognizer; the registry of actions is shared and belongs to whoever made it.

    Thread: one at a time.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        automaton: Automaton,
        actions: ActionRegistry | None = None,
        active_application: ActiveApplication | None = None,
    ) -> None:
        self._recognizer = recognizer
        self._active_application = active_application
        self._automaton = automaton
        self._actions = actions
        self._manifest = recognizer.pack.manifest
        self._endings = Endings(recognizer.pronounce)
        self._ranking = Ranking(recognizer, self._manifest.calibration)
        self._log_prior = np.array(self._manifest.log_prior, np.float32)

    @property
    def model(self) -> str:
        """Name of the pack that listens."""
        return self._manifest.name

    @property
    def automaton(self) -> Automaton:
        """What is understood now; another one after `use`."""
        return self._automaton

    @property
    def closed(self) -> bool:
        """The model was freed."""
        return self._recognizer.closed

    def pronounce(self, word: str) -> tuple[tuple[int, ...], ...]:
        """The ways to say a word in the model's phones, to compile commands for it.

        Raises:
            GrammarError: the model cannot hear it.
        """
        return self._recognizer.pronounce(word)

    def use(self, automaton: Automaton) -> None:
        """Understand other commands from the next utterance on.

        Thread: any.
        """
        self._automaton = automaton

    def recognize(
        self, utterance: Utterance, *, act: bool = False, turns: int | None = None, file: str | None = None
    ) -> Recognition:
        """Understands an utterance and, if asked to, does what was said.

        Args:
            utterance: from the segmenter or a file.
            act: run the action where the policy says so.
            turns: of the depth dial; all layers by default.
            file: the recording's name, for the event.

        Raises:
            UsageError: the model does not have so many layers.
        """
        started = time.perf_counter()
        found = self.understand(utterance, turns)
        best = found.interpretations[0] if found.interpretations else None
        decision = veto(decide(best, self._manifest.calibration), best, self._active_application)
        understood = best is not None and decision.verdict is not Verdict.REJECT
        recognition = Recognition(
            text=best.text if best is not None and understood else found.free_text,
            heard=found.free_text,
            best=best,
            alternatives=found.interpretations[1:],
            decision=decision,
            model=self.model,
            audio_ms=len(utterance.samples) * 1000 / SAMPLE_RATE_HZ,
            latency_ms=(time.perf_counter() - started) * 1000,
            file=file,
        )
        return _acted(recognition, self._actions) if act and decision.verdict is Verdict.ACT else recognition

    def glance(self, utterance: Utterance, *, economical: bool = False) -> PartialResult:
        """What an utterance would be if it ended here; ``economical`` runs half the layers."""
        recognition = self.recognize(utterance, turns=max(1, self._manifest.layers // 2) if economical else None)
        return self._endings.glance(recognition, self._automaton)

    def reject(self, *, audio_ms: float, level_db: float, file: str | None = None) -> Recognition:
        """The recognition of a recording in which nobody speaks."""
        return Recognition("", "", None, (), nothing_heard(level_db), self.model, audio_ms, 0.0, file)

    def parse(self, text: str, *, act: bool = False) -> Recognition:
        """Understands a typed command; it matches the grammar or it does not."""
        return parse_text(text, self._automaton, self._actions if act else None, self._active_application)

    def confirm(self, recognition: Recognition) -> Recognition:
        """Does what the user was asked about and said yes to: the best interpretation."""
        confirmed = replace(recognition, decision=Decision(Verdict.ACT))
        return _acted(confirmed, self._actions)

    def understand(self, utterance: Utterance, turns: int | None = None) -> Understood:
        """Searches the grammar for what was said, without deciding anything."""
        recognizer, calibration = self._recognizer, self._manifest.calibration
        automaton = self._automaton  # once, since `use` may be called meanwhile
        heard = recognizer.hear(utterance.samples, turns)
        scores = ctc.adjust(heard.phones, self._log_prior, calibration.prior_weight)
        free_text = recognizer.decode(ctc.greedy(heard.pieces, recognizer.blank))
        return Understood(free_text, self._ranking.interpretations(heard, scores, automaton))

    def close(self) -> None:
        """Frees the model. Closing twice is fine."""
        self._recognizer.close()

    def __enter__(self) -> Pipeline:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Parser(Protocol):
    """What understands typed text: a compiled grammar."""

    def parse(self, text: str) -> Interpretation | None: ...


def parse_text(
    text: str,
    grammar: Parser,
    actions: ActionRegistry | None = None,
    active_application: ActiveApplication | None = None,
) -> Recognition:
    """Understands typed text without a model; with ``actions`` it is also done."""
    started = time.perf_counter()
    best = grammar.parse(text)
    recognition = Recognition(
        text=text if best is None else best.text,
        heard=text,
        best=best,
        alternatives=(),
        decision=veto(decide_typed(best), best, active_application),
        model=TEXT_MODEL,
        audio_ms=0.0,
        latency_ms=(time.perf_counter() - started) * 1000,
    )
    return _acted(recognition, actions) if recognition.decision.verdict is Verdict.ACT else recognition


def _acted(recognition: Recognition, actions: ActionRegistry | None) -> Recognition:
    best = recognition.best
    if best is None or best.command.action is None or actions is None:
        return recognition
    try:
        outcome = actions.run(best.command.action, best.command.arguments, best.slots)
    except ActionError as error:
        outcome = ActionOutcome(done=False, message=f"{error.message} ({error.hint})")
    return replace(recognition, outcome=outcome)
