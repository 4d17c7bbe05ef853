"""``voiceassist listen``: recognises speech from the microphone until interrupted."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import Literal

from voiceassist.actions.builtin import default_registry
from voiceassist.actions.feedback import Feedback
from voiceassist.audio.capture import Microphone, list_devices
from voiceassist.audio.devices import choose_device
from voiceassist.audio.health import MicrophoneHealth
from voiceassist.cli.assembly import Assembly
from voiceassist.cli.faults import ENDS_WITHIN_S, end_after
from voiceassist.cli.feedback import make_feedback, with_feedback
from voiceassist.cli.output import print_error, print_json, print_note
from voiceassist.config.settings import Settings
from voiceassist.domain import Recognition
from voiceassist.engine.hot_reload import CommandsNow
from voiceassist.engine.runner import Hooks, ListenState, Runner, RunnerConfig


def listen(options: argparse.Namespace) -> int:
    """Recognises speech from the microphone until interrupted (Ctrl+C or SIGTERM)."""
    assembly = Assembly()
    assembly.settings = replace(assembly.settings, listen_mode=_mode(options, assembly.settings))
    wanted = options.device or assembly.settings.microphone
    device = choose_device(list_devices(), wanted)  # an unknown device name is an error here, not an endless retry
    stopped = threading.Event()
    output = _Output(stopped)
    hooks = Hooks(
        on_state=_StateNotes(device.name),
        on_recognition=output,
        on_error=print_error,
        on_condition=_note_condition,
    )
    with (
        closing(make_feedback(assembly.settings)) as feedback,
        closing(default_registry(partial(_announce, feedback))) as actions,
        assembly.live_commands(options.commands) as live,
    ):
        pipeline = assembly.live_pipeline(live, model=options.model, acts=True)
        _note_problems(live.now)
        live.listen(_note_change)
        with Runner(
            pipeline,
            microphone_factory=lambda: Microphone(wanted),
            config=RunnerConfig.of(assembly.settings),
            actions=None if options.dry_run else actions,
            hooks=with_feedback(hooks, feedback),
        ):
            _wait_for_interrupt(stopped)
            end_after(ENDS_WITHIN_S)  # a component that hangs must not keep the program from exiting
    return 1 if output.closed else 0


def _announce(feedback: Feedback, text: str) -> None:
    print_note(text)
    feedback.announced(text)


class _Output:
    """Prints recognitions; stops listening when the reader of the output has exited."""

    def __init__(self, stopped: threading.Event) -> None:
        self.closed = False
        self._stopped = stopped

    def __call__(self, recognition: Recognition) -> None:
        try:
            print_json(recognition.to_json())
        except BrokenPipeError:
            self.closed = True
            sys.stdout = None  # what is left in its buffer has no reader either
            self._stopped.set()


def _mode(options: argparse.Namespace, settings: Settings) -> Literal["open", "wake"]:
    """The listening mode: without a hotkey the microphone is always open, with or without a wake phrase."""
    chosen = options.mode or settings.listen_mode
    return "wake" if chosen == "wake" else "open"


def _note_condition(condition: MicrophoneHealth) -> None:
    for warning in condition.warnings:
        print_note(warning)


def _note_problems(now: CommandsNow) -> None:
    for problem in now.problems:
        print_error(problem)


def _note_change(now: CommandsNow) -> None:
    _note_problems(now)
    print_note("what was good before stays in use" if now.problems else "the commands have changed and are in use")


class _StateNotes:
    """Notes once that the microphone is being opened and once that it is ready."""

    def __init__(self, device: str) -> None:
        self._notes = {
            ListenState.STARTING: f"getting ready: {device}",
            ListenState.LISTENING: "listening; Ctrl+C ends",
            ListenState.WAITING: "listening for the wake phrase; Ctrl+C ends",
        }

    def __call__(self, state: ListenState) -> None:
        note = self._notes.pop(state, None)
        if note is not None:
            print_note(note)


def _wait_for_interrupt(stopped: threading.Event) -> None:
    before = {kind: signal.signal(kind, lambda *_: stopped.set()) for kind in (signal.SIGINT, signal.SIGTERM)}
    try:
        while not stopped.wait(0.5):  # a wait without a timeout would not notice the signal on Windows
            pass
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
