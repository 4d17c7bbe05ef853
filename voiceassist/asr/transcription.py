"""Free text from word pieces: a beam search that weighs them with a letter model.

Source: Graves and Jaitly 2014, prefix search for CTC; Hannun et al. 2014 (arXiv 1408.2873) for the model in it. Texts
are merged by their letters: a word can be cut into pieces in more than one way, and all ways count together.
"""

from __future__ import annotations

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
        beam: dict[tuple[str, int], _Score] = {("", self._blank): _Score(0.0, -math.inf, 0.0)}
        for row, candidates in zip(log_probs, likely, strict=True):
            pieces = [(piece, self._pieces[piece], float(row[piece])) for piece in np.flatnonzero(candidates).tolist()]
            beam = self._extended(beam, float(row[self._blank]), row, pieces)
        whole: dict[str, float] = {}
        for (text, _), score in beam.items():
            ended = score.total - MODEL_WEIGHT * self._letters.cost(f" {text}", " ") if text else score.total
            whole[text] = _add(whole.get(text, -math.inf), ended)
        return max(whole, key=lambda text: whole[text])

    def _extended(
        self,
        beam: dict[tuple[str, int], _Score],
        blank: float,
        row: NDArray[np.float32],
        pieces: Sequence[tuple[int, str, float]],
    ) -> dict[tuple[str, int], _Score]:
        """The best texts one frame later."""
        found: dict[tuple[str, int], _Score] = {}

        def reach(key: tuple[str, int], in_blank: float, in_piece: float, extra: float) -> None:
            known = found.get(key)
            if known is None:
                found[key] = _Score(in_blank, in_piece, extra)
            else:
                known.in_blank, known.in_piece = _add(known.in_blank, in_blank), _add(known.in_piece, in_piece)

        for (text, last), score in beam.items():
            either = _add(score.in_blank, score.in_piece)
            stays = score.in_piece + float(row[last]) if score.in_piece > -math.inf else -math.inf
            reach((text, last), either + blank, stays, score.extra)
            context = f" {text}"[-self._letters.order :]
            for piece, letters, log_prob in pieces:
                # CTC writes the same piece twice only with a blank in between
                before = score.in_blank if piece == last else either
                if before > -math.inf:
                    written = letters if text else letters.lstrip(" ")
                    cost = self._letters.cost(context, written)
                    extra = score.extra + LETTER_BONUS * len(written) - MODEL_WEIGHT * cost
                    reach((text + written, piece), -math.inf, before + log_prob, extra)
        if len(found) <= BEAM:
            return found
        return dict(sorted(found.items(), key=lambda item: -item[1].total)[:BEAM])


class _Score:
    """Log-probabilities of all paths that write a text, by how they end.

    Attributes:
        in_blank: of those that end in a blank.
        in_piece: of those that end in the text's last piece.
        extra: what the letter model adds.
    """

    __slots__ = ("extra", "in_blank", "in_piece")

    def __init__(self, in_blank: float, in_piece: float, extra: float) -> None:
        self.in_blank, self.in_piece, self.extra = in_blank, in_piece, extra

    @property
    def total(self) -> float:
        return _add(self.in_blank, self.in_piece) + self.extra


def _add(first: float, second: float) -> float:
    """``log(exp(first) + exp(second))``."""
    if first < second:
        first, second = second, first
    return first if second == -math.inf else first + math.log1p(math.exp(second - first))
