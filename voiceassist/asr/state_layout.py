"""Memory layout of automaton states for a vectorised Viterbi pass with few gather operations.

States whose target node has no other incoming state form linear chains. The layout stores the first states of all
chains, then all second states, and so on, longer chains before shorter ones. The predecessor of the i-th state in one
such group is then the i-th state of the group before, so a step along all chains is an addition of two slices.
"""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr.ctc_repeats import find_repeats
from voiceassist.grammar.compiler.automaton import Automaton

_MAX_CHAIN = 24
MIN_CHAINS = 100
"""Chains are cut at `_MAX_CHAIN` states, and at a position that fewer than `MIN_CHAINS` chains reach: each position
costs the search one vector operation per frame."""

_MAX_RANKS = 16
MIN_JUNCTIONS = 150
"""Minimum number of junctions for which a rank gets its own vector operation."""

Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class StateLayout:
    """Order of the states and the index arrays of the search in that order.

    The scores of a frame are one row: first the states, then the junctions (nodes with several incoming states), then
    the start node. A place is the index of a state in the layout.

    Attributes:
        order: states in layout order. Shape: ``(states,)``.
        phone: phone of each state, in layout order. Shape: ``(states,)``.
        steps: begin and end place of the n-th states of all chains.
        head_source: row index of the predecessor score of each chain head. Shape: ``(heads,)``.
        junctions: nodes with several incoming states, largest in-degree first. Shape: ``(junctions,)``.
        arriving: places of the incoming states of junctions by rank: the first incoming state of each junction, then
            the second of each that has one, and so on. Shape: ``(arriving,)``.
        column: index into ``arriving`` of each incoming state of a junction, in automaton order.
        ranks: begin and end in ``arriving`` of the second, third, ... rank.
        overflow: index into ``arriving`` from which incoming states beyond the last rank are stored.
        first_overflow: begin of the states of each large junction, relative to ``overflow``.
        place: place of each automaton state. Shape: ``(states,)``.
        repeats: places of states that a state with the same phone may precede, see `ctc_repeats.CtcRepeats`.
        repeat_source: row index of their predecessor score.
        free: places of the free-text states.
        free_source: row index of their predecessor score.
        members, first_member, others, first_other, mixed, case: as in `CtcRepeats`, with members as places.
        row: length of a row.
    """

    order: Index
    phone: Index
    steps: tuple[tuple[int, int], ...]
    head_source: Index
    junctions: Index
    arriving: Index
    column: Index
    ranks: tuple[tuple[int, int], ...]
    overflow: int
    first_overflow: Index
    place: Index
    repeats: Index
    repeat_source: Index
    free: Index
    free_source: Index
    members: Index
    first_member: Index
    others: Index
    first_other: Index
    mixed: Index
    case: Index
    row: int


_LAYOUTS: WeakKeyDictionary[Automaton, StateLayout] = WeakKeyDictionary()


def layout_of(automaton: Automaton) -> StateLayout:
    """The layout of an automaton, computed once and kept for as long as the automaton lives.

    Thread: any; at worst two threads compute the same layout.
    """
    layout = _LAYOUTS.get(automaton)
    if layout is None:
        layout = _LAYOUTS[automaton] = lay_out(automaton)
    return layout


