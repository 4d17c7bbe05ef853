"""Listening loop from audio blocks to actions. Has no thread, device or clock: time is the amount of audio received."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from voiceassist.actions.listening import take_over_listening
from voiceassist.actions.registry import ActionRegistry
from voiceassist.audio.segmenter import SegmenterConfig
from voiceassist.audio.utterance_detector import UtteranceDetector
from voiceassist.audio.vad import FRAME_SAMPLES, Detector
from voiceassist.domain import Decision, Recognition, RejectReason, Samples, Utterance, Verdict
from voiceassist.engine.activation import ActivationState, ListenMode, ModeConfig
from voiceassist.engine.dialog import Dialog
from voiceassist.engine.endpoint import EndpointConfig, PartialResult, is_clear
from voiceassist.engine.events import Hooks, ListenState, StateNotifier
from voiceassist.engine.streaming import EndpointProbe, PipelineLike, UtteranceState
from voiceassist.errors import VoiceAssistError

_NO_ANSWER = Decision(Verdict.REJECT, RejectReason.NO_MATCH)
_LATE_SAMPLES = 4_000
"""Block size above which partial results are skipped: the machine is too busy for them."""


@dataclass(frozen=True, slots=True)
class ListenerConfig:
    """Configuration of the listener.

    Attributes:
        modes: what opens the microphone, and for how long.
        segmenter: speech segmentation.
        endpoint: grammar-based endpointing, which ends utterances earlier or later.
        tail_ms: audio still recorded after the key is released.
        answer_s: how long to wait for the answer to a question.
    """

    modes: ModeConfig = field(default_factory=ModeConfig)
    segmenter: SegmenterConfig = field(default_factory=SegmenterConfig)
    endpoint: EndpointConfig = field(default_factory=EndpointConfig)
    tail_ms: float = 200.0
    answer_s: float = 8.0


class Listener:
    """Processes audio blocks: detects utterances, decides whether they are addressed to the program, executes them.

    Thread: one at a time; the hooks are called on it.
    """

    def __init__(
        self,
        pipeline: PipelineLike,
        *,
        config: ListenerConfig,
        actions: ActionRegistry | None,
        hooks: Hooks,
        state_line: StateNotifier,
        make_detector: Callable[[], Detector],
    ) -> None:
        """The caller keeps ownership of pipeline and actions; without ``actions`` commands are only recognised."""
        self._hooks = hooks
        self._state_line = state_line
        self._ear = UtteranceDetector(make_detector, config.segmenter, tail_ms=config.tail_ms)
        self._attention = ActivationState(config.modes)
        self._scout = EndpointProbe(pipeline, self._attention, config.endpoint)
        self._attempt: UtteranceState | None = None
        self._late = False
        self._dialog = Dialog(
            pipeline, self._scout, self._attention, hooks, state_line, actions=actions, answer_s=config.answer_s
        )
        self._give_back_listening = take_over_listening(self._dialog.actions, self.sleep, self.wake)
        self._sync()

    @property
    def pipeline(self) -> PipelineLike:
        """The current pipeline."""
        return self._dialog.pipeline

    @pipeline.setter
    def pipeline(self, pipeline: PipelineLike) -> None:
        self._dialog.pipeline = pipeline

    @property
    def state(self) -> ListenState:
        """Listening state while no recognition is running."""
        if self._attention.asleep:
            return ListenState.ASLEEP
        if self._ear.hearing and (self._attempt is None or self._attempt.ours):
            return ListenState.HEARING
        if not self._ear.open:
            return ListenState.IDLE
        waiting = self._attention.needs_wake_phrase(self._now_s)
        return ListenState.WAITING if waiting else ListenState.LISTENING

    @property
    def asleep(self) -> bool:
        """Whether only "wake up" and the key are understood."""
        return self._attention.asleep

    @property
    def needs_sound(self) -> bool:
        """Whether anything is done with what the microphone hears now, beyond keeping the moment before a press."""
        return self._ear.analysing

    @property
    def attentive(self) -> bool:
        """Whether an utterance is in progress, addressed to the program or not."""
        return self._ear.hearing

    def close(self) -> None:
        """Detach this listener from the "go to sleep" and "wake up" actions."""
        self._give_back_listening()
        self._dialog.close()

    def hear(self, block: Samples) -> None:
        """Process a block of audio from the microphone.

        Shape:
            block: ``(samples,)``, of any length
        """
        for start in range(0, block.size, FRAME_SAMPLES):
            self._late = block.size - start > _LATE_SAMPLES
            self._hear_piece(block[start : start + FRAME_SAMPLES])

    def press(self) -> None:
        """Key pressed: start an utterance, including the audio just before. Also ends sleep."""
        self._attention.wake()
        self._ear.press()
        self._attempt = UtteranceState(strict=False)

    def release(self) -> None:
        """Key released: end the utterance after a short tail."""
        self._ear.release()

    def toggle(self) -> None:
        """Open the microphone for one command; if it is open already, end or discard that command.

        In open mode, toggle sleep instead.
        """
        was_asleep = self._attention.asleep
        if self._ear.held:
            return
        if self._attention.mode is ListenMode.OPEN:
            self.wake() if was_asleep else self.sleep()
        elif was_asleep or not self._attention.called(self._now_s):
            self._call()
        else:
            self._attention.close()
            for utterance in self._ear.end_now():
                self._conclude(utterance)
        self._sync()

    def cancel(self) -> None:
        """Discard the current utterance and close a temporary opening; a question is answered by key or not at all."""
        self._ear.cancel()
        self._attention.close()
        self._give_up()
        self._dialog.expect_answer(expected=False)
        self._sync()

    def sleep(self) -> None:
        """Ignore everything but "wake up" and the key."""
        self._ear.cancel()
        self._attention.sleep()
        self._give_up()
        self._dialog.expect_answer(expected=False)
        self._sync()

    def wake(self) -> None:
        """Listen again."""
        self._attention.wake()
        self._sync()

    def set_mode(self, mode: ListenMode) -> None:
        """Switch the mode; an utterance with the key held continues."""
        self._attention.set_mode(mode)
        if not self._ear.held:
            self._give_up()
        self._ear.listen(always=self._attention.hears_speech(self._now_s))

    def interrupt(self, *, recognise: bool = True) -> None:
        """Handle a gap in the stream: discard the utterance, and start a new one if the key is still held.

        What was said before the key was released is still recognised, unless recognition itself may be at fault.
        """
        ended = self._ear.interrupt()
        for utterance in ended if recognise else ():
            self._conclude(utterance)
        self._give_up()
        if self._ear.held:
            self._attempt = UtteranceState(strict=False)

    def read(self, text: str) -> None:
        """Process typed text; after a question it may be the answer."""
        self._dialog.read(text, self._now_s)
        self._state_line.show(self.state)

    def confirm(self, recognition: Recognition) -> None:
        """Execute a recognition that the user has confirmed."""
        self._dialog.confirm(recognition, self._now_s)
        self._state_line.show(self.state)

    def answer(self, choice: int | None) -> None:
        """Answer the last question with the index of a choice, from 0, or ``None`` for no."""
        self._dialog.answer(choice, self._now_s)
        self._state_line.show(self.state)

    @property
    def _now_s(self) -> float:
        return self._ear.position_s

    def _hear_piece(self, piece: Samples) -> None:
        for utterance in self._ear.feed(piece):
            self._conclude(utterance)
        if self._ear.hearing:
            self._watch()
        self._sync()

    def _watch(self) -> None:
        """Decode the utterance in progress when a look or a partial result is due."""
        attempt, pause_ms = self._begun(), self._ear.pause_ms
        if pause_ms == 0.0:
            attempt.looks, attempt.looked = 0, None
        try:
            if not self._ear.held and self._scout.look_is_due(attempt, pause_ms):
                if so_far := self._ear.so_far():
                    self._scout.look(so_far, attempt, self._now_s)
            elif not self._late and (pause_ms == 0.0 or self._ear.held) and not self._attention.asleep:
                self._tell_partial(attempt)
            if not self._ear.held and self._ended_early(attempt, pause_ms):
                return
            if settled := self._ear.settled():
                self._scout.prepare(settled, attempt, self._now_s)
        except VoiceAssistError:
            attempt.abandoned = True  # the error is reported at the end of the utterance

    def _begun(self) -> UtteranceState:
        if self._attempt is None:
            self._attempt = UtteranceState(
                strict=self._attention.needs_wake_phrase(self._now_s), addressing=self._attention.addressing
            )
        return self._attempt

    def _ended_early(self, attempt: UtteranceState, pause_ms: float) -> bool:
        """End the utterance if the last look at its pause found a complete command."""
        glance = self._scout.looked(attempt, pause_ms, self._now_s)
        if glance is None or glance.wake_only or glance.is_free or not is_clear(glance.recognition):
            return False
        if glance.could_continue and not self._scout.looked_enough(attempt):
            return False
        self._ear.end_now()
        self._finish(glance)
        return True

    def _tell_partial(self, attempt: UtteranceState) -> None:
        so_far = self._ear.so_far()
        text = None if so_far is None else self._scout.partial(so_far, attempt)
        if text is not None and text != attempt.partial:
            attempt.partial = text
            self._hooks.on_partial(text)

    def _conclude(self, utterance: Utterance) -> None:
        attempt = self._begun()
        with self._dialog.reported():
            if attempt.ours and not self._attention.asleep:
                self._state_line.show(ListenState.THINKING)
            glance = self._scout.conclude(utterance, attempt, self._now_s)
            if glance is not None:
                self._finish(glance)
        self._give_up()
        self._state_line.show(self.state)

    def _finish(self, glance: PartialResult) -> None:
        if glance.wake_only:
            self._call()
            self._give_up()
            return
        self._attempt = None
        self._dialog.heard(glance, self._now_s)
        self._state_line.show(self.state)

    def _call(self) -> None:
        """Open for a command at the user's request."""
        self._attention.wake()
        self._attention.open_for_command(self._now_s)

    def _give_up(self) -> None:
        attempt, self._attempt = self._attempt, None
        if attempt is not None and attempt.partial:
            self._hooks.on_partial("")

    def _sync(self) -> None:
        """Open or close the segmenter as the mode requires, never in the middle of an utterance."""
        if not self._ear.hearing:
            self._dialog.expire(self._now_s)
        wanted = self._attention.hears_speech(self._now_s)
        if wanted != self._ear.open and (wanted or not self._ear.hearing):
            self._ear.listen(always=wanted)
