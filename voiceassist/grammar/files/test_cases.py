"""Tests of commands, written as YAML: what is said, and what shall be understood.

commands: [railway.yaml]        # may be left out; beside this file
tests:                          # or only the list
  - text: set a timer for ten minutes
    intent: TimerStart
    slots: {duration: 600}      # left out: whatever they are
  - text: [hello there, good afternoon]
    intent: null                # must not be understood
  - audio: recordings/timer.wav
    intent: TimerStart
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voiceassist.errors import GrammarError
from voiceassist.grammar.language.yaml_nodes import SourcePosition, YamlNode, read_yaml

_TOP_KEYS = ("commands", "tests")
_KEYS = ("text", "audio", "intent", "slots")


@dataclass(frozen=True, slots=True)
class CommandTestCase:
    """One thing that is said and what it shall mean.

    Attributes:
        place: where it is written.
        text: what is typed, or what is said in the recording if that is known.
        audio: the recording; ``None`` for typed text.
        intent: what shall be understood; ``None``: nothing.
        slots: the slots that this shall give; ``None``: any.
        from_text: the intent is not given: it is what the text means when it is typed.
    """

    place: SourcePosition
    text: str
    audio: Path | None
    intent: str | None
    slots: Mapping[str, Any] | None
    from_text: bool = False


@dataclass(frozen=True, slots=True)
class ExampleFile:
    """The tests of one file, and the command files that it names for them."""

    commands: tuple[Path, ...]
    examples: tuple[CommandTestCase, ...]


def read_examples(path: Path) -> ExampleFile:
    """Read a test file.

    Raises:
        GrammarError: ``file:line:column: what is wrong``.
    """
    root = read_yaml(path)
    if root.is_sequence:
        return ExampleFile((), _read_tests(root, path))
    keys = root.mapping("the test file", _TOP_KEYS)
    if "tests" not in keys:
        raise root.error("there are no tests", "add 'tests:' with a list of 'text:' and 'intent:'")
    commands = keys["commands"].sequence("'commands'") if "commands" in keys else []
    files = tuple(path.parent / item.text("a command file") for item in commands)
    return ExampleFile(files, _read_tests(keys["tests"], path))


def _read_tests(item: YamlNode, path: Path) -> tuple[CommandTestCase, ...]:
    return tuple(example for entry in item.sequence("'tests'") for example in _read_test(entry, path))


def _read_test(item: YamlNode, path: Path) -> list[CommandTestCase]:
    keys = item.mapping("a test", _KEYS)
    if "text" not in keys and "audio" not in keys:
        raise item.error("this test says nothing", "add 'text:' or 'audio:'")
    if "intent" not in keys:
        raise item.error("this test has no 'intent'", "add 'intent:', or 'intent: null' for what must not match")
    intent = None if keys["intent"].is_empty else keys["intent"].text("'intent'").strip()
    slots = (
        {name: value.data() for name, value in keys["slots"].mapping("'slots'").items()} if "slots" in keys else None
    )
    audio = path.parent / keys["audio"].text("'audio'") if "audio" in keys else None
    texts = [(text.text("'text'"), text.place) for text in _texts(keys.get("text"))] or [("", item.place)]
    return [CommandTestCase(place, text, audio, intent, slots) for text, place in texts]


def _texts(item: YamlNode | None) -> list[YamlNode]:
    if item is None:
        return []
    return item.sequence("'text'") if item.is_sequence else [item]


def read_pair(audio: Path) -> CommandTestCase:
    """A recording with a JSON file of the same name beside it: ``text``, and if known ``intent`` and ``slots``.

    Without ``intent`` the recording shall mean what its text means when it is typed.

    Raises:
        GrammarError: the JSON file is missing or no such thing.
    """
    path = audio.with_suffix(".json")
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        hint = f'write {{"text": ..., "intent": {{"name": ...}}}} into {path.name}'
        raise GrammarError(f"{path}: cannot be read: {error.strerror}", hint=hint, file=str(path)) from error
    except ValueError as error:
        raise GrammarError(f"{path}: this is no JSON: {error}", hint="write it anew", file=str(path)) from error
    return _pair(audio, SourcePosition(str(path), 1, 1), found)


def _pair(audio: Path, place: SourcePosition, found: Any) -> CommandTestCase:
    if not isinstance(found, dict) or not isinstance(found.get("text", ""), str):
        raise place.error("this is no description of a recording", 'write {"text": "..."}')
    intent = found.get("intent", "")
    name = intent.get("name") if isinstance(intent, dict) else intent
    slots = found.get("slots") if isinstance(found.get("slots"), dict) else None
    return CommandTestCase(place, found.get("text", ""), audio, name or None, slots, from_text="intent" not in found)
