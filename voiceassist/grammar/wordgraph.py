"""All sentences of a command set as one graph of words, marked with what they mean.

A node's arcs are words and marks. Marks take no time: they open and close slots and end a sentence. Equal ends and
equal beginnings exist once; no sentence is ever written out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from voiceassist.grammar.dag import END, NOTHING, Dag
from voiceassist.grammar.lists import Read


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
    read: Read


@dataclass(frozen=True, slots=True, eq=False)
class Finish:
    """Here a sentence ends. A smaller ``order`` was defined earlier and wins."""

    order: int
    intent: str
    slots: Mapping[str, Any]


Label = Word | Open | Close | Finish


@dataclass(frozen=True, slots=True)
class WordGraph:
    """The built graph; the labels on its arcs index ``labels``, ``root`` is `NOTHING` if nothing can be said."""

    dag: Dag
    labels: tuple[Label, ...]
    root: int

    def count_sentences(self) -> int:
        """How many different paths there are: every way to say everything."""
        counts: dict[int, int] = {END: 1, NOTHING: 0}

        def count(node: int) -> int:
            if node not in counts:
                counts[node] = sum(count(target) for target in self.dag.arcs[node].values())
            return counts[node]

        return count(self.root)
