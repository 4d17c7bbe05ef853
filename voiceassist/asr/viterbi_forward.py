"""Forward pass of the search: Viterbi scores of all automaton states, frame by frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr.state_layout import Pools, StateLayout

Scores = NDArray[np.float32]

_NEVER = np.float32(-np.inf)


@dataclass(frozen=True, slots=True)
class ForwardScores:
    """Viterbi scores, each relative to the all-blank path up to the same frame.

    They are upper bounds: phones may follow themselves without a blank in between. Only the scores that the backward
    pass needs are kept.

    Attributes:
        arriving: score of being in each merged state that the backward pass can choose from at a frame, in
            `StateLayout.arriving` order. Shape: ``(frames, arriving)``.
        ended: score of having left each merged state by the last frame. Shape: ``(merged,)``.
    """

    arriving: Scores
    ended: Scores


def forward(gains: NDArray[np.float64], layout: StateLayout, phone_prices: Scores) -> ForwardScores:
    """Viterbi forward pass over all states.

    A phone goes on from frame to frame or begins after what precedes it: each state costs two maxima and an addition
    per frame.

    Args:
        gains: cumulative score of each phone relative to blank, before each frame. Shape: ``(frames + 1, phones)``.
        layout: state layout of the automaton.
        phone_prices: penalty of each free-text phone, in nats; infinite for the blank. Shape: ``(phones,)``.
    """
    frames = len(gains) - 1
    steps, cumulative = np.diff(gains, axis=0).astype(np.float32), gains.astype(np.float32)
    arriving = np.empty((frames, len(layout.arriving)), np.float32)
    pass_ = _Pass(layout)
    free = _FreeStates(layout, phone_prices) if len(layout.free) else None
    for frame in range(frames):
        pass_.go_on(steps[frame, : layout.phones])
        if free is not None:
            free.go_on(pass_.row, pass_.in_state, cumulative[frame], cumulative[frame + 1])
        pass_.leave(arriving[frame])
    ended = np.empty(len(layout.states), np.float32)
    ended[layout.order] = pass_.row[: len(ended)]
    return ForwardScores(arriving, ended)


class _FreeStates:
    """Free-text states: any phone sequence, with a penalty per phone.

    A phone may repeat here without a blank at the cost of its penalty, so these scores are an upper bound; the backward
    pass computes exact scores of complete sentences.
    """

    def __init__(self, layout: StateLayout, phone_prices: Scores) -> None:
        self._places, self._source = layout.free, layout.free_source
        self._prices = phone_prices
        self._begun = np.full((len(self._places), len(phone_prices)), _NEVER, np.float32)
        self._before = np.full(len(self._places), _NEVER, np.float32)

    def go_on(self, row: Scores, in_state: Scores, gains: Scores, next_gains: Scores) -> None:
        """Set the in-state scores at the end of a frame; the cumulative gains are those before and after it."""
        np.maximum(self._before, row[self._source], out=self._before)
        start = np.maximum(self._before, row[self._places])
        np.maximum(self._begun, start[:, None] - (gains + self._prices), out=self._begun)
        in_state[self._places] = (self._begun + next_gains).max(axis=1)


class _Pass:
    """Frame-by-frame update in preallocated arrays; their slices are preallocated too, as slicing costs time.

    Attributes:
        row: scores of having left each state, of each junction, source pool and the start, see `StateLayout`.
        in_state: score of being in each state.
    """

    def __init__(self, layout: StateLayout) -> None:
        states = len(layout.states)
        self.row = np.full(layout.row, _NEVER, np.float32)
        self.row[-1] = 0.0
        self.in_state = np.full(states, _NEVER, np.float32)
        self._layout = layout
        self._ended = self.row[:states]
        self._heads = np.empty(len(layout.head_source), np.float32)
        self._steps = [(self._heads, self.in_state[: len(self._heads)])]
        for (before, _), (first, last) in zip(layout.steps, layout.steps[1:], strict=False):
            self._steps.append((self.row[before : before + last - first], self.in_state[first:last]))
        # The gains of two phones are gathered as one number of twice the size.
        self._pairs = np.empty((layout.phones, layout.phones, 2), np.float32)
        self._pair_table = self._pairs.view(np.complex64).ravel()
        self._pair_gains = np.empty(len(layout.phone_pairs), np.complex64)
        self._gain = self._pair_gains.view(np.float32)[:states]
        self._members = np.empty(len(layout.pools.members), np.float32)
        first_pool = states + len(layout.junction_nodes)
        self._junctions = _PoolMaxima(layout.junctions, self.row[states:first_pool])
        self._pools = _PoolMaxima(layout.pools, self.row[first_pool:-1])
        self._update_pools()  # the start is in some of them

    def go_on(self, gains: Scores) -> None:
        """Advance the in-state scores by a frame, given the gain of each phone in it."""
        layout = self._layout
        # Indices are in range; mode="wrap" avoids a buffered copy in numpy, and is faster than "clip".
        self.row.take(layout.head_source, out=self._heads, mode="wrap")
        for before, own in self._steps:
            np.maximum(before, own, out=own)
        self._pairs[:, :, 0] = gains[:, None]
        self._pairs[:, :, 1] = gains
        self._pair_table.take(layout.phone_pairs, out=self._pair_gains, mode="wrap")
        np.add(self.in_state, self._gain, out=self.in_state)

    def leave(self, arriving: Scores) -> None:
        """Update the scores of having left the states, and with them those of the junctions and source pools."""
        layout = self._layout
        np.maximum(self._ended, self.in_state, out=self._ended)
        if not len(arriving):
            return
        self.in_state.take(layout.arriving, out=arriving, mode="wrap")
        self._junctions.update(arriving)
        self._update_pools()

    def _update_pools(self) -> None:
        self.row.take(self._layout.pools.members, out=self._members, mode="wrap")
        self._pools.update(self._members)


class _PoolMaxima:
    """The highest scores so far of `Pools`."""

    def __init__(self, pools: Pools, best: Scores) -> None:
        self._best = best
        self._ranks = [(slice(*bounds), best[: bounds[1] - bounds[0]]) for bounds in pools.ranks if bounds[1]]
        self._overflow, self._first = slice(pools.overflow, len(pools.members)), pools.first_overflow
        self._large = best[: len(pools.first_overflow)]

    def update(self, scores: Scores) -> None:
        """Take the scores of a frame, those of the members in their order first."""
        for rank, best in self._ranks:
            np.maximum(best, scores[rank], out=best)
        if len(self._first):
            np.maximum(self._large, np.maximum.reduceat(scores[self._overflow], self._first), out=self._large)
