"""Partial recognition of an utterance: first with half the layers, then all if it may be addressed to the program."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from voiceassist.actions.listening import WAKE_ACTION
from voiceassist.domain import SAMPLE_RATE_HZ, Addressing, Latency, Recognition, Samples, Utterance, Verdict
from voiceassist.engine.activation import ActivationState
from voiceassist.engine.endpoint import EndpointConfig, PartialResult, Preview, is_clear
from voiceassist.grammar.files.command_set import CommandSet


class Glancing(Protocol):
    """The part of a pipeline that computes partial results."""

    def glance(self, utterance: Utterance) -> PartialResult: ...

    def preview(self, utterance: Utterance) -> Preview: ...


class PipelineLike(Glancing, Protocol):
    """Interface of pipelines that recognise utterances and typed text."""

    def recognize(self, utterance: Utterance) -> Recognition: ...

    def recognize_answer(self, utterance: Utterance, answers: CommandSet) -> Recognition: ...

    def parse(self, text: str) -> Recognition: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was computed of an utterance before its end was certain.

    Attributes:
        samples: the utterance.
        pipeline: by which it was understood.
        glance: the result; ``None`` if the utterance is not addressed to the program.
        latency: how long that took.
        at_s: when it began, as time of the stream.
    """

    samples: Samples
    pipeline: Glancing
    glance: PartialResult | None
    latency: Latency
    at_s: float

    def at_its_end(self, now_s: float) -> PartialResult | None:
        """The result as it is used now: its latency is what the user waits for from now on."""
        glance, left = self.glance, self.latency.after((now_s - self.at_s) * 1000)
        if glance is None:
            return None
        return replace(glance, finish=lambda: replace(glance.result(), latency=left, latency_ms=left.total))


@dataclass(slots=True)
class UtteranceState:
    """State of an utterance in progress.

    Attributes:
        strict: whether it needs the wake phrase.
        addressing: how certain it is that the utterance is addressed to the program.
        woken: whether the wake phrase was found.
        looks: number of looks in the current pause.
        looked: the result of the last of them until it is used.
        promising: whether the last of them was not rejected.
        wake_looks: number of searches for the wake phrase.
        partial_at_samples: utterance length at which the next partial result is due.
        abandoned: whether a look has failed; there are no more until the end.
        partial: last reported transcript.
        fits: whether it was a sentence of the grammar.
        prepared: the result if nothing but silence follows.
    """

    strict: bool
    addressing: Addressing = Addressing.HELD
    woken: bool = False
    looks: int = 0
    looked: Prepared | None = None
    promising: bool = False
    wake_looks: int = 0
    partial_at_samples: int = 0
    abandoned: bool = False
    partial: str = ""
    fits: bool = False
    prepared: Prepared | None = None

    @property
    def ours(self) -> bool:
        """Whether the utterance is addressed to the program, as far as known."""
        return self.woken or not self.strict


