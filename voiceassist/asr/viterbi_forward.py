"""Forward pass of the search: Viterbi scores of all automaton states, frame by frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr.state_layout import StateLayout
from voiceassist.grammar.compiler.automaton import Automaton

Scores = NDArray[np.float32]

_NEVER = np.float32(-np.inf)


@dataclass(frozen=True, slots=True)
class ForwardScores:
    """Viterbi scores, each relative to the all-blank path up to the same frame.

    Only the scores that the backward pass needs are kept: those at junctions, sentence ends and free-text starts.

    Attributes:
        arriving: score of being in each incoming state of a junction at a frame, in `StateLayout.arriving` order.
            Shape: ``(frames, arriving)``.
        ended: score of having left each state by the last frame. Shape: ``(states,)``.
        tails: score of having left, by a frame, each state that is the only one before a free-text start.
            Shape: ``(frames, tails)``.
    """

    arriving: Scores
    ended: Scores
    tails: Scores


def forward(
    gains: NDArray[np.float64], automaton: Automaton, layout: StateLayout, phone_prices: Scores
) -> ForwardScores:
    """Viterbi forward pass over all states.

    A phone goes on from frame to frame or begins after what precedes it: each state costs two maxima and an addition
    per frame.

    Args:
        gains: cumulative score of each phone relative to blank, before each frame. Shape: ``(frames + 1, phones)``.
        automaton: the grammar automaton.
        layout: state layout of the automaton.
        phone_prices: penalty of each free-text phone, in nats; infinite for the blank. Shape: ``(phones,)``.
    """
    frames = len(gains) - 1
    steps, cumulative = np.diff(gains, axis=0).astype(np.float32), gains.astype(np.float32)
    arriving = np.empty((frames, len(layout.arriving)), np.float32)
    pass_ = _Pass(layout, automaton.states)
    free = _FreeStates(layout, phone_prices) if len(layout.free) else None
    tail_places = layout.place[np.flatnonzero(automaton.tail[1 : automaton.singles + 1])]
    tails = np.empty((frames, len(tail_places)), np.float32)
    for frame in range(frames):
        pass_.go_on(steps[frame])
        if free is not None:
            free.go_on(pass_.row, pass_.in_state, cumulative[frame], cumulative[frame + 1])
        pass_.leave(arriving[frame])
        pass_.row.take(tail_places, out=tails[frame], mode="clip")
    return ForwardScores(arriving, pass_.row[layout.place], tails)


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
        row: scores of having left each state, of each junction and of the start, see `StateLayout`.
        in_state: score of being in each state.
    """

    def __init__(self, layout: StateLayout, states: int) -> None:
        self.row = np.full(layout.row, _NEVER, np.float32)
        self.row[-1] = 0.0
        self.in_state = np.full(states, _NEVER, np.float32)
        self._layout = layout
        self._ended = self.row[:states]
        self._junctions = self.row[states:-1]
        self._heads = np.empty(len(layout.head_source), np.float32)
        self._gain = np.empty(states, np.float32)
        self._steps = [(self._heads, self.in_state[: len(self._heads)])]
        for (before, _), (first, last) in zip(layout.steps, layout.steps[1:], strict=False):
            self._steps.append((self.row[before : before + last - first], self.in_state[first:last]))
        self._parted = np.full(len(layout.repeats), _NEVER, np.float32)
        self._ranks = [(slice(*bounds), self._junctions[: bounds[1] - bounds[0]]) for bounds in layout.ranks]
        self._large = self._junctions[: len(layout.first_overflow)]

    def go_on(self, gains: Scores) -> None:
        """Advance the in-state scores by a frame, given the gain of each phone in it."""
        layout, in_state = self._layout, self.in_state
        if len(layout.repeats):
            repeated = np.maximum(in_state.take(layout.repeats, mode="clip"), self._after_other_phones())
            self._parted = self.row.take(layout.repeat_source, mode="clip")
        # mode="clip" avoids a buffered copy in numpy.
        self.row.take(layout.head_source, out=self._heads, mode="clip")
        for before, own in self._steps:
            np.maximum(before, own, out=own)
        if len(layout.repeats):
            in_state[layout.repeats] = repeated
        gains.take(layout.phone, out=self._gain, mode="clip")
        np.add(in_state, self._gain, out=in_state)

    def leave(self, arriving: Scores) -> None:
        """Update the scores of having left the states, and each junction with the maximum of its incoming states."""
        layout, junctions = self._layout, self._junctions
        np.maximum(self._ended, self.in_state, out=self._ended)
        if not len(layout.arriving):
            return
        self.in_state.take(layout.arriving, out=arriving, mode="clip")
        np.maximum(junctions, arriving[: len(junctions)], out=junctions)
        for rank, some in self._ranks:
            np.maximum(some, arriving[rank], out=some)
        if len(self._large):
            best = np.maximum.reduceat(arriving[layout.overflow :], layout.first_overflow)
            np.maximum(self._large, best, out=self._large)

    def _after_other_phones(self) -> Scores:
        """Best predecessor scores of phone-repeating states: after a blank, or from a different phone."""
        layout, best = self._layout, self._parted
        if len(layout.members):
            groups = np.maximum.reduceat(self.in_state.take(layout.members, mode="clip"), layout.first_member)
            others = np.maximum.reduceat(groups.take(layout.others, mode="clip"), layout.first_other)
            best[layout.mixed] = np.maximum(best[layout.mixed], others[layout.case])
        return best
