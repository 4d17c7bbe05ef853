"""All sentences of a command set as one graph of words, marked with what they mean.

A node's arcs are words and marks. Marks take no time: they open and close slots, stand for free text and end a
sentence. Equal ends and equal beginnings exist once; no sentence is ever written out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from voiceassist.grammar.compiler.dag import END, NOTHING, Dag
from voiceassist.grammar.values.value_grammar import ValueReader


@dataclass(frozen=True, slots=True)
class Word:
    """A word. ``spoken`` is what is said and typed, ``shown`` what the text says: ``t``, ``v`` show ``tv``, nothing."""

    spoken: str
    shown: str


@dataclass(frozen=True, slots=True, eq=False)
class Open:
    """Here a slot begins."""

    slot: str


@dataclass(frozen=True, slots=True, eq=False)
class Close:
    """Here the innermost open slot ends. A smaller ``order`` wins where the same words mean several values."""

    order: int
    read: ValueReader


@dataclass(frozen=True, slots=True)
class Free:
    """Here stands free text: all that is left, at least one word."""


@dataclass(frozen=True, slots=True)
class Woken:
    """Here the wake phrase has been said."""


@dataclass(frozen=True, slots=True, eq=False)
class Finish:
    """Here a sentence ends. A smaller ``order`` was defined earlier and wins."""

    order: int
    intent: str
    slots: Mapping[str, Any]


Label = Word | Open | Close | Free | Woken | Finish


@dataclass(frozen=True, slots=True)
class WordGraph:
    """The built graph; the labels on its arcs index ``labels``, a root is `NOTHING` if nothing can be said.

    Attributes:
        dag: the nodes.
        labels: what the arcs mean.
        root: where typed sentences begin.
        spoken_root: where spoken ones begin: another place where a wake phrase is required.
    """

    dag: Dag
    labels: tuple[Label, ...]
    root: int
    spoken_root: int

    def count_sentences(self) -> int:
        """How many different paths there are: every way to say everything, free text counted as one."""
        counts: dict[int, int] = {END: 1, NOTHING: 0}
        # Nodes are made after those that they lead to.
        for node, arcs in enumerate(self.dag.arcs):
            if node != END:
                counts[node] = sum(counts[target] for target in arcs.values())
        return counts[self.root]
