"""Backward pass of the search: enumerates the n-best sentences of an automaton, best first.

Source: tree-trellis search (Soong and Huang 1991), with CTC's blanks (Graves et al. 2006, section 4).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr.free_text import NO_PHONE, Curve, FreeSegment, FreeTextScores
from voiceassist.asr.grammar_path import FreeSpan, GrammarPath, WordAlignment, WordSpan
from voiceassist.asr.state_layout import StateLayout
from voiceassist.asr.viterbi_forward import ForwardScores, Scores
from voiceassist.grammar.compiler.automaton import FREE_TEXT, NO_WORD, Automaton

_WIDEST = 512
"""Maximum number of predecessor states kept per backward expansion; far more than any caller requests."""


@dataclass(slots=True)
class _Ending:
    """A partial sentence in the backward search: the suffix that starts at a merged state.

    Its curves are stored in reverse time order: the value for frame ``t`` is at index ``frames - t``. Each value is
    the score of the whole utterance, with blanks in all frames before the suffix.

    Attributes:
        state: first merged state of the suffix.
        entered: score if the state is entered exactly at a frame.
        awaited: score if the state is entered at a frame or later, with blanks in between.
        leaving: score of what follows if the state is left at a frame.
        rest: suffix after the state; ``None`` where the sentence or its grammar words end.
        tail: whether free text follows the last state.
        free: segment scores if the state is a free-text state.
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
    """Candidate predecessor states of a suffix, best first, with their total scores (``promises``)."""

    states: list[int]
    promises: list[float]
    rest: _Ending | None
    tail: bool


class _Incoming(NamedTuple):
    """The merged states that lead to nodes, their phones, and the scores of being in them at each frame.

    Shape: ``arriving`` is ``(states, frames)``.
    """

    states: NDArray[np.intp]
    phones: NDArray[np.int32]
    arriving: Scores


