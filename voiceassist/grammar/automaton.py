"""The sentences of a command set as an automaton of the acoustic model's tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from voiceassist.domain import Interpretation
from voiceassist.errors import GrammarError
from voiceassist.grammar.commands import CommandSet
from voiceassist.grammar.dag import END, NOTHING, Dag
from voiceassist.grammar.graphbuilder import build_word_graph
from voiceassist.grammar.text import normalize
from voiceassist.grammar.understand import Understanding
from voiceassist.grammar.wordgraph import Finish, Word, WordGraph

EncodeWord = Callable[[str], Sequence[int]]

NO_WORD = -1
_MOST_NODES = 1_500_000
_LONGEST_TOKENS = 5_000


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
        first_state: Shape: ``(nodes + 1,)``.
        words: the spoken words.
        understanding: gives the meaning of words.
    """

    token: NDArray[np.int32]
    source: NDArray[np.int32]
    target: NDArray[np.int32]
    word: NDArray[np.int32]
    accepting: NDArray[np.bool_]
    first_state: NDArray[np.int64]
    words: tuple[str, ...]
    understanding: Understanding

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
    def final_states(self) -> NDArray[np.int64]:
        """The states with which a sentence can end."""
        return np.flatnonzero(self.accepting[self.target])

    @cached_property
    def repeats(self) -> Repeats:
        """Where a token can follow itself; worked out once for the search."""
        return find_repeats(self.token, self.source, self.first_state)

    def spoken(self, states: Sequence[int]) -> tuple[str, ...]:
        """The words along a path of states."""
        ends = (int(self.word[state]) for state in states)
        return tuple(self.words[end] for end in ends if end != NO_WORD)

    def meaning(self, path: Sequence[int]) -> Interpretation:
        """What a path of states from the start to an accepting node means.

        Raises:
            GrammarError: the path is no sentence of this automaton.
        """
        words = self.spoken(path)
        found = self.understanding.parse(words)
        if found is None:
            raise GrammarError(f"'{' '.join(words)}' is no sentence of these commands", hint="compile them again")
        return found

    def parse(self, text: str) -> Interpretation | None:
        """What a typed text means, ``None`` if it is none of the sentences; digits and signs are read as words."""
        return self.understanding.parse(normalize(text))


@dataclass(frozen=True)
class Repeats:
    """The states whose token can also end right before them, so that a blank must part the two.

    Attributes:
        states: those states. Shape: ``(repeats,)``.
        before: for each of them, one after the other, the states before it with another token; the number of states
            stands for none. Shape: ``(edges,)``.
        first: where the edges of each begin. Shape: ``(repeats,)``.
    """

    states: NDArray[np.int64]
    before: NDArray[np.int64]
    first: NDArray[np.int64]


def find_repeats(token: NDArray[np.int32], source: NDArray[np.int32], first_state: NDArray[np.int64]) -> Repeats:
    """Find the states that `Repeats` lists."""
    ending: dict[int, set[int]] = {}
    states: list[int] = []
    edges: list[int] = []
    first: list[int] = []
    starts = first_state.tolist()
    for state, (own, node) in enumerate(zip(token.tolist(), source.tolist(), strict=True)):
        if node not in ending:
            ending[node] = set(token[starts[node] : starts[node + 1]].tolist())
        if own in ending[node]:
            states.append(state)
            first.append(len(edges))
            others = (np.flatnonzero(token[starts[node] : starts[node + 1]] != own) + starts[node]).tolist()
            edges.extend(others or [len(token)])
    return Repeats(np.array(states, np.int64), np.array(edges, np.int64), np.array(first, np.int64))


def compile_automaton(commands: CommandSet, encode_word: EncodeWord) -> Automaton:
    """Build the automaton of all sentences for a model's tokens.

    Args:
        commands: what can be said.
        encode_word: the tokens of one lower-case word.

    Raises:
        GrammarError: the sentences have far too many forms, or a word has no tokens.
    """
    graph = build_word_graph(commands)
    understanding = Understanding(graph, commands.intents, commands.skip_words)
    return _TokenBuilder(graph, encode_word).build(understanding)


