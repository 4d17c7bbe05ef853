"""Scores of the parts of a sentence around free text: each is looked for in frames of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr.alignment import Window, ratios_in_windows, summed_in_windows
from voiceassist.asr.recognizer import SILENCE
from voiceassist.asr.viterbi_forward import Scores

WORST_PIECES = -200.0
"""Lower bound of the piece score, in nats; also used where there are too few frames for the pieces."""
WORST_PHONES = -1_000.0
"""Lower bound of the summed phone score, in nats: smaller sums are not told from none."""
PIECE_SLACK = 4
"""Maximum offset between a piece and the sound that it transcribes, in frames."""


class HeadProbs(NamedTuple):
    """The `relative_probs` of the phones, of their adjusted scores, and of the pieces."""

    phones: NDArray[np.float64]
    scores: NDArray[np.float64]
    pieces: NDArray[np.float64]


class SentencePart(NamedTuple):
    """Phones and pieces of a part of a sentence, its first frame and its end."""

    phones: tuple[int, ...]
    pieces: tuple[int, ...]
    start: int
    stop: int

    @property
    def can_be_heard(self) -> bool:
        """Whether it has phones, and frames for them."""
        return bool(self.phones) and self.stop > self.start


_Key = tuple[tuple[int, ...], int, int]
"""Labels, first frame and end."""


class PartRatios:
    """Cached log-likelihood ratios of sentence parts to unconstrained decoding; many sentences share parts."""

    def __init__(self, heard: HeadProbs, scores: Scores, blank: int) -> None:
        self._heard = heard
        self._scores = scores
        self._blank = blank
        self._phones: dict[_Key, tuple[float, float]] = {}
        self._pieces: dict[_Key, float] = {}

    def prepare(self, parts: Sequence[SentencePart]) -> None:
        """Compute the ratios of many parts together: the number of frames is what costs."""
        spoken = [key for key in dict.fromkeys(map(_phones_key, parts)) if key not in self._phones]
        written = [key for key in dict.fromkeys(map(_pieces_key, parts)) if key not in self._pieces]
        heads = [(self._heard.phones, SILENCE), (self._heard.scores, SILENCE), (self._heard.pieces, self._blank)]
        begins = [(key, begin) for key in written if key[0] for begin in {max(key[1] - PIECE_SLACK, 0), key[1]}]
        windows = [Window(head, start, stop, text) for head in (0, 1) for text, start, stop in spoken]
        end = len(self._scores)
        windows += [Window(2, begin, min(key[2] + PIECE_SLACK, end), key[0]) for key, begin in begins]
        if not windows:
            return
        sums = summed_in_windows(heads, windows)
        best = ratios_in_windows(self._scores, SILENCE, windows[: len(spoken)]) if spoken else []
        for key, alone, ratio, total in zip(spoken, best, sums, sums[len(spoken) :], strict=False):
            gain = max(float(total[-1]), WORST_PHONES) - max(alone, WORST_PHONES)
            self._phones[key] = max(float(ratio[-1]), WORST_PHONES), gain
        for (key, _), total in zip(begins, sums[2 * len(spoken) :], strict=True):
            self._pieces[key] = max(self._pieces.get(key, WORST_PIECES), float(total.max()))

    def of_phones(self, part: SentencePart) -> tuple[float, float]:
        """Log-likelihood ratio of the phones, and what summing over alignments adds to their score."""
        return self._phones[_phones_key(part)]

    def of_pieces(self, part: SentencePart) -> float:
        """Log-likelihood ratio of the pieces, with `PIECE_SLACK` for their loose timing; 0 where there are none."""
        return self._pieces.get(_pieces_key(part), 0.0)


def _phones_key(part: SentencePart) -> _Key:
    return part.phones, part.start, part.stop


def _pieces_key(part: SentencePart) -> _Key:
    return part.pieces, part.start, part.stop
