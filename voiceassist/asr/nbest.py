"""Backward through an automaton: its best sentences, one after the other.

Source: tree-trellis search (Soong and Huang 1991), with CTC's blanks (Graves et al. 2006, section 4).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr.free_text import NO_PHONE, Curve, FreeSegment, FreeTextScores
from voiceassist.asr.state_layout import StateLayout
from voiceassist.asr.viterbi_forward import ForwardScores, Scores
from voiceassist.grammar.compiler.automaton import FREE_TEXT, NO_WORD, Automaton

_WIDEST = 512
"""So many ways are followed on from any place: more than anybody asks alternatives for."""


@dataclass(frozen=True, slots=True)
class WordSpan:
    """When a word was said: from ``first_frame`` up to ``end_frame``, which is not part of it."""

    word: str
    first_frame: int
    end_frame: int


@dataclass(frozen=True, slots=True)
class FreeSpan:
    """Free text in the middle of a sentence.

    Attributes:
        words_before: how many words of the sentence are said before it.
        first_frame: where it begins.
        end_frame: where it is over.
    """

    words_before: int
    first_frame: int
    end_frame: int


@dataclass(frozen=True)
class GrammarPath:
    """A sentence of the grammar and how well it fits.

    Attributes:
        states: the states of the automaton, one for each phone.
        words: the spoken words.
        log_prob: score of the best alignment, summed over all frames.
        align: finds the frames of the words.
        tail_frame: where free text begins after the words; ``None`` for a sentence without.
        tail_log_prob: the part of ``log_prob`` that the free text has, with its price.
        inner: free text before words.
    """

    states: tuple[int, ...]
    words: tuple[str, ...]
    log_prob: float
    align: Callable[[], tuple[WordSpan, ...]] = field(repr=False, compare=False)
    tail_frame: int | None = None
    tail_log_prob: float = 0.0
    inner: tuple[FreeSpan, ...] = ()

    @cached_property
    def spans(self) -> tuple[WordSpan, ...]:
        """The words with their frames; worked out when they are asked for."""
        return self.align()


@dataclass(slots=True)
class _Ending:
    """The end of a sentence, from a state on.

    Its curves run backward: the value for frame ``t`` stands at ``frames - t``. They hold whole scores: what comes
    before is taken as blank.

    Attributes:
        state: the state with which it begins.
        entered: for each frame at which the state can begin.
        awaited: for each frame from which on blanks may come first.
        leaving: for each frame at which the state can be over.
        rest: what follows the state; ``None`` where the sentence or its words end.
        tail: free text follows.
        free: the free text that the state stands for, if it does.
    """

    state: int
    entered: Curve
    awaited: Curve
    leaving: Curve
    rest: _Ending | None
    tail: bool
    free: FreeSegment | None = None


@dataclass(slots=True)
class _Choice:
    """The states that can come before an ending, most promising first, with their promises."""

    states: list[int]
    promises: list[float]
    rest: _Ending | None
    tail: bool


class NBest:
    """Puts sentences together from their ends.

    Args:
        gains: as for `forward`, but exact. Shape: ``(frames + 1, phones)``.
        blanks: the score of blanks before each frame. Shape: ``(frames + 1,)``.
        automaton: what can be said.
        layout: the order of its states.
        reached: how well they can be reached.
        free: what free text costs.
    """

    def __init__(
        self,
        gains: NDArray[np.float64],
        blanks: Curve,
        automaton: Automaton,
        layout: StateLayout,
        reached: ForwardScores,
        free: FreeTextScores,
    ) -> None:
        self._automaton = automaton
        self._layout = layout
        self._reached = reached
        self._frames = len(gains) - 1
        self._gains = gains
        self._runs = np.ascontiguousarray(gains[::-1].T)
        self._blanks = blanks
        self._free = free
        self._finished = np.full(self._frames + 1, blanks[-1])
        self._order = count()
        self._waiting: list[tuple[float, int, _Choice | _Ending, int]] = []

    def sentences(self) -> Iterator[GrammarPath]:
        """All sentences that fit into the frames, best first."""
        self._put_ends()
        while self._waiting:
            _, _, choice, number = heapq.heappop(self._waiting)
            if isinstance(choice, _Ending):
                yield self._path(choice)
                continue
            self._push(choice, number + 1)
            ending = self._before_forced(self._ending(choice.states[number], choice.rest, tail=choice.tail))
            node = int(self._automaton.source[ending.state])
            if node == 0 and len(self._automaton.free_states):
                # What free text promises can be too much: the sentence waits for those that may be better.
                log_prob = float(ending.entered.max())
                if np.isfinite(log_prob):
                    heapq.heappush(self._waiting, (-log_prob, next(self._order), ending, 0))
            elif node == 0:
                yield self._path(ending)
            else:
                self._put_junction(node, ending, tail=False)

    def _before_forced(self, ending: _Ending) -> _Ending:
        """Go on where only one state leads to what was put together."""
        source, singles = self._automaton.source, self._automaton.singles
        while 0 < (node := int(source[ending.state])) <= singles:
            ending = self._ending(node - 1, ending, tail=False)
        return ending

    # What is promising

    def _put_ends(self) -> None:
        automaton, reached = self._automaton, self._reached
        ends = np.flatnonzero(automaton.accepting[automaton.target])
        self._put(ends, reached.ended[ends] + self._blanks[-1], None, tail=False)
        tails = np.flatnonzero(automaton.tail)
        self._put_tails(tails[(tails > 0) & (tails <= automaton.singles)] - 1)
        for node in tails[tails > automaton.singles].tolist():
            self._put_junction(node, None, tail=True)

    def _put_tails(self, states: NDArray[np.int64]) -> None:
        """Free text after the nodes that a single state leads to."""
        if len(states):
            promises = (self._reached.tails + self._tail_curves(states)).max(axis=0)
            self._put(states, promises, None, tail=True)

    def _tail_curves(self, states: NDArray[np.int64]) -> Scores:
        """The score of the free text after states that are over after each frame. Shape: ``(frames, states)``."""
        phones, kinds = np.unique(self._automaton.phone[states], return_inverse=True)
        curves = np.array([self._free.tail_after(phone) + self._blanks for phone in phones.tolist()], np.float32)
        return np.asarray(curves[:, 1:].T[:, kinds])

    def _put_junction(self, node: int, rest: _Ending | None, *, tail: bool) -> None:
        """Remember the most promising of the states that lead to a node."""
        automaton = self._automaton
        states = np.arange(*automaton.first_state[node : node + 2])
        arriving = self._reached.arriving[:, self._layout.column[states - automaton.singles]]
        phones = automaton.phone[states]
        if tail:
            self._put(states, (arriving + self._tail_curves(states)).max(axis=0), None, tail=True)
            return
        leaving = (self._finished if rest is None else rest.awaited)[-2::-1].astype(np.float32)
        promises = (arriving + leaving[:, None]).max(axis=0)
        same = np.flatnonzero(phones == automaton.phone[rest.state]) if rest is not None else ()
        if rest is not None and len(same):
            parted = _after_blank(rest)[-2::-1].astype(np.float32)
            promises[same] = (arriving[:, same] + parted[:, None]).max(axis=0)
        self._put(states, promises, rest, tail=False)

    def _put(self, states: NDArray[np.int64], promises: Scores, rest: _Ending | None, *, tail: bool) -> None:
        best = np.arange(len(states))
        if len(best) > _WIDEST:
            best = np.sort(np.argpartition(-promises, _WIDEST)[:_WIDEST])
        best = best[np.argsort(-promises[best], kind="stable")]
        best = best[np.isfinite(promises[best])]
        self._push(_Choice(states[best].tolist(), promises[best].tolist(), rest, tail), 0)

    def _push(self, choice: _Choice, number: int) -> None:
        if number < len(choice.states):
            heapq.heappush(self._waiting, (-choice.promises[number], next(self._order), choice, number))

    # Putting together

    def _leaving(self, phone: int, rest: _Ending | None, *, tail: bool) -> Curve:
        """The score of all that follows a phone, for each frame at which it could be over.

        Blanks may come in between; there must be one between equal phones.
        """
        if tail:
            return (self._free.tail_after(phone) + self._blanks)[::-1]
        if rest is None:
            return self._finished
        if rest.free is not None:
            return rest.free.after(phone)[::-1]
        return _after_blank(rest) if phone == int(self._automaton.phone[rest.state]) else rest.awaited

    def _ending(self, state: int, rest: _Ending | None, *, tail: bool) -> _Ending:
        """Put a state before an ending."""
        phone = int(self._automaton.phone[state])
        if phone == FREE_TEXT:
            return self._free_ending(state, rest)
        leaving = self._leaving(phone, rest, tail=tail)
        run = self._runs[phone]
        entered = np.empty_like(leaving)
        entered[0] = -np.inf
        np.subtract(np.maximum.accumulate(leaving[:-1] + run[:-1]), run[1:], out=entered[1:])
        return _Ending(state, entered, np.maximum.accumulate(entered), leaving, rest, tail)

    def _free_ending(self, state: int, rest: _Ending | None) -> _Ending:
        """Put free text before an ending."""
        leaving = self._finished if rest is None else rest.awaited
        following = np.repeat(leaving[None, ::-1], len(self._free.prices), axis=0)
        if rest is not None:
            phone = int(self._automaton.phone[rest.state])
            following[phone] = _after_blank(rest)[::-1]
        free = FreeSegment(self._gains, following, self._free.prices)
        entered = free.entered[::-1]
        return _Ending(state, entered, free.awaited[::-1], entered, rest, tail=False, free=free)

    def _path(self, ending: _Ending) -> GrammarPath:
        states = [ending.state]
        last, has_free = ending, ending.free is not None
        while last.rest is not None:
            last = last.rest
            states.append(last.state)
            has_free = has_free or last.free is not None
        words = self._automaton.spoken(states)
        log_prob = float(ending.entered.max())
        if not last.tail and not has_free:
            return GrammarPath(tuple(states), words, log_prob, lambda: self._alignment(ending)[0])
        spans, inner, end = self._alignment(ending)
        path = GrammarPath(tuple(states), words, log_prob, lambda: spans, inner=inner)
        if not last.tail:
            return path
        tail_log_prob = float(last.leaving[self._frames - end] - self._blanks[end])
        return replace(path, tail_frame=end, tail_log_prob=tail_log_prob)

    def _alignment(self, ending: _Ending) -> tuple[tuple[WordSpan, ...], tuple[FreeSpan, ...], int]:
        """The frames of words and of free text between them, and where the last of both ends."""
        spans: list[WordSpan] = []
        inner: list[FreeSpan] = []
        automaton = self._automaton
        first_frame, frame = 0, self._first_best(ending.entered, 0)
        begins = True
        phone, end = NO_PHONE, frame
        link: _Ending | None = ending
        while link is not None:
            if link.free is not None:
                begin, end, phone = link.free.trace(end, phone)
                inner.append(FreeSpan(len(spans), begin, end))
                begins = True
            else:
                first_frame = frame if begins else first_frame
                phone = int(automaton.phone[link.state])
                end = self._first_best(link.leaving + self._runs[phone], frame + 1)
                word = int(automaton.word[link.state])
                begins = word != NO_WORD
                if begins:
                    spans.append(WordSpan(automaton.words[word], first_frame, end))
            link = link.rest
            if link is not None and link.free is None:
                frame = self._first_best(link.entered, end + (phone == int(automaton.phone[link.state])))
        return tuple(spans), tuple(inner), end

    def _first_best(self, curve: Curve, begin: int) -> int:
        """The first of the best frames from ``begin`` on, in a curve that runs backward."""
        return begin + int(curve[::-1][begin:].argmax())


def _after_blank(rest: _Ending) -> Curve:
    """As `_Ending.awaited`, with at least one blank."""
    later = np.full_like(rest.awaited, -np.inf)
    later[1:] = rest.awaited[:-1]
    return later
