"""Listening thread: reads the microphone, feeds the listener, and executes requests from other threads in between."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import numpy as np

from voiceassist.actions.registry import ActionRegistry
from voiceassist.audio.energy_gate import GatedDetector
from voiceassist.audio.framing import SILENCE_DB, level_db
from voiceassist.audio.health import MicrophoneHealth
from voiceassist.audio.reconnecting import MicrophoneLike, ReconnectingMicrophone, SystemClocks
from voiceassist.audio.vad import Detector, SpeechDetector
from voiceassist.config.settings import Settings
from voiceassist.domain import SAMPLE_RATE_HZ, Recognition, Samples
from voiceassist.engine.activation import ListenMode, ModeConfig
from voiceassist.engine.events import Hooks, ListenState, StateNotifier
from voiceassist.engine.listener import Listener, ListenerConfig
from voiceassist.engine.streaming import PipelineLike
from voiceassist.errors import DeviceError, VoiceAssistError

__all__ = ["Hooks", "ListenMode", "ListenState", "MicrophoneLike", "PipelineLike", "Runner", "RunnerConfig"]

_TELL_CONDITION_EVERY_S = 1.0
MAX_FAULTS = 5
"""Number of faults tolerated within ``_FAULTS_WITHIN_S``; beyond it, listening stops instead of failing repeatedly."""
_FAULTS_WITHIN_S = 30.0

log = logging.getLogger(__name__)


def spared_detector() -> Detector:
    """Speech detector behind a level gate: it runs only when the audio is louder than the background."""
    return GatedDetector(SpeechDetector())


@dataclass(frozen=True, slots=True)
class RunnerConfig:
    """Configuration of the runner.

    Attributes:
        listener: modes, segmentation and endpointing.
        poll_ms: interval of microphone reads during an utterance.
        resting_poll_ms: interval of microphone reads otherwise; longer, as a wake-up costs more than its work.
        calm_poll_ms: the same while nothing is done with what is heard, or nothing is heard that could be speech.
        retry_s: delay before a lost microphone is reopened.
        settle_s: time after which a microphone that delivers only zeros counts as ready.
        closes_microphone: whether the microphone is closed while nothing is done with its sound.
    """

    listener: ListenerConfig = field(default_factory=ListenerConfig)
    poll_ms: float = 20.0
    resting_poll_ms: float = 120.0
    calm_poll_ms: float = 500.0
    retry_s: float = 1.0
    settle_s: float = 1.0
    closes_microphone: bool = False

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Configuration from the user's settings."""
        modes = ModeConfig(ListenMode(settings.listen_mode), stay_open_s=settings.stay_open_s)
        return cls(ListenerConfig(modes), closes_microphone=settings.close_microphone)


@dataclass(frozen=True, slots=True)
class _Command:
    """Request to the worker, with the time at which it was made."""

    run: Callable[[], None]
    asked_at_s: float
    pipeline: PipelineLike | None = None


