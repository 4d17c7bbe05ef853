"""The decoded audio of a training run: one int16 array and an index.

Nine hours take one gigabyte, so the training loop never decodes anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from voiceassist.config.files import write_atomically
from voiceassist.errors import DataError
from voiceassist.train.data.forced_alignment import Span


@dataclass(frozen=True, slots=True)
class StoredClip:
    """One clip of the store.

    Attributes:
        key: unique key of the clip.
        source: corpus, ``flite`` for synthetic speech, the category for noise.
        begin: first sample in the array.
        samples: number of samples.
        text: transcript; empty for noise.
        words: word times, empty where not aligned.
        phones: phone times, empty where not aligned.
        speaker: empty where unknown.
    """

    key: str
    source: str
    begin: int
    samples: int
    text: str
    words: tuple[Span, ...] = ()
    phones: tuple[Span, ...] = ()
    speaker: str = ""

    @classmethod
    def from_json(cls, line: str) -> Self:
        """Reads a line of the index."""
        row = json.loads(line)
        words, phones = (tuple(Span(*span) for span in row.pop(name)) for name in ("words", "phones"))
        return cls(**row, words=words, phones=phones)

    def to_json(self) -> str:
        """Its line of the index."""
        spans = {
            name: [[span.label, span.start_ms, span.end_ms] for span in found]
            for name, found in (("words", self.words), ("phones", self.phones))
        }
        row = {name: getattr(self, name) for name in ("key", "source", "begin", "samples", "text", "speaker")}
        return json.dumps(row | spans) + "\n"


SOUND_NAME = "sound.i16"


class AudioStore:
    """Reads a store that ``write_store`` made; the samples are read when they are first needed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            lines = (folder / "index.jsonl").read_text(encoding="utf-8").splitlines()
            self.samples = (folder / SOUND_NAME).stat().st_size // 2
        except OSError as error:
            raise DataError(
                f"there is no prepared data in {folder}", hint="run: python -m voiceassist.train prepare"
            ) from error
        self.items = [StoredClip.from_json(line) for line in lines]

    @cached_property
    def sound(self) -> NDArray[np.int16]:
        """All samples, read and not memory-mapped: under memory pressure a mapped file is read again and again."""
        return np.fromfile(self.folder / SOUND_NAME, np.int16)

    def float_sound(self, item: StoredClip) -> NDArray[np.float32]:
        """The sound of one clip in [-1, 1]. Shape: ``(samples,)``."""
        sound: NDArray[np.float32] = self.sound[item.begin : item.begin + item.samples].astype(np.float32)
        return sound / np.float32(32768)


def write_store(folder: Path, clips: Iterable[tuple[StoredClip, NDArray[np.int16]]]) -> int:
    """Writes a store and returns its number of clips; an interrupted write leaves no store behind."""
    folder.mkdir(parents=True, exist_ok=True)
    partial_sound, partial_index = folder / "sound.i16.partial", folder / "index.jsonl.partial"
    begin = count = 0
    with partial_sound.open("wb") as sound, partial_index.open("w", encoding="utf-8") as index:
        for item, samples in clips:
            sound.write(samples.astype("<i2").tobytes())
            index.write(replace(item, begin=begin, samples=len(samples)).to_json())
            begin += len(samples)
            count += 1
    partial_sound.replace(folder / SOUND_NAME)
    partial_index.replace(folder / "index.jsonl")
    return count


def rewrite_index(folder: Path, items: Iterable[StoredClip]) -> None:
    """Replaces the index of a store; the audio stays."""
    write_atomically(folder / "index.jsonl", "".join(item.to_json() for item in items).encode())
