"""``voiceassist recognize`` and ``voiceassist parse``."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing, nullcontext

from voiceassist.actions.builtin import default_registry
from voiceassist.actions.registry import ActionRegistry
from voiceassist.audio.vad import SpeechDetector
from voiceassist.cli.assembly import Assembly
from voiceassist.cli.output import print_json, print_note
from voiceassist.cli.trust import ask_on_terminal
from voiceassist.domain import Recognition
from voiceassist.engine.execution import execute
from voiceassist.engine.pipeline import parse_text
from voiceassist.engine.recording import recognize_recording
from voiceassist.errors import SoundFileError
from voiceassist.grammar.compiler.text_parser import TextParser


def _actions() -> closing[ActionRegistry]:
    """The actions for a short-lived process: confirmation on the terminal, and no timers that ring in this process."""
    return closing(default_registry(print_note, ask_consent=ask_on_terminal, rings=False))


def recognize(options: argparse.Namespace) -> int:
    """Recognises recordings in the order given; 1 if one could not be read, or what it asked for was not done."""
    assembly = Assembly()
    commands = assembly.commands(options.commands)
    status = 0
    with (
        _actions() if options.act else nullcontext() as actions,
        assembly.pipeline(commands, model=options.model, acts=options.act) as pipeline,
    ):
        detector = SpeechDetector()
        for name in options.rest:
            try:
                found = recognize_recording(pipeline, detector, name, depth=options.depth)
                status |= _print_and_act(found, actions)
            except SoundFileError as error:
                print_json({"file": name, "error": error.message, "hint": error.hint})
                status = 1
    return status


def parse(options: argparse.Namespace) -> int:
    """Parses typed text, or with ``-`` each line of standard input.

    A rejection is a valid result, too; 1 if something was to be done and was not.
    """
    grammar = TextParser(Assembly().commands(options.commands))
    lines = (line.decode("utf-8", "replace").strip() for line in sys.stdin.buffer)
    typed = " ".join(options.rest).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    status = 0
    texts = filter(None, lines) if options.rest == ["-"] else [typed]
    with _actions() if options.act else nullcontext() as actions:
        for text in texts:
            recognition = parse_text(text, grammar)
            status |= _print_and_act(recognition, actions)
    return status


def _print_and_act(recognition: Recognition, actions: ActionRegistry | None) -> int:
    """Prints a recognition, with actions also what came of it; 1 if that failed."""
    acted = recognition if actions is None else execute(recognition, actions)
    print_json(acted.to_json())
    return 1 if acted.outcome is not None and not acted.outcome.done else 0
