"""Is what was said so far a whole command, and could it go on?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from voiceassist.domain import Recognition, Risk, Verdict
from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.automaton import NO_WORD, Automaton, Pronounce
from voiceassist.grammar.compiler.wake_phrase import WAKE_INTENT


@dataclass(frozen=True, slots=True)
class PartialResult:
    """What a look at an unfinished utterance tells.

    Attributes:
        recognition: what it would be if it ended here. Nothing was acted upon.
        could_continue: more words could follow, so that silence may be a pause for thought.
        is_free: it ends in free text, in which people think for longer.
        woken: it begins with the wake phrase.
        wake_only: it is the wake phrase and nothing else.
    """

    recognition: Recognition
    could_continue: bool
    is_free: bool = False
    woken: bool = False
    wake_only: bool = False


@dataclass(frozen=True, slots=True)
class EndpointConfig:
    """How much silence ends an utterance.

    Attributes:
        look_ms: pauses of these lengths are looked into. The first is what a clear and complete command has to wait,
            the last what one has to wait that could go on.
        partial_ms: how much new sound makes a new partial result.
        wake_look_ms: lengths of an utterance at which it is looked for the wake phrase.
    """

    look_ms: tuple[float, ...] = (160.0, 400.0)
    partial_ms: float = 250.0
    wake_look_ms: tuple[float, ...] = (1_200.0, 2_000.0)


def is_clear(recognition: Recognition) -> bool:
    """A command was understood so well that only its risk could keep it from being done."""
    if recognition.best is None:
        return False
    asked_for_risk = recognition.best.command.risk is Risk.DESTROYS
    verdict = recognition.decision.verdict
    return verdict is Verdict.ACT or (verdict is Verdict.ASK and asked_for_risk)


class Ending(Enum):
    """What can come after words."""

    NOTHING = "nothing"
    WORDS = "words"
    FREE = "free"
    """Anything: these words are free text already."""


class Continuations:
    """Follows words through an automaton, to see whether more can come after them."""

    def __init__(self, automaton: Automaton, pronounce: Pronounce) -> None:
        self._automaton = automaton
        self._pronounce = pronounce
        self._by_source = np.argsort(automaton.source, kind="stable")
        self._first = np.searchsorted(automaton.source[self._by_source], np.arange(automaton.nodes + 1))

    def after(self, words: Sequence[str]) -> Ending:
        """What can come after these words; where they are not known here, more words can."""
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
            tokens = self._pronounce(word)[0]  # all ways lead to the same node
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
    """Says of recognitions whether they could go on."""

    def __init__(self, pronounce: Pronounce) -> None:
        self._pronounce = pronounce
        self._continuations: tuple[Automaton, Continuations] | None = None

    def glance(self, recognition: Recognition, automaton: Automaton) -> PartialResult:
        """A recognition, with what could come after it."""
        best = recognition.best
        if best is None:
            return PartialResult(recognition, could_continue=True)
        if self._continuations is None or self._continuations[0] is not automaton:
            self._continuations = automaton, Continuations(automaton, self._pronounce)
        ending = self._continuations[1].after(best.text.split())
        return PartialResult(
            recognition,
            could_continue=ending is not Ending.NOTHING,
            is_free=ending is Ending.FREE,
            woken=best.woken,
            wake_only=best.command.intent == WAKE_INTENT,
        )
