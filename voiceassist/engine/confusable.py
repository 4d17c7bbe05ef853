"""Acoustically confusable commands: for each sentence, the best-scoring sentence with another meaning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voiceassist.asr.alignment import align
from voiceassist.asr.confusion import Confusion
from voiceassist.asr.ctc import Search, adjust
from voiceassist.asr.recognizer import SILENCE, Recognizer
from voiceassist.domain import Interpretation, Samples
from voiceassist.grammar.compiler.automaton import Automaton
from voiceassist.grammar.language.text_normalization import normalize

MAX_PATHS = 60
"""Maximum number of search paths read for one with another meaning; many differ only in an article."""


@dataclass(frozen=True, slots=True)
class Confusable:
    """A sentence and its closest rival with another meaning.

    Attributes:
        said: the spoken sentence.
        taken_for: the rival.
        margin: log-likelihood ratio of the spoken sentence to the rival, in nats; negative if the rival wins.
        source: name of the recording, if there is one.
    """

    said: Interpretation
    taken_for: Interpretation
    margin: float
    source: str | None = None

    def to_json(self) -> dict[str, Any]:
        """JSON-compatible form of both sentences with their meanings."""
        return {
            "margin": round(self.margin, 2),
            "said": _meaning_json(self.said),
            "taken_for": _meaning_json(self.taken_for),
            "file": self.source,
        }


def _meaning_json(found: Interpretation) -> dict[str, Any]:
    return {"text": found.text, "intent": found.command.intent, "slots": found.slots}


class PhoneListener:
    """Finds confusable sentences from the phone posteriors of a model."""

    def __init__(self, recognizer: Recognizer, automaton: Automaton, confusion: Confusion) -> None:
        self._recognizer = recognizer
        self._automaton = automaton
        self._confusion = confusion
        self._prior = np.array(recognizer.pack.manifest.log_prior, np.float32)

    def by_estimate(self, said: Interpretation) -> Confusable | None:
        """Closest rival, from the expected posteriors of the model; ``None`` if there is none."""
        return self._nearest(said, self._confusion.expected(self._phones(said)))

    def by_sound(self, said: Interpretation, samples: Samples, source: str) -> Confusable | None:
        """Closest rival, from a recording."""
        return self._nearest(said, self._recognizer.hear(samples).phones, source)

    def _phones(self, said: Interpretation) -> list[int]:
        return [phone for word in normalize(said.text) for phone in self._recognizer.pronounce(word)[0]]

    def _nearest(
        self, said: Interpretation, log_probs: NDArray[np.float32], source: str | None = None
    ) -> Confusable | None:
        scores = adjust(log_probs, self._prior, self._recognizer.pack.manifest.calibration.prior_weight)
        own = align(scores, self._phones(said), SILENCE)
        best = -np.inf if own is None else own.log_prob
        for path in islice(Search(scores, self._automaton, blank=SILENCE).paths(), MAX_PATHS):
            if path.free_after or path.has_tail:
                continue  # free text fits anything, and is no rival
            found = self._automaton.meaning(path.states)
            if meaning_of(found) != meaning_of(said):
                return Confusable(said, found, float(best - path.log_prob), source)
            best = max(best, path.log_prob)  # a paraphrase
        return None


def meaning_of(found: Interpretation) -> tuple[str, str]:
    """Intent and slots as a comparable key."""
    return found.command.intent, repr(sorted(found.slots.items()))


def closest_pairs(found: Iterable[Confusable | None]) -> list[Confusable]:
    """The closest sentences of each pair of intents, smallest margin first."""
    closest: dict[frozenset[str], Confusable] = {}
    for one in filter(None, found):
        pair = frozenset((one.said.command.intent, one.taken_for.command.intent))
        if pair not in closest or one.margin < closest[pair].margin:
            closest[pair] = one
    return sorted(closest.values(), key=lambda one: one.margin)


def confusion_of(recognizer: Recognizer) -> Confusion:
    """Phone confusion matrix of the pack, or an estimate if it has none.

    Raises:
        PackError: the matrix of the pack cannot be read.
    """
    path = recognizer.pack.confusion_file
    if path is None:
        return Confusion.guessed(recognizer.pack.manifest.phones)
    return Confusion.from_json(recognizer.pack.read(path.name).decode("utf-8"), len(recognizer.pack.manifest.phones))


def distinct(found: Iterable[Interpretation]) -> Sequence[Interpretation]:
    """Remove duplicate sentences."""
    return list({one.text: one for one in found}.values())
