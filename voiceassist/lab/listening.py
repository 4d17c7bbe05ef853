"""A pipeline for a pack, and a runner that listens to the default microphone with it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from voiceassist.asr.recognizer import Recognizer
from voiceassist.audio.capture import Microphone
from voiceassist.domain import Recognition
from voiceassist.engine.activation import ListenMode, ModeConfig
from voiceassist.engine.events import Hooks, ListenState
from voiceassist.engine.listener import ListenerConfig
from voiceassist.engine.pipeline import Pipeline
from voiceassist.engine.runner import Runner, RunnerConfig
from voiceassist.errors import BenchError
from voiceassist.grammar.compiler.automaton import compile_automaton
from voiceassist.grammar.compiler.wake_phrase import WakePrefix
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.packs.pack import Pack

_READY = {ListenMode.PUSH: ListenState.IDLE, ListenMode.OPEN: ListenState.LISTENING}
_READY_WITHIN_S = 20.0


def pipeline_of(pack: Pack, commands: CommandSet, wake: WakePrefix | None = None) -> Pipeline:
    """A pipeline for these commands; the caller closes it."""
    recognizer = Recognizer(pack)
    return Pipeline(recognizer, compile_automaton(commands, recognizer.pronounce, wake))


@contextmanager
def listening(
    pipeline: Pipeline,
    on_recognition: Callable[[Recognition], None],
    *,
    mode: ListenMode = ListenMode.OPEN,
    make_microphone: Callable[[], Microphone] = Microphone,
) -> Iterator[Runner]:
    """A runner that hears the default microphone and does not act; it closes the pipeline.

    Raises:
        BenchError: the microphone delivers nothing.
    """
    ready = threading.Event()
    hooks = Hooks(on_state=lambda state: ready.set() if state is _READY[mode] else None, on_recognition=on_recognition)
    config = RunnerConfig(ListenerConfig(ModeConfig(mode)))
    with Runner(pipeline, microphone_factory=make_microphone, config=config, hooks=hooks) as runner:
        if not ready.wait(_READY_WITHIN_S):
            raise BenchError("the microphone delivers nothing", hint="is PulseAudio installed?")
        yield runner
