"""Memory layout of automaton states for a vectorised Viterbi pass with few gather operations.

States with equal continuations are merged, see `merged_states`. A merged state with several nodes before it takes its
score from a pool of them.

Merged states with a single merged state before them form linear chains. The layout stores the first states of all
chains, then all second states, and so on, longer chains before shorter ones. The predecessor of the i-th state in one
such group is then the i-th state of the group before, so a step along all chains takes two slices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from weakref import WeakKeyDictionary

import numpy as np

from voiceassist.asr.merged_states import Index, MergedStates, Numbers, merge_states
from voiceassist.grammar.compiler.automaton import FREE_TEXT, Automaton

_MAX_CHAIN = 24
MIN_CHAINS = 800
"""Chains are cut at `_MAX_CHAIN` states, and at a position that fewer than `MIN_CHAINS` chains reach: each position
costs the search one vector operation per frame."""

_MAX_RANKS = 16
MIN_POOLS = 300
"""Minimum number of pools for which a rank gets its own vector operation."""


@dataclass(frozen=True, slots=True)
class Pools:
    """Groups of scores of which the maximum is wanted, largest group first.

    The members are stored by rank: the first member of each group, then the second of each that has one, and so on.
    Those beyond the last rank follow group by group.

    Attributes:
        members: Shape: ``(members,)``.
        ranks: begin and end of each rank.
        overflow: begin of the members beyond the last rank.
        first_overflow: begin of those of each large group, relative to ``overflow``.
    """

    members: Index
    ranks: tuple[tuple[int, int], ...]
    overflow: int
    first_overflow: Index

    @staticmethod
    def of(groups: Sequence[Index], min_pools: int) -> Pools:
        """The pools of groups, which are in order of size; ranks with fewer than ``min_pools`` are overflow."""
        sizes = np.array([len(own) for own in groups], np.intp)
        widths = [len(sizes)]
        while widths[-1] >= min_pools and len(widths) < _MAX_RANKS:
            widths.append(int(np.count_nonzero(sizes > len(widths))))
        deep = len(widths)
        starts = np.cumsum([0, *widths]).tolist()
        large = sizes[sizes > deep] - deep
        group = np.repeat(np.arange(len(sizes)), sizes)
        number = np.arange(len(group)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        by_rank = np.lexsort((group, np.minimum(number, deep)))
        members = np.concatenate([np.empty(0, np.intp), *groups])[by_rank]
        return Pools(members, tuple(pairwise(starts)), starts[-1], (np.cumsum(large) - large).astype(np.intp))


@dataclass(frozen=True, slots=True)
class StateLayout:
    """Order of the merged states and the index arrays of the search in that order.

    The scores of a frame are one row: first the merged states, then the junctions (nodes with several merged states
    before them), the source pools, and the start node. A place is the index of a merged state in the layout.

    Attributes:
        states: the merged states.
        order: merged state at each place. Shape: ``(merged,)``.
        source: row index of the score before each merged state. Shape: ``(merged,)``.
        phones: one more than the highest phone.
        phone_pairs: two successive phones in layout order as one number, base ``phones``.
            Shape: ``((merged + 1) // 2,)``.
        steps: begin and end place of the n-th states of all chains.
        head_source: row index of the score before each chain head. Shape: ``(heads,)``.
        arriving: places of the merged states that the backward pass can choose from, members of ``junctions`` first.
        column: index into ``arriving`` of each merged state, -1 for those that are not in it. Shape: ``(merged,)``.
        junction_nodes: the junctions, most incoming states first.
        junctions: their incoming merged states.
        pool_nodes: the nodes of each source pool, largest pool first.
        pools: their row indices.
        free: places of the free-text states.
        free_source: row index of the score before them.
        row: length of a row.
    """

    states: MergedStates
    order: Numbers
    source: Numbers
    phones: int
    phone_pairs: Index
    steps: tuple[tuple[int, int], ...]
    head_source: Index
    arriving: Index
    column: Numbers
    junction_nodes: Numbers
    junctions: Pools
    pool_nodes: tuple[Index, ...]
    pools: Pools
    free: Index
    free_source: Index
    row: int

    def nodes_before(self, source: int) -> list[int]:
        """The nodes of the junction, source pool or start at a row index, ascending."""
        pool = source - len(self.states) - len(self.junction_nodes)
        if pool < 0:
            return [int(self.junction_nodes[pool])]
        return self.pool_nodes[pool].tolist() if pool < len(self.pool_nodes) else [0]


_LAYOUTS: WeakKeyDictionary[Automaton, StateLayout] = WeakKeyDictionary()


def layout_of(automaton: Automaton) -> StateLayout:
    """The layout of an automaton, computed once and kept for as long as the automaton lives.

    Thread: any; at worst two threads compute the same layout.
    """
    layout = _LAYOUTS.get(automaton)
    if layout is None:
        layout = _LAYOUTS[automaton] = lay_out(automaton)
    return layout


def lay_out(automaton: Automaton, min_chains: int = MIN_CHAINS, min_pools: int = MIN_POOLS) -> StateLayout:
    """Compute the layout of an automaton.

    Args:
        automaton: the grammar automaton.
        min_chains: chains are cut at positions that fewer chains reach.
        min_pools: ranks with fewer pools are moved to the overflow.
    """
    states = merge_states(automaton)
    incoming, only_source = states.incoming, states.only_source
    position, lengths, steps = _positions(_chained_after(states), min_chains)
    order = np.lexsort((position[:, 1], -lengths, position[:, 0]))
    place = np.argsort(order)
    junction_nodes = np.flatnonzero(incoming > 1)
    junction_nodes = junction_nodes[np.argsort(-incoming[junction_nodes], kind="stable")]
    junctions = Pools.of([states.before(node) for node in junction_nodes.tolist()], min_pools)
    pool_nodes, pool_of = _source_pools(states)
    # Row index of each node's score.
    slots = np.empty(automaton.nodes, np.intp)
    slots[0] = len(states) + len(junction_nodes) + len(pool_nodes)
    slots[incoming == 1] = place[states.first_state[:-1][incoming == 1]]
    slots[junction_nodes] = len(states) + np.arange(len(junction_nodes))
    source = np.where(only_source >= 0, slots[only_source], len(states) + len(junction_nodes) + pool_of)
    chosen = automaton.tail.copy()
    chosen[np.concatenate([np.empty(0, np.intp), *pool_nodes])] = True
    arriving = np.concatenate([junctions.members, np.flatnonzero((chosen & (incoming == 1))[states.target])])
    column = np.full(len(states), -1, np.int32)
    column[arriving] = np.arange(len(arriving))
    phones = int(states.phone.max(initial=0)) + 1
    pairs = np.resize(states.phone[order], (len(states) + len(states) % 2) or 2).reshape(-1, 2)
    free = np.flatnonzero(states.phone == FREE_TEXT)
    return StateLayout(
        states=states,
        order=order.astype(np.int32),
        source=source.astype(np.int32),
        phones=phones,
        phone_pairs=pairs @ np.array([phones, 1]),
        steps=steps,
        head_source=source[order[: steps[0][1]]] if steps else source,
        arriving=place[arriving],
        column=column,
        junction_nodes=junction_nodes.astype(np.int32),
        junctions=junctions,
        pool_nodes=pool_nodes,
        pools=Pools.of([slots[nodes] for nodes in pool_nodes], min_pools),
        free=place[free],
        free_source=source[free],
        row=int(slots[0]) + 1,
    )


def _chained_after(states: MergedStates) -> Index:
    """The merged state before each one that can continue a chain, -1 for all others."""
    only_source = states.only_source
    goes_on = np.flatnonzero((only_source > 0) & (states.incoming[only_source] == 1))
    before = np.full(len(states), -1, np.intp)
    before[goes_on] = states.first_state[only_source[goes_on]]
    return before


def _source_pools(states: MergedStates) -> tuple[tuple[Index, ...], Index]:
    """The sets of nodes before merged states with several, largest first, and the set of each merged state, or -1."""
    numbers: dict[bytes, int] = {}
    found: list[Index] = []
    pool_of = np.full(len(states), -1, np.intp)
    for state in np.flatnonzero(states.only_source < 0).tolist():
        nodes = states.sources_of(state)
        pool_of[state] = numbers.setdefault(nodes.tobytes(), len(found))
        if pool_of[state] == len(found):
            found.append(nodes)
    by_size = sorted(range(len(found)), key=lambda number: -len(found[number]))
    rank = np.argsort(np.array([*by_size, len(found)], np.intp))
    return tuple(found[number] for number in by_size), rank[pool_of] if found else pool_of


def _positions(before: Index, min_chains: int) -> tuple[Index, Index, tuple[tuple[int, int], ...]]:
    """For each state its position in its chain with the chain head, and the chain length; then the steps.

    Args:
        before: the state that each state follows in a chain, or -1. Of several after one state, the last follows it.
        min_chains: see `lay_out`.
    """
    states = len(before)
    following = np.full(states, -1, np.intp)
    goes_on = np.flatnonzero(before >= 0)
    following[before[goes_on]] = goes_on
    position = np.zeros((states, 2), np.intp)
    continued = np.zeros(states, bool)
    continued[following[following >= 0]] = True
    heads = np.flatnonzero(~continued)
    lengths = np.ones(states, np.intp)
    chain, current = heads.copy(), heads
    place = 0
    position[heads, 1] = heads
    while len(current):
        after = following[current]
        alive = after >= 0
        current, chain = after[alive], chain[alive]
        place = place + 1 if place + 1 < _MAX_CHAIN and len(current) >= min_chains else 0
        if not place:
            chain = current.copy()
        position[current, 0] = place
        position[current, 1] = chain
        lengths[chain] = place + 1
    lengths = lengths[position[:, 1]]
    counts = np.bincount(position[:, 0]) if states else np.empty(0, np.intp)
    ends = np.cumsum(counts).tolist()
    return position, lengths, tuple(zip([0, *ends[:-1]], ends, strict=True)) if states else ()
