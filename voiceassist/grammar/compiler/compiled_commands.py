"""What compiling gives."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from voiceassist.grammar.compiler.phone_arcs import NO_WORD, PhoneArcs, united
from voiceassist.grammar.compiler.word_graph import WordGraph


@dataclass(frozen=True, slots=True, eq=False)
class CompiledCommands:
    """All that recognition needs of the sentences of a command set.

    Attributes:
        arcs: the states of the automaton.
        words: the spoken words that end with states.
        graph: the words of typed sentences with their meanings.
    """

    arcs: PhoneArcs
    words: tuple[str, ...]
    graph: WordGraph

    def joined(self, other: CompiledCommands) -> CompiledCommands:
        """The sentences of both."""
        numbers = {word: number for number, word in enumerate(dict.fromkeys((*self.words, *other.words)))}
        own_numbers = np.array([*(numbers[word] for word in other.words), NO_WORD], np.int32)
        arcs = united(self.arcs, replace(other.arcs, word=own_numbers[other.arcs.word]))
        return CompiledCommands(arcs, tuple(numbers), self.graph.joined(other.graph))
