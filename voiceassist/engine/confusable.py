"""Commands that sound alike to a model: what it would take for each sentence if it could not have that one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
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

MOST_LOOKED_AT = 60
"""So many sentences are looked at for one that means something else; many differ in a ``the`` only."""


@dataclass(frozen=True, slots=True)
class Confusable:
    """A sentence, and the one of another meaning that comes nearest.

    Attributes:
        said: what is said.
        taken_for: what it could be taken for.
        margin: by how much the right one wins, in nats; below 0 it loses.
        source: the recording, if it is one.
    """

    said: Interpretation
    taken_for: Interpretation
    margin: float
    source: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Both sentences with their meaning."""
        return {
            "margin": round(self.margin, 2),
            "said": _meaning_json(self.said),
            "taken_for": _meaning_json(self.taken_for),
            "file": self.source,
        }


def _meaning_json(found: Interpretation) -> dict[str, Any]:
    return {"text": found.text, "intent": found.command.intent, "slots": found.slots}


class PhoneListener:
    """Compares sentences as a model hears them."""

    def __init__(self, recognizer: Recognizer, automaton: Automaton, confusion: Confusion) -> None:
        self._recognizer = recognizer
        self._automaton = automaton
        self._confusion = confusion
        self._prior = np.array(recognizer.pack.manifest.log_prior, np.float32)

    def by_estimate(self, said: Interpretation) -> Confusable | None:
        """The nearest other meaning by what the model is expected to give; ``None`` where nothing comes near."""
        return self._nearest(said, self._confusion.expected(self._phones(said)))

    def by_sound(self, said: Interpretation, samples: Samples, source: str) -> Confusable | None:
        """The nearest other meaning of a recording."""
        return self._nearest(said, self._recognizer.hear(samples).phones, source)

    def _phones(self, said: Interpretation) -> list[int]:
        return [phone for word in normalize(said.text) for phone in self._recognizer.pronounce(word)[0]]

    def _nearest(
        self, said: Interpretation, log_probs: NDArray[np.float32], source: str | None = None
    ) -> Confusable | None:
        scores = adjust(log_probs, self._prior, self._recognizer.pack.manifest.calibration.prior_weight)
        own = align(scores, self._phones(said), SILENCE)
        best = -np.inf if own is None else own.log_prob
        for number, path in enumerate(Search(scores, self._automaton, blank=SILENCE).paths()):
            found = self._automaton.meaning(path.states)
            if meaning_of(found) != meaning_of(said):
                return Confusable(said, found, float(best - path.log_prob), source)
            best = max(best, path.log_prob)  # the same, said in other words
            if number >= MOST_LOOKED_AT:
                break
        return None


def meaning_of(found: Interpretation) -> tuple[str, str]:
    """Intent and slots, to compare."""
    return found.command.intent, repr(sorted(found.slots.items()))


def closest_pairs(found: Iterable[Confusable | None]) -> list[Confusable]:
    """Of each pair of intents the closest sentences, closest pairs first."""
    closest: dict[frozenset[str], Confusable] = {}
    for one in _there(found):
        pair = frozenset((one.said.command.intent, one.taken_for.command.intent))
        if pair not in closest or one.margin < closest[pair].margin:
            closest[pair] = one
    return sorted(closest.values(), key=lambda one: one.margin)


def _there(found: Iterable[Confusable | None]) -> Iterator[Confusable]:
    return (one for one in found if one is not None)


def confusion_of(recognizer: Recognizer) -> Confusion:
    """The pack's own, else a guess.

    Raises:
        PackError: that of the pack cannot be read.
    """
    path = recognizer.pack.confusion_file
    if path is None:
        return Confusion.guessed(recognizer.pack.manifest.phones)
    return Confusion.from_json(path.read_text(encoding="utf-8"), len(recognizer.pack.manifest.phones))


def distinct(found: Iterable[Interpretation]) -> Sequence[Interpretation]:
    """Each sentence once."""
    return list({one.text: one for one in found}.values())