class Runner:
    """Owns one worker thread, the microphone and the pipeline, and calls the hooks.

    Thread: all methods may be called from any thread and return at once; only ``close`` waits for the worker.
    """

    def __init__(  # noqa: PLR0913  # every part is handed in
        self,
        pipeline: PipelineLike,
        *,
        microphone_factory: Callable[[], MicrophoneLike],
        config: RunnerConfig | None = None,
        actions: ActionRegistry | None = None,
        hooks: Hooks | None = None,
        make_detector: Callable[[], Detector] = spared_detector,
        clocks: SystemClocks | None = None,
    ) -> None:
        """Create the runner without starting it.

        Args:
            pipeline: recognition pipeline; the runner closes it.
            microphone_factory: opens the microphone; called again after a loss.
            config: configuration of the runner.
            actions: actions to execute; without them commands are only recognised.
            hooks: callbacks for states and results.
            make_detector: creates the speech detector.
            clocks: time sources.
        """
        self._config = config or RunnerConfig()
        self._clocks = clocks or SystemClocks()
        self._microphone = ReconnectingMicrophone(
            microphone_factory,
            on_lost=self._lost,
            on_louder=self._read_now,
            retry_s=self._config.retry_s,
            settle_s=self._config.settle_s,
            clocks=self._clocks,
        )
        self._hooks = (hooks or Hooks()).guarded()
        self._state_line = StateNotifier(self._hooks)
        self._listener = Listener(
            pipeline,
            config=self._config.listener,
            actions=actions,
            hooks=self._hooks,
            state_line=self._state_line,
            make_detector=make_detector,
        )
        self._commands: queue.SimpleQueue[_Command | None] = queue.SimpleQueue()
        self._gate = threading.Lock()
        self._closed = self._keeps_pipeline = False
        self._level_watched = True
        self._thread: threading.Thread | None = None
        self._condition = MicrophoneHealth()
        self._condition_at_s = 0.0
        self._faults_at_s: list[float] = []

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Start the worker, which opens the microphone."""
        with self._gate:
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._work, name="voiceassist-runner", daemon=True)
                self._thread.start()

    def press(self) -> None:
        """Hold to talk: start an utterance, including the audio just before. Also ends sleep."""
        self._ask(self._listener.press)

    def release(self) -> None:
        """Hold to talk: end the utterance after a short tail."""
        self._ask(self._listener.release)

    def toggle(self) -> None:
        """Open the microphone for one command, which ends by itself; a second call ends or discards it.

        In open mode, toggle sleep instead.
        """
        self._ask(self._listener.toggle)

    def cancel(self) -> None:
        """Discard the current utterance without recognition and close a temporary opening."""
        self._ask(self._listener.cancel)

    def sleep(self) -> None:
        """Ignore everything but "wake up" and the key; other speech is not stored, shown or logged."""
        self._ask(self._listener.sleep)

    def wake(self) -> None:
        """Listen again, as before ``sleep``."""
        self._ask(self._listener.wake)

    def watch_level(self, watched: bool) -> None:
        """Whether anybody looks at the level; otherwise it is told less often while nothing else is done with it."""
        self._level_watched = watched
        self._read_now()

    def set_mode(self, mode: ListenMode) -> None:
        """Switch the listening mode."""
        self._ask(lambda: self._listener.set_mode(mode))

    def listen(self, always: bool) -> None:
        """Switch to open mode, in which speech alone starts an utterance, or back to hold to talk."""
        self.set_mode(ListenMode.OPEN if always else ListenMode.PUSH)

    def parse(self, text: str) -> None:
        """Process typed text; the result is reported through ``on_recognition``."""
        self._ask(lambda: self._listener.read(text))

    def confirm(self, recognition: Recognition) -> None:
        """Execute a recognition that the user has confirmed; the result is reported through ``on_recognition``."""
        self._ask(lambda: self._listener.confirm(recognition))

    def answer(self, choice: int | None) -> None:
        """Answer the last question with the index of a choice, the best being 0, or ``None`` for no.

        The result is reported through ``on_recognition``. Without a pending question, the call has no effect.
        """
        self._ask(lambda: self._listener.answer(choice))

    def use(self, pipeline: PipelineLike) -> None:
        """Replace the pipeline from the next utterance on; the previous one is then closed."""
        if not self._ask(lambda: self._swap(pipeline), pipeline=pipeline):
            pipeline.close()

    def hand_over(self) -> PipelineLike:
        """Close, except for the pipeline, which is returned: another runner goes on with it."""
        self._keeps_pipeline = True
        self.close()
        return self._listener.pipeline

    def close(self) -> None:
        """Stop the worker and close the microphone and the pipeline. Idempotent; must not be called from a hook."""
        with self._gate:
            never_started = self._thread is None and not self._closed
            self._closed = True
            self._commands.put(None)
        if never_started:
            self._shut_down()
        if self._thread is not None:
            self._thread.join()

    def _read_now(self) -> None:
        """End the wait for the next read."""
        self._ask(lambda: None)

    def _ask(self, run: Callable[[], None], *, pipeline: PipelineLike | None = None) -> bool:
        """Queue a request for the worker; ``False`` if the worker has ended."""
        with self._gate:
            if not self._closed:
                self._commands.put(_Command(run, self._clocks.running_s(), pipeline))
            return not self._closed

    # Everything below runs on the worker thread.

    def _work(self) -> None:
        try:
            self._state_line.show(ListenState.STARTING)
            while self._turn_or_fault():
                pass
        except Exception:
            self._hooks.on_error(
                VoiceAssistError(
                    "Listening has stopped because of a fault in the program", hint="start it again; the log says more"
                )
            )
            raise
        finally:
            self._shut_down()

    def _turn_or_fault(self) -> bool:
        """Run one iteration. Unexpected exceptions are logged and reported; too many of them are re-raised."""
        try:
            return self._turn()
        except Exception as error:
            now_s = self._clocks.running_s()
            self._faults_at_s = [at_s for at_s in self._faults_at_s if now_s - at_s < _FAULTS_WITHIN_S] + [now_s]
            if len(self._faults_at_s) > MAX_FAULTS:
                raise
            log.exception("a fault while listening")
            self._hooks.on_error(
                VoiceAssistError(
                    f"That did not work because of a fault in the program: {type(error).__name__}: {error}",
                    hint="try again; the log says more",
                )
            )
            self._listener.interrupt(recognise=False)
            self._state_line.show(self._listener.state)
            with self._gate:
                return not self._closed

    def _turn(self) -> bool:
        """One iteration: wait, execute requests, process new audio; ``False`` at the end."""
        commands, go_on = self._collect()
        block = self._read()
        read_at_s = self._clocks.running_s()
        done_samples = 0
        for command in commands:
            # Recognition may have delayed this read: a key press counts from when it happened, not from now.
            since = round((read_at_s - command.asked_at_s) * SAMPLE_RATE_HZ)
            until_samples = min(block.size, max(done_samples, block.size - since))
            self._listener.hear(block[done_samples:until_samples])
            done_samples = until_samples
            command.run()
        if go_on:
            self._listener.hear(block[done_samples:])
            self._state_line.show(self._listener.state)
            self._tell_condition(read_at_s)
        return go_on

    @property
    def _poll_ms(self) -> float:
        """How long to wait for a request before the microphone is read."""
        if self._listener.attentive or not self._state_line.ready:
            return self._config.poll_ms
        watched = self._level_watched or self._listener.needs_sound
        calm = self._microphone.calm and not self._listener.expecting
        return self._config.resting_poll_ms if watched and not calm else self._config.calm_poll_ms

    def _collect(self) -> tuple[list[_Command], bool]:
        """Requests of one poll interval, and whether the worker goes on."""
        commands: list[_Command] = []
        try:
            item = self._commands.get(timeout=self._poll_ms / 1000)
            while item is not None:
                commands.append(item)
                item = self._commands.get_nowait()
        except queue.Empty:
            return commands, True
        return commands, False

    def _read(self) -> Samples:
        if self._config.closes_microphone and not self._listener.needs_sound:
            return self._rest()
        block = self._microphone.read()
        self._state_line.ready = self._microphone.settled
        if block is None:
            return np.zeros(0, dtype=np.float32)
        if block.size and not self._listener.asleep:
            self._hooks.on_level(level_db(block))
        return block

    def _rest(self) -> Samples:
        """Close the microphone; what it heard before is not the moment before the next press."""
        if self._microphone.is_open:
            self._microphone.close()
            self._listener.interrupt()
            self._hooks.on_level(SILENCE_DB)
        self._state_line.ready = True
        return np.zeros(0, dtype=np.float32)

    def _lost(self, error: DeviceError | None) -> None:
        self._listener.interrupt()
        if error is not None:
            self._hooks.on_error(error)

    def _tell_condition(self, now_s: float) -> None:
        if now_s - self._condition_at_s < _TELL_CONDITION_EVERY_S:
            return
        self._condition_at_s = now_s
        condition = self._microphone.condition
        if condition != self._condition:
            self._condition = condition
            self._hooks.on_condition(condition)

    def _swap(self, pipeline: PipelineLike) -> None:
        old, self._listener.pipeline = self._listener.pipeline, pipeline
        with self._hooks.reported():
            old.close()

    def _shut_down(self) -> None:
        with self._gate:
            self._closed = True
        self._microphone.close()
        self._listener.close()
        kept = () if self._keeps_pipeline else (self._listener.pipeline,)
        for pipeline in (*kept, *self._never_used()):
            with self._hooks.reported():
                pipeline.close()
        self._state_line.show(ListenState.STOPPED)

    def _never_used(self) -> Iterator[PipelineLike]:
        """Pipelines that were queued but never used."""
        while not self._commands.empty():
            command = self._commands.get()
            if command is not None and command.pipeline is not None:
                yield command.pipeline
