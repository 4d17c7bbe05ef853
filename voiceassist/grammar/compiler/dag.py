"""A store of acyclic, deterministic graphs in which equal parts exist once."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

from voiceassist.errors import GrammarError

NOTHING = -1
"""The graph that contains nothing at all."""
END = 0
"""The node after the last label."""


class Dag:
    """Nodes with labelled arcs. A node is known by its arcs, so equal continuations are shared by themselves.

    Args:
        most_nodes: so many nodes at most.
        longest: so many labels at most from any node to the end.
    """

    def __init__(self, *, most_nodes: int, longest: int) -> None:
        self.arcs: list[dict[int, int]] = [{}]
        self._most_nodes = most_nodes
        self._longest = longest
        self._lengths = [0]
        self._nodes: dict[Hashable, int] = {}
        self._unions: dict[frozenset[int], int] = {}

    def __len__(self) -> int:
        return len(self.arcs) + len(self._unions)

    def node(self, arcs: dict[int, int]) -> int:
        """The node with these arcs (label to node); arcs that lead to nothing are left out.

        The mapping is kept: it must not change afterwards.

        Raises:
            GrammarError: there are too many nodes, or too many labels to the end.
        """
        if len(arcs) == 1:
            ((label, target),) = arcs.items()
            return self._new((label, target), arcs) if target != NOTHING else NOTHING
        if NOTHING in arcs.values():
            return self.node({label: target for label, target in arcs.items() if target != NOTHING})
        return self._new(frozenset(arcs.items()), arcs) if arcs else NOTHING

    def sequence(self, labels: Sequence[int], node: int) -> int:
        """The node from which these labels lead to a node."""
        for label in reversed(labels):
            node = self.node({label: node})
        return node

    def sequences(self, ways: Iterable[tuple[Sequence[int], int]]) -> int:
        """The node from which each of the label sequences leads to its node.

        The same as the `union` of each `sequence`, without the nodes that only lead there.
        """
        trie: dict[int, Any] = {}
        for labels, target in ways:
            self._check(len(labels))
            branch = trie
            for label in labels:
                branch = branch.setdefault(label, {})
            branch.setdefault(NOTHING, []).append(target)
        return self._from_trie(trie)

    def _from_trie(self, trie: dict[int, Any]) -> int:
        ends: list[int] = trie.pop(NOTHING, [])
        node = self.node({label: self._from_trie(branch) for label, branch in trie.items()})
        return self.union([node, *ends]) if ends else node

    def union(self, nodes: Iterable[int]) -> int:
        """The node from which all can be said that can be said from any of these."""
        members = frozenset(nodes) - {NOTHING}
        if len(members) < 2:
            return next(iter(members), NOTHING)
        known = self._unions.get(members)
        if known is None:
            targets: dict[int, list[int]] = {}
            for member in sorted(members):
                for label, target in self.arcs[member].items():
                    targets.setdefault(label, []).append(target)
            known = self.node({label: self._any(together) for label, together in targets.items()})
            self._unions[members] = known
        return known

    def _any(self, nodes: list[int]) -> int:
        return nodes[0] if len(nodes) == 1 else self.union(nodes)

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
        if length > self._longest:
            raise GrammarError(
                f"a sentence is far too long: more than {self._longest} words and slots",
                hint="split it; look for rules that are used again and again inside each other",
            )
        if len(self) > self._most_nodes:
            raise GrammarError(
                f"the commands have too many different ways to be said: more than {self._most_nodes} parts",
                hint="use fewer permutations '(a;b;c)', fewer optional parts in one sentence, or shorter lists",
            )
