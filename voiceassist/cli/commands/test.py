"""``voiceassist commands test``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from voiceassist.audio.vad import SpeechDetector
from voiceassist.cli.assembly import Assembly
from voiceassist.cli.output import print_json, print_note
from voiceassist.engine.examples import Report, Result, run_examples
from voiceassist.engine.recording import recognize_recording
from voiceassist.grammar.compiler.text_parser import TextParser
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.files.test_cases import CommandTestCase, CommandTestFile, read_recording_test, read_test_file


def test(options: argparse.Namespace) -> int:
    """Run the tests of all files; exit status 1 if one fails."""
    assembly = Assembly()
    results: list[Result] = []
    # the test cases of all files by their command files, so that these are compiled once
    found: dict[tuple[Path, ...], tuple[CommandTestCase, ...]] = {}
    for path in options.files:
        if path.suffix.lower() in {".yaml", ".yml"}:
            tests = read_test_file(path)
        else:
            tests = CommandTestFile((), (read_recording_test(path),))
        found[tests.commands] = found.get(tests.commands, ()) + tests.cases
    for command_files, cases in found.items():
        commands = assembly.commands(options.commands or command_files)
        results += run_cases(assembly, commands, cases, options.model).results
    report = Report(tuple(results))
    if options.json:
        print_json(report.to_json())
    else:
        _print(report)
    return 1 if report.wrong else 0


def run_cases(
    assembly: Assembly, commands: CommandSet, cases: Sequence[CommandTestCase], model: str | None = None
) -> Report:
    """Run test cases on a command set; a model is loaded only for recordings.

    Raises:
        PackError: the model is missing or damaged.
        SoundFileError: a recording cannot be read.
    """
    parser = TextParser(commands)
    if all(case.audio is None for case in cases):
        return run_examples(cases, parser, None)
    detector = SpeechDetector()
    with assembly.pipeline(commands, model=model) as pipeline:
        return run_examples(cases, parser, lambda audio: recognize_recording(pipeline, detector, str(audio)))


def _print(report: Report) -> None:
    counts = report.statistics
    for result in report.wrong:
        found, example = result.found, result.example
        heard = "" if example.audio is None else f" in {example.audio.name} (heard: '{result.heard}')"
        expected = _meaning(example.intent, example.slots)
        actual = _meaning(None, None) if found is None else _meaning(found.command.intent, found.slots)
        print_note(f"{example.place}: '{example.text}'{heard}\n  expected {expected}\n  found    {actual}")
    print(f"{counts['num_examples']} tests, {counts['num_recordings']} of them recordings")
    for what, name in (("intents", "intent"), ("intents and entities", "intent_entity")):
        right = counts["correct_intents" if name == "intent" else "correct_intents_and_entities"]
        print(f"{what} right: {right} of {counts['num_examples']} ({counts[f'{name}_accuracy']:.1%})")
    print(f"entities right: {counts['correct_entities']} of {counts['num_entities']} ({counts['entity_accuracy']:.1%})")


def _meaning(intent: str | None, slots: object) -> str:
    return "no command" if intent is None else f"{intent} {slots if slots is not None else ''}".rstrip()
