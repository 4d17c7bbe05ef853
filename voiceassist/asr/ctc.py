"""Search for the sentences of an automaton in the output of an acoustic model trained with CTC.

The search is exact and finds the best single alignment (Viterbi), not the sum over alignments: CTC posteriors are so
peaky that the two hardly differ, the free path that a sentence is compared with is a single alignment too, and only
single alignments tell when each word was said.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from voiceassist.grammar.automaton import NO_WORD, Automaton

_NEVER = np.float32(-np.inf)
_WIDEST = 32

Scores = NDArray[np.float32]
Curve = NDArray[np.float64]
"""A score for each frame at which something could begin. Shape: ``(frames + 1,)``."""


@dataclass(frozen=True, slots=True)
class WordSpan:
    """When a word was said: from ``first_frame`` up to ``end_frame``, which is not part of it."""

    word: str
    first_frame: int
    end_frame: int


@dataclass(frozen=True, slots=True)
class GrammarPath:
    """A sentence of the grammar and how well it fits.

    Attributes:
        states: the states of the automaton, one for each token.
        log_prob: score of the best alignment, summed over all frames.
        spans: the words with their frames.
    """

    states: tuple[int, ...]
    log_prob: float
    spans: tuple[WordSpan, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The spoken words."""
        return tuple(span.word for span in self.spans)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found.

    Attributes:
        paths: sentences that all say something else, best first; none if no sentence fits into so few frames.
        free_log_prob: score of the best path without any grammar, from the same scores.
        frames: how many frames were searched.
    """

    paths: tuple[GrammarPath, ...]
    free_log_prob: float
    frames: int

    def score(self, path: GrammarPath) -> float:
        """Log-likelihood ratio of a path to the free path, per token: 0 is as good as free decoding."""
        return (path.log_prob - self.free_log_prob) / len(path.states)

    @staticmethod
    def margin(path: GrammarPath, others: Iterable[GrammarPath]) -> float:
        """Log-likelihood ratio of a path to the best of the others; infinite where there are none."""
        return path.log_prob - max((other.log_prob for other in others), default=-math.inf)


def adjust(log_probs: Scores, log_prior: NDArray[np.floating], prior_weight: float) -> Scores:
    """Posteriors towards likelihoods: ``log p - weight * log prior``; blank and frequent tokens lose their lead.

    Shape: ``(frames, tokens)`` and ``(tokens,)`` to ``(frames, tokens)``.
    """
    return (log_probs - prior_weight * np.asarray(log_prior)).astype(np.float32)


def greedy(log_probs: Scores, blank: int) -> list[int]:
    """The tokens of the best path without a grammar: repeats joined, blanks left out."""
    best = np.argmax(log_probs, axis=1) if len(log_probs) else np.empty(0, np.int64)
    changed = np.flatnonzero(np.diff(best, prepend=-1))
    return [int(token) for token in best[changed] if token != blank]


def search(scores: Scores, automaton: Automaton, *, blank: int, alternatives: int = 3) -> SearchResult:
    """Find the sentences that fit best.

    First, every state gets the score of the best way to it, frame by frame. Then sentences are put together from their
    last token to their first, always going on with the one that promises most. As the first pass tells the exact score
    of the best beginning, each sentence that is completed is the best of those left: the first is the Viterbi path, the
    next ones are the exact alternatives, each another sentence and not another alignment.

    Args:
        scores: adjusted log-probabilities, finite. Shape: ``(frames, tokens)``.
        automaton: what can be said.
        blank: the blank token.
        alternatives: how many sentences at most.

    Source: tree-trellis search (Soong and Huang 1991), with CTC's blanks (Graves et al. 2006, section 4).
    """
    frames = len(scores)
    free = float(scores.max(axis=1).sum(dtype=np.float64)) if frames else 0.0
    if not frames or not automaton.states:
        return SearchResult((), free, frames)
    reached = _forward(scores, automaton, blank)
    trellis = _Trellis(scores, automaton, blank, reached, _WIDEST + alternatives)
    paths: list[GrammarPath] = []
    said: set[str] = set()
    for path in trellis.sentences():
        text = automaton.meaning(path.states).text
        if text not in said:
            said.add(text)
            paths.append(path)
        if len(paths) >= alternatives:
            break
    return SearchResult(tuple(paths), free, frames)


def _forward(scores: Scores, automaton: Automaton, blank: int) -> Scores:
    """The score of the best alignment that is in a state at a frame.

    Shape: ``(frames, states + 1)``; the last column is never reached.
    """
    repeats = automaton.repeats
    states, nodes = automaton.states, automaton.nodes
    singles = automaton.singles
    firsts = automaton.first_state[singles + 1 : nodes]
    reached = np.empty((len(scores), states + 1), np.float32)
    np.take(scores, automaton.token, axis=1, out=reached[:, :states], mode="clip")
    reached[:, states] = _NEVER
    # Of each node: the best way to have finished a state that leads there, in blank or not.
    blanks = np.full(nodes, _NEVER, np.float32)
    blanks[0] = 0.0
    ends = blanks.copy()
    entering = np.empty(states, np.float32)
    # Indices of the native kind and mode "clip" spare numpy a copy in each frame.
    source = automaton.source.astype(np.intp)
    repeat_source = source[repeats.states]
    before = np.full(states + 1, _NEVER, np.float32)
    for frame, blank_score in enumerate(scores[:, blank].tolist()):
        np.take(ends, source, out=entering, mode="clip")
        if len(repeats.states):
            parted = blanks[repeat_source]
            entering[repeats.states] = np.maximum(parted, np.maximum.reduceat(before[repeats.before], repeats.first))
        now = reached[frame]
        np.maximum(entering, before[:states], out=entering)
        now[:states] += entering
        np.add(ends, np.float32(blank_score), out=blanks)
        ends[0] = blanks[0]
        np.maximum(now[:singles], blanks[1 : singles + 1], out=ends[1 : singles + 1])
        if len(firsts):
            np.maximum.reduceat(now[:states], firsts, out=ends[singles + 1 :])
            np.maximum(ends[singles + 1 :], blanks[singles + 1 :], out=ends[singles + 1 :])
        before = now
    return reached


@dataclass(frozen=True, slots=True)
class _Ending:
    """The end of a sentence, from a state on.

    Attributes:
        state: the state with which it begins.
        entered: its score for each frame at which the state can begin.
        awaited: its score for each frame from which on blanks may come first.
        rest: what follows the state.
    """

    state: int
    entered: Curve
    awaited: Curve
    rest: _Ending | None


class _Trellis:
    """Puts sentences together from their ends."""

    def __init__(self, scores: Scores, automaton: Automaton, blank: int, reached: Scores, widest: int) -> None:
        self._automaton = automaton
        self._reached = reached
        self._widest = widest
        self._frames = len(scores)
        # sums[t, token]: the token's scores before frame t, so that any run is a difference of two.
        self._sums = np.zeros((len(scores) + 1, scores.shape[1]))
        np.cumsum(scores, axis=0, dtype=np.float64, out=self._sums[1:])
        self._blanks = self._sums[:, blank]
        self._order = count()
        self._waiting: list[tuple[float, int, int, _Ending | None]] = []

    def sentences(self) -> Iterator[GrammarPath]:
        """All sentences that fit into the frames, best first."""
        self._put(self._automaton.final_states, None)
        while self._waiting:
            _, _, state, rest = heapq.heappop(self._waiting)
            entered = self._entered(state, rest)
            ending = _Ending(state, entered, _best_from(entered + self._blanks) - self._blanks, rest)
            node = int(self._automaton.source[state])
            if node == 0:
                yield self._path(ending)
            else:
                first, end = self._automaton.first_state[node : node + 2]
                self._put(np.arange(first, end), ending)

    def _put(self, states: NDArray[np.int64], rest: _Ending | None) -> None:
        """Remember the most promising states before an ending."""
        promises = (self._reached[:, states] + self._leaving(rest, parted=False)[1:, None]).max(axis=0)
        if rest is not None:
            same = np.flatnonzero(self._automaton.token[states] == self._automaton.token[rest.state])
            if len(same):
                after = self._leaving(rest, parted=True)[1:, None]
                promises[same] = (self._reached[:, states[same]] + after).max(axis=0)
        best = np.argsort(-promises, kind="stable")[: self._widest]
        for index in best[np.isfinite(promises[best])]:
            heapq.heappush(self._waiting, (-float(promises[index]), next(self._order), int(states[index]), rest))

    def _leaving(self, rest: _Ending | None, *, parted: bool) -> Curve:
        """The score of all that follows a state, for each frame at which it could be over.

        Blanks may come in between; there must be one where ``parted``, between equal tokens.
        """
        if rest is None:
            return np.asarray(self._blanks[-1] - self._blanks)
        if not parted:
            return rest.awaited
        one_blank = np.full(self._frames + 1, -np.inf)
        one_blank[:-1] = np.diff(self._blanks) + rest.awaited[1:]
        return one_blank

    def _entered(self, state: int, rest: _Ending | None) -> Curve:
        token = self._automaton.token[state]
        parted = rest is not None and token == self._automaton.token[rest.state]
        run = self._sums[:, token]
        entered = np.full(self._frames + 1, -np.inf)
        entered[:-1] = _best_from(self._leaving(rest, parted=parted) + run)[1:] - run[:-1]
        return entered

    def _path(self, ending: _Ending) -> GrammarPath:
        states: list[int] = []
        spans: list[WordSpan] = []
        begun = ending.entered + self._blanks
        first_frame, frame = 0, int(np.argmax(begun))
        begins = True
        link: _Ending | None = ending
        while link is not None:
            states.append(link.state)
            first_frame = frame if begins else first_frame
            end, frame = self._next_frames(link, frame)
            word = int(self._automaton.word[link.state])
            begins = word != NO_WORD
            if begins:
                spans.append(WordSpan(self._automaton.words[word], first_frame, end))
            link = link.rest
        return GrammarPath(tuple(states), float(begun.max()), tuple(spans))

    def _next_frames(self, ending: _Ending, frame: int) -> tuple[int, int]:
        """The frame after the state's token, and the frame at which the next token begins."""
        token = self._automaton.token[ending.state]
        parted = ending.rest is not None and token == self._automaton.token[ending.rest.state]
        leaving = self._leaving(ending.rest, parted=parted) + self._sums[:, token]
        end = frame + 1 + int(np.argmax(leaving[frame + 1 :]))
        if ending.rest is None:
            return end, self._frames
        blank_until = ending.rest.entered + self._blanks
        start = end + 1 if parted else end
        return end, start + int(np.argmax(blank_until[start:]))


def _best_from(curve: Curve) -> Curve:
    """For each frame the best value from there on."""
    return np.asarray(np.maximum.accumulate(curve[::-1])[::-1])
