"""Phone confusion matrix of a model: expected posteriors for each spoken phone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr.recognizer import SILENCE
from voiceassist.errors import PackError

FRAMES = 2
"""Typical duration of a phone, in frames."""
_KEPT = 12
_SCALE = 10_000
_LEAST = 1e-4
_SURE = 0.6
"""Assumed probability of the correct phone in an unmeasured matrix."""
_ALIKE = (
    {"AA", "AO", "AH"}, {"AE", "EH", "AH"}, {"IH", "IY", "EH"}, {"UH", "UW", "AH"}, {"EY", "IY", "AY"},
    {"OW", "AO", "UW"},
    {"P", "B"}, {"T", "D"}, {"K", "G"}, {"F", "V", "TH", "DH"}, {"S", "Z"}, {"SH", "ZH", "CH", "JH"}, {"M", "N", "NG"},
    {"P", "T", "K"}, {"B", "D", "G"}, {"L", "R", "W"}, {"S", "F", "TH"}, {"R", "ER"},
)  # fmt: skip
"""Groups of phones with similar articulation."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """Mean posteriors of the model over the frames of each spoken phone.

    Attributes:
        probs: row per spoken phone; the silence row holds the posteriors between phones. Shape: ``(phones, phones)``,
            rows sum to 1.
        measured: whether it was measured on speech rather than estimated from articulation.
    """

    probs: NDArray[np.float32]
    measured: bool

    def expected(self, phones: Sequence[int]) -> NDArray[np.float32]:
        """Expected log-posteriors of a phone sequence: `FRAMES` frames per phone, one frame of silence at each end.

        Shape: ``(FRAMES * len(phones) + 2, phones)``.
        """
        said = [SILENCE, *np.repeat(phones, FRAMES).tolist(), SILENCE]
        expected: NDArray[np.float32] = np.log(np.maximum(self.probs[said], _LEAST)).astype(np.float32)
        return expected

    def to_json(self) -> str:
        """JSON with the most probable phones of each row, in ten-thousandths; a few kilobytes."""
        rows = []
        for row in self.probs:
            best = np.argsort(-row, kind="stable")[:_KEPT]
            rows.append([[int(phone), round(float(row[phone]) * _SCALE)] for phone in best if row[phone] >= 1 / _SCALE])
        return json.dumps(rows, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str, phones: int) -> Confusion:
        """Read the output of `to_json`; the omitted probability mass is spread evenly.

        Raises:
            PackError: the text is malformed, or for another number of phones.
        """
        try:
            probs = _dense(json.loads(text), phones)
        except (ValueError, TypeError, IndexError) as error:
            hint = "measure it again with `python -m voiceassist.train.evaluation.phone_confusion`"
            raise PackError(f"the confusion of phones cannot be read: {error}", hint=hint) from error
        return cls(_whole(probs), measured=True)

    @classmethod
    def guessed(cls, phones: Sequence[str]) -> Confusion:
        """Estimate without measurement: phones with similar articulation are confused.

        Args:
            phones: phone names, silence first.
        """
        probs = np.eye(len(phones), dtype=np.float32) * _SURE
        for number, name in enumerate(phones):
            alike = {other for group in _ALIKE if name in group for other in group} - {name}
            probs[number, [other in alike for other in phones]] += (1 - _SURE) / 2 / max(1, len(alike))
            probs[number, SILENCE] += (1 - _SURE) / 2
        return cls(_whole(probs), measured=False)


def _dense(rows: list[list[tuple[int, int]]], phones: int) -> NDArray[np.float32]:
    if len(rows) != phones:
        raise ValueError(f"{len(rows)} rows for {phones} phones")
    probs = np.zeros((phones, phones), np.float32)
    for row, entries in enumerate(rows):
        for phone, share in entries:
            if not (0 <= phone < phones and 0 <= share <= _SCALE):
                raise ValueError(f"phone {phone}: {share}")
            probs[row, phone] = share / _SCALE
    left_out = np.maximum(1 - probs.sum(axis=1, keepdims=True), 0)
    return np.asarray(probs + left_out / phones, np.float32)


def _whole(probs: NDArray[np.float32]) -> NDArray[np.float32]:
    filled = probs + _LEAST
    whole: NDArray[np.float32] = (filled / filled.sum(axis=1, keepdims=True)).astype(np.float32)
    return whole
