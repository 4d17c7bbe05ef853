"""A store of acyclic, deterministic graphs in which equal parts exist once."""

from __future__ import annotations

from collections.abc import Iterable

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
        self._nodes: dict[frozenset[tuple[int, int]], int] = {}
        self._unions: dict[frozenset[int], int] = {}

    def node(self, arcs: dict[int, int]) -> int:
        """The node with these arcs (label to node); arcs that lead to nothing are left out.

        The mapping is kept: it must not change afterwards.

        Raises:
            GrammarError: there are too many nodes, or too many labels to the end.
        """
        if NOTHING in arcs.values():
            arcs = {label: target for label, target in arcs.items() if target != NOTHING}
        if not arcs:
            return NOTHING
        key = frozenset(arcs.items())
        found = self._nodes.get(key)
        if found is None:
            self._check_size()
            self._lengths.append(self._length(arcs))
            found = self._nodes[key] = len(self.arcs)
            self.arcs.append(arcs)
        return found

    def union(self, nodes: Iterable[int]) -> int:
        """The node from which all can be said that can be said from any of these."""
        members = frozenset(node for node in nodes if node != NOTHING)
        if len(members) < 2:
            return next(iter(members), NOTHING)
        known = self._unions.get(members)
        if known is None:
            self._check_size()
            targets: dict[int, set[int]] = {}
            for member in sorted(members):
                for label, target in self.arcs[member].items():
                    targets.setdefault(label, set()).add(target)
            known = self.node({label: self.union(together) for label, together in targets.items()})
            self._unions[members] = known
        return known

    def _length(self, arcs: dict[int, int]) -> int:
        length = 1 + max(self._lengths[target] for target in arcs.values())
        if length > self._longest:
            raise GrammarError(
                f"a sentence is far too long: more than {self._longest} words and slots",
                hint="split it; look for rules that are used again and again inside each other",
            )
        return length

    def _check_size(self) -> None:
        if len(self.arcs) + len(self._unions) > self._most_nodes:
            raise GrammarError(
                f"the commands have too many different ways to be said: more than {self._most_nodes} parts",
                hint="use fewer permutations '(a;b;c)', fewer optional parts in one sentence, or shorter lists",
            )