class _TokenBuilder:
    """Turns words into tokens. Marks vanish here, so that sentences that sound alike are one path."""

    def __init__(self, graph: WordGraph, encode_word: EncodeWord) -> None:
        self._graph = graph
        self._encode_word = encode_word
        self._encoded: dict[str, tuple[int, ...]] = {}
        self._words: dict[str, int] = {}
        self._labels: dict[tuple[int, int], int] = {}
        self._dag = Dag(most_nodes=_MOST_NODES, longest=_LONGEST_TOKENS)
        self._stop = self._label(NO_WORD, NO_WORD)
        self._built: dict[frozenset[int], int] = {}

    def build(self, understanding: Understanding) -> Automaton:
        root = NOTHING if self._graph.root == NOTHING else self._node(frozenset([self._graph.root]))
        order = self._numbered(root)
        labels = list(self._labels)
        rows = sorted(
            (order[target], source, *labels[label])
            for node, source in order.items()
            for label, target in self._dag.arcs[node].items()
            if label != self._stop
        )
        table = np.array(rows, np.int32).reshape(-1, 4)
        accepting = np.zeros(max(len(order), 1), bool)
        accepting[[number for node, number in order.items() if self._stop in self._dag.arcs[node]]] = True
        return Automaton(
            token=np.ascontiguousarray(table[:, 2]),
            source=np.ascontiguousarray(table[:, 1]),
            target=np.ascontiguousarray(table[:, 0]),
            word=np.ascontiguousarray(table[:, 3]),
            accepting=accepting,
            first_state=np.searchsorted(table[:, 0], np.arange(len(accepting) + 1)),
            words=tuple(self._words),
            understanding=understanding,
        )

    def _numbered(self, root: int) -> dict[int, int]:
        """The nodes that can be reached: the start as 0, then those with one state before them, then the others."""
        arriving: dict[int, int] = {} if root == NOTHING else {root: 0}
        waiting = list(arriving)
        while waiting:
            for label, target in self._dag.arcs[waiting.pop()].items():
                if label == self._stop:
                    continue
                if target not in arriving:
                    waiting.append(target)
                arriving[target] = arriving.get(target, 0) + 1
        in_order = sorted(arriving, key=lambda node: min(arriving[node], 2))
        return {node: number for number, node in enumerate(in_order)}

    def _node(self, places: frozenset[int]) -> int:
        """The node for all that can follow at any of these places of the word graph."""
        known = self._built.get(places)
        if known is None:
            following, ends = self._following(places)
            words = [(self._tokens(word), self._node(frozenset(after))) for word, after in following.items()]
            known = self._built[places] = self._tree(words, 0, ends=ends)
        return known

    def _following(self, places: frozenset[int]) -> tuple[Mapping[str, set[int]], bool]:
        """The words that can come next with the places after them, and whether a sentence can end here."""
        following: dict[str, set[int]] = {}
        ends = False
        waiting, seen = list(places), set(places)
        while waiting:
            for label_id, target in self._graph.dag.arcs[waiting.pop()].items():
                label = self._graph.labels[label_id]
                if isinstance(label, Word):
                    following.setdefault(label.spoken, set()).add(target)
                elif isinstance(label, Finish):
                    ends = True
                elif target not in seen:
                    seen.add(target)
                    waiting.append(target)
        return following, ends

    def _tree(self, words: Sequence[tuple[tuple[int, ...], int]], depth: int, *, ends: bool = False) -> int:
        """Join words that begin with the same tokens. The last label of a word is its own: it tells the word."""
        if len(words) == 1 and not ends:
            ((labels, node),) = words
            for label in reversed(labels[depth:]):
                node = self._dag.node({label: node})
            return node
        arcs = {self._stop: END} if ends else {}
        longer: dict[int, list[tuple[tuple[int, ...], int]]] = {}
        for labels, target in words:
            if len(labels) == depth + 1:
                arcs[labels[depth]] = target
            else:
                longer.setdefault(labels[depth], []).append((labels, target))
        arcs.update((label, self._tree(group, depth + 1)) for label, group in longer.items())
        return self._dag.node(arcs)

    def _tokens(self, word: str) -> tuple[int, ...]:
        known = self._encoded.get(word)
        if known is None:
            tokens = tuple(self._encode_word(word))
            if not tokens:
                raise GrammarError(f"the model has no tokens for '{word}'", hint="write the word in another way")
            number = self._words.setdefault(word, len(self._words))
            known = self._encoded[word] = (*self._word_labels(tokens, number),)
        return known

    def _word_labels(self, tokens: Sequence[int], number: int) -> Iterator[int]:
        for token in tokens[:-1]:
            yield self._label(token, NO_WORD)
        yield self._label(tokens[-1], number)

    def _label(self, token: int, word: int) -> int:
        return self._labels.setdefault((token, word), len(self._labels))
