"""Tests of commands, typed and spoken by synthetic voices: how many are understood by intent and slots."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from voiceassist.asr.recognizer import Recognizer
from voiceassist.audio.vad import SpeechDetector
from voiceassist.domain import Interpretation
from voiceassist.engine.pipeline import Pipeline
from voiceassist.engine.recording import recognize_recording
from voiceassist.errors import BenchError
from voiceassist.grammar.compiler.automaton import compile_automaton
from voiceassist.grammar.compiler.text_parser import TextParser
from voiceassist.grammar.files.merge import load_commands
from voiceassist.grammar.files.test_cases import CommandTestCase, read_test_file
from voiceassist.grammar.values.lists import WildcardList
from voiceassist.packs.pack import Pack

_VOICES: Mapping[str, Callable[[str, Path], list[str]]] = {
    "espeak-ng": lambda text, wav: ["espeak-ng", "-v", "en-us", "-s", "150", "-w", str(wav), text],
    "flite": lambda text, wav: ["flite", "-voice", "slt", "-t", text, "-o", str(wav)],
}


def measure_spoken_tests(
    pack: Pack, commands_folder: Path, tests: Path, count: int, progress: Callable[[str], None]
) -> dict[str, Any]:
    """Understand all tests typed, and ``count`` of them, evenly spread, spoken by each voice.

    Of a sentence with free text, the free text itself is counted apart: it is written by the model without a grammar.

    Raises:
        GrammarError: a file has a mistake.
        BenchError: a synthesizer is missing.
    """
    began_s = time.process_time()
    commands = load_commands(sorted(commands_folder.rglob("*.yaml")))
    parser = TextParser(commands)
    load_s = time.process_time() - began_s
    cases = read_test_file(tests).cases
    typed = sum(_is_right(case, parser.parse(case.text), frozenset()) for case in cases)
    free = frozenset(name for name, found in commands.lists.items() if isinstance(found, WildcardList)) | {"label"}
    positive = [case for case in cases if case.intent is not None]
    chosen = positive[:: max(1, len(positive) // count)][:count]
    with Recognizer(pack) as recognizer:
        began_s = time.process_time()
        pipeline = Pipeline(recognizer, compile_automaton(commands, recognizer.pronounce))
        compile_s = time.process_time() - began_s
        voices = {voice: _spoken(pipeline, voice, chosen, free, progress) for voice in _VOICES}
    return {
        "files": len(list(commands_folder.rglob("*.yaml"))),
        "load_processor_s": round(load_s, 2),
        "compile_processor_s": round(compile_s, 2),
        "typed": {"sentences": len(cases), "right": typed},
        "spoken": voices,
    }


def _spoken(
    pipeline: Pipeline,
    voice: str,
    cases: Sequence[CommandTestCase],
    free: frozenset[str],
    progress: Callable[[str], None],
) -> dict[str, Any]:
    detector = SpeechDetector()
    counts = {"sentences": len(cases), "right": 0, "right_intent": 0, "with_free_text": 0, "free_text_right": 0}
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "spoken.wav"
        for case in cases:
            try:
                subprocess.run(_VOICES[voice](case.text, wav), check=True, capture_output=True, timeout=60)
            except (OSError, subprocess.SubprocessError) as error:
                raise BenchError(f"{voice} cannot speak: {error}", hint=f"install the package {voice}") from error
            best = recognize_recording(pipeline, detector, str(wav)).best
            counts["right_intent"] += best is not None and best.command.intent == case.intent
            counts["right"] += (right := _is_right(case, best, free))
            if free & (case.slots or {}).keys():
                counts["with_free_text"] += 1
                counts["free_text_right"] += _is_right(case, best, frozenset())
            if not right:
                wrong.append(f"{case.text} -> {'' if best is None else best.text}")
                progress(f"{voice}: {wrong[-1]}")
    return {**counts, "wrong": wrong}


def _is_right(case: CommandTestCase, found: Interpretation | None, free: frozenset[str]) -> bool:
    """Whether intent and slots are those of the test; of free slots only that they are there."""
    if found is None or case.intent is None:
        return found is None and case.intent is None
    expected, slots = dict(case.slots or {}), found.slots
    fixed = {name: value for name, value in slots.items() if name not in free}
    expected_fixed = {name: value for name, value in expected.items() if name not in free}
    return found.command.intent == case.intent and slots.keys() == expected.keys() and fixed == expected_fixed
