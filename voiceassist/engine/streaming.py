"""Looking at an utterance while it is going on: cheaply first, thoroughly where it could be meant for us."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from voiceassist.actions.listening import WAKE_ACTION
from voiceassist.domain import SAMPLE_RATE_HZ, Addressing, Recognition, Utterance
from voiceassist.engine.activation import ActivationState
from voiceassist.engine.endpoint import EndpointConfig, PartialResult, is_clear
from voiceassist.grammar.files.command_set import CommandSet


class PipelineLike(Protocol):
    """What makes recognitions of utterances and of typed text."""

    def recognize(self, utterance: Utterance) -> Recognition: ...

    def glance(self, utterance: Utterance, *, economical: bool = False) -> PartialResult: ...

    def recognize_answer(self, utterance: Utterance, answers: CommandSet) -> Recognition: ...

    def parse(self, text: str) -> Recognition: ...

    def close(self) -> None: ...


@dataclass(slots=True)
class UtteranceState:
    """An utterance that is going on.

    Attributes:
        strict: it counts only with the wake phrase.
        addressing: how sure it is that it is meant for us.
        woken: the wake phrase was found in it.
        looks: how often the present pause was looked into.
        wake_looks: how often it was looked for the wake phrase.
        partial_at_samples: when the next partial result is due.
        abandoned: a look has failed; the end is waited for.
        partial: what was told last.
    """

    strict: bool
    addressing: Addressing = Addressing.HELD
    woken: bool = False
    looks: int = 0
    wake_looks: int = 0
    partial_at_samples: int = 0
    abandoned: bool = False
    partial: str = ""

    @property
    def ours(self) -> bool:
        """It is meant for us, as far as is known."""
        return self.woken or not self.strict


class Glancing(Protocol):
    """The part of a pipeline that looks at utterances."""

    def glance(self, utterance: Utterance, *, economical: bool = False) -> PartialResult: ...


class EndpointProbe:
    """Finds out what utterances say, and whether they are meant for us.

    Thread: one at a time.
    """

    def __init__(self, pipeline: Glancing, attention: ActivationState, config: EndpointConfig) -> None:
        self.pipeline = pipeline
        self._attention = attention
        self._config = config

    def look_is_due(self, attempt: UtteranceState, pause_ms: float) -> bool:
        """Whether a pause is long enough for the next look."""
        looks = self._config.look_ms
        return not attempt.abandoned and attempt.looks < len(looks) and pause_ms >= looks[attempt.looks]

    def looked_enough(self, attempt: UtteranceState) -> bool:
        """The pause is so long that nothing more is to be expected."""
        return attempt.looks >= len(self._config.look_ms)

    def look(self, so_far: Utterance, attempt: UtteranceState) -> PartialResult | None:
        """Look into a pause; ``None`` where it is not for us."""
        attempt.looks += 1
        return self.judge(so_far, attempt)

    def judge(self, utterance: Utterance, attempt: UtteranceState) -> PartialResult | None:
        """What an utterance says, at full depth; ``None`` where a cheaper look tells that it is not for us."""
        utterance = replace(utterance, addressing=attempt.addressing)
        wanted_cheaply = not (self._attention.asleep or attempt.strict) or self._for_us(
            self.pipeline.glance(utterance, economical=True), attempt, sure=False
        )
        if not wanted_cheaply:
            return None
        glance = self.pipeline.glance(utterance)
        if not self._for_us(glance, attempt, sure=True):
            return None
        attempt.woken = attempt.woken or glance.woken
        return glance

    def partial(self, so_far: Utterance, attempt: UtteranceState) -> str | None:
        """What it sounds like so far; ``None`` where it is too early to ask, or not for us."""
        size = so_far.samples.size
        if attempt.abandoned or size < attempt.partial_at_samples:
            return None
        attempt.partial_at_samples = size + _samples(self._config.partial_ms)
        if not attempt.ours and not self._wake_phrase_in(so_far, attempt):
            return None
        return self.pipeline.glance(so_far, economical=True).recognition.text

    def _for_us(self, glance: PartialResult, attempt: UtteranceState, *, sure: bool) -> bool:
        if self._attention.asleep:
            return action_of(glance.recognition) == WAKE_ACTION and (not sure or is_clear(glance.recognition))
        return glance.woken or not attempt.strict

    def _wake_phrase_in(self, so_far: Utterance, attempt: UtteranceState) -> bool:
        due = self._config.wake_look_ms
        if attempt.wake_looks >= len(due) or so_far.samples.size < _samples(due[attempt.wake_looks]):
            return False
        attempt.wake_looks += 1
        attempt.woken = self.pipeline.glance(so_far, economical=True).woken
        return attempt.woken


def action_of(recognition: Recognition) -> str | None:
    """Which action a recognition asks for, be it carried out or not."""
    return None if recognition.best is None else recognition.best.command.action


def _samples(duration_ms: float) -> int:
    return round(duration_ms * SAMPLE_RATE_HZ / 1000)
