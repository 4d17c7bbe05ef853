"""``voiceassist listen`` and ``voiceassist devices``."""

from __future__ import annotations

import argparse
import signal
import threading
from contextlib import closing

from voiceassist.actions.builtin import default_registry
from voiceassist.audio.capture import Microphone, list_devices
from voiceassist.audio.devices import choose_device
from voiceassist.cli.assembly import Assembly
from voiceassist.cli.output import print_error, print_json, print_note
from voiceassist.engine.runner import Hooks, ListenState, Runner
from voiceassist.errors import DeviceError


def listen(options: argparse.Namespace) -> int:
    """Understands the microphone until interrupted (Ctrl+C, or the signal TERM)."""
    assembly = Assembly()
    wanted = options.device or assembly.settings.microphone
    device = choose_device(list_devices(), wanted)  # a wrong name ends here, not in an endless retry
    commands = assembly.commands(options.commands)
    stopped = threading.Event()
    hooks = Hooks(
        on_state=_StateNotes(device.name),
        on_recognition=lambda recognition: print_json(recognition.to_json()),
        on_error=print_error,
    )
    with closing(default_registry(print_note)) as actions:
        pipeline = assembly.pipeline(commands, model=options.model, actions=actions)
        with Runner(
            pipeline, microphone_factory=lambda: Microphone(wanted), act=not options.dry_run, hooks=hooks
        ) as runner:
            runner.listen(always=True)
            _wait_for_interrupt(stopped)
    return 0


class _StateNotes:
    """Says once that the microphone is being opened and once that it hears."""

    def __init__(self, device: str) -> None:
        self._notes = {
            ListenState.STARTING: f"getting ready: {device}",
            ListenState.LISTENING: "listening; Ctrl+C ends",
        }

    def __call__(self, state: ListenState) -> None:
        note = self._notes.pop(state, None)
        if note is not None:
            print_note(note)


def _wait_for_interrupt(stopped: threading.Event) -> None:
    before = {kind: signal.signal(kind, lambda *_: stopped.set()) for kind in (signal.SIGINT, signal.SIGTERM)}
    try:
        while not stopped.wait(0.5):  # a wait without end would not see the signal on Windows
            pass
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


def show_devices(options: argparse.Namespace) -> int:
    """Lists the microphones; the system's own choice is marked. 1 where there is none."""
    devices = list_devices()
    if not devices:
        raise DeviceError("there is no microphone", hint="plug one in, or allow the program to use it")
    for device in devices:
        if options.json:
            print_json(
                {
                    "name": device.name,
                    "default": device.is_default,
                    "rate_hz": device.rate_hz,
                    "channels": device.channels,
                }
            )
        else:
            print(
                f"{'*' if device.is_default else ' '} {device.name} ({device.rate_hz:g} Hz, {device.channels} channels)"
            )
    return 0