class NBest:
    """Best-first (A*) n-best search from sentence ends to the start, with the forward scores as heuristic.

    The forward scores are upper bounds. A complete sentence is therefore queued once more with its exact score.

    Args:
        gains: as for `forward`, in double precision. Shape: ``(frames + 1, phones)``.
        blanks: cumulative blank score before each frame. Shape: ``(frames + 1,)``.
        automaton: the grammar automaton.
        layout: state layout of the automaton.
        reached: Viterbi scores of the forward pass.
        free: free-text scores of the utterance.
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
        self._incoming: dict[int, _Incoming] = {}

    def sentences(self) -> Iterator[GrammarPath]:
        """All sentences with a valid alignment, best first."""
        self._put_ends()
        while self._waiting:
            cost, _, choice, number = heapq.heappop(self._waiting)
            if isinstance(choice, _Ending):
                yield self._path(choice, -cost)
                continue
            self._push(choice, number + 1)
            ending = self._ending(choice.states[number], choice.rest, tail=choice.tail)
            source, order = self._layout.source, self._layout.order
            while (before := int(source[ending.state])) < len(order):  # a single state precedes it
                ending = self._ending(int(order[before]), ending, tail=False)
            self._put_before(before, ending)

    # Queueing candidates

    def _put_ends(self) -> None:
        automaton, layout, reached = self._automaton, self._layout, self._reached
        ends = np.flatnonzero(automaton.accepting[layout.states.target])
        self._put(ends, reached.ended[ends] + self._blanks[-1], None, tail=False)
        tails = np.flatnonzero(automaton.tail).tolist()
        if tails:
            states, phones, arriving = self._incoming_of(tails)
            kinds, own = np.unique(phones, return_inverse=True)
            # trailing free text if a state is left after each frame
            curves = np.array([self._free.tail_after(phone) + self._blanks for phone in kinds.tolist()], np.float32)
            self._put(states, (arriving + curves[own, 1:]).max(axis=1, initial=-inf), None, tail=True)

    def _put_before(self, source: int, rest: _Ending) -> None:
        """Queue the best states before a suffix, and the sentence that it is where it begins at the start."""
        nodes = self._layout.nodes_before(source)
        incoming = self._incoming.get(source)
        if incoming is None:
            incoming = self._incoming[source] = self._incoming_of(nodes)
        if nodes[0] == 0:
            log_prob = float(rest.entered.max())
            if np.isfinite(log_prob):
                heapq.heappush(self._waiting, (-log_prob, next(self._order), rest, 0))
        states, phones, arriving = incoming
        if len(states):
            promises = (arriving + rest.awaited[-2::-1].astype(np.float32)).max(axis=1)
            if (same := phones == self._layout.states.phone[rest.state]).any():
                promises[same] = (arriving[same] + _after_blank(rest)[-2::-1].astype(np.float32)).max(axis=1)
            self._put(states, promises, rest, tail=False)

    def _incoming_of(self, nodes: Sequence[int]) -> _Incoming:
        merged = self._layout.states
        states = np.concatenate([merged.before(node) for node in nodes])
        arriving = self._reached.arriving[:, self._layout.column[states]]
        return _Incoming(states, merged.phone[states], np.ascontiguousarray(arriving.T))

    def _put(self, states: NDArray[np.intp], promises: Scores, rest: _Ending | None, *, tail: bool) -> None:
        best = np.argsort(-promises, kind="stable")[:_WIDEST]
        ordered = promises[best].tolist()
        while ordered and ordered[-1] == -inf:
            ordered.pop()
        self._push(_Choice(states[best].tolist(), ordered, rest, tail), 0)

    def _push(self, choice: _Choice, number: int) -> None:
        if number < len(choice.promises):
            heapq.heappush(self._waiting, (-choice.promises[number], next(self._order), choice, number))

    # Building suffixes

    def _leaving(self, phone: int, rest: _Ending | None, *, tail: bool) -> Curve:
        """Score of everything after a phone, for each frame at which the phone may end.

        Blanks may come in between; CTC requires one between equal phones.
        """
        if tail:
            return (self._free.tail_after(phone) + self._blanks)[::-1]
        if rest is None:
            return self._finished
        if rest.free is not None:
            return rest.free.after(phone)[::-1]
        return _after_blank(rest) if phone == int(self._layout.states.phone[rest.state]) else rest.awaited

    def _ending(self, state: int, rest: _Ending | None, *, tail: bool) -> _Ending:
        """Prepend a state to a suffix."""
        phone = int(self._layout.states.phone[state])
        if phone == FREE_TEXT:
            return self._free_ending(state, rest)
        leaving = self._leaving(phone, rest, tail=tail)
        run = self._runs[phone]
        entered = np.empty_like(leaving)
        entered[0] = -np.inf
        np.subtract(np.maximum.accumulate(leaving[:-1] + run[:-1]), run[1:], out=entered[1:])
        return _Ending(state, entered, np.maximum.accumulate(entered), leaving, rest, tail)

    def _free_ending(self, state: int, rest: _Ending | None) -> _Ending:
        """Prepend a free-text state to a suffix."""
        leaving = self._finished if rest is None else rest.awaited
        following = np.repeat(leaving[None, ::-1], len(self._free.prices), axis=0)
        if rest is not None:
            phone = int(self._layout.states.phone[rest.state])
            following[phone] = _after_blank(rest)[::-1]
        free = FreeSegment(self._gains, following, self._free.prices)
        entered = free.entered[::-1]
        return _Ending(state, entered, free.awaited[::-1], entered, rest, tail=False, free=free)

    def _path(self, ending: _Ending, log_prob: float) -> GrammarPath:
        links = [ending]
        while links[-1].rest is not None:
            links.append(links[-1].rest)
        states = self._layout.states.path(np.array([link.state for link in links]))
        words = self._automaton.word[states]
        free = [number for number, link in enumerate(links) if link.free is not None] if len(self._layout.free) else []
        return GrammarPath(
            tuple(states.tolist()),
            tuple(self._automaton.words[word] for word in words[words != NO_WORD].tolist()),
            log_prob,
            links[-1].tail,
            tuple(int(np.count_nonzero(words[:number] != NO_WORD)) for number in free),
            lambda: self._alignment(links, words.tolist()),
        )

    def _alignment(self, links: Sequence[_Ending], words: Sequence[int]) -> WordAlignment:
        spans: list[WordSpan] = []
        inner: list[FreeSpan] = []
        phone, end, begins = NO_PHONE, 0, True
        first_frame = 0
        for link, word in zip(links, words, strict=True):
            if link.free is not None:
                begin, end, phone = link.free.trace(end, phone)
                inner.append(FreeSpan(len(spans), begin, end))
                begins = True
                continue
            own = int(self._layout.states.phone[link.state])
            frame = self._first_best(link.entered, end + (phone == own))
            first_frame = frame if begins else first_frame
            phone, end = own, self._first_best(link.leaving + self._runs[own], frame + 1)
            begins = word != NO_WORD
            if begins:
                spans.append(WordSpan(self._automaton.words[word], first_frame, end))
        return WordAlignment(tuple(spans), tuple(inner), end)

    def _first_best(self, curve: Curve, begin: int) -> int:
        """Earliest frame with the maximum score from ``begin`` on, in a reversed curve."""
        return begin + int(curve[::-1][begin:].argmax())


def _after_blank(rest: _Ending) -> Curve:
    """`_Ending.awaited` with at least one blank first."""
    later = np.full_like(rest.awaited, -np.inf)
    later[1:] = rest.awaited[:-1]
    return later
