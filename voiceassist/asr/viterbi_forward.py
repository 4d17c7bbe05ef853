"""Forward through an automaton: how well its states can be reached, frame by frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voiceassist.grammar.compiler.automaton import Automaton
from voiceassist.grammar.compiler.state_layout import StateLayout

Scores = NDArray[np.float32]

_NEVER = np.float32(-np.inf)


@dataclass(frozen=True, slots=True)
class ForwardScores:
    """Scores of the best alignments, all less the score of nothing but blanks up to that frame.

    Only what cannot be worked out from elsewhere is kept: where several states lead to the same node.

    Attributes:
        arriving: of the states that lead to such nodes, in the order of `StateLayout`, being in them at a frame.
            Shape: ``(frames, arriving)``.
        ended: of all states, having been left by the end. Shape: ``(states,)``.
        tails: of the states that alone lead to where free text can begin, having been left by a frame.
            Shape: ``(frames, tails)``.
    """

    arriving: Scores
    ended: Scores
    tails: Scores


def reach(gains: Scores, automaton: Automaton) -> ForwardScores:
    """Find the best alignment to each state (Viterbi).

    A token that is said from frame ``a`` to frame ``b`` adds ``gains[b + 1] - gains[a]``. So the best time to have
    begun it does not depend on when it ends: it is a running maximum, and only the look-ups cost more than an addition.

    Args:
        gains: of each token, what it adds to blanks, summed over the frames before. Shape: ``(frames + 1, tokens)``.
        automaton: what can be said.
    """
    chains, states = automaton.chains, automaton.states
    frames = len(gains) - 1
    arriving = np.empty((frames, len(chains.arriving)), np.float32)
    pass_ = _Pass(gains[0], chains, states)
    tail_places = chains.place[np.flatnonzero(automaton.tail[1 : automaton.singles + 1])]
    tails = np.empty((frames, len(tail_places)), np.float32)
    for frame in range(frames):
        pass_.advance(gains[frame + 1], arriving[frame])
        tails[frame] = pass_.row[tail_places]
    return ForwardScores(arriving, pass_.row[chains.place], tails)


class _Pass:
    """One frame after the other, in arrays that are made once, and so are their parts: slicing costs time."""

    def __init__(self, first_gains: Scores, chains: StateLayout, states: int) -> None:
        self.row = np.full(chains.row, _NEVER, np.float32)
        self.row[-1] = 0.0
        self._chains = chains
        self._ended = self.row[:states]
        self._junctions = self.row[states:-1]
        self._begun = np.full(states, _NEVER, np.float32)
        self._now = np.full(states + 1, _NEVER, np.float32)
        self._in_state = self._now[:states]
        self._entering = np.empty(states, np.float32)
        self._heads = self._entering[: len(chains.head_source)]
        self._parted = np.full(len(chains.repeats), _NEVER, np.float32)
        # The gains before and after a frame, each with its parts, take turns.
        gains = (first_gains[chains.token], np.empty(states, np.float32))
        self._gain, self._next_gain = ((gain, self._steps(gain)) for gain in gains)
        self._layers = [(slice(*bounds), self._junctions[: bounds[1] - bounds[0]]) for bounds in chains.layers]
        self._large = self._junctions[: len(chains.first_overflow)]

    def _steps(self, gain: Scores) -> list[tuple[Scores, Scores, Scores]]:
        """Of each step along the chains: the values before it, the gains, and where the result goes."""
        heads = len(self._heads)
        steps = [(self._heads, gain[:heads], self._heads)]
        for (before, _), (first, last) in zip(self._chains.steps, self._chains.steps[1:], strict=False):
            source = self.row[before : before + last - first]
            steps.append((source, gain[first:last], self._entering[first:last]))
        return steps

    def advance(self, gains: Scores, arriving: Scores) -> None:
        """Go on by a frame; ``gains`` are those after it."""
        chains = self._chains
        self._enter()
        np.maximum(self._begun, self._entering, out=self._begun)
        next_gain = self._next_gain[0]
        # Mode "clip" spares numpy a copy.
        gains.take(chains.token, out=next_gain, mode="clip")
        np.add(self._begun, next_gain, out=self._in_state)
        np.maximum(self._ended, self._in_state, out=self._ended)
        self._gain, self._next_gain = self._next_gain, self._gain
        if len(chains.arriving):
            self._now.take(chains.arriving, out=arriving, mode="clip")
            self._join(arriving)

    def _join(self, arriving: Scores) -> None:
        """The best of the states that lead to each junction."""
        chains, junctions = self._chains, self._junctions
        np.maximum(junctions, arriving[: len(junctions)], out=junctions)
        for layer, some in self._layers:
            np.maximum(some, arriving[layer], out=some)
        if len(self._large):
            best = np.maximum.reduceat(arriving[chains.overflow :], chains.first_overflow)
            np.maximum(self._large, best, out=self._large)

    def _enter(self) -> None:
        """The value of each state for who begins it in this frame."""
        chains = self._chains
        gain, steps = self._gain
        self.row.take(chains.head_source, out=self._heads, mode="clip")
        for before, own, result in steps:
            np.subtract(before, own, out=result)
        if len(chains.repeats):
            self._entering[chains.repeats] = self._after_other_tokens() - gain[chains.repeats]
            self._parted = self.row[chains.repeat_source]

    def _after_other_tokens(self) -> Scores:
        """The best ways to the states that repeat a token: by a blank, or from another token."""
        chains, best = self._chains, self._parted
        if len(chains.members):
            groups = np.maximum.reduceat(self._now.take(chains.members, mode="clip"), chains.first_member)
            others = np.maximum.reduceat(groups.take(chains.others, mode="clip"), chains.first_other)
            best[chains.mixed] = np.maximum(best[chains.mixed], others[chains.case])
        return best
