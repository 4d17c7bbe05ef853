"""Compiles command sets into word graphs and phone graphs, and reuses what successive ones have in common."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from voiceassist.grammar.compiler.compiled_commands import CompiledCommands
from voiceassist.grammar.compiler.dag import GraphLimits
from voiceassist.grammar.compiler.graph_builder import Belongs, WordGraphBuilder
from voiceassist.grammar.compiler.phone_arcs import NO_WORD, Pronounce
from voiceassist.grammar.compiler.phone_graph import PhoneGraph
from voiceassist.grammar.compiler.wake_phrase import WakePrefix
from voiceassist.grammar.files.command_set import CommandSet


class GraphCompiler:
    """Builds the graphs of command sets for one model.

    Args:
        pronounce: returns the pronunciations of a lower-case word.
        limits: bounds on the size of the graphs.
    """

    def __init__(self, pronounce: Pronounce, limits: GraphLimits) -> None:
        self._pronounce = pronounce
        self._limits = limits
        self._builder = WordGraphBuilder(limits)
        self._generation = 0
        self._phones = PhoneGraph(pronounce, limits.max_phone_nodes)

    @property
    def generation(self) -> int:
        """Number of times that all cached graphs were dropped."""
        return self._builder.generation

    @property
    def cached_nodes(self) -> int:
        """Number of phone nodes kept for the next compilation."""
        return len(self._phones)

    def compile(
        self, commands: CommandSet, wake: WakePrefix | None = None, belongs: Belongs = lambda _sentence: True
    ) -> CompiledCommands:
        """Build the graphs of the sentences that ``belongs`` accepts.

        Raises:
            GrammarError: the sentences have too many variants, or a word cannot be pronounced.
        """
        graph = self._builder.build(commands, wake, belongs)
        if self._generation != self._builder.generation:
            self._generation = self._builder.generation
            self._phones = PhoneGraph(self._pronounce, self._limits.max_phone_nodes)
        arcs = self._phones.arcs_from(self._phones.root(graph))
        used, ends = np.unique(arcs.word[arcs.word != NO_WORD], return_inverse=True)
        word = np.full(len(arcs.word), NO_WORD, np.int32)
        word[arcs.word != NO_WORD] = ends
        words = tuple(self._phones.words[number] for number in used.tolist())
        return CompiledCommands(replace(arcs, word=word), words, graph.finished())
