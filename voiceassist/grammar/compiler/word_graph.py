"""The sentences of a command set as one graph of words and marks.

Marks are arcs without a word: they open and close slots, stand for free text, and end a sentence. Equal prefixes and
equal suffixes are shared; no sentence is ever enumerated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from voiceassist.domain import ValueRange
from voiceassist.grammar.values.value_grammar import ValueReader

NO_NODE = -1
"""The empty graph, which accepts nothing."""
END = 0
"""The accepting node, reached after the last label."""


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
    """Free text of at least one word.

    Attributes:
        final: whether only the end of the sentence follows.
        suffix: ends its last word and is no part of the value: ``'s`` in ``{*name}'s timer``.
    """

    final: bool
    suffix: str = ""


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


@dataclass(frozen=True, slots=True, eq=False)
class WordGraph:
    """The finished graph. Nodes are numbered so that every arc leads to a lower number; node 0 is the end.

    Attributes:
        first_arc: a node's arcs are those from its entry up to the next one. Shape: ``(nodes + 1,)``.
        arc_label: index into ``labels`` of each arc. Shape: ``(arcs,)``.
        arc_target: the node that each arc leads to. Shape: ``(arcs,)``.
        labels: the labels.
        root: where sentences begin, `NO_NODE` if there are none.
    """

    first_arc: NDArray[np.int32]
    arc_label: NDArray[np.int32]
    arc_target: NDArray[np.int32]
    labels: tuple[Label, ...]
    root: int

    @property
    def nodes(self) -> int:
        return len(self.first_arc) - 1

    def arcs(self, node: int) -> dict[int, int]:
        """The arcs of a node: index of the label, and target node."""
        begin, end = self.first_arc[node : node + 2].tolist()
        return dict(zip(self.arc_label[begin:end].tolist(), self.arc_target[begin:end].tolist(), strict=True))

    def count_sentences(self) -> int:
        """The number of distinct paths; free text counts as one."""
        counts = [1]
        for node in range(1, self.nodes):
            counts.append(sum(counts[target] for target in self.arcs(node).values()))
        return 0 if self.root == NO_NODE else counts[self.root]

    def joined(self, other: WordGraph) -> WordGraph:
        """The sentences of both graphs. Both keep arcs of their own; a sentence of both has two paths."""
        if NO_NODE in (self.root, other.root):
            return other if self.root == NO_NODE else self
        arcs = self.arcs(self.root)
        arcs |= {label + len(self.labels): target + self.nodes for label, target in other.arcs(other.root).items()}
        size = len(self.arc_label), len(other.arc_label), len(arcs)
        return WordGraph(
            _joined(self.first_arc, other.first_arc[1:] + size[0], [sum(size)]),
            _joined(self.arc_label, other.arc_label + len(self.labels), list(arcs)),
            _joined(self.arc_target, other.arc_target + self.nodes, list(arcs.values())),
            (*self.labels, *other.labels),
            self.nodes + other.nodes,
        )


def _joined(*parts: ArrayLike) -> NDArray[np.int32]:
    return np.concatenate([np.asarray(part, np.int32) for part in parts])
