"""Search for the sentences of an automaton in the output of an acoustic model trained with CTC.

The search is exact and finds the best single alignment (Viterbi), not the sum over alignments: the free path that a
sentence is compared with is a single alignment, too, and only single alignments tell when each word was said. Summing
over the alignments of the twelve best sentences chose another one in 4 of 250 cases (231 right instead of 229):
`python -m voiceassist.train.evaluation.decoder_ablation` measures it.

Nothing is pruned. With a bound that keeps the search exact, speech that is none of 10,000 phrases would still be looked
for in half of all states, and to pick those costs more than to go through all of them in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr.free_text import Curve, FreeTail, FreeTextScores
from voiceassist.asr.nbest import GrammarPath, NBest, WordSpan
from voiceassist.asr.state_layout import StateLayout, layout_of
from voiceassist.asr.viterbi_forward import Scores, forward
from voiceassist.grammar.compiler.automaton import Automaton

__all__ = ["GrammarPath", "Scores", "Search", "WordSpan", "adjust", "greedy"]

TAIL_PHONE_PRICE = 3.0
"""What a phone of free text costs, in nats. A command's phones fit worse than free ones do, as its sentence was
not chosen to fit: at a lower price a short beginning such as `type` and free text take over what is another command. A
higher price loses free text instead. Measured in `models/results/search-*.json`."""


def adjust(log_probs: Scores, log_prior: NDArray[np.floating], prior_weight: float) -> Scores:
    """Posteriors towards likelihoods: ``log p - weight * log prior``; blank and frequent phones lose their lead.

    Shape: ``(frames, phones)`` and ``(phones,)`` to ``(frames, phones)``.
    """
    return (log_probs - prior_weight * np.asarray(log_prior)).astype(np.float32)


def greedy(log_probs: Scores, blank: int) -> list[int]:
    """The phones or pieces of the best path without a grammar: repeats joined, blanks left out."""
    best = np.argmax(log_probs, axis=1) if len(log_probs) else np.empty(0, np.int64)
    changed = np.flatnonzero(np.diff(best, prepend=-1))
    return [int(label) for label in best[changed] if label != blank]


class Search:
    """The search of one utterance.

    First, every state gets the score of the best way to it, frame by frame. Then sentences are put together from their
    last phone to their first, always going on with the one that promises most. As the first pass tells the exact score
    of the best beginning, each sentence that is completed is the best of those left: the first is the Viterbi path, the
    next ones are the exact alternatives, each another sentence and not another alignment.

    Args:
        scores: adjusted log-probabilities, finite. Shape: ``(frames, phones)``.
        automaton: what can be said.
        blank: the blank phone.
        phone_price: what each phone of free text costs.
        layout: the order of the automaton's states, the usual one by default.
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
        """All sentences that fit into the frames, best first; some may differ in nothing that is shown."""
        scores, automaton = self._scores, self._automaton
        if not len(scores) or not automaton.states:
            return
        gains = np.zeros((len(scores) + 1, scores.shape[1]))
        np.cumsum(scores - scores[:, self._blank, None], axis=0, dtype=np.float64, out=gains[1:])
        blanks = np.concatenate([[0.0], np.cumsum(scores[:, self._blank], dtype=np.float64)])
        prices = np.full(scores.shape[1], self._phone_price, np.float32)
        prices[self._blank] = np.inf
        reached = forward(gains.astype(np.float32), automaton, self._layout, prices)
        free = FreeTextScores(self._tail_after, prices)
        yield from NBest(gains, blanks, automaton, self._layout, reached, free).sentences()

    def _tail_after(self, phone: int) -> Curve:
        return self._free_tail.after(phone)

    @cached_property
    def _free_tail(self) -> FreeTail:
        return FreeTail(self._scores, self._blank, self._phone_price)
