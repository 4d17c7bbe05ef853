"""The sentences of a command set as one graph of words and marks.

Marks are arcs without a word: they open and close slots, stand for free text, and end a sentence. Equal prefixes and
equal suffixes are shared; no sentence is ever enumerated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from voiceassist.domain import ValueRange
from voiceassist.grammar.compiler.dag import END, NO_NODE, Dag
from voiceassist.grammar.values.value_grammar import ValueReader


@dataclass(frozen=True, slots=True)
class Word:
    """A word: ``spoken`` is matched, ``shown`` is displayed. ``t v`` is displayed as ``tv`` and an empty text."""

    spoken: str
    shown: str


@dataclass(frozen=True, slots=True, eq=False)
class SlotStart:
    """The beginning of a slot."""

    slot: str


@dataclass(frozen=True, slots=True, eq=False)
class SlotEnd:
    """The end of the innermost slot. Where the same words have several values, the smallest ``order`` wins.

    With ``limits``, the value is outside the slot's range; any other parse of the same words wins.
    With ``one_number``, the slot does not match two numbers typed side by side.
    """

    order: int
    read: ValueReader
    limits: ValueRange | None = None
    one_number: bool = False


@dataclass(frozen=True, slots=True)
class FreeText:
    """Free text of at least one word; ``final`` if only the end of the sentence follows."""

    final: bool


@dataclass(frozen=True, slots=True)
class WakeMark:
    """The end of the wake phrase."""


@dataclass(frozen=True, slots=True, eq=False)
class SentenceEnd:
    """The end of a sentence. The smaller ``order`` was defined earlier and wins."""

    order: int
    intent: str
    slots: Mapping[str, Any]


Label = Word | SlotStart | SlotEnd | FreeText | WakeMark | SentenceEnd


@dataclass(frozen=True, slots=True)
class WordGraph:
    """The graph; its arcs' labels index ``labels``. A root is `NO_NODE` if there are no sentences.

    Attributes:
        dag: nodes and arcs.
        labels: the labels of the arcs.
        root: where typed sentences begin.
        spoken_root: where spoken sentences begin; differs from ``root`` if a wake phrase is required.
    """

    dag: Dag
    labels: tuple[Label, ...]
    root: int
    spoken_root: int

    def count_sentences(self) -> int:
        """The number of distinct paths; free text counts as one."""
        counts: dict[int, int] = {END: 1, NO_NODE: 0}
        # A node is created after its targets.
        for node, arcs in enumerate(self.dag.arcs):
            if node != END:
                counts[node] = sum(counts[target] for target in arcs.values())
        return counts[self.root]
