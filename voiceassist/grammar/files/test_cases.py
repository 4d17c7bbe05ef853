"""Tests of commands in YAML: sentences or recordings with their expected meaning.

commands: [railway.yaml]        # optional; relative to this file
tests:                          # or the list alone
  - text: set a timer for ten minutes
    intent: TimerStart
    slots: {duration: 600}      # optional: any slots if omitted
  - text: [hello there, good afternoon]
    intent: null                # must not match
  - audio: recordings/timer.wav
    intent: TimerStart
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voiceassist.config.files import read_untrusted
from voiceassist.errors import GrammarError
from voiceassist.grammar.language.yaml_nodes import SourcePosition, YamlNode, read_yaml

_TOP_KEYS = ("commands", "tests")
_KEYS = ("text", "audio", "intent", "slots")

_MAX_DESCRIPTION_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class CommandTestCase:
    """A sentence or recording with its expected meaning.

    Attributes:
        place: its position in the file.
        text: the typed text, or the transcript of the recording if known.
        audio: the recording; ``None`` for typed text.
        intent: the expected intent; ``None`` if it must not match.
        slots: the expected slots; ``None`` for any.
        from_text: no intent is given: the meaning of the text when typed is expected.
    """

    place: SourcePosition
    text: str
    audio: Path | None
    intent: str | None
    slots: Mapping[str, Any] | None
    from_text: bool = False


@dataclass(frozen=True, slots=True)
class CommandTestFile:
    """The tests of one file, and the command files that it names."""

    commands: tuple[Path, ...]
    cases: tuple[CommandTestCase, ...]


def read_test_file(path: Path) -> CommandTestFile:
    """Read a test file.

    Raises:
        GrammarError: the message is ``file:line:column: what is wrong``.
    """
    root = read_yaml(path)
    if root.is_sequence:
        return CommandTestFile((), _read_tests(root, path))
    keys = root.mapping("the test file", _TOP_KEYS)
    if "tests" not in keys:
        raise root.error("there are no tests", "add 'tests:' with a list of 'text:' and 'intent:'")
    commands = keys["commands"].sequence("'commands'") if "commands" in keys else []
    files = tuple(path.parent / item.text("a command file") for item in commands)
    return CommandTestFile(files, _read_tests(keys["tests"], path))


def _read_tests(item: YamlNode, path: Path) -> tuple[CommandTestCase, ...]:
    return tuple(example for entry in item.sequence("'tests'") for example in _read_test(entry, path))


def _read_test(item: YamlNode, path: Path) -> list[CommandTestCase]:
    keys = item.mapping("a test", _KEYS)
    if "text" not in keys and "audio" not in keys:
        raise item.error("this test has no input", "add 'text:' or 'audio:'")
    if "intent" not in keys:
        raise item.error("this test has no 'intent'", "add 'intent:', or 'intent: null' for what must not match")
    intent = None if keys["intent"].is_empty else keys["intent"].text("'intent'").strip()
    slots = (
        {name: value.data() for name, value in keys["slots"].mapping("'slots'").items()} if "slots" in keys else None
    )
    audio = path.parent / keys["audio"].text("'audio'") if "audio" in keys else None
    texts = [("", item.place)]
    if "text" in keys:
        found = keys["text"].sequence("'text'") if keys["text"].is_sequence else [keys["text"]]
        texts = [(text.text("'text'"), text.place) for text in found] or texts
    return [CommandTestCase(place, text, audio, intent, slots) for text, place in texts]


def read_recording_test(audio: Path) -> CommandTestCase:
    """Read a recording's expected meaning from its JSON sidecar: ``text``, optionally ``intent`` and ``slots``.

    Without ``intent``, the meaning of the text when typed is expected.

    Raises:
        GrammarError: the JSON file is missing or invalid.
    """
    path = audio.with_suffix(".json")
    try:
        found = json.loads(read_untrusted(path, _MAX_DESCRIPTION_BYTES))
    except OSError as error:
        hint = f'write {{"text": ..., "intent": {{"name": ...}}}} into {path.name}'
        raise GrammarError(f"{path}: cannot be read: {error.strerror}", hint=hint, file=str(path)) from error
    except (ValueError, RecursionError) as error:
        raise GrammarError(f"{path}: not valid JSON: {error}", hint="fix or rewrite it", file=str(path)) from error
    place = SourcePosition(str(path), 1, 1)
    if not isinstance(found, dict) or not isinstance(found.get("text", ""), str):
        raise place.error("this does not describe a recording", 'write {"text": "..."}')
    intent = found.get("intent", "")
    name = intent.get("name") if isinstance(intent, dict) else intent
    slots = found.get("slots") if isinstance(found.get("slots"), dict) else None
    return CommandTestCase(place, found.get("text", ""), audio, name or None, slots, from_text="intent" not in found)
