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


def forward(gains: Scores, automaton: Automaton, layout: StateLayout, phone_prices: Scores) -> ForwardScores:
    """Viterbi forward pass over all states.

    A phone that occupies frames ``a`` to ``b`` contributes ``gains[b + 1] - gains[a]``. Its best start therefore does
    not depend on its end: it is a running maximum, and each state costs a few additions and maxima per frame.

    Args:
        gains: cumulative score of each phone relative to blank, before each frame. Shape: ``(frames + 1, phones)``.
        automaton: the grammar automaton.
        layout: state layout of the automaton.
        phone_prices: penalty of each free-text phone, in nats; infinite for the blank. Shape: ``(phones,)``.
    """
    states = automaton.states
    frames = len(gains) - 1
    arriving = np.empty((frames, len(layout.arriving)), np.float32)
    pass_ = _Pass(gains[0], layout, states)
    free = _FreeStates(layout.place[automaton.free_states], phone_prices) if len(automaton.free_states) else None
    tail_places = layout.place[np.flatnonzero(automaton.tail[1 : automaton.singles + 1])]
    tails = np.empty((frames, len(tail_places)), np.float32)
    for frame in range(frames):
        pass_.advance(gains[frame], gains[frame + 1], arriving[frame], free)
        tails[frame] = pass_.row[tail_places]
    return ForwardScores(arriving, pass_.row[layout.place], tails)


class _FreeStates:
    """Free-text states: any phone sequence, with a penalty per phone.

    A phone may repeat here without a blank at the cost of its penalty, so these scores are an upper bound; the backward
    pass computes exact scores of complete sentences.
    """

    def __init__(self, places: NDArray[np.intp], phone_prices: Scores) -> None:
        self._places = places
        self._prices = phone_prices
        self._begun = np.full((len(places), len(phone_prices)), _NEVER, np.float32)

    def enter(self, begun: Scores, ended: Scores, in_state: Scores, gains: tuple[Scores, Scores]) -> None:
        """Set the in-state scores at the end of a frame; ``gains`` are the cumulative gains before and after it."""
        start = np.maximum(begun[self._places], ended[self._places])
        np.maximum(self._begun, start[:, None] - (gains[0] + self._prices), out=self._begun)
        in_state[self._places] = (self._begun + gains[1]).max(axis=1)


class _Pass:
    """Frame-by-frame update in preallocated arrays; their slices are preallocated too, as slicing costs time."""

    def __init__(self, first_gains: Scores, layout: StateLayout, states: int) -> None:
        self.row = np.full(layout.row, _NEVER, np.float32)
        self.row[-1] = 0.0
        self._layout = layout
        self._ended = self.row[:states]
        self._junctions = self.row[states:-1]
        self._begun = np.full(states, _NEVER, np.float32)
        self._now = np.full(states + 1, _NEVER, np.float32)
        self._in_state = self._now[:states]
        self._entering = np.empty(states, np.float32)
        self._heads = self._entering[: len(layout.head_source)]
        self._parted = np.full(len(layout.repeats), _NEVER, np.float32)
        # Double buffer: gains before and after a frame, each with its slices.
        gains = (first_gains[layout.phone], np.empty(states, np.float32))
        self._gain, self._next_gain = ((gain, self._steps(gain)) for gain in gains)
        self._ranks = [(slice(*bounds), self._junctions[: bounds[1] - bounds[0]]) for bounds in layout.ranks]
        self._large = self._junctions[: len(layout.first_overflow)]

    def _steps(self, gain: Scores) -> list[tuple[Scores, Scores, Scores]]:
        """Operands of each step along the chains: predecessor scores, gains, output slice."""
        heads = len(self._heads)
        steps = [(self._heads, gain[:heads], self._heads)]
        for (before, _), (first, last) in zip(self._layout.steps, self._layout.steps[1:], strict=False):
            source = self.row[before : before + last - first]
            steps.append((source, gain[first:last], self._entering[first:last]))
        return steps

    def advance(self, before: Scores, gains: Scores, arriving: Scores, free: _FreeStates | None) -> None:
        """Advance by one frame; ``before`` and ``gains`` are the cumulative gains before and after it."""
        layout = self._layout
        self._enter()
        np.maximum(self._begun, self._entering, out=self._begun)
        next_gain = self._next_gain[0]
        # mode="clip" avoids a buffered copy in numpy.
        gains.take(layout.phone, out=next_gain, mode="clip")
        np.add(self._begun, next_gain, out=self._in_state)
        if free is not None:
            free.enter(self._begun, self._ended, self._in_state, (before, gains))
        np.maximum(self._ended, self._in_state, out=self._ended)
        self._gain, self._next_gain = self._next_gain, self._gain
        if len(layout.arriving):
            self._now.take(layout.arriving, out=arriving, mode="clip")
            self._join(arriving)

    def _join(self, arriving: Scores) -> None:
        """Update each junction with the maximum over its incoming states."""
        layout, junctions = self._layout, self._junctions
        np.maximum(junctions, arriving[: len(junctions)], out=junctions)
        for rank, some in self._ranks:
            np.maximum(some, arriving[rank], out=some)
        if len(self._large):
            best = np.maximum.reduceat(arriving[layout.overflow :], layout.first_overflow)
            np.maximum(self._large, best, out=self._large)

    def _enter(self) -> None:
        """Compute the score of entering each state in this frame."""
        layout = self._layout
        gain, steps = self._gain
        self.row.take(layout.head_source, out=self._heads, mode="clip")
        for before, own, result in steps:
            np.subtract(before, own, out=result)
        if len(layout.repeats):
            self._entering[layout.repeats] = self._after_other_phones() - gain[layout.repeats]
            self._parted = self.row[layout.repeat_source]

    def _after_other_phones(self) -> Scores:
        """Best predecessor scores of phone-repeating states: after a blank, or from a different phone."""
        layout, best = self._layout, self._parted
        if len(layout.members):
            groups = np.maximum.reduceat(self._now.take(layout.members, mode="clip"), layout.first_member)
            others = np.maximum.reduceat(groups.take(layout.others, mode="clip"), layout.first_other)
            best[layout.mixed] = np.maximum(best[layout.mixed], others[layout.case])
        return best
