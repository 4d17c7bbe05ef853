"""Endpointing by grammar: whether the words so far are a complete command, and whether more can follow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from voiceassist.action_spec import Risk
from voiceassist.domain import Recognition, Verdict
from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.automaton import NO_WORD, Automaton, Pronounce
from voiceassist.grammar.compiler.wake_phrase import WAKE_INTENT


@dataclass(frozen=True, slots=True)
class PartialResult:
    """Partial result of an unfinished utterance.

    Attributes:
        recognition: recognition as if the utterance ended here; its action is not executed, its texts are greedy.
        could_continue: whether more words can follow, so that silence may be a pause for thought.
        is_free: whether it ends in free text, where pauses are longer.
        woken: whether it begins with the wake phrase.
        wake_only: whether it is the wake phrase alone.
        finish: computes `result`; without it that is ``recognition``.
    """

    recognition: Recognition
    could_continue: bool
    is_free: bool = False
    woken: bool = False
    wake_only: bool = False
    finish: Callable[[], Recognition] | None = None

    def result(self) -> Recognition:
        """The recognition that is reported if the utterance does end here: its texts are written with care."""
        return self.recognition if self.finish is None else self.finish()


@dataclass(frozen=True, slots=True)
class Preview:
    """What seems to have been said while somebody is still speaking; nothing is decided by it.

    Attributes:
        text: the best sentence, or the transcript where none fits.
        woken: whether the best sentence begins with the wake phrase.
        action: name of its action.
        fits: whether the best sentence fits what was said.
    """

    text: str
    woken: bool = False
    action: str | None = None
    fits: bool = False


@dataclass(frozen=True, slots=True)
class EndpointConfig:
    """Configuration of endpointing.

    Attributes:
        look_ms: pause lengths at which the utterance is decoded. The first ends a clear and complete command, the last
            one that could continue.
        lead_ms: how much earlier than at those lengths it is decoded if it seemed to be a command so far: its result is
            there when it is due, and not used if speech goes on before.
        partial_ms: amount of new audio between partial results; more in a long utterance, see `partial_share`.
        partial_share: amount of new audio between partial results as a share of the utterance so far: each looks at
            all of it, and without this a minute of speech would cost sixty times as much as a second.
        wake_look_ms: utterance lengths at which the wake phrase is searched for.
        min_speech_prob: sound that is less likely speech is noise, which is not looked at; for a held key all is.
    """

    look_ms: tuple[float, ...] = (160.0, 400.0)
    lead_ms: float = 64.0
    partial_ms: float = 250.0
    partial_share: float = 0.125
    wake_look_ms: tuple[float, ...] = (1_200.0, 2_000.0)
    min_speech_prob: float = 0.6


def is_clear(recognition: Recognition) -> bool:
    """Whether a command is certain enough that only its risk can prevent execution."""
    if recognition.best is None:
        return False
    asked_for_risk = recognition.best.command.risk is Risk.DESTROYS
    verdict = recognition.decision.verdict
    return verdict is Verdict.ACT or (verdict is Verdict.ASK and asked_for_risk)


class Ending(Enum):
    """What can follow a word sequence."""

    NOTHING = "nothing"
    WORDS = "words"
    FREE = "free"
    """Anything: the words already end in free text."""


class Continuations:
    """Follows word sequences through an automaton to find whether more words can follow."""

    def __init__(self, automaton: Automaton, pronounce: Pronounce) -> None:
        self._automaton = automaton
        self._pronounce = pronounce
        self._by_source = np.argsort(automaton.source, kind="stable")
        self._first = np.searchsorted(automaton.source[self._by_source], np.arange(automaton.nodes + 1))

    def after(self, words: Sequence[str]) -> Ending:
        """What can follow these words; for words that the automaton does not accept, more words."""
        node = 0
        for word in words:
            if self._automaton.tail[node]:
                return Ending.FREE
            following = self._after(node, word)
            if following is None:
                return Ending.WORDS
            node = following
        return Ending.WORDS if self._first[node + 1] > self._first[node] else Ending.NOTHING

    def _after(self, node: int, word: str) -> int | None:
        try:
            tokens = self._pronounce(word)[0]  # all pronunciations lead to the same node
        except GrammarError:
            return None
        for position, token in enumerate(tokens):
            last = position == len(tokens) - 1
            following = self._step(node, token, word if last else None)
            if following is None:
                return None
            node = following
        return node

    def _step(self, node: int, token: int, word: str | None) -> int | None:
        automaton = self._automaton
        for state in self._by_source[self._first[node] : self._first[node + 1]].tolist():
            ends = int(automaton.word[state])
            fits = ends == NO_WORD if word is None else ends != NO_WORD and automaton.words[ends] == word
            if fits and int(automaton.phone[state]) == token:
                return int(automaton.target[state])
        return None


class Endings:
    """Determines whether recognitions could continue."""

    def __init__(self, pronounce: Pronounce) -> None:
        self._pronounce = pronounce
        self._continuations: tuple[Automaton, Continuations] | None = None

    def glance(
        self, recognition: Recognition, automaton: Automaton, finish: Callable[[], Recognition] | None = None
    ) -> PartialResult:
        """Partial result for a recognition and what it becomes if the utterance ends."""
        best = recognition.best
        if best is None:
            return PartialResult(recognition, could_continue=True, finish=finish)
        if self._continuations is None or self._continuations[0] is not automaton:
            self._continuations = automaton, Continuations(automaton, self._pronounce)
        ending = self._continuations[1].after(best.text.split())
        return PartialResult(
            recognition,
            could_continue=ending is not Ending.NOTHING,
            is_free=ending is Ending.FREE,
            woken=best.woken,
            wake_only=best.command.intent == WAKE_INTENT,
            finish=finish,
        )
