"""Free text from word pieces: a beam search that weighs them with a letter model.

Source: Graves and Jaitly 2014, prefix search for CTC; Hannun et al. 2014 (arXiv 1408.2873) for the model in it. Texts
are merged by their letters: a word can be cut into pieces in more than one way, and all ways count together.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr.letter_model import LetterModel

BEAM = 16
MIN_PROB = 2e-3
"""Less likely pieces of a frame are not looked at."""
MODEL_WEIGHT = 0.6
LETTER_BONUS = 0.6
"""Nats for each letter. Without it the model, which makes each letter cost something, would prefer to leave words out.
Both were chosen on every fourth clip of dev."""

_Beam = dict[tuple[str, int], list[float]]
"""Log-probabilities of all paths that write a text, by the text and its last piece: of those that end in a blank, of
those that end in this piece; and what the letter model adds."""
_Ends = list[tuple[int, list[float]]]
"""The last pieces of a text, and these scores."""


class Transcriber:
    """Writes free text.

    Args:
        letters: the letter model.
        pieces: the text of each piece, a word's first one with a space before it; empty where a piece writes nothing.
        blank: index of the CTC blank.
    """

    def __init__(self, letters: LetterModel, pieces: Sequence[str], blank: int) -> None:
        self._letters, self._pieces, self._blank = letters, pieces, blank
        self._silent = np.array([not piece for piece in pieces])

    def transcribe(self, log_probs: NDArray[np.float32]) -> str:
        """The most likely text.

        Args:
            log_probs: log-probabilities of the pieces. Shape: ``(frames, pieces)``.
        """
        likely = (log_probs > math.log(MIN_PROB)) & ~self._silent
        beam: _Beam = {("", self._blank): [0.0, -math.inf, 0.0]}
        for row, candidates in zip(log_probs.tolist(), likely, strict=True):
            beam = self._extended(beam, row, np.flatnonzero(candidates).tolist())
        whole: dict[str, float] = {}
        for (text, _), score in beam.items():
            ended = _total(score) - MODEL_WEIGHT * self._letters.cost(f" {text}", " ") if text else _total(score)
            whole[text] = _add(whole.get(text, -math.inf), ended)
        return max(whole, key=lambda text: whole[text])

    def _extended(self, beam: _Beam, row: Sequence[float], pieces: Sequence[int]) -> _Beam:
        """The best texts one frame later, in which some pieces are likely."""
        found: _Beam = {
            (text, last): [_add(in_blank, in_piece) + row[self._blank], in_piece + row[last], extra]
            for (text, last), (in_blank, in_piece, extra) in beam.items()
        }
        if not pieces:
            return found
        ends: dict[str, _Ends] = {}
        for (text, last), score in beam.items():
            ends.setdefault(text, []).append((last, score))
        for (text, last), score in found.items():
            if text and last in pieces:
                letters = self._pieces[last]
                before = "" if text == letters.lstrip(" ") else text.removesuffix(letters)
                score[1] = _add(score[1], _before(ends.get(before, []), last) + row[last])
        totals = [*sorted(map(_total, found.values()), reverse=True)[:BEAM], *[-math.inf] * (BEAM - len(found))]
        heapq.heapify(totals)
        for most, text, piece, log_prob in self._longer(ends, row, pieces, totals[0]):
            if most < totals[0]:
                break
            written = self._pieces[piece] if text else self._pieces[piece].lstrip(" ")
            key = text + written, piece
            if key not in found:
                cost = self._letters.cost(f" {text}"[-self._letters.order :], written)
                found[key] = [-math.inf, log_prob, most - log_prob - MODEL_WEIGHT * cost]
                heapq.heappushpop(totals, most - MODEL_WEIGHT * cost)
        return dict(sorted(found.items(), key=lambda item: -_total(item[1]))[:BEAM])

    def _longer(
        self, ends: dict[str, _Ends], row: Sequence[float], pieces: Sequence[int], least: float
    ) -> list[tuple[float, str, int, float]]:
        """Texts with one more piece that may score as much as ``least``, best first.

        For each what it can score at most, as letters cost something, the text before, the piece and the
        log-probability.
        """
        each = ((row[piece] + LETTER_BONUS * len(self._pieces[piece]), piece) for piece in pieces)
        gains = sorted(each, reverse=True)
        longer = []
        for text, scores in ends.items():
            extra = scores[0][1][2]
            most = max(_add(score[0], score[1]) for _, score in scores) + math.log(len(scores)) + extra
            for gain, piece in gains:
                if most + gain < least:
                    break
                log_prob = _before(scores, piece) + row[piece]
                if log_prob > -math.inf:
                    letters = self._pieces[piece] if text else self._pieces[piece].lstrip(" ")
                    longer.append((log_prob + extra + LETTER_BONUS * len(letters), text, piece, log_prob))
        return sorted(longer, reverse=True)


def _before(scores: _Ends, piece: int) -> float:
    """Log-probability of all paths after which a piece can be written: the same one only after a blank."""
    total = -math.inf
    for last, (in_blank, in_piece, _) in scores:
        total = _add(total, in_blank if piece == last else _add(in_blank, in_piece))
    return total


def _total(score: Sequence[float]) -> float:
    return _add(score[0], score[1]) + score[2]


def _add(first: float, second: float) -> float:
    """``log(exp(first) + exp(second))``."""
    if first < second:
        first, second = second, first
    return first if second == -math.inf else first + math.log1p(math.exp(second - first))
