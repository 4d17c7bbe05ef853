"""A hash-consed store of acyclic deterministic graphs: equal sub-graphs exist once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from voiceassist.errors import GrammarError
from voiceassist.grammar.compiler.bottom_up import bottom_up, fold_trie
from voiceassist.grammar.compiler.word_graph import END, NO_NODE, Label, WordGraph


@dataclass(frozen=True, slots=True)
class GraphLimits:
    """Bounds on the size of compiled graphs; exceeding one is a `GrammarError`.

    Attributes:
        max_word_nodes: nodes of the word graph.
        spare_word_nodes: a reused builder starts over when unused nodes exceed its initial size by this many.
        max_phone_nodes: nodes of the phone graph.
    """

    max_word_nodes: int = 600_000
    spare_word_nodes: int = 50_000
    max_phone_nodes: int = 2_500_000


DEFAULT_LIMITS = GraphLimits()


class Dag:
    """Nodes with labelled arcs, identified by their arcs, so that equal continuations are shared.

    Args:
        max_nodes: maximum number of nodes.
        max_length: maximum number of labels from any node to the end.
    """

    def __init__(self, *, max_nodes: int, max_length: int) -> None:
        self.arcs: list[dict[int, int]] = [{}]
        self._max_nodes = max_nodes
        self._max_length = max_length
        self._lengths = [0]
        self._nodes: dict[Hashable, int] = {}
        self._unions: dict[frozenset[int], int] = {}

    def __len__(self) -> int:
        return len(self.arcs) + len(self._unions)

    def node(self, arcs: dict[int, int]) -> int:
        """The node with these arcs (label to node); arcs to `NO_NODE` are dropped.

        The mapping is stored and must not be changed afterwards.

        Raises:
            GrammarError: the graph exceeds its limits.
        """
        if len(arcs) == 1:
            ((label, target),) = arcs.items()
            return self._new((label, target), arcs) if target != NO_NODE else NO_NODE
        if NO_NODE in arcs.values():
            return self.node({label: target for label, target in arcs.items() if target != NO_NODE})
        return self._new(frozenset(arcs.items()), arcs) if arcs else NO_NODE

    def sequence(self, labels: Sequence[int], node: int) -> int:
        """The node from which the labels lead to ``node``."""
        for label in reversed(labels):
            node = self.node({label: node})
        return node

    def sequences(self, ways: Iterable[tuple[Sequence[int], int]]) -> int:
        """The node from which each label sequence leads to its node.

        Equivalent to the `union` of every `sequence`, without the intermediate nodes.
        """
        trie: dict[int, Any] = {}
        for labels, target in ways:
            self._check(len(labels))
            branch = trie
            for label in labels:
                branch = branch.setdefault(label, {})
            branch.setdefault(NO_NODE, []).append(target)

        def node(arcs: list[tuple[int, Any]]) -> int:
            ends = [target for label, targets in arcs if label == NO_NODE for target in targets]
            inner = self.node({label: target for label, target in arcs if label != NO_NODE})
            return self.union([inner, *ends]) if ends else inner

        return fold_trie(trie, node)

    def union(self, nodes: Iterable[int]) -> int:
        """The node that accepts whatever any of the given nodes accepts."""
        members = frozenset(nodes) - {NO_NODE}
        if len(members) < 2:
            return next(iter(members), NO_NODE)
        if members in self._unions:
            return self._unions[members]

        def arcs_of(together: frozenset[int]) -> dict[int, frozenset[int]]:
            found: dict[int, set[int]] = {}
            for member in sorted(together):
                for label, target in self.arcs[member].items():
                    found.setdefault(label, set()).add(target)
            return {label: frozenset(targets) for label, targets in found.items()}

        return bottom_up(
            members,
            self._unions,
            arcs_of,
            lambda arcs: [after for after in arcs.values() if len(after) > 1],
            lambda _, arcs: self.node(
                {label: self._unions[after] if len(after) > 1 else min(after) for label, after in arcs.items()}
            ),
        )

    def _new(self, key: Hashable, arcs: dict[int, int]) -> int:
        found = self._nodes.get(key)
        if found is None:
            lengths = self._lengths
            length = 1 + max([lengths[target] for target in arcs.values()])
            self._check(length)
            lengths.append(length)
            found = self._nodes[key] = len(self.arcs)
            self.arcs.append(arcs)
        return found

    def _check(self, length: int) -> None:
        if length > self._max_length:
            raise GrammarError(
                f"a sentence is too long: more than {self._max_length} words and slots",
                hint="split it; look for rules that use each other repeatedly",
            )
        if len(self) > self._max_nodes:
            raise GrammarError(
                f"the commands have too many variants: more than {self._max_nodes} graph nodes",
                hint="use fewer permutations '(a;b;c)', fewer optional parts in one sentence, or shorter lists",
            )


@dataclass(frozen=True, slots=True)
class GrowingGraph:
    """A word graph as a part of a `Dag` that may hold the nodes of other graphs, too.

    Attributes:
        dag: nodes and arcs.
        labels: the labels of the arcs.
        root: where typed sentences begin, `NO_NODE` if there are none.
        spoken_root: where spoken sentences begin; differs from ``root`` if a wake phrase is required.
    """

    dag: Dag
    labels: tuple[Label, ...]
    root: int
    spoken_root: int

    def finished(self) -> WordGraph:
        """The graph on its own, with only the nodes and labels that typed sentences reach."""
        reached = {END, self.root} - {NO_NODE}
        waiting = list(reached)
        while waiting:
            new = set(self.dag.arcs[waiting.pop()].values()) - reached
            reached |= new
            waiting += new
        nodes = sorted(reached)  # a node is created after its targets
        numbers = {node: number for number, node in enumerate(nodes)}
        arcs = [arc for node in nodes for arc in self.dag.arcs[node].items()]
        used, labels = np.unique(np.array([label for label, _ in arcs], np.int32), return_inverse=True)
        return WordGraph(
            np.cumsum([0, *(len(self.dag.arcs[node]) for node in nodes)], dtype=np.int32),
            labels.astype(np.int32),
            np.array([numbers[target] for _, target in arcs], np.int32),
            tuple(self.labels[label] for label in used.tolist()),
            numbers.get(self.root, NO_NODE),
        )
