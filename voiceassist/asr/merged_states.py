"""States of an automaton that need one score together: those with the same phone, word and target node.

What follows them is the same, so only the best of the nodes before them counts. Of the default commands, two thirds of
the states are left.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voiceassist.grammar.compiler.automaton import Automaton

Index = NDArray[np.intp]
Numbers = NDArray[np.int32]
"""Numbers that are looked up one by one; indices of whole arrays are faster as `Index`, but take twice the memory."""


@dataclass(frozen=True, slots=True)
class MergedStates:
    """Merged states, numbered by target node, then by the first automaton state of each.

    Attributes:
        phone: Shape: ``(merged,)``.
        target: target node. Shape: ``(merged,)``.
        first_state: first merged state of each target node. Shape: ``(nodes + 1,)``.
        arcs: the automaton states, merged state by merged state. Shape: ``(states,)``.
        first_arc: where those of each merged state begin. Shape: ``(merged + 1,)``.
        keys: merged state and source node of each of them as one number, base ``nodes``; ascending.
            Shape: ``(states,)``.
    """

    phone: Numbers
    target: Numbers
    first_state: Numbers
    arcs: Numbers
    first_arc: Numbers
    keys: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.phone)

    @property
    def incoming(self) -> Numbers:
        """The number of merged states before each node. Shape: ``(nodes,)``."""
        return np.diff(self.first_state)

    @property
    def nodes(self) -> int:
        """The number of nodes of the automaton."""
        return len(self.first_state) - 1

    @property
    def only_source(self) -> Index:
        """The node before each merged state, -1 where there are several. Shape: ``(merged,)``."""
        return np.where(np.diff(self.first_arc) == 1, self.keys[self.first_arc[:-1]] % self.nodes, -1)

    def sources_of(self, state: int) -> NDArray[np.int64]:
        """The nodes before a merged state, ascending."""
        return np.asarray(self.keys[self.first_arc[state] : self.first_arc[state + 1]] % self.nodes)

    def before(self, node: int) -> Index:
        """The merged states before a node."""
        return np.arange(self.first_state[node], self.first_state[node + 1])

    def path(self, states: Index) -> Numbers:
        """The automaton states of a path of merged states from the start."""
        keys = states * self.nodes
        keys[1:] += self.target[states[:-1]]
        return np.asarray(self.arcs[np.searchsorted(self.keys, keys)])


def merge_states(automaton: Automaton) -> MergedStates:
    """The merged states of an automaton."""
    phones, words = int(automaton.phone.max(initial=0)) + 1, len(automaton.words) + 1
    key = (automaton.target.astype(np.int64) * phones + automaton.phone) * words + automaton.word + 1
    by_key = np.argsort(key, kind="stable")
    begins = np.ones(len(key), bool)
    begins[1:] = np.diff(key[by_key]) != 0
    # Alternatives that sound alike stay in the order of the automaton.
    number = np.argsort(np.argsort(by_key[begins]))
    merged = np.empty(len(key), np.intp)
    merged[by_key] = number[np.cumsum(begins) - 1]
    arcs = np.argsort(merged, kind="stable")
    first_arc = np.concatenate([[0], np.cumsum(np.bincount(merged))])
    first = arcs[first_arc[:-1]]
    target = automaton.target[first]
    return MergedStates(
        phone=automaton.phone[first],
        target=target,
        first_state=np.searchsorted(target, np.arange(automaton.nodes + 1)).astype(np.int32),
        arcs=arcs.astype(np.int32),
        first_arc=first_arc.astype(np.int32),
        keys=merged[arcs] * automaton.nodes + automaton.source[arcs],
    )
