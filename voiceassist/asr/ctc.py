"""Search for the sentences of an automaton in the output of an acoustic model trained with CTC.

The search is exact and finds the best single alignment (Viterbi), not the sum over alignments: the free path that a
sentence is compared with is a single alignment, too, and only single alignments tell when each word was said. Summing
over the alignments of the twelve best sentences chose another one in 4 of 250 cases (231 right instead of 229):
`python -m voiceassist.train.evaluation.decoder_ablation` measures it.

Nothing is pruned. With a bound that keeps the search exact, speech that is none of 10,000 phrases would still be looked
for in half of all states, and to pick those costs more than to go through all of them in order.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr.free_text import Curve, FreeTail
from voiceassist.asr.nbest import GrammarPath, NBest, WordSpan
from voiceassist.asr.viterbi_forward import Scores, reach
from voiceassist.grammar.compiler.automaton import Automaton

__all__ = ["GrammarPath", "Scores", "Search", "SearchResult", "WordSpan", "adjust", "greedy", "search"]

TAIL_TOKEN_PRICE = 3.0
"""What a token of free text costs, in nats. A command's tokens fit worse than free ones do, as its sentence was
not chosen to fit: at a lower price a short beginning such as `type` and free text take over what is another command. A
higher price loses free text instead. Measured in `models/results/search-*.json`."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found.

    Attributes:
        paths: sentences that all say something else, best first; none if no sentence fits into so few frames.
        free: score of the best path without any grammar up to each frame, from the same scores.
            Shape: ``(frames + 1,)``.
    """

    paths: tuple[GrammarPath, ...]
    free: Curve

    @property
    def frames(self) -> int:
        """How many frames were searched."""
        return len(self.free) - 1

    @property
    def free_log_prob(self) -> float:
        """Score of the best path without any grammar."""
        return float(self.free[-1])

    def score(self, path: GrammarPath) -> float:
        """Log-likelihood ratio of a path to the free path, per token: 0 is as good as free decoding.

        Of a sentence with free text, only the words before it count.
        """
        end = self.frames if path.tail_frame is None else path.tail_frame
        return float(path.log_prob - path.tail_log_prob - self.free[end]) / len(path.states)

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


class Search:
    """The search of one utterance.

    First, every state gets the score of the best way to it, frame by frame. Then sentences are put together from their
    last token to their first, always going on with the one that promises most. As the first pass tells the exact score
    of the best beginning, each sentence that is completed is the best of those left: the first is the Viterbi path, the
    next ones are the exact alternatives, each another sentence and not another alignment.

    Args:
        scores: adjusted log-probabilities, finite. Shape: ``(frames, tokens)``.
        automaton: what can be said.
        blank: the blank token.
        token_price: what each token of free text costs.
    """

    def __init__(
        self, scores: Scores, automaton: Automaton, *, blank: int, token_price: float = TAIL_TOKEN_PRICE
    ) -> None:
        self._scores = scores
        self._automaton = automaton
        self._blank = blank
        self._token_price = token_price
        self.free = np.concatenate([[0.0], np.cumsum(scores.max(axis=1, initial=-np.inf), dtype=np.float64)])

    def paths(self) -> Iterator[GrammarPath]:
        """All sentences that fit into the frames, best first; some may differ in nothing that is shown."""
        scores, automaton = self._scores, self._automaton
        if not len(scores) or not automaton.states:
            return
        gains = np.zeros((len(scores) + 1, scores.shape[1]))
        np.cumsum(scores - scores[:, self._blank, None], axis=0, dtype=np.float64, out=gains[1:])
        blanks = np.concatenate([[0.0], np.cumsum(scores[:, self._blank], dtype=np.float64)])
        reached = reach(gains.astype(np.float32), automaton)
        yield from NBest(gains, blanks, automaton, reached, self._tail_after).sentences()

    def _tail_after(self, token: int) -> Curve:
        return self._free_tail.after(token)

    @cached_property
    def _free_tail(self) -> FreeTail:
        return FreeTail(self._scores, self._blank, self._token_price)


def search(scores: Scores, automaton: Automaton, *, blank: int, alternatives: int = 3) -> SearchResult:
    """Find the sentences that fit best, each of which says something else.

    Args:
        scores: adjusted log-probabilities, finite. Shape: ``(frames, tokens)``.
        automaton: what can be said.
        blank: the blank token.
        alternatives: how many sentences at most.
    """
    found = Search(scores, automaton, blank=blank)
    paths: dict[tuple[str, bool], GrammarPath] = {}
    for path in found.paths():
        paths.setdefault((_text(automaton, path), path.tail_frame is not None), path)
        if len(paths) >= alternatives:
            break
    return SearchResult(tuple(paths.values()), found.free)


def _text(automaton: Automaton, path: GrammarPath) -> str:
    return automaton.meaning(path.states).text if path.tail_frame is None else " ".join(path.words)