class EndpointProbe:
    """Computes partial and final results of utterances, and whether they are addressed to the program.

    Thread: one at a time.
    """

    def __init__(self, pipeline: Glancing, activation: ActivationState, config: EndpointConfig) -> None:
        self.pipeline = pipeline
        self._activation = activation
        self._config = config

    def look_is_due(self, utterance_state: UtteranceState, pause_ms: float) -> bool:
        """Whether a pause is long enough for the next look."""
        looks = self._config.look_ms
        lead_ms = self._config.lead_ms if utterance_state.fits else 0.0
        soon = utterance_state.looks < len(looks) and pause_ms >= looks[utterance_state.looks] - lead_ms
        return soon and not utterance_state.abandoned

    def looked_enough(self, utterance_state: UtteranceState) -> bool:
        """Whether the last look of this pause is done."""
        return utterance_state.looks >= len(self._config.look_ms)

    def look(self, so_far: Utterance, utterance_state: UtteranceState, now_s: float) -> None:
        """Compute the partial result at a pause.

        What was rejected at the first look of a pause is not looked at again before it ends.
        """
        utterance_state.looks += 1
        utterance_state.looked = None
        if utterance_state.looks > 1 and not utterance_state.promising:
            return
        glance = self.judge(so_far, utterance_state)
        utterance_state.promising = glance is not None and glance.recognition.decision.verdict is not Verdict.REJECT
        latency = None if glance is None else glance.recognition.latency
        utterance_state.looked = Prepared(so_far.samples, self.pipeline, glance, latency or Latency(), now_s)

    def looked(self, utterance_state: UtteranceState, pause_ms: float, now_s: float) -> PartialResult | None:
        """The partial result of the last look, once, when the pause is long enough to use it.

        ``None`` before, and if the utterance is not addressed to the program.
        """
        known = utterance_state.looked
        if (
            known is None
            or pause_ms < self._config.look_ms[utterance_state.looks - 1]
            or known.pipeline is not self.pipeline
        ):
            return None
        utterance_state.looked = None
        return known.at_its_end(now_s)

    def prepare(self, utterance: Utterance, utterance_state: UtteranceState, now_s: float) -> None:
        """Compute the result of an utterance that has probably ended, so that nobody waits for it at its end."""
        known = utterance_state.prepared
        if utterance_state.abandoned or (known is not None and np.array_equal(known.samples, utterance.samples)):
            return
        glance = self.judge(utterance, utterance_state)
        latency = None if glance is None else glance.result().latency
        utterance_state.prepared = Prepared(utterance.samples, self.pipeline, glance, latency or Latency(), now_s)

    def conclude(self, utterance: Utterance, utterance_state: UtteranceState, now_s: float) -> PartialResult | None:
        """`judge` at the end of an utterance. What was prepared from the same samples is the same result.

        Its latency is what the user waits for from now on.
        """
        known = utterance_state.prepared
        if known is None or known.pipeline is not self.pipeline or not np.array_equal(known.samples, utterance.samples):
            return self.judge(utterance, utterance_state)
        return known.at_its_end(now_s)

    def judge(self, utterance: Utterance, utterance_state: UtteranceState) -> PartialResult | None:
        """Result at full depth; ``None`` if the utterance is not addressed to the program: noise, or no wake phrase."""
        if self._is_noise(utterance, utterance_state):
            return None
        utterance = replace(utterance, addressing=utterance_state.addressing)
        if self._activation.asleep or utterance_state.strict:
            passing = self.pipeline.preview(utterance)
            if not (passing.action == WAKE_ACTION if self._activation.asleep else passing.woken):
                return None
        glance = self.pipeline.glance(utterance)
        if self._activation.asleep:
            wanted = action_of(glance.recognition) == WAKE_ACTION and is_clear(glance.recognition)
        else:
            wanted = glance.woken or not utterance_state.strict
        if not wanted:
            return None
        utterance_state.woken = utterance_state.woken or glance.woken
        return glance

    def partial(self, so_far: Utterance, utterance_state: UtteranceState) -> str | None:
        """Transcript so far; ``None`` if no partial result is due or the utterance is not addressed to the program."""
        size = so_far.samples.size
        if utterance_state.abandoned or size < utterance_state.partial_at_samples:
            return None
        if self._is_noise(so_far, utterance_state):
            return None
        new_samples = max(_samples(self._config.partial_ms), round(size * self._config.partial_share))
        utterance_state.partial_at_samples = size + new_samples
        if not utterance_state.ours and not self._wake_phrase_in(so_far, utterance_state):
            return None
        preview = self.pipeline.preview(so_far)
        utterance_state.fits = preview.fits
        return preview.text

    def _is_noise(self, utterance: Utterance, utterance_state: UtteranceState) -> bool:
        unsure = utterance_state.addressing is not Addressing.HELD
        return unsure and utterance.speech_prob < self._config.min_speech_prob

    def _wake_phrase_in(self, so_far: Utterance, utterance_state: UtteranceState) -> bool:
        due = self._config.wake_look_ms
        if utterance_state.wake_looks >= len(due) or so_far.samples.size < _samples(due[utterance_state.wake_looks]):
            return False
        utterance_state.wake_looks += 1
        utterance_state.woken = self.pipeline.preview(so_far).woken
        return utterance_state.woken


def action_of(recognition: Recognition) -> str | None:
    """Name of the action of a recognition, whether executed or not."""
    return None if recognition.best is None else recognition.best.command.action


def _samples(duration_ms: float) -> int:
    return round(duration_ms * SAMPLE_RATE_HZ / 1000)
