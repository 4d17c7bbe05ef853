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
        self._detector = UtteranceDetector(make_detector, config.segmenter, tail_ms=config.tail_ms)
        self._activation = ActivationState(config.modes)
        self._probe = EndpointProbe(pipeline, self._activation, config.endpoint)
        self._utterance_state: UtteranceState | None = None
        self._late = False
        self._dialog = Dialog(
            pipeline, self._probe, self._activation, hooks, state_line, actions=actions, answer_s=config.answer_s
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
        if self._activation.asleep:
            return ListenState.ASLEEP
        if self._detector.hearing and (self._utterance_state is None or self._utterance_state.ours):
            return ListenState.HEARING
        if not self._detector.open:
            return ListenState.IDLE
        waiting = self._activation.needs_wake_phrase(self._now_s)
        return ListenState.WAITING if waiting else ListenState.LISTENING

    @property
    def asleep(self) -> bool:
        """Whether only "wake up" and the key are understood."""
        return self._activation.asleep

    @property
    def needs_sound(self) -> bool:
        """Whether anything is done with what the microphone hears now, beyond keeping the moment before a press."""
        return self._detector.analysing

    @property
    def attentive(self) -> bool:
        """Whether an utterance is in progress, addressed to the program or not."""
        return self._detector.hearing

    @property
    def expecting(self) -> bool:
        """Whether a command or an answer is expected for a limited time, which sound that is read measures."""
        return self._dialog.answering or self._activation.called(self._now_s)

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
        self._activation.wake()
        self._detector.press()
        self._utterance_state = UtteranceState(strict=False)

    def release(self) -> None:
        """Key released: end the utterance after a short tail."""
        self._detector.release()

    def toggle(self) -> None:
        """Open the microphone for one command; if it is open already, end or discard that command.

        In open mode, toggle sleep instead.
        """
        was_asleep = self._activation.asleep
        if self._detector.held:
            return
        if self._activation.mode is ListenMode.OPEN:
            self.wake() if was_asleep else self.sleep()
        elif was_asleep or not self._activation.called(self._now_s):
            self._call()
        else:
            self._activation.close()
            for utterance in self._detector.end_now():
                self._conclude(utterance)
        self._sync()

    def cancel(self) -> None:
        """Discard the current utterance and close a temporary opening; a question is answered by key or not at all."""
        self._detector.cancel()
        self._activation.close()
        self._give_up()
        self._dialog.expect_answer(expected=False)
        self._sync()

    def sleep(self) -> None:
        """Ignore everything but "wake up" and the key."""
        self._detector.cancel()
        self._activation.sleep()
        self._give_up()
        self._dialog.expect_answer(expected=False)
        self._sync()

    def wake(self) -> None:
        """Listen again."""
        self._activation.wake()
        self._sync()

    def set_mode(self, mode: ListenMode) -> None:
        """Switch the mode; an utterance with the key held continues."""
        self._activation.set_mode(mode)
        if not self._detector.held:
            self._give_up()
        self._detector.listen(always=self._activation.hears_speech(self._now_s))

    def interrupt(self, *, recognise: bool = True) -> None:
        """Handle a gap in the stream: discard the utterance, and start a new one if the key is still held.

        What was said before the key was released is still recognised, unless recognition itself may be at fault.
        """
        ended = self._detector.interrupt()
        for utterance in ended if recognise else ():
            self._conclude(utterance)
        self._give_up()
        if self._detector.held:
            self._utterance_state = UtteranceState(strict=False)

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
        return self._detector.position_s

    def _hear_piece(self, piece: Samples) -> None:
        for utterance in self._detector.feed(piece):
            self._conclude(utterance)
        if self._detector.hearing:
            self._watch()
        self._sync()

    def _watch(self) -> None:
        """Decode the utterance in progress when a look or a partial result is due."""
        utterance_state, pause_ms = self._begun(), self._detector.pause_ms
        if pause_ms == 0.0:
            utterance_state.looks, utterance_state.looked = 0, None
        try:
            if not self._detector.held and self._probe.look_is_due(utterance_state, pause_ms):
                if so_far := self._detector.so_far():
                    self._probe.look(so_far, utterance_state, self._now_s)
            elif not self._late and (pause_ms == 0.0 or self._detector.held) and not self._activation.asleep:
                self._tell_partial(utterance_state)
            if not self._detector.held and self._ended_early(utterance_state, pause_ms):
                return
            if settled := self._detector.settled():
                self._probe.prepare(settled, utterance_state, self._now_s)
        except VoiceAssistError:
            utterance_state.abandoned = True  # the error is reported at the end of the utterance

    def _begun(self) -> UtteranceState:
        if self._utterance_state is None:
            self._utterance_state = UtteranceState(
                strict=self._activation.needs_wake_phrase(self._now_s), addressing=self._activation.addressing
            )
        return self._utterance_state

    def _ended_early(self, utterance_state: UtteranceState, pause_ms: float) -> bool:
        """End the utterance if the last look at its pause found a complete command."""
        glance = self._probe.looked(utterance_state, pause_ms, self._now_s)
        if glance is None or glance.wake_only or glance.is_free or not is_clear(glance.recognition):
            return False
        if glance.could_continue and not self._probe.looked_enough(utterance_state):
            return False
        self._detector.end_now()
        self._finish(glance)
        return True

    def _tell_partial(self, utterance_state: UtteranceState) -> None:
        so_far = self._detector.so_far()
        text = None if so_far is None else self._probe.partial(so_far, utterance_state)
        if text is not None and text != utterance_state.partial:
            utterance_state.partial = text
            self._hooks.on_partial(text)

    def _conclude(self, utterance: Utterance) -> None:
        utterance_state = self._begun()
        with self._hooks.reported():
            if utterance_state.ours and not self._activation.asleep:
                self._state_line.show(ListenState.THINKING)
            glance = self._probe.conclude(utterance, utterance_state, self._now_s)
            if glance is not None:
                self._finish(glance)
        self._give_up()
        self._state_line.show(self.state)

    def _finish(self, glance: PartialResult) -> None:
        if glance.wake_only:
            self._call()
            self._give_up()
            return
        self._utterance_state = None
        self._dialog.heard(glance, self._now_s)
        self._state_line.show(self.state)

    def _call(self) -> None:
        """Open for a command at the user's request."""
        self._activation.wake()
        self._activation.open_for_command(self._now_s)

    def _give_up(self) -> None:
        utterance_state, self._utterance_state = self._utterance_state, None
        if utterance_state is not None and utterance_state.partial:
            self._hooks.on_partial("")

    def _sync(self) -> None:
        """Open or close the segmenter as the mode requires, never in the middle of an utterance."""
        if not self._detector.hearing:
            self._dialog.expire(self._now_s)
        wanted = self._activation.hears_speech(self._now_s)
        if wanted != self._detector.open and (wanted or not self._detector.hearing):
            self._detector.listen(always=wanted)
