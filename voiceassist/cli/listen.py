"""``voiceassist listen``: recognises speech from the microphone until interrupted."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from contextlib import closing
from dataclasses import replace

from voiceassist.actions.builtin import default_registry
from voiceassist.actions.feedback import Feedback
from voiceassist.audio.capture import Microphone, list_devices
from voiceassist.audio.devices import choose_device
from voiceassist.audio.health import MicrophoneHealth
from voiceassist.cli.assembly import Assembly
from voiceassist.cli.faults import ENDS_WITHIN_S, end_after
from voiceassist.cli.feedback import make_feedback, with_feedback
from voiceassist.cli.output import print_error, print_json, print_note
from voiceassist.domain import Recognition
from voiceassist.engine.hot_reload import CommandsNow
from voiceassist.engine.runner import Hooks, ListenState, Runner, RunnerConfig


def listen(options: argparse.Namespace) -> int:
    """Recognises speech from the microphone until interrupted (Ctrl+C or SIGTERM)."""
    assembly = Assembly()
    # Without a hotkey the microphone is always open, with or without a wake phrase.
    waits = (options.mode or assembly.settings.listen_mode) == "wake"
    assembly.settings = replace(assembly.settings, listen_mode="wake" if waits else "open")
    wanted = options.device or assembly.settings.microphone
    device = choose_device(list_devices(), wanted)  # an unknown device name is an error here, not an endless retry
    feedback = make_feedback(assembly.settings)
    console = _Console(device.name, feedback)
    with (
        closing(feedback),
        closing(default_registry(console.announce)) as actions,
        assembly.live_commands(options.commands) as live,
    ):
        pipeline = assembly.live_pipeline(live, model=options.model, acts=True)
        console.report_problems(live.now)
        live.listen(console.commands_changed)
        with Runner(
            pipeline,
            microphone_factory=lambda: Microphone(wanted),
            config=RunnerConfig.of(assembly.settings),
            actions=None if options.dry_run else actions,
            hooks=with_feedback(console.hooks(), feedback),
        ):
            _wait_for_interrupt(console.stopped)
            end_after(ENDS_WITHIN_S)  # a component that hangs must not keep the program from exiting
    return 1 if console.output_closed else 0


class _Console:
    """Prints recognitions to standard output and everything else to standard error.

    Attributes:
        output_closed: the reader of standard output has exited.
        stopped: set when listening has to end.
    """

    def __init__(self, device: str, feedback: Feedback) -> None:
        self.output_closed = False
        self.stopped = threading.Event()
        self._feedback = feedback
        self._state_notes = {
            ListenState.STARTING: f"opening {device}",
            ListenState.LISTENING: "listening; Ctrl+C ends",
            ListenState.WAITING: "listening for the wake phrase; Ctrl+C ends",
        }

    def hooks(self) -> Hooks:
        return Hooks(
            on_state=self.state_changed,
            on_recognition=self.recognized,
            on_error=print_error,
            on_condition=self.health_changed,
        )

    def state_changed(self, state: ListenState) -> None:
        note = self._state_notes.pop(state, None)  # each is printed once
        if note is not None:
            print_note(note)

    def recognized(self, recognition: Recognition) -> None:
        try:
            print_json(recognition.to_json())
        except BrokenPipeError:
            self.output_closed = True
            sys.stdout = None  # what is left in its buffer has no reader either
            self.stopped.set()

    def health_changed(self, health: MicrophoneHealth) -> None:
        for warning in health.warnings:
            print_note(warning)

    def announce(self, text: str) -> None:
        print_note(text)
        self._feedback.announced(text)

    def report_problems(self, now: CommandsNow) -> None:
        for problem in now.problems:
            print_error(problem)

    def commands_changed(self, now: CommandsNow) -> None:
        self.report_problems(now)
        print_note("the last valid version stays in use" if now.problems else "the changed commands are in use")


def _wait_for_interrupt(stopped: threading.Event) -> None:
    before = {kind: signal.signal(kind, lambda *_: stopped.set()) for kind in (signal.SIGINT, signal.SIGTERM)}
    try:
        while not stopped.wait(0.5):  # a wait without a timeout would not notice the signal on Windows
            pass
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
