"""``voiceassist commands test``."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from voiceassist.audio.vad import SpeechDetector
from voiceassist.cli.assembly import Assembly
from voiceassist.cli.output import print_json, print_note
from voiceassist.engine.examples import Listen, Report, Result, run_examples
from voiceassist.engine.recording import recognize_recording
from voiceassist.grammar.compiler.text_parser import TextParser
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.files.test_cases import CommandTestFile, read_recording_test, read_test_file


def test(options: argparse.Namespace) -> int:
    """Run the tests of all files; exit status 1 if one fails."""
    assembly = Assembly()
    results: list[Result] = []
    for commands_files, tests in _by_commands([_read(path) for path in options.files]):
        commands = assembly.commands(options.commands or commands_files)
        results += _run(assembly, commands, tests, options.model).results
    report = Report(tuple(results))
    if options.json:
        print_json(report.to_json())
    else:
        _print(report)
    return 1 if report.wrong else 0


def _read(path: Path) -> CommandTestFile:
    if path.suffix.lower() in {".yaml", ".yml"}:
        return read_test_file(path)
    return CommandTestFile((), (read_recording_test(path),))


def _by_commands(files: Sequence[CommandTestFile]) -> list[tuple[tuple[Path, ...], CommandTestFile]]:
    """Tests grouped by their command files, so that these are compiled once."""
    together: dict[tuple[Path, ...], CommandTestFile] = {}
    for file in files:
        known = together.get(file.commands, CommandTestFile(file.commands, ()))
        together[file.commands] = replace(known, cases=known.cases + file.cases)
    return list(together.items())


def _run(assembly: Assembly, commands: CommandSet, tests: CommandTestFile, model: str | None) -> Report:
    if all(example.audio is None for example in tests.cases):
        return run_examples(tests.cases, TextParser(commands), None)
    with _listening(assembly, commands, model) as listen:
        return run_examples(tests.cases, TextParser(commands), listen)


@contextmanager
def _listening(assembly: Assembly, commands: CommandSet, model: str | None) -> Iterator[Listen]:
    with assembly.pipeline(commands, model=model) as pipeline:
        detector = SpeechDetector()
        yield lambda audio: recognize_recording(pipeline, detector, str(audio))


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
