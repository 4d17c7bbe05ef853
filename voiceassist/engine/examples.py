"""Runs the test cases of commands and reports accuracy, like voice2json's ``test-examples``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from voiceassist.domain import Interpretation, Recognition, Verdict
from voiceassist.grammar.files.test_cases import CommandTestCase

Listen = Callable[[Path], Recognition]
"""Recognises a recording."""


class Grammar(Protocol):
    """Parser for typed text."""

    def parse(self, text: str) -> Interpretation | None: ...


@dataclass(frozen=True, slots=True)
class Result:
    """Result of one test case.

    Attributes:
        example: the test case.
        found: the interpretation; ``None`` if nothing was understood.
        heard: the typed text, or the model's transcript.
    """

    example: CommandTestCase
    found: Interpretation | None
    heard: str

    @property
    def intent_right(self) -> bool:
        return (None if self.found is None else self.found.command.intent) == self.example.intent

    @property
    def right(self) -> bool:
        """Whether intent and slots are as expected."""
        if not self.intent_right:
            return False
        return self.found is None or self.example.slots is None or dict(self.example.slots) == self.found.slots

    def to_json(self) -> dict[str, Any]:
        """JSON-compatible form of the expected and the actual result."""
        example, found = self.example, self.found
        return {
            "place": str(example.place),
            "text": example.text,
            "audio": None if example.audio is None else str(example.audio),
            "heard": self.heard,
            "expected": {"intent": example.intent, "slots": None if example.slots is None else dict(example.slots)},
            "actual": {
                "intent": None if found is None else found.command.intent,
                "slots": {} if found is None else found.slots,
            },
        }


@dataclass(frozen=True, slots=True)
class Report:
    """Results of all test cases."""

    results: tuple[Result, ...]

    @property
    def wrong(self) -> list[Result]:
        return [result for result in self.results if not result.right]

    @property
    def statistics(self) -> dict[str, Any]:
        """Counts and ratios; a ratio with denominator 0 is 1."""
        entities = [pair for result in self.results for pair in _entities(result)]
        counts = {
            "num_examples": len(self.results),
            "num_recordings": sum(result.example.audio is not None for result in self.results),
            "correct_intents": sum(result.intent_right for result in self.results),
            "correct_intents_and_entities": sum(result.right for result in self.results),
            "num_entities": len(entities),
            "correct_entities": sum(entities),
        }
        return {
            **counts,
            "intent_accuracy": _share(counts["correct_intents"], counts["num_examples"]),
            "intent_entity_accuracy": _share(counts["correct_intents_and_entities"], counts["num_examples"]),
            "entity_accuracy": _share(counts["correct_entities"], counts["num_entities"]),
        }

    def to_json(self) -> dict[str, Any]:
        """JSON-compatible form of the report."""
        return {"statistics": self.statistics, "wrong": [result.to_json() for result in self.wrong]}


def run_examples(examples: Sequence[CommandTestCase], grammar: Grammar, listen: Listen | None) -> Report:
    """Run all test cases.

    Args:
        examples: typed texts and recordings.
        grammar: parser for typed texts, and for the reference text of recordings without expected meaning.
        listen: recogniser for recordings; may be ``None`` only if there are none.

    Raises:
        SoundFileError: a recording cannot be read.
    """
    return Report(tuple(_results(examples, grammar, listen)))


def _results(examples: Iterable[CommandTestCase], grammar: Grammar, listen: Listen | None) -> Iterable[Result]:
    for example in examples:
        if example.audio is None:
            yield Result(example, _typed(example.text, grammar), example.text)
        elif listen is None:
            raise TypeError("a recording, and nobody to listen")
        else:
            recognition = listen(example.audio)
            rejected = recognition.decision.verdict is Verdict.REJECT
            yield Result(_expected(example, grammar), None if rejected else recognition.best, recognition.heard)


def _expected(example: CommandTestCase, grammar: Grammar) -> CommandTestCase:
    if not example.from_text:
        return example
    meant = _typed(example.text, grammar)
    if meant is None:
        return replace(example, intent=None, slots=None)
    return replace(example, intent=meant.command.intent, slots=meant.slots)


def _typed(text: str, grammar: Grammar) -> Interpretation | None:
    """Interpretation of a typed text; ``None`` also for a slot value out of range."""
    found = grammar.parse(text)
    return None if found is None or found.out_of_range else found


def _entities(result: Result) -> list[bool]:
    """For each expected slot, whether it was found with its value."""
    found = {} if result.found is None else result.found.slots
    return [name in found and found[name] == value for name, value in (result.example.slots or {}).items()]


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 1.0
