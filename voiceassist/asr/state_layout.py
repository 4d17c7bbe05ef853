"""The states of an automaton in an order that spares the search most of its looking up.

Where one state leads to just one node that no other state leads to, what comes next depends on that state alone. Such
states form chains. The first states of all chains come first, then all second ones, and so on, longer chains before
shorter ones: so the state before the n-th of each chain stands at the same place among those before it.
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
"""Longer chains are cut, and so are chains of a length that fewer chains reach: each position in the chains costs the
search one step per frame."""

_MAX_RANKS = 16
MIN_JUNCTIONS = 150
"""A rank with fewer junctions is not worth a step of its own."""

Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class StateLayout:
    """The order of the states, and what the search looks up, in that order.

    The values of a frame are kept in one row: of each state, of each node with several states before it (a junction),
    and of the start.

    Attributes:
        order: the states in chain order. Shape: ``(states,)``.
        phone: their phones. Shape: ``(states,)``.
        steps: the first and last place of the n-th states of the chains.
        head_source: where in a row the value before each first state stands. Shape: ``(heads,)``.
        junctions: the nodes with several states before them, those with most states first. Shape: ``(junctions,)``.
        arriving: the places of the states that lead to junctions: first one state of each junction, then a second one
            of each that has it, and so on. Shape: ``(arriving,)``.
        column: where in ``arriving`` the states stand that lead to junctions, in the order of the automaton.
        ranks: where in ``arriving`` the second, third, ... states of junctions begin and end.
        overflow: where in ``arriving`` those of the largest junctions stand that would need too many ranks.
        first_overflow: where those of each large junction begin, from ``overflow`` on.
        place: where each state of the automaton stands. Shape: ``(states,)``.
        repeats: places of the states whose phone can end right before them, see `ctc_repeats.CtcRepeats`.
        repeat_source: where in a row the value before them stands.
        members, first_member, others, first_other, mixed, case: as in `CtcRepeats`, the members as places.
        row: the length of a row.
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
    """Put the states of an automaton in order.

    Args:
        automaton: what can be said.
        min_chains: a position in the chains that fewer chains reach starts new chains instead.
        min_junctions: a rank with fewer junctions is not laid out on its own.
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
    # Of each node: where its value stands in a row.
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
    """See the attributes of `StateLayout`; ``bounds`` are its ranks."""

    column: Index
    bounds: tuple[tuple[int, int], ...]
    overflow: int
    first_overflow: Index


def _ranks(sizes: Index, counts: Index, junctions: Index, min_junctions: int) -> _Ranks:
    """Lay the states before the junctions out in ranks; ``sizes`` are their numbers, descending."""
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
    """Place in its chain and first state of the chain for each state; the chain's length; the steps."""
    following = np.full(states, -1, np.intp)
    # Node n of a single state is the target of state n - 1; of the states after it, the last one written goes on.
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
