"""Exact n-best search of a grammar automaton over CTC posteriors.

The search scores a sentence by its best alignment (Viterbi), not by the sum over alignments: the unconstrained path
that it is compared with is a single alignment too, and only a single alignment gives word times. Summing over the
alignments of the twelve best sentences changed the result in 4 of 250 cases (231 correct instead of 229), measured by
`python -m voiceassist.train.evaluation.decoder_ablation`.

There is no pruning. With an admissible bound, out-of-grammar speech would still keep half of the states of a grammar
with 10,000 phrases active, and selecting them costs more than updating all states in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr.free_text import Curve, FreeTail, FreeTextScores
from voiceassist.asr.grammar_path import GrammarPath, WordSpan
from voiceassist.asr.nbest import NBest
from voiceassist.asr.state_layout import StateLayout, layout_of
from voiceassist.asr.viterbi_forward import Scores, forward
from voiceassist.grammar.compiler.automaton import Automaton

__all__ = ["GrammarPath", "Scores", "Search", "WordSpan", "adjust", "greedy"]

TAIL_PHONE_PRICE = 3.0
"""Penalty per phone of free text, in nats. Unconstrained phones always score at least as well as those of a grammar
sentence: with a lower penalty, a short prefix such as `type` plus free text wins over other commands; with a higher
one, free text is lost. Measured in `models/results/search-*.json`."""


def adjust(log_probs: Scores, log_prior: NDArray[np.floating], prior_weight: float) -> Scores:
    """Scaled log-likelihoods ``log p - weight * log prior``, which reduce the bias to blank and frequent phones.

    Shape: ``(frames, phones)`` and ``(phones,)`` to ``(frames, phones)``.
    """
    return (log_probs - prior_weight * np.asarray(log_prior)).astype(np.float32)


def greedy(log_probs: Scores, blank: int) -> list[int]:
    """Greedy CTC decoding without a grammar: phones or pieces with repeats collapsed and blanks removed."""
    best = np.argmax(log_probs, axis=1) if len(log_probs) else np.empty(0, np.int64)
    changed = np.flatnonzero(np.diff(best, prepend=-1))
    return [int(label) for label in best[changed] if label != blank]


class Search:
    """Two-pass search of one utterance.

    The forward pass computes a Viterbi score of every state, frame by frame. The backward pass builds sentences from
    the last phone to the first, always expanding the hypothesis with the best total score. The forward pass gives an
    upper bound for the best prefix, mostly its exact score, so sentences are completed in order of score: first the
    Viterbi path, then the exact alternatives, each a different sentence rather than a different alignment.

    Args:
        scores: adjusted log-probabilities, finite. Shape: ``(frames, phones)``.
        automaton: the grammar automaton.
        blank: index of the blank.
        phone_price: penalty per phone of free text, in nats.
        layout: state layout of the automaton; the cached one by default.
    """

    def __init__(
        self,
        scores: Scores,
        automaton: Automaton,
        *,
        blank: int,
        phone_price: float = TAIL_PHONE_PRICE,
        layout: StateLayout | None = None,
    ) -> None:
        self._scores = scores
        self._automaton = automaton
        self._layout = layout or layout_of(automaton)
        self._blank = blank
        self._phone_price = phone_price
        self.free = np.concatenate([[0.0], np.cumsum(scores.max(axis=1, initial=-np.inf), dtype=np.float64)])

    def paths(self) -> Iterator[GrammarPath]:
        """All sentences with a valid alignment, best first; several may have the same words."""
        scores, automaton = self._scores, self._automaton
        if not len(scores) or not automaton.states:
            return
        gains = np.zeros((len(scores) + 1, scores.shape[1]))
        np.cumsum(scores - scores[:, self._blank, None], axis=0, dtype=np.float64, out=gains[1:])
        blanks = np.concatenate([[0.0], np.cumsum(scores[:, self._blank], dtype=np.float64)])
        prices = np.full(scores.shape[1], self._phone_price, np.float32)
        prices[self._blank] = np.inf
        reached = forward(gains, self._layout, prices)
        free = FreeTextScores(self._tail_after, prices)
        yield from NBest(gains, blanks, automaton, self._layout, reached, free).sentences()

    def _tail_after(self, phone: int) -> Curve:
        return self._free_tail.after(phone)

    @cached_property
    def _free_tail(self) -> FreeTail:
        return FreeTail(self._scores, self._blank, self._phone_price)
