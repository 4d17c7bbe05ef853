"""The sentences of a command set as an automaton over the acoustic model's phones.

`compile_automaton` builds one. A `Compiler` builds a series of them and reuses what has not changed. The automaton
also contains free text (``{*text}``) and the wake phrase (see `wake_phrase`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from voiceassist.domain import Interpretation
from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.command_content import CommandContent
from voiceassist.grammar.compiler.compiled_commands import CompiledCommands
from voiceassist.grammar.compiler.compiled_store import CompiledStore
from voiceassist.grammar.compiler.dag import DEFAULT_LIMITS, GraphLimits
from voiceassist.grammar.compiler.parser import WordParser
from voiceassist.grammar.compiler.phone_arcs import FREE_TEXT, NO_WORD, Pronounce
from voiceassist.grammar.compiler.wake_phrase import WakePrefix
from voiceassist.grammar.files.command_set import CommandSet
from voiceassist.grammar.language.text_normalization import normalize

if TYPE_CHECKING:
    from voiceassist.grammar.compiler.graph_builder import GraphCompiler

__all__ = ["FREE_TEXT", "NO_WORD", "Automaton", "Compiler", "Pronounce", "compile_automaton"]


@dataclass(frozen=True, eq=False)
class Automaton:
    """A deterministic acyclic automaton. Every state emits one phone; states connect nodes.

    A state leads from node ``source[state]`` to node ``target[state]``. Node 0 is the start; every other node is the
    target of the states from ``first_state[node]`` up to ``first_state[node + 1]``, because states are sorted by
    target. Nodes with exactly one incoming state come first.

    Attributes:
        phone: the phone that each state emits; `FREE_TEXT` for any phones. Shape: ``(states,)``.
        source: Shape: ``(states,)``.
        target: ascending. Shape: ``(states,)``.
        word: index into ``words`` of the word that ends with the state, or `NO_WORD`. Shape: ``(states,)``.
        accepting: whether a sentence can end at the node. Shape: ``(nodes,)``.
        tail: whether free text can begin at the node. Shape: ``(nodes,)``.
        first_state: Shape: ``(nodes + 1,)``.
        words: the spoken words.
        parser: parses words into intent and slots.
    """

    phone: NDArray[np.int32]
    source: NDArray[np.int32]
    target: NDArray[np.int32]
    word: NDArray[np.int32]
    accepting: NDArray[np.bool_]
    tail: NDArray[np.bool_]
    first_state: NDArray[np.int64]
    words: tuple[str, ...]
    parser: WordParser

    @property
    def states(self) -> int:
        return len(self.phone)

    @property
    def nodes(self) -> int:
        return len(self.accepting)

    @cached_property
    def singles(self) -> int:
        """The number of nodes, from node 1 on, with one incoming state: node ``n`` is the target of state ``n - 1``."""
        return int(np.count_nonzero(np.diff(self.first_state) == 1))

    @cached_property
    def free_states(self) -> NDArray[np.intp]:
        """The states for free text in the middle of a sentence."""
        return np.flatnonzero(self.phone == FREE_TEXT)

    def spoken(self, states: Sequence[int]) -> tuple[str, ...]:
        """The words along a path of states."""
        ends = (int(self.word[state]) for state in states)
        return tuple(self.words[end] for end in ends if end != NO_WORD)

    def phones_of_words(self, states: Sequence[int]) -> list[list[int]]:
        """The phones of each word along a path of states without free text in it."""
        words: list[list[int]] = [[]]
        for state in states:
            words[-1].append(int(self.phone[state]))
            if self.word[state] != NO_WORD:
                words.append([])
        return words[:-1]

    def meaning(self, path: Sequence[int], tail: str = "", inner: Sequence[str] = ()) -> Interpretation:
        """Intent and slots of a path of states from the start to an accepting node, or to where free text begins.

        Args:
            path: the states.
            tail: the free text after them.
            inner: the free text of each free-text state in the path.

        Raises:
            GrammarError: the path is not a sentence of this automaton.
        """
        texts = iter(inner)
        words: list[str] = []
        for state in path:
            if int(self.word[state]) != NO_WORD:
                words.append(self.words[int(self.word[state])])
            elif self.phone[state] == FREE_TEXT:
                words += normalize(next(texts, ""))
        words += normalize(tail)
        found = self.parser.parse(words)
        if found is None:
            raise GrammarError(f"'{' '.join(words)}' is not a sentence of these commands", hint="compile them again")
        return found

    def parse(self, text: str) -> Interpretation | None:
        """Intent and slots of typed text, ``None`` if it is no sentence; digits and symbols are normalized to words."""
        return self.parser.parse_text(text)

    def begins(self, text: str) -> bool:
        """Whether a text is a prefix of some sentence."""
        return self.parser.begins(text)


class Compiler:
    """Compiles successive command sets for one model and reuses what they have in common.

    Thread: one at a time.

    Args:
        pronounce: returns the pronunciations of a lower-case word.
        limits: bounds on the size of the graphs.
    """

    def __init__(self, pronounce: Pronounce, limits: GraphLimits = DEFAULT_LIMITS) -> None:
        self._pronounce = pronounce
        self._limits = limits

    @cached_property
    def _graphs(self) -> GraphCompiler:
        return self._new_graphs()

    @cached_property
    def _changing_graphs(self) -> GraphCompiler:
        """Compiles sentences apart that are never stored, so that the result does not depend on what was loaded."""
        return self._new_graphs()

    def _new_graphs(self) -> GraphCompiler:
        # What compiles is only imported if something is to be compiled.
        from voiceassist.grammar.compiler.graph_builder import GraphCompiler  # noqa: PLC0415

        return GraphCompiler(self._pronounce, self._limits)

    @property
    def generation(self) -> int:
        """Number of times that all cached graphs were dropped."""
        return self._graphs.generation

    @property
    def cached_nodes(self) -> int:
        """Number of phone nodes kept for the next compilation."""
        return self._graphs.cached_nodes

    def compile(
        self, commands: CommandSet, wake: WakePrefix | None = None, *, store: CompiledStore | None = None
    ) -> Automaton:
        """Build the automaton of all sentences, or load it.

        Args:
            commands: the command set.
            wake: the wake phrase that can or must precede a sentence.
            store: where compiled commands are kept from one run of the program to the next.

        Raises:
            GrammarError: the sentences have too many variants, or a word cannot be pronounced.
        """
        if store is None:
            return _automaton(self._graphs.compile(commands, wake), commands)
        content = CommandContent(commands, store.changing_lists)
        key = content.digest(wake, self._limits)
        compiled = store.load(key, self._pronounce)
        if compiled is None:
            compiled = self._graphs.compile(commands, wake, content.is_lasting)
            store.store(key, compiled, self._pronounce)
        if content.changing_can_be_said():
            changing = self._changing_graphs.compile(commands, wake, lambda one: not content.is_lasting(one))
            compiled = compiled.joined(changing)
        return _automaton(compiled, commands)


def _automaton(compiled: CompiledCommands, commands: CommandSet) -> Automaton:
    """The automaton of a command set that was compiled, or of an equal one."""
    arcs = compiled.arcs
    return Automaton(
        phone=arcs.phone,
        source=arcs.source,
        target=arcs.target,
        word=arcs.word,
        accepting=arcs.accepting,
        tail=arcs.tail,
        first_state=np.searchsorted(arcs.target, np.arange(arcs.nodes + 1)),
        words=compiled.words,
        parser=WordParser(compiled.graph, commands),
    )


def compile_automaton(
    commands: CommandSet,
    pronounce: Pronounce,
    wake: WakePrefix | None = None,
    *,
    limits: GraphLimits = DEFAULT_LIMITS,
    store: CompiledStore | None = None,
) -> Automaton:
    """Build the automaton of all sentences once.

    Raises:
        GrammarError: the sentences have too many variants, or a word cannot be pronounced.
    """
    return Compiler(pronounce, limits).compile(commands, wake, store=store)
