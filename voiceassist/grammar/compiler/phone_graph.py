"""From words to the tokens of a model: the word graph as a graph of tokens.

Marks vanish here, so that sentences that sound alike are one path.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.dag import NOTHING
from voiceassist.grammar.compiler.word_graph import Finish, Free, Word, WordGraph

Pronounce = Callable[[str], Sequence[Sequence[int]]]
"""The ways to say one lower-case word, each as the tokens of a model: its phones."""

NO_WORD = -1
MOST_TOKEN_NODES = 2_500_000
_LONGEST_TOKENS = 5_000
_STOP, _TAIL = 0, 1
_MARK, _FINISH, _FREE = -1, -2, -3

_Said = tuple[tuple[int, ...], int]


@dataclass(frozen=True, slots=True)
class TokenArcs:
    """The part of a token graph that a root leads to, its nodes numbered as in an `Automaton`.

    Attributes:
        rows: token, source, target and word of each arc, sorted by target and source. Shape: ``(arcs, 4)``.
        accepting: whether a sentence can end at a node. Shape: ``(nodes,)``.
        tail: whether free text can begin at a node. Shape: ``(nodes,)``.
    """

    rows: NDArray[np.int32]
    accepting: NDArray[np.bool_]
    tail: NDArray[np.bool_]


class TokenGraph:
    """Says the words of word graphs that come from one builder and one generation.

    Args:
        pronounce: the ways to say one lower-case word.
    """

    def __init__(self, pronounce: Pronounce) -> None:
        self._pronounce = pronounce
        self.words: list[str] = []
        self._word_numbers: dict[str, int] = {}
        self._ways: list[tuple[tuple[int, ...], ...]] = []
        self._kinds: list[int] = []
        self._labels: dict[tuple[int, int], int] = {(NO_WORD, NO_WORD): _STOP, (NO_WORD, 0): _TAIL}
        # Flat lists instead of an object for each node: there are many.
        self._arc_source: list[int] = []
        self._arc_label: list[int] = []
        self._arc_target: list[int] = []
        self._lengths = [0]
        self._nodes: dict[Hashable, int] = {}
        self._built: dict[Hashable, int] = {}

    def __len__(self) -> int:
        return len(self._lengths)

    def root(self, graph: WordGraph) -> int:
        """The node from which all spoken sentences of a graph lead, `NOTHING` if there are none.

        Raises:
            GrammarError: they have far too many forms, or a word has no tokens.
        """
        for label in graph.labels[len(self._kinds) :]:
            self._kinds.append(self._kind(label))
        return NOTHING if graph.spoken_root == NOTHING else self._place(graph.dag.arcs, graph.spoken_root)

    def _kind(self, label: object) -> int:
        """The number of a word, or what else a label is."""
        if isinstance(label, Word):
            known = self._word_numbers.setdefault(label.spoken, len(self.words))
            if known == len(self.words):
                self.words.append(label.spoken)
                self._ways.append(())
            return known
        if isinstance(label, Finish):
            return _FINISH
        return _FREE if isinstance(label, Free) else _MARK

    def _place(self, arcs: Sequence[dict[int, int]], place: int) -> int:
        """The node for all that can follow at a place of the word graph."""
        known = self._built.get(place)
        if known is None:
            known = self._built[place] = self._places(arcs, frozenset((place,)))
        return known

    def _places(self, arcs: Sequence[dict[int, int]], places: frozenset[int]) -> int:
        """The same for any of several places."""
        known = self._built.get(places)
        if known is None:
            following, ends = self._following(arcs, places)
            words = [
                (way, node)
                for word, node in [
                    (word, self._place(arcs, after[0]) if len(after) == 1 else self._places(arcs, frozenset(after)))
                    for word, after in following.items()
                ]
                for way in self._ways[word] or self._say(word)
            ]
            known = self._built[places] = self._tree(words, ends)
        return known

    def _following(
        self, arcs: Sequence[dict[int, int]], places: frozenset[int]
    ) -> tuple[dict[int, list[int]], list[int]]:
        """The words that can come next with the places after them, and in which ways a sentence can end here."""
        following: dict[int, list[int]] = {}
        ends: set[int] = set()
        waiting, seen = list(places), set(places)
        while waiting:
            for label, target in arcs[waiting.pop()].items():
                kind = self._kinds[label]
                if kind >= 0:
                    following.setdefault(kind, []).append(target)
                elif kind != _MARK:
                    ends.add(_STOP if kind == _FINISH else _TAIL)
                elif target not in seen:
                    seen.add(target)
                    waiting.append(target)
        return following, sorted(ends)

    def _tree(self, words: Sequence[_Said], ends: Sequence[int]) -> int:
        """Join words that begin with the same tokens. The last label of a word is its own: it tells the word."""
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
        return self._from_trie(trie)

    def _from_trie(self, trie: dict[int, Any]) -> int:
        arcs = [(label, self._from_trie(after) if isinstance(after, dict) else after) for label, after in trie.items()]
        return self._chain((arcs[0][0],), arcs[0][1]) if len(arcs) == 1 else self._new(frozenset(arcs), arcs)

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
        self._check(length)
        self._lengths.append(length)
        for label, target in arcs:
            self._arc_source.append(node)
            self._arc_label.append(label)
            self._arc_target.append(target)
        return node

    def _check(self, length: int) -> None:
        if len(self) > MOST_TOKEN_NODES or length > _LONGEST_TOKENS:
            raise GrammarError(
                f"the commands have more than {MOST_TOKEN_NODES} parts, or a sentence more than {_LONGEST_TOKENS}",
                hint="use fewer permutations '(a;b;c)', fewer optional parts in one sentence, or shorter lists",
            )

    def _say(self, number: int) -> tuple[tuple[int, ...], ...]:
        word = self.words[number]
        ways = [tuple(tokens) for tokens in self._pronounce(word)]
        if not ways or not all(ways):
            raise GrammarError(f"the model has no tokens for '{word}'", hint="write the word in another way")
        self._ways[number] = tuple(self._labelled(tokens, number) for tokens in dict.fromkeys(ways))
        return self._ways[number]

    def _labelled(self, tokens: Sequence[int], word: int) -> tuple[int, ...]:
        """The labels of one way to say a word; the last one is its own."""
        labels = [self._labels.setdefault((token, NO_WORD), len(self._labels)) for token in tokens[:-1]]
        return (*labels, self._labels.setdefault((tokens[-1], word), len(self._labels)))

    # As arrays

    def arcs_from(self, root: int) -> TokenArcs:
        """All that a root leads to, as arrays.

        The root is node 0; the nodes with one arc to them come next, then the others.
        """
        arcs = np.array([self._arc_source, self._arc_label, self._arc_target], np.int64).reshape(3, -1)
        used = self._used(root, arcs)
        source, label, target = arcs[:, used[arcs[0]]]
        size = len(used)
        spoken = label > _TAIL
        arriving = np.bincount(target[spoken], minlength=size)
        numbers = np.full(size, -1, np.int64)
        members = np.flatnonzero(used & (arriving > 0)) if root != NOTHING else np.empty(0, np.int64)
        in_order = members[np.argsort(np.minimum(arriving[members], 2), kind="stable")]
        numbers[in_order] = np.arange(1, len(in_order) + 1)
        numbers[root if root != NOTHING else 0] = 0
        flags = np.zeros((2, len(in_order) + 1), bool)
        flags[label[~spoken], numbers[source[~spoken]]] = True
        tokens_words = np.array(list(self._labels), np.int64)[label[spoken]]
        rows = np.column_stack(
            (tokens_words[:, 0], numbers[source[spoken]], numbers[target[spoken]], tokens_words[:, 1])
        )
        return TokenArcs(rows[np.lexsort((rows[:, 1], rows[:, 2]))].astype(np.int32), flags[_STOP], flags[_TAIL])

    def _used(self, root: int, arcs: NDArray[np.int64]) -> NDArray[np.bool_]:
        """The nodes that a root leads to."""
        used = np.zeros(len(self._lengths), bool)
        source, _, target = arcs
        first = np.searchsorted(source, np.arange(len(used) + 1))
        reached = np.array([root] if root != NOTHING else [], np.int64)
        while len(reached):
            used[reached] = True
            counts = first[reached + 1] - first[reached]
            offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
            after = np.unique(target[np.repeat(first[reached], counts) + offsets])
            reached = after[~used[after]]
        return used
