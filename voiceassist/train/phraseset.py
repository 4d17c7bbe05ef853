"""Short phrases cut out of real recordings: what commands sound like, in voices that no training heard."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from voiceassist.domain import Samples
from voiceassist.grammar.text import normalize
from voiceassist.train.store import AudioStore, Item

SPARE_MS = 60
"""Kept before and after the words: alignments are that exact, and consonants reach over."""
QUIET_MS = 300
"""Silence put around a cut phrase, as a microphone would."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase and its sound ``(samples,)``."""

    text: str
    samples: Samples


def cut_phrases(store: AudioStore, count: int, seed: int = 0) -> list[Phrase]:
    """Cuts up to ``count`` different phrases of 2 to 5 words out of the aligned clips of a store."""
    rng = np.random.default_rng(seed)
    found: dict[str, Phrase] = {}
    aligned = [item for item in store.items if len(item.words) >= 2]
    for _ in range(20):
        for index in rng.permutation(len(aligned)):
            phrase = _cut(store, aligned[index], rng)
            if phrase is not None:
                found.setdefault(phrase.text, phrase)
            if len(found) == count:
                return list(found.values())
    return list(found.values())


def _cut(store: AudioStore, item: Item, rng: np.random.Generator) -> Phrase | None:
    words = int(rng.integers(2, 6))
    if len(item.words) < words:
        return None
    first = int(rng.integers(0, len(item.words) - words + 1))
    chosen = item.words[first : first + words]
    text = " ".join(span.label for span in chosen)
    if tuple(text.split()) != tuple(normalize(text)) or sum(len(span.label) for span in chosen) < 8:
        return None
    begin = max(0, chosen[0].start_ms - SPARE_MS) * 16
    end = min(item.samples, (chosen[-1].end_ms + SPARE_MS) * 16)
    sound = store.float_sound(item)[begin:end]
    quiet = (rng.standard_normal(QUIET_MS * 16) * 1e-4).astype(np.float32)
    return Phrase(text, np.concatenate([quiet, sound, quiet]))
