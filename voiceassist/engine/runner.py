"""The thread that listens: microphone, speech detection, recognition, hooks."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol, Self

import numpy as np

from voiceassist.audio.ear import Ear
from voiceassist.audio.frames import level_db
from voiceassist.audio.lasting import LastingMicrophone, MicrophoneLike
from voiceassist.audio.segmenter import SegmenterConfig
from voiceassist.audio.vad import Detector, SpeechDetector
from voiceassist.domain import SAMPLE_RATE_HZ, Recognition, Samples, Utterance
from voiceassist.engine.hooks import Hooks, ListenState
from voiceassist.errors import DeviceError, VoiceAssistError

__all__ = ["Hooks", "ListenState", "MicrophoneLike", "PipelineLike", "Runner", "RunnerConfig"]


class PipelineLike(Protocol):
    """What makes recognitions of utterances and of typed text."""

    def recognize(self, utterance: Utterance, *, act: bool = False) -> Recognition: ...

    def parse(self, text: str, *, act: bool = False) -> Recognition: ...

    def confirm(self, recognition: Recognition) -> Recognition: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class RunnerConfig:
    """How the runner listens.

    Attributes:
        segmenter: when an utterance begins and ends.
        tail_ms: how long to go on after the key was released.
        poll_ms: how often the microphone is read.
        retry_s: how long to wait before a lost microphone is tried again.
        settle_s: a microphone that sends nothing but zeros counts as ready after this time.
    """

    segmenter: SegmenterConfig = field(default_factory=SegmenterConfig)
    tail_ms: float = 200.0
    poll_ms: float = 20.0
    retry_s: float = 1.0
    settle_s: float = 1.0


@dataclass(frozen=True, slots=True)
class _Command:
    """Something that the worker shall do, and when it was asked for."""

    run: Callable[[], None]
    asked_at_s: float
    pipeline: PipelineLike | None = None


class Runner:
    """Owns one worker thread, the microphone and the pipeline, and calls the hooks.

    Thread: all methods may be called from any thread and return at once; only ``close`` waits for the worker.
    """

    def __init__(
        self,
        pipeline: PipelineLike,
        *,
        microphone_factory: Callable[[], MicrophoneLike],
        config: RunnerConfig | None = None,
        act: bool = True,
        hooks: Hooks | None = None,
        make_detector: Callable[[], Detector] = SpeechDetector,
    ) -> None:
        """``microphone_factory`` is called again whenever the microphone was lost; ``act`` runs what was understood."""
        self._pipeline = pipeline
        self._config = config or RunnerConfig()
        self._microphone = LastingMicrophone(
            microphone_factory, on_lost=self._lost, retry_s=self._config.retry_s, settle_s=self._config.settle_s
        )
        self._act = act
        self._hooks = hooks or Hooks()
        self._ear = Ear(make_detector, self._config.segmenter, tail_ms=self._config.tail_ms)
        self._commands: queue.SimpleQueue[_Command | None] = queue.SimpleQueue()
        self._gate = threading.Lock()
        self._closed = False
        self._thread: threading.Thread | None = None
        self._state: ListenState | None = None

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
        """Push to talk: an utterance begins now, with what was heard just before."""
        self._ask(self._ear.press)

    def release(self) -> None:
        """Push to talk: the utterance ends after a short tail."""
        self._ask(self._ear.release)

    def listen(self, always: bool) -> None:
        """Open the microphone, so that speech itself begins an utterance, or go back to push to talk."""
        self._ask(lambda: self._ear.listen(always=always))

    def parse(self, text: str) -> None:
        """Understand typed text; the answer comes through ``on_recognition``."""
        self._ask(lambda: self._think(lambda: self._pipeline.parse(text, act=self._act)))

    def confirm(self, recognition: Recognition) -> None:
        """Carry out what the user was asked about; the answer comes through ``on_recognition``."""
        self._ask(lambda: self._think(lambda: self._pipeline.confirm(recognition)))

    def use(self, pipeline: PipelineLike) -> None:
        """Recognise with another pipeline from the next utterance on; the one before it is closed then."""
        if not self._ask(lambda: self._swap(pipeline), pipeline=pipeline):
            pipeline.close()

    def close(self) -> None:
        """Stop the worker, close the microphone and the pipeline. May be called again, but not from a hook."""
        with self._gate:
            never_started = self._thread is None and not self._closed
            self._closed = True
            self._commands.put(None)
        if never_started:
            self._shut_down()
        if self._thread is not None:
            self._thread.join()

    def _ask(self, run: Callable[[], None], *, pipeline: PipelineLike | None = None) -> bool:
        """Hand a command to the worker; ``False`` where there is no worker any more."""
        with self._gate:
            if not self._closed:
                self._commands.put(_Command(run, time.monotonic(), pipeline))
            return not self._closed

    # Everything below runs on the worker thread.

    def _work(self) -> None:
        try:
            self._show(ListenState.STARTING)
            while self._turn():
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

    def _turn(self) -> bool:
        """Wait a moment, then do what was asked and hear what was said; ``False`` at the end."""
        commands, go_on = self._collect()
        block = self._read()
        read_at_s = time.monotonic()
        done_samples = 0
        for command in commands:
            # Thinking may have kept us from reading for a while: a key counts from when it was pressed, not from now.
            since = round((read_at_s - command.asked_at_s) * SAMPLE_RATE_HZ)
            until_samples = min(block.size, max(done_samples, block.size - since))
            self._hear(block[done_samples:until_samples])
            done_samples = until_samples
            command.run()
        if go_on:
            self._hear(block[done_samples:])
            self._show(self._resting_state())
        return go_on

    def _collect(self) -> tuple[list[_Command], bool]:
        """Commands that came within one poll interval, and whether there is more to come."""
        commands: list[_Command] = []
        try:
            item = self._commands.get(timeout=self._config.poll_ms / 1000)
            while item is not None:
                commands.append(item)
                item = self._commands.get_nowait()
        except queue.Empty:
            return commands, True
        return commands, False

    def _read(self) -> Samples:
        block = self._microphone.read()
        if block is None:
            return np.zeros(0, dtype=np.float32)
        if block.size:
            self._hooks.on_level(level_db(block))
        return block

    def _lost(self, error: DeviceError) -> None:
        self._ear.interrupt()
        self._hooks.on_error(error)

    def _hear(self, block: Samples) -> None:
        for utterance in self._ear.feed(block):
            self._recognize(utterance)

    def _recognize(self, utterance: Utterance) -> None:
        self._think(lambda: self._pipeline.recognize(utterance, act=self._act))

    def _think(self, ask: Callable[[], Recognition]) -> None:
        with self._reported():
            self._show(ListenState.THINKING)
            self._hooks.on_recognition(ask())
        self._show(self._resting_state())

    def _swap(self, pipeline: PipelineLike) -> None:
        old, self._pipeline = self._pipeline, pipeline
        with self._reported():
            old.close()

    def _resting_state(self) -> ListenState:
        if not self._microphone.settled:
            return ListenState.STARTING
        if self._ear.hearing:
            return ListenState.HEARING
        return ListenState.LISTENING if self._ear.open else ListenState.IDLE

    def _show(self, state: ListenState) -> None:
        if state is not self._state:
            self._state = state
            self._hooks.on_state(state)

    def _shut_down(self) -> None:
        with self._gate:
            self._closed = True
        self._microphone.close()
        for pipeline in (self._pipeline, *self._never_used()):
            with self._reported():
                pipeline.close()
        self._show(ListenState.STOPPED)

    def _never_used(self) -> Iterator[PipelineLike]:
        """Pipelines that were handed over too late."""
        while not self._commands.empty():
            command = self._commands.get()
            if command is not None and command.pipeline is not None:
                yield command.pipeline

    @contextmanager
    def _reported(self) -> Iterator[None]:
        """Errors meant for the user go to the hook, and the work goes on."""
        try:
            yield
        except VoiceAssistError as error:
            self._hooks.on_error(error)