def lay_out(automaton: Automaton, min_chains: int = MIN_CHAINS, min_junctions: int = MIN_JUNCTIONS) -> StateLayout:
    """Compute the layout of an automaton.

    Args:
        automaton: the grammar automaton.
        min_chains: chains are cut at positions that fewer chains reach.
        min_junctions: ranks with fewer junctions are moved to the overflow.
    """
    states, singles = automaton.states, automaton.singles
    source = automaton.source.astype(np.intp)
    position, lengths, steps = _positions(source, singles, states, min_chains)
    order = np.lexsort((position[:, 1], -lengths, position[:, 0]))
    place = np.empty(states + 1, np.intp)
    place[order] = np.arange(states)
    place[states] = states
    counts = np.diff(automaton.first_state)
    junctions = np.flatnonzero(counts > 1)
    junctions = junctions[np.argsort(-counts[junctions], kind="stable")]
    ranks = _ranks(counts[junctions], counts, junctions, min_junctions)
    # Row index of each node's score.
    slots = np.empty(automaton.nodes, np.intp)
    slots[0] = states + len(junctions)
    slots[1 : singles + 1] = place[:singles]
    slots[junctions] = states + np.arange(len(junctions))
    arriving = np.empty(states - singles, np.intp)
    arriving[ranks.column] = place[singles:states]
    repeats = find_repeats(automaton.phone, automaton.source, automaton.first_state)
    heads = order[: steps[0][1]] if steps else order
    return StateLayout(
        order=order,
        phone=automaton.phone.astype(np.intp)[order],
        steps=steps,
        head_source=slots[source[heads]],
        junctions=junctions,
        arriving=arriving,
        column=ranks.column,
        ranks=ranks.bounds,
        overflow=ranks.overflow,
        first_overflow=ranks.first_overflow,
        place=place[:states],
        repeats=place[repeats.states],
        repeat_source=slots[source[repeats.states]],
        free=place[automaton.free_states],
        free_source=slots[source[automaton.free_states]],
        members=place[repeats.members],
        first_member=repeats.first_member.astype(np.intp),
        others=repeats.others.astype(np.intp),
        first_other=repeats.first_other.astype(np.intp),
        mixed=repeats.mixed.astype(np.intp),
        case=repeats.case.astype(np.intp),
        row=states + len(junctions) + 1,
    )


@dataclass(frozen=True, slots=True)
class _Ranks:
    """Rank arrays of `StateLayout`; ``bounds`` is its ``ranks``."""

    column: Index
    bounds: tuple[tuple[int, int], ...]
    overflow: int
    first_overflow: Index


def _ranks(sizes: Index, counts: Index, junctions: Index, min_junctions: int) -> _Ranks:
    """Assign the incoming states of junctions to ranks; ``sizes`` are the in-degrees, descending."""
    widths = [len(sizes)]
    while widths[-1] >= min_junctions and len(widths) < _MAX_RANKS:
        widths.append(int(np.count_nonzero(sizes > len(widths))))
    deep = len(widths)
    starts = np.cumsum([0, *widths])
    large = sizes[sizes > deep] - deep
    first_overflow = np.cumsum(large) - large
    rank = np.empty(len(counts), np.intp)
    rank[junctions] = np.arange(len(junctions))
    nodes = np.sort(junctions)
    own_rank = np.repeat(rank[nodes], counts[nodes])
    number = np.arange(len(own_rank)) - np.repeat(np.cumsum(counts[nodes]) - counts[nodes], counts[nodes])
    in_ranks = number < deep
    column = np.empty(len(own_rank), np.intp)
    column[in_ranks] = starts[number[in_ranks]] + own_rank[in_ranks]
    column[~in_ranks] = starts[-1] + first_overflow[own_rank[~in_ranks]] + number[~in_ranks] - deep
    bounds = tuple(zip(starts[1:-1].tolist(), starts[2:].tolist(), strict=True))
    return _Ranks(column, bounds, int(starts[-1]), first_overflow.astype(np.intp))


def _positions(
    source: Index, singles: int, states: int, min_chains: int
) -> tuple[Index, Index, tuple[tuple[int, int], ...]]:
    """For each state its position in its chain with the chain head, and the chain length; then the steps."""
    following = np.full(states, -1, np.intp)
    # A node n with one incoming state is the target of state n - 1. If it has several outgoing states, the assignment
    # keeps the last one as the continuation of the chain.
    goes_on = np.flatnonzero((source >= 1) & (source <= singles))
    following[source[goes_on] - 1] = goes_on
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
