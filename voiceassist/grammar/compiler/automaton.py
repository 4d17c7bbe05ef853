"""The sentences of a command set as an automaton of the acoustic model's tokens.

`compile_automaton` builds one. A `Compiler` builds one after another, quickly where most of the commands stayed as they
were. Free text (``{*text}``) and a wake phrase (see `wake`) are part of the automaton, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from voiceassist.domain import Interpretation
from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.ctc_repeats import CtcRepeats, find_repeats
from voiceassist.grammar.compiler.graph_builder import WordGraphBuilder
from voiceassist.grammar.compiler.parser import WordParser
from voiceassist.grammar.compiler.phone_graph import NO_WORD, Pronounce, TokenGraph
from voiceassist.grammar.compiler.state_layout import StateLayout, find_chains
from voiceassist.grammar.compiler.wake_phrase import WakePrefix
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.language.text_normalization import normalize

__all__ = ["NO_WORD", "Automaton", "Compiler", "Pronounce", "compile_automaton"]


@dataclass(frozen=True)
class Automaton:
    """A deterministic, acyclic automaton. Its states each carry one token; between states there are nodes.

    A state leads from the node ``source[state]`` to the node ``target[state]``. Node 0 is the start; every other node
    is the target of the states from ``first_state[node]`` up to ``first_state[node + 1]``: states are sorted by target.
    The nodes with just one state before them come first.

    Attributes:
        token: the token that each state carries. Shape: ``(states,)``.
        source: Shape: ``(states,)``.
        target: ascending. Shape: ``(states,)``.
        word: the word that ends with the state, or `NO_WORD`; indexes ``words``. Shape: ``(states,)``.
        accepting: whether a sentence can end at the node. Shape: ``(nodes,)``.
        tail: whether free text can begin at the node. Shape: ``(nodes,)``.
        first_state: Shape: ``(nodes + 1,)``.
        words: the spoken words.
        understanding: gives the meaning of words.
    """

    token: NDArray[np.int32]
    source: NDArray[np.int32]
    target: NDArray[np.int32]
    word: NDArray[np.int32]
    accepting: NDArray[np.bool_]
    tail: NDArray[np.bool_]
    first_state: NDArray[np.int64]
    words: tuple[str, ...]
    understanding: WordParser

    @property
    def states(self) -> int:
        return len(self.token)

    @property
    def nodes(self) -> int:
        return len(self.accepting)

    @cached_property
    def singles(self) -> int:
        """So many nodes, from node 1 on, are the target of one state: node ``n`` of state ``n - 1``."""
        return int(np.count_nonzero(np.diff(self.first_state) == 1))

    @cached_property
    def repeats(self) -> CtcRepeats:
        """Where a token can follow itself; worked out once for the search."""
        return find_repeats(self.token, self.source, self.first_state)

    @cached_property
    def chains(self) -> StateLayout:
        """The order in which the search goes through the states; worked out once."""
        return find_chains(self)

    def spoken(self, states: Sequence[int]) -> tuple[str, ...]:
        """The words along a path of states."""
        ends = (int(self.word[state]) for state in states)
        return tuple(self.words[end] for end in ends if end != NO_WORD)

    def meaning(self, path: Sequence[int], tail: str = "") -> Interpretation:
        """What a path of states from the start to an accepting node means; with free text, to a node where it begins.

        Raises:
            GrammarError: the path is no sentence of this automaton.
        """
        words = (*self.spoken(path), *normalize(tail))
        found = self.understanding.parse(words)
        if found is None:
            raise GrammarError(f"'{' '.join(words)}' is no sentence of these commands", hint="compile them again")
        return found

    def parse(self, text: str) -> Interpretation | None:
        """What a typed text means, ``None`` if it is none of the sentences; digits and signs are read as words."""
        return self.understanding.parse_text(text)


class Compiler:
    """Compiles command sets for one model. What stays the same from one set to the next is not built again.

    Thread: one at a time.

    Args:
        pronounce: the ways to say one lower-case word.
    """

    def __init__(self, pronounce: Pronounce) -> None:
        self._pronounce = pronounce
        self._builder = WordGraphBuilder()
        self._generation = 0
        self._tokens = TokenGraph(pronounce)

    def compile(self, commands: CommandSet, wake: WakePrefix | None = None) -> Automaton:
        """Build the automaton of all sentences.

        Args:
            commands: what can be said.
            wake: what can or must be said before it.

        Raises:
            GrammarError: the sentences have far too many forms, or a word has no tokens.
        """
        graph = self._builder.build(commands, wake)
        if self._generation != self._builder.generation:
            self._generation, self._tokens = self._builder.generation, TokenGraph(self._pronounce)
        arcs = self._tokens.arcs_from(self._tokens.root(graph))
        token, source, target, word = (np.ascontiguousarray(column) for column in arcs.rows.T)
        return Automaton(
            token=token,
            source=source,
            target=target,
            word=word,
            accepting=arcs.accepting,
            tail=arcs.tail,
            first_state=np.searchsorted(target, np.arange(len(arcs.accepting) + 1)),
            words=tuple(self._tokens.words),
            understanding=WordParser(graph, commands.intents, commands.skip_words),
        )


def compile_automaton(commands: CommandSet, pronounce: Pronounce, wake: WakePrefix | None = None) -> Automaton:
    """Build the automaton of all sentences for a model's tokens, once.

    Raises:
        GrammarError: the sentences have far too many forms, or a word has no tokens.
    """
    return Compiler(pronounce).compile(commands, wake)
