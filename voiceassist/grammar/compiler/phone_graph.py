"""Expands the word graph into a graph of the model's phones.

Marks are dropped, so that homophonous sentences share a path.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np

from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.bottom_up import bottom_up, fold_trie
from voiceassist.grammar.compiler.dag import DEFAULT_LIMITS, GrowingGraph
from voiceassist.grammar.compiler.phone_arcs import EMPTY, FREE_TEXT, NO_WORD, PhoneArcs, Pronounce, numbered
from voiceassist.grammar.compiler.word_graph import NO_NODE, FreeText, SentenceEnd, Word

_MAX_SENTENCE_PHONES = 5_000
_STOP, _TAIL, _INNER = 0, 1, 2
_MARK, _FINISH, _FREE, _INNER_FREE = -1, -2, -3, -4

_WordNodes = int | frozenset[int]
_Pronounced = tuple[tuple[int, ...], int]


class PhoneGraph:
    """Expands word graphs of one builder and one generation.

    Args:
        pronounce: returns the pronunciations of a lower-case word.
        max_nodes: maximum number of nodes.
    """

    def __init__(self, pronounce: Pronounce, max_nodes: int = DEFAULT_LIMITS.max_phone_nodes) -> None:
        self._pronounce = pronounce
        self._max_nodes = max_nodes
        self.words: list[str] = []
        self._word_numbers: dict[str, int] = {}
        self._pronunciations: list[tuple[tuple[int, ...], ...]] = []
        self._kinds: list[int] = []
        self._labels: dict[tuple[int, int], int] = {
            (NO_WORD, NO_WORD): _STOP,
            (NO_WORD, 0): _TAIL,
            (FREE_TEXT, NO_WORD): _INNER,
        }
        # Flat lists instead of one object per node, because there are many nodes.
        self._arc_source: list[int] = []
        self._arc_label: list[int] = []
        self._arc_target: list[int] = []
        self._lengths = [0]
        self._nodes: dict[Hashable, int] = {}
        self._built: dict[_WordNodes, int] = {}

    def __len__(self) -> int:
        return len(self._lengths)

    def root(self, graph: GrowingGraph) -> int:
        """The node at which all spoken sentences of a word graph begin, `NO_NODE` if there are none.

        Raises:
            GrammarError: the sentences have too many variants, or a word has no pronunciation.
        """
        for label in graph.labels[len(self._kinds) :]:
            kind = _FINISH if isinstance(label, SentenceEnd) else _MARK
            if isinstance(label, FreeText):
                kind = _FREE if label.final else _INNER_FREE
            elif isinstance(label, Word):
                kind = self._word_numbers.setdefault(label.spoken, len(self.words))
                if kind == len(self.words):
                    self.words.append(label.spoken)
                    self._pronunciations.append(())
            self._kinds.append(kind)
        return NO_NODE if graph.spoken_root == NO_NODE else self._node_of(graph.dag.arcs, graph.spoken_root)

    def _node_of(self, arcs: Sequence[dict[int, int]], word_node: int) -> int:
        """The phone node for everything that can follow a node of the word graph."""

        def words_after(key: _WordNodes) -> tuple[dict[int, _WordNodes], list[int]]:
            words, ends = self._following(arcs, key if isinstance(key, frozenset) else frozenset((key,)))
            # a single node is its number, several nodes are a set
            sets = {word: frozenset(after) for word, after in words.items()}
            return {word: after if len(after) > 1 else min(after) for word, after in sets.items()}, ends

        def node(_key: _WordNodes, following: tuple[dict[int, _WordNodes], list[int]]) -> int:
            after_words, ends = following
            pronounced = [
                (way, self._built[after])
                for word, after in after_words.items()
                if self._built[after] != NO_NODE
                for way in self._pronunciations_of(word)
            ]
            return self._tree(pronounced, ends) if pronounced or ends else NO_NODE

        return bottom_up(word_node, self._built, words_after, lambda following: following[0].values(), node)

    def _following(
        self, arcs: Sequence[dict[int, int]], word_nodes: frozenset[int]
    ) -> tuple[dict[int, list[int]], list[int]]:
        """The possible next words with their target nodes, and the kinds of sentence end reachable without a word."""
        following: dict[int, list[int]] = {}
        ends: set[int] = set()
        waiting, seen = list(word_nodes), set(word_nodes)
        while waiting:
            for label, target in arcs[waiting.pop()].items():
                kind = self._kinds[label]
                if kind >= 0 or kind == _INNER_FREE:
                    following.setdefault(kind, []).append(target)
                elif kind in {_FINISH, _FREE}:
                    ends.add(_STOP if kind == _FINISH else _TAIL)
                elif kind == _MARK and target not in seen:
                    seen.add(target)
                    waiting.append(target)
        return following, sorted(ends)

    def _tree(self, words: Sequence[_Pronounced], ends: Sequence[int]) -> int:
        """A trie of the words' phones. The last label of each word is unique to the word, to identify it."""
        if len(words) == 1 and not ends:
            ((labels, node),) = words
            return self._chain(labels, node)
        trie: dict[int, Any] = {}
        for labels, node in words:
            branch = trie
            for label in labels[:-1]:
                branch = branch.setdefault(label, {})
            branch[labels[-1]] = node
        trie.update((end, 0) for end in ends)
        return fold_trie(
            trie,
            lambda arcs: self._new(frozenset(arcs), arcs) if len(arcs) > 1 else self._chain(arcs[0][:1], arcs[0][1]),
        )

    def _chain(self, labels: Sequence[int], node: int) -> int:
        nodes = self._nodes
        for label in reversed(labels):
            key = label << 32 | node
            found = nodes.get(key)
            node = self._new(key, ((label, node),)) if found is None else found
        return node

    def _new(self, key: Hashable, arcs: Sequence[tuple[int, int]]) -> int:
        found = self._nodes.get(key)
        if found is not None:
            return found
        node = self._nodes[key] = len(self._lengths)
        length = 1 + max([self._lengths[target] for _, target in arcs])
        if len(self) > self._max_nodes or length > _MAX_SENTENCE_PHONES:
            raise GrammarError(
                f"the commands have more than {self._max_nodes} phones, or a sentence more than {_MAX_SENTENCE_PHONES}",
                hint="use fewer permutations '(a;b;c)', fewer optional parts in one sentence, or shorter lists",
            )
        self._lengths.append(length)
        for label, target in arcs:
            self._arc_source.append(node)
            self._arc_label.append(label)
            self._arc_target.append(target)
        return node

    def _pronunciations_of(self, number: int) -> tuple[tuple[int, ...], ...]:
        """The labels of each pronunciation of a word; the last label identifies the word."""
        if number == _INNER_FREE:
            return ((_INNER,),)
        if not self._pronunciations[number]:
            word = self.words[number]
            found = dict.fromkeys(tuple(phones) for phones in self._pronounce(word))
            if not found or not all(found):
                raise GrammarError(f"the model cannot pronounce '{word}'", hint="spell the word differently")
            ends = [[(phone, NO_WORD) for phone in phones[:-1]] + [(phones[-1], number)] for phones in found]
            self._pronunciations[number] = tuple(
                tuple(self._labels.setdefault(label, len(self._labels)) for label in labels) for labels in ends
            )
        return self._pronunciations[number]

    def arcs_from(self, root: int) -> PhoneArcs:
        """Everything reachable from a root, as arrays."""
        if root == NO_NODE:
            return EMPTY
        source, label, target = np.array([self._arc_source, self._arc_label, self._arc_target], np.int32)
        flags = np.zeros((2, len(self._lengths)), bool)
        ends = label <= _TAIL
        flags[label[ends], source[ends]] = True
        phone, word = np.array(list(self._labels), np.int32)[label[~ends]].T
        return numbered(PhoneArcs(phone, source[~ends], target[~ends], word, flags[_STOP], flags[_TAIL]), root)
