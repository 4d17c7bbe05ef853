"""Short phrases cut from held-out recordings, as stand-ins for commands."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from voiceassist.asr.recognizer import Recognizer
from voiceassist.domain import Interpretation, Samples
from voiceassist.grammar.compiler.automaton import Automaton, compile_automaton
from voiceassist.grammar.files.merge import load_commands
from voiceassist.grammar.language.text_normalization import normalize
from voiceassist.train.data.store import AudioStore, StoredClip

MARGIN_MS = 60
"""Kept before and after the words: the tolerance of the alignment."""
SILENCE_MS = 300
"""Silence around a phrase, as in a recording from a microphone."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase and its samples ``(samples,)``."""

    text: str
    samples: Samples


def halves(items: Sequence[StoredClip], speakers: Mapping[str, str]) -> tuple[list[StoredClip], list[StoredClip]]:
    """Splits items by speaker into two halves: one for calibration, one for benchmarks.

    Args:
        items: clips of a store.
        speakers: by key, for items without a speaker; an item with neither counts as a speaker of its own.
    """
    voices: dict[tuple[str, str], list[StoredClip]] = {}
    for item in items:
        voices.setdefault((item.source, item.speaker or speakers.get(item.key) or item.key), []).append(item)
    parts: tuple[list[StoredClip], list[StoredClip]] = ([], [])
    for voice in sorted(voices, key=lambda voice: (-len(voices[voice]), voice)):
        min(parts, key=lambda part: sum(item.samples for item in part)).extend(voices[voice])
    return parts


def cut_phrases(
    store: AudioStore, count: int, seed: int = 0, items: Sequence[StoredClip] | None = None
) -> list[Phrase]:
    """Cuts up to ``count`` different phrases of 2 to 5 words from the aligned items of a store."""
    rng = np.random.default_rng(seed)
    found: dict[str, Phrase] = {}
    aligned = [item for item in (store.items if items is None else items) if len(item.words) >= 2]
    for _ in range(20):
        for index in rng.permutation(len(aligned)):
            phrase = _cut(store, aligned[index], rng)
            if phrase is not None:
                found.setdefault(phrase.text, phrase)
            if len(found) == count:
                return list(found.values())
    return list(found.values())


def _cut(store: AudioStore, item: StoredClip, rng: np.random.Generator) -> Phrase | None:
    words = int(rng.integers(2, 6))
    if len(item.words) < words:
        return None
    first = int(rng.integers(0, len(item.words) - words + 1))
    chosen = item.words[first : first + words]
    text = " ".join(span.label for span in chosen)
    if tuple(text.split()) != tuple(normalize(text)) or sum(len(span.label) for span in chosen) < 8:
        return None
    begin = max(0, chosen[0].start_ms - MARGIN_MS) * 16
    end = min(item.samples, (chosen[-1].end_ms + MARGIN_MS) * 16)
    sound = store.float_sound(item)[begin:end]
    quiet = (rng.standard_normal(SILENCE_MS * 16) * 1e-4).astype(np.float32)
    return Phrase(text, np.concatenate([quiet, sound, quiet]))


def phrase_automaton(texts: Sequence[str], recognizer: Recognizer) -> Automaton:
    """A grammar of just these sentences, each with an intent of its own."""
    return automaton_of({f"Phrase{number}": [text] for number, text in enumerate(texts)}, recognizer)


def means_the_same(found: Interpretation | None, meant: Interpretation | None) -> bool:
    """Whether both are commands with the same slots."""
    return found is not None and meant is not None and (found.command, found.slots) == (meant.command, meant.slots)


def automaton_of(
    intents: Mapping[str, Sequence[str]], recognizer: Recognizer, lists: Mapping[str, Sequence[str]] | None = None
) -> Automaton:
    """A grammar of sentences by intent and of values by list."""
    content = {"intents": dict(intents), "lists": dict(lists or {})}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "grammar.yaml"
        file.write_text(yaml.safe_dump(content), encoding="utf-8")
        return compile_automaton(load_commands([file]), recognizer.pronounce)
